"""How the work of every regular expression of the package grows with hostile input: steps counted, not time.

    python -m benchmarks.patterns [--all] [NAME …]

Every compiled pattern is found (in modules, classes, tables, functions that compile when they are first called, and literals
inside functions), is fed with inputs made from its own structure (what it repeats, what leads there, near misses) at growing
sizes, and its steps are counted by a plain backtracking matcher, which takes at least as many as Python's own. The exponent
is the doubling ratio's logarithm: 1 is linear, 2 quadratic; over the budget of steps is "explodes".
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import math
import pkgutil
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, cached_property
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import TYPE_CHECKING, Any

import scraper
from scraper.language.lines import _split
from scraper.language.pack import languages
from scraper.language.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Continue = Callable[[int], bool]
    Node = Callable[[int, Continue], bool]

LIMIT = (
    1.5  # bounded repeats look a little worse than 1 at the sizes that are tried; what is quadratic has 1.9 and more
)
# Patterns that may take more: what they are given is short, or ours. Name: (exponent at most, why that does no harm).
ALLOWED = {
    "scraper.extract.fields.picture._SIZE": (2.1, "the file name of a URL, which has at most 2,048 characters"),
    "scraper.extract.text.people._CUT": (math.inf, "a name out of a line of at most 400 characters, blanks collapsed"),
    "scraper.language.pack._CUT": (2.1, "a language pack, a file of our own"),
    "scraper.literal._STRINGS": (2.1, "is matched where a quote stands, never searched"),
}
BUDGET = 250_000  # steps of one run
FIRST, SIZES = (
    (32, 64),
    (200, 400, 800),
)  # characters of an input: a first look, and a second one where that was not linear
SUSPICIOUS = 1.2
_LONGEST = 60  # characters of an example of what is repeated
MANY = 16  # repeats of fewer are no growth
_SEARCHES = {"search", "finditer", "findall", "sub", "subn", "split"}


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it is, and how it is used as far as can be seen: "search" (from any place on), "match", "fullmatch"."""

    name: str  # "scraper.text._FOLDED"
    pattern: re.Pattern[Any]
    ways: tuple[str, ...]

    @property
    def room(self) -> str:
        return re.split(r"[.:]", self.name)[1]


@dataclass(frozen=True, slots=True)
class Growth:
    """The worst input that was found: `exponent` is inf where the budget did not do."""

    found: Found
    exponent: float
    attack: str


class OverBudget(Exception):
    """A run that took too many steps."""


# -- every pattern of the package -------------------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    """All modules of the package that can be imported here."""
    names = (each.name for each in pkgutil.walk_packages(scraper.__path__, "scraper."))
    return [scraper, *(importlib.import_module(name) for name in names if not name.endswith("__main__"))]


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
        if module is sys.modules["scraper.language.vocabulary"]:
            every = vocabulary(*languages())
            for path, pattern in _within(every, "scraper.language.vocabulary.vocabulary()", module.__name__, seen, 0):
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
    """The patterns in a value: a table, a record, a class, what a function holds or makes when it is first called."""
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
    """What a function keeps: defaults, closure; and, of a cached one without arguments, what it makes."""
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
    """What an object of ours holds, also what it makes when it is first asked for."""
    if callable(value) and not inspect.signature(value).parameters:
        yield "()", value()  # made of the catalogue
    for name in dir(type(value)):
        if isinstance(inspect.getattr_static(type(value), name), cached_property):
            yield f".{name}", getattr(value, name)
    for name in (*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())):
        yield f".{name}", getattr(value, name, None)


def _rules(rules: Any) -> Iterator[str]:
    """The rules for whole lines, one by one: they are compiled together, many of them by the heads that a page has."""
    held = list(vars(rules).values())
    held += [each for table in held if isinstance(table, dict) for each in table.values()]
    for each in held:
        joined = getattr(each, "pattern", None)  # of what is compiled, or of an object around it
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
            continue  # made of what is only known when it runs
        yield f"{module.__name__}:{node.lineno}", compiled, node.func.attr


def _evaluated(node: ast.expr, module: ModuleType) -> Any:
    """An expression of constants of its module."""
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))  # noqa: S307  (our own source)


def _uses(module: ModuleType) -> dict[str, set[str]]:
    """By the name of a pattern or table: the methods that are called on it in its module; "search" where it is handed on."""
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
            found[node.id].add("search")  # who knows what is done with it there
    return found


