"""Every regular expression of the package: in modules, classes, tables, functions that compile when they are first
called, literals.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

import scraper
from scraper.extract.text import captions
from scraper.language.line_patterns import _split
from scraper.language.pack import languages
from scraper.language.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.language import Vocabulary

_SEARCHES = {"search", "finditer", "findall", "sub", "subn", "split"}


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it is, and how it is used as far as can be seen: "search" (from any position), "match",
    "fullmatch".
    """

    name: str  # "scraper.text._FOLDED"
    pattern: re.Pattern[Any]
    ways: tuple[str, ...]

    @property
    def room(self) -> str:
        return re.split(r"[.:]", self.name)[1]


# Modules whose patterns are made of the language packs: what holds them, given a vocabulary.
_OF_LANGUAGES: dict[str, Callable[[Vocabulary], object]] = {
    "scraper.language.vocabulary": lambda every: every,
    "scraper.extract.text.captions": captions.caption_forms,
}


def modules() -> list[ModuleType]:
    """All modules of the package that can be imported here; what is compiled has no patterns."""
    names = (each.name for each in pkgutil.walk_packages(scraper.__path__, "scraper."))
    found = [scraper, *(importlib.import_module(name) for name in names if not name.endswith("__main__"))]
    return [each for each in found if (each.__file__ or "").endswith(".py")]


def patterns() -> list[Found]:
    """Every pattern once, by the first name it has, in order."""
    uses: defaultdict[str, set[str]] = defaultdict(set)
    named: dict[tuple[str | bytes, int], str] = {}
    kept: dict[tuple[str | bytes, int], re.Pattern[Any]] = {}
    direct: defaultdict[tuple[str | bytes, int], set[str]] = defaultdict(set)

    def keep(name: str, pattern: re.Pattern[Any]) -> tuple[str | bytes, int]:
        key = (pattern.pattern, pattern.flags)
        named.setdefault(key, name)
        kept.setdefault(key, pattern)
        return key

    for module in modules():
        seen: set[int] = set()
        for name, value in list(vars(module).items()):
            if isinstance(value, ModuleType) or name.startswith("__"):
                continue
            for path, pattern in _within(value, f"{module.__name__}.{name}", module.__name__, seen, 0):
                keep(path, pattern)
        if module.__name__ in _OF_LANGUAGES:
            made = _OF_LANGUAGES[module.__name__](vocabulary(*languages()))
            name = f"{module.__name__}.{type(made).__name__.lower()}()"
            for path, pattern in _within(made, name, module.__name__, seen, 0):
                keep(path, pattern)
        for name, pattern, method in _literals(module):
            key = keep(name, pattern)
            if method != "compile":
                direct[key].add(method)
        for name, methods in _uses(module).items():
            uses[f"{module.__name__}.{name}"] |= methods
    result = []
    for key, name in named.items():
        methods = uses.get(re.split(r"[\[(]|(?<=[A-Z])\.(?=[a-z])", name)[0], set()) | direct[key]
        ways = {"search" if method in _SEARCHES else method for method in methods} & {"search", "match", "fullmatch"}
        if "<" in name:  # a rule for whole lines, or for how they open
            ways = {"fullmatch"}
        result.append(Found(name, kept[key], tuple(sorted(ways)) or ("search",)))
    return sorted(result, key=lambda found: found.name)