# -- a matcher that counts --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Counter:
    """Runs one pattern over texts, and counts."""

    pattern: re.Pattern[Any]
    steps: int = 0
    budget: int = BUDGET
    text: str = ""
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)  # of the matches
    _start: Node | None = None

    def __post_init__(self) -> None:
        parsed = sre_parser.parse(self.pattern.pattern, self.pattern.flags)
        self._start = self._sequence(list(parsed), self.pattern.flags)

    def run(self, text: str, way: str) -> int:
        """The steps over a text, looked through from end to end where it is searched. Raises OverBudget."""
        self.text, self.steps, self.spans = text, 0, []
        assert self._start is not None
        at = 0
        while at <= len(text):
            end = [-1]

            def done(i: int, end: list[int] = end) -> bool:
                if way == "fullmatch" and i < len(text):
                    return False
                end[0] = i
                return True

            self.groups.clear()
            self._step()
            is_found = self._start(at, done)
            if is_found:
                self.spans.append((at, end[0]))
            if way != "search":
                break
            at = max(end[0], at + 1) if is_found else at + 1
        return self.steps

    def _step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self.budget:
            raise OverBudget

    def _sequence(self, items: list[Any], flags: int) -> Node:
        nodes = [self._node(op, argument, flags) for op, argument in items]
        if len(nodes) == 1:
            return nodes[0]

        def run(i: int, then: Continue, at: int = 0) -> bool:
            if at == len(nodes):
                return then(i)
            return nodes[at](i, lambda j: run(j, then, at + 1))

        return run

    def _node(self, op: Any, argument: Any, flags: int) -> Node:
        if (accepts := accepted(op, argument, flags)) is not None:
            return self._character(accepts)
        make = {
            sre.AT: self._at, sre.BRANCH: self._branch, sre.SUBPATTERN: self._group, sre.ATOMIC_GROUP: self._atomic,
            sre.ASSERT: self._assert, sre.ASSERT_NOT: self._assert_not, sre.GROUPREF: self._reference,
            sre.GROUPREF_EXISTS: self._if_group,
        }.get(op)  # fmt: skip
        if make is not None:
            return make(argument, flags)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(op, argument, flags)
        raise NotImplementedError(str(op))

    def _character(self, accepts: Callable[[str], bool]) -> Node:
        def run(i: int, then: Continue) -> bool:
            self._step()
            return i < len(self.text) and accepts(self.text[i]) and then(i + 1)

        return run

    def _at(self, argument: Any, flags: int) -> Node:
        def holds(i: int) -> bool:
            text = self.text
            if argument in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
                multi = argument is sre.AT_BEGINNING and flags & re.MULTILINE
                return i == 0 or bool(multi and text[i - 1] == "\n")
            if argument in (sre.AT_END, sre.AT_END_STRING):
                if i == len(text):
                    return True
                if argument is sre.AT_END_STRING:
                    return False
                return text[i] == "\n" and (i == len(text) - 1 or bool(flags & re.MULTILINE))
            before = i > 0 and is_word(text[i - 1], flags)
            behind = i < len(text) and is_word(text[i], flags)
            return (before != behind) == (argument is sre.AT_BOUNDARY)

        def run(i: int, then: Continue) -> bool:
            self._step()
            return holds(i) and then(i)

        return run

    def _branch(self, argument: Any, flags: int) -> Node:
        ways = [self._sequence(list(way), flags) for way in argument[1]]

        def run(i: int, then: Continue) -> bool:
            for way in ways:
                self._step()
                if way(i, then):
                    return True
            return False

        return run

    def _group(self, argument: Any, flags: int) -> Node:
        number, add, remove, items = argument
        inner = self._sequence(list(items), (flags | add) & ~remove)
        if number is None:
            return inner

        def run(i: int, then: Continue) -> bool:
            old = self.groups.get(number)

            def close(j: int) -> bool:
                self.groups[number] = (i, j)
                return then(j)

            if inner(i, close):
                return True
            if old is None:
                self.groups.pop(number, None)
            else:
                self.groups[number] = old
            return False

        return run

    def _ends(self, inner: Node) -> Callable[[int], int]:
        """Where the first way through `inner` ends, -1 if there is none."""

        def run(i: int) -> int:
            end = -1

            def done(j: int) -> bool:
                nonlocal end
                end = j
                return True

            inner(i, done)
            return end

        return run

    def _atomic(self, argument: Any, flags: int) -> Node:
        ends = self._ends(self._sequence(list(argument), flags))
        return lambda i, then: (end := ends(i)) >= 0 and then(end)

    def _assert(self, argument: Any, flags: int) -> Node:
        direction, items = argument
        ends = self._ends(self._sequence(list(items), flags))
        width = items.getwidth()[0] if direction < 0 else 0
        return lambda i, then: i >= width and ends(i - width) >= 0 and then(i)

    def _assert_not(self, argument: Any, flags: int) -> Node:
        direction, items = argument
        ends = self._ends(self._sequence(list(items), flags))
        width = items.getwidth()[0] if direction < 0 else 0
        return lambda i, then: (i < width or ends(i - width) < 0) and then(i)

    def _reference(self, argument: Any, _flags: int) -> Node:
        def run(i: int, then: Continue) -> bool:
            if argument not in self.groups:
                return False
            start, end = self.groups[argument]
            self._step(1 + end - start)
            piece = self.text[start:end]
            return self.text[i : i + len(piece)].lower() == piece.lower() and then(i + len(piece))

        return run

    def _if_group(self, argument: Any, flags: int) -> Node:
        number, yes, no = argument
        first = self._sequence(list(yes), flags)
        second = self._sequence(list(no or ()), flags)
        return lambda i, then: first(i, then) if number in self.groups else second(i, then)

    def _repeat(self, op: Any, argument: Any, flags: int) -> Node:
        low, high, items = argument
        limit = math.inf if high is sre.MAXREPEAT else int(high)
        single = accepted(items[0][0], items[0][1], flags) if len(items) == 1 else None
        if single is not None:
            return self._run_of(op, low, limit, single)
        inner = self._sequence(list(items), flags)
        if op is sre.POSSESSIVE_REPEAT:
            ends = self._ends(inner)

            def possessive(i: int, then: Continue) -> bool:
                count = 0
                while count < limit:
                    self._step()
                    end = ends(i)
                    if end < 0 or (end == i and count >= low):
                        break
                    i, count = end, count + 1
                return count >= low and then(i)

            return possessive

        def run(i: int, then: Continue, count: int = 0) -> bool:
            self._step()

            def more() -> bool:
                if count >= limit:
                    return False
                return inner(i, lambda j: (j > i or count < low) and run(j, then, count + 1))

            if count < low:
                return more()
            if op is sre.MIN_REPEAT:
                return then(i) or more()
            return more() or then(i)

        return run

    def _run_of(self, op: Any, low: int, limit: float, accepts: Callable[[str], bool]) -> Node:
        """A repeat of one character: the usual case, without a call for each."""

        def run(i: int, then: Continue) -> bool:
            text, most = self.text, i
            if op is sre.MIN_REPEAT:
                while True:
                    self._step()
                    if most - i >= low and then(most):
                        return True
                    if most - i >= limit or most >= len(text) or not accepts(text[most]):
                        return False
                    most += 1
            while most < len(text) and most - i < limit and accepts(text[most]):
                most += 1
            self._step(1 + most - i)
            if op is sre.POSSESSIVE_REPEAT:
                return most - i >= low and then(most)
            while most - i >= low:
                self._step()
                if then(most):
                    return True
                most -= 1
            return False

        return run