def _within(value: Any, path: str, module: str, seen: set[int], depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns in a value: a table, a record, a class, what a function holds or creates when it is first called."""
    if isinstance(value, re.Pattern):
        yield path, value
        return
    if id(value) in seen or depth > 6 or isinstance(value, str | bytes | int | float | None.__class__):
        return
    seen.add(id(value))
    if isinstance(value, dict):
        inner: Iterable[tuple[str, Any]] = [(f"[{key!r:.30}]", each) for key, each in value.items()]
        inner = [*inner, *((f"[{key!r:.30}]", key) for key in value)]
    elif isinstance(value, list | tuple | set | frozenset):
        inner = [(f"[{number}]", each) for number, each in enumerate(value)]
    elif isinstance(value, type):
        if value.__module__ != module:
            return
        inner = [(f".{name}", each) for name, each in vars(value).items() if not name.startswith("__")]
    elif is_dataclass(value):
        inner = [(f".{each.name}", getattr(value, each.name, None)) for each in fields(value)]
    elif type(value).__name__ == "LineRules":
        inner = [(f"<{rule}>", re.compile(rule)) for rule in _rules(value)]
    elif inspect.isroutine(value) or hasattr(value, "cache_info"):
        inner = list(_of_function(value, module))
    elif type(value).__module__.startswith("scraper."):
        inner = list(_of_object(value))
    else:
        return
    for name, each in inner:
        yield from _within(each, path + name, module, seen, depth + 1)


def _of_function(function: Any, module: str) -> Iterator[tuple[str, Any]]:
    """What a function holds: defaults, closure; and, for a cached one without arguments, what it creates."""
    plain = inspect.unwrap(function) if hasattr(function, "__wrapped__") else function
    if getattr(plain, "__module__", None) != module:
        return
    for number, each in enumerate(getattr(plain, "__defaults__", None) or ()):
        yield f"(default {number})", each
    for number, cell in enumerate(getattr(plain, "__closure__", None) or ()):
        try:
            yield f"(closure {number})", cell.cell_contents
        except ValueError:
            continue
    if (
        hasattr(function, "cache_info")
        and not inspect.signature(plain).parameters
        and "Pattern" in str(getattr(plain, "__annotations__", {}).get("return", ""))
    ):
        yield "()", function()


def _of_object(value: Any) -> Iterator[tuple[str, Any]]:
    """What an object of ours holds, including what it creates on first use."""
    if callable(value) and not inspect.signature(value).parameters:
        yield "()", value()  # made from the catalogue
    for name in dir(type(value)):
        if isinstance(inspect.getattr_static(type(value), name), cached_property):
            yield f".{name}", getattr(value, name)
    for name in (*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())):
        yield f".{name}", getattr(value, name, None)


def _rules(rules: Any) -> Iterator[str]:
    """The rules for whole lines, one by one: they are compiled together, many of them by the beginnings of a page's
    lines.
    """
    held = list(vars(rules).values())
    held += [each for table in held if isinstance(table, dict) for each in table.values()]
    for each in held:
        joined = getattr(each, "pattern", None)  # of something compiled, or of an object around it
        if isinstance(joined := getattr(joined, "pattern", joined), str):
            yield from _split(joined)
        elif isinstance(each, list):
            held_rules = (item for item in each if isinstance(item, tuple))  # those with a hint are compiled
            yield from (item[1].pattern if len(item) > 2 else item[0] for item in held_rules)


def _literals(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Patterns written where they are used, inside functions: name, pattern, method."""
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
            continue
        if node.func.attr not in (*_SEARCHES, "compile", "match", "fullmatch"):
            continue
        try:
            source = _evaluated(node.args[0], module)
            flags = next((_evaluated(each.value, module) for each in node.keywords if each.arg == "flags"), 0)
            if node.func.attr in ("compile", "search", "match", "fullmatch", "findall", "finditer"):
                position = 1 if node.func.attr == "compile" else 2
                flags = _evaluated(node.args[position], module) if len(node.args) > position else flags
            compiled = re.compile(source, flags)
        except (NameError, TypeError, ValueError, AttributeError, re.error):
            continue  # made from what is only known at run time
        yield f"{module.__name__}:{node.lineno}", compiled, node.func.attr


def _evaluated(node: ast.expr, module: ModuleType) -> Any:
    """An expression of constants of its module."""
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))  # noqa: S307  (our own source)


def _uses(module: ModuleType) -> dict[str, set[str]]:
    """For the name of a pattern or table: the methods called on it in its module; "search" if it is passed on."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    tree = ast.parse(inspect.getsource(module))
    told: set[int] = set()
    loops: list[tuple[set[str], str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            held = node.value
            while isinstance(held, ast.Subscript | ast.Call):  # _FORMS[0].match, _FORMS().match
                held = held.value if isinstance(held, ast.Subscript) else held.func
            if isinstance(held, ast.Name):
                found[held.id].add(node.attr)
                told.add(id(held))
        if isinstance(node, ast.For | ast.comprehension):
            targets = {each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)}
            for each in ast.walk(node.iter):
                if isinstance(each, ast.Name):
                    loops.append((targets, each.id))
                    told.add(id(each))
    for targets, name in loops:
        for target in targets:
            found[name] |= found[target]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in told:
            found[node.id].add("search")  # nobody knows what is done with it there
    return found