def accepted(op: Any, argument: Any, flags: int) -> Callable[[str], bool] | None:
    """Which characters an element of a pattern takes; None if it is no single character."""
    if op not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
        return None
    key = tuple((each[0], each[1]) for each in argument) if op is sre.IN else argument
    return _accepted(op, key, flags & (re.IGNORECASE | re.DOTALL | re.ASCII | re.UNICODE))


@cache
def _accepted(op: Any, argument: Any, flags: int) -> Callable[[str], bool]:
    def plain(char: str) -> bool:
        if op is sre.ANY:
            return bool(flags & re.DOTALL) or char != "\n"
        code = ord(char)
        if op is sre.LITERAL:
            return code == int(argument)
        if op is sre.NOT_LITERAL:
            return code != int(argument)
        is_negated = argument[0][0] is sre.NEGATE
        return any(_in(part, char, flags) for part in argument if part[0] is not sre.NEGATE) != is_negated

    @cache
    def accepts(char: str) -> bool:
        if not flags & re.IGNORECASE:
            return plain(char)
        cases = {char, char.lower(), char.upper()}
        is_negative = op is sre.NOT_LITERAL or (op is sre.IN and argument[0][0] is sre.NEGATE)
        found = (plain(each) for each in cases if len(each) == 1)
        return all(found) if is_negative else any(found)

    return accepts


def _in(part: Any, char: str, flags: int) -> bool:
    kind, value = part
    if kind is sre.LITERAL:
        return ord(char) == int(value)
    if kind is sre.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    is_ascii = bool(flags & re.ASCII) or not flags & re.UNICODE
    found = {
        sre.CATEGORY_DIGIT: char.isdecimal(), sre.CATEGORY_NOT_DIGIT: not char.isdecimal(),
        sre.CATEGORY_SPACE: char.isspace(), sre.CATEGORY_NOT_SPACE: not char.isspace(),
        sre.CATEGORY_WORD: is_word(char, flags), sre.CATEGORY_NOT_WORD: not is_word(char, flags),
    }[value]  # fmt: skip
    return found if not is_ascii or char.isascii() else value in (
        sre.CATEGORY_NOT_DIGIT, sre.CATEGORY_NOT_SPACE, sre.CATEGORY_NOT_WORD,
    )  # fmt: skip


def is_word(char: str, flags: int) -> bool:
    is_ascii = bool(flags & re.ASCII) or not flags & re.UNICODE
    return (char.isalnum() or char == "_") and (char.isascii() or not is_ascii)


# -- inputs made from the pattern itself ------------------------------------------------------------------------------


@dataclass(slots=True)
class Shape:
    """What a pattern is made of: characters that tell its parts apart, and by each repeat what leads there and what it repeats."""

    letters: list[str] = field(default_factory=list)
    repeats: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    whole: tuple[str, ...] = ()


_POOL = [*map(chr, range(0x20, 0x7F)), "\n", "\t", "\0", "é", "Ä", "–", "漢", "٣", "”"]


def shape_of(pattern: re.Pattern[Any]) -> Shape:  # noqa: C901  (one case for each kind of element)
    """The parts of a pattern, as far as they make inputs."""
    shape = Shape()
    parsed = sre_parser.parse(pattern.pattern, pattern.flags)
    sets: list[Callable[[str], bool]] = []
    is_bytes = isinstance(pattern.pattern, bytes)
    pool = [char for char in _POOL if not is_bytes or ord(char) < 256]

    def example(accepts: Callable[[str], bool]) -> str:
        return next((char for char in ("a", "1", " ", "A", *pool) if accepts(char)), "")

    def walk(items: Any, flags: int, lead: str) -> tuple[str, ...]:
        """Some texts that a sequence takes; what it repeats is kept with what stands before it."""
        texts: tuple[str, ...] = ("",)
        for op, argument in items:
            ways = of(op, argument, flags, lead + texts[0])
            texts = tuple(dict.fromkeys(first + second for first, second in product(texts[:4], ways)))[:8]
        return texts

    def of(op: Any, argument: Any, flags: int, lead: str) -> tuple[str, ...]:  # noqa: PLR0911
        accepts = accepted(op, argument, flags)
        if accepts is not None:
            sets.append(accepts)
            if op is sre.LITERAL:
                return (chr(argument),)
            return (example(accepts),)
        if op is sre.BRANCH:
            return tuple(dict.fromkeys(text for way in argument[1] for text in walk(way, flags, lead)[:2]))[:12]
        if op is sre.SUBPATTERN:
            return walk(argument[3], (flags | argument[1]) & ~argument[2], lead)
        if op is sre.ATOMIC_GROUP:
            return walk(argument, flags, lead)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = argument
            texts = walk(inner, flags, lead)
            if high is sre.MAXREPEAT or int(high) >= MANY:
                shape.repeats.append((lead, texts))
            return tuple(dict.fromkeys(((texts[0] * max(low, 1))[:_LONGEST], (texts[0] * low)[:_LONGEST], *texts[1:4])))
        if op in (sre.ASSERT, sre.ASSERT_NOT):
            walk(argument[1], flags, lead)
        return ("",)

    shape.whole = walk(parsed, pattern.flags, "")
    by_parts: dict[tuple[bool, ...], str] = {}
    for char in ("a", "1", " ", "A", *pool):
        by_parts.setdefault(tuple(accepts(char) for accepts in sets[:60]), char)
    shape.letters = list(by_parts.values())[:24]
    return shape


def attacks(shape: Shape) -> Iterator[tuple[str, str, str]]:
    """Inputs as (lead, what is repeated, end)."""
    seen: set[tuple[str, str]] = set()

    def fresh(lead: str, piece: str) -> Iterator[tuple[str, str, str]]:
        if piece and (lead, piece) not in seen:
            seen.add((lead, piece))
            yield lead, piece, ""
            yield lead, piece, "\0"

    leads = list(dict.fromkeys(["", *(lead for lead, _ in shape.repeats)]))[:6]
    for lead in leads:
        for letter in shape.letters:
            yield from fresh(lead, letter)
    for lead, texts in shape.repeats:
        for text in texts[:4]:
            yield from fresh(lead, text)
            yield from fresh("", lead + text)
            yield from fresh("", lead + text * 3)
    for text in shape.whole[:6]:
        yield from fresh("", text)
        yield from fresh("", text[:-1])
        yield from fresh("", text[:-1] + " ")
    for lead in leads:
        yield from fresh("", lead)
    for first, second in product(shape.letters[:5], repeat=2):
        if first != second:
            yield from fresh("", first + second)


def allowed(found: Found) -> float:
    """The exponent that a pattern may have."""
    return next((most for name, (most, _) in ALLOWED.items() if found.name.startswith(name)), LIMIT)


def growth(found: Found, *, enough: float = math.inf) -> Growth:
    """The worst exponent over all inputs that could be made; the search ends at one over `enough`."""
    shape = shape_of(found.pattern)
    worst = Growth(found, 1.0 if "search" in found.ways else 0.0, "")
    if not shape.repeats:
        return worst
    counter = Counter(found.pattern)
    for attack, way in product(attacks(shape), found.ways):
        ratio = _ratio(counter, way, attack, FIRST)
        if ratio <= max(SUSPICIOUS, worst.exponent):
            if min(ratio, 1.0) > worst.exponent:
                worst = Growth(found, min(ratio, 1.0), "")
            continue
        ratio = _ratio(counter, way, attack, SIZES)
        if ratio > worst.exponent:
            lead, piece, end = attack
            worst = Growth(found, ratio, f"{way}: {lead!r} + {piece!r}… + {end!r}")
        if worst.exponent >= enough:
            break
    return worst


def _ratio(counter: Counter, way: str, attack: tuple[str, str, str], sizes: tuple[int, ...]) -> float:
    """The exponent between the last two sizes; inf where even the first one is over the budget, and what was seen before it else."""
    lead, piece, end = attack
    steps: list[int] = []
    counter.budget = BUDGET if sizes is SIZES else BUDGET // 8
    for size in sizes:
        try:
            steps.append(counter.run(lead + piece * max(size // len(piece), size // 8) + end, way))
        except (OverBudget, RecursionError):
            break
    if len(steps) < 2:
        return math.inf
    return math.log2(steps[-1] / steps[-2])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only patterns with one of these in their name")
    parser.add_argument("--all", action="store_true", help="also those that are linear")
    arguments = parser.parse_args()
    sys.setrecursionlimit(20_000)
    rooms: defaultdict[str, list[Growth]] = defaultdict(list)
    for found in patterns():
        if arguments.names and not any(name in found.name for name in arguments.names):
            continue
        grown = growth(found, enough=math.inf if arguments.all else LIMIT)
        exception = next((name for name in ALLOWED if found.name.startswith(name)), None)
        rooms[f"{exception.removeprefix('scraper.')} (exception)" if exception else found.room].append(grown)
        if arguments.all or grown.exponent > SUSPICIOUS:
            print(f"{grown.exponent:5.2f}  {found.name}  {grown.attack}")
    print("\n| room | patterns | worst exponent |\n|---|---|---|")
    for room, all_of_it in sorted(rooms.items()):
        print(f"| {room} | {len(all_of_it)} | {max(each.exponent for each in all_of_it):.1f} |")


if __name__ == "__main__":
    main()
