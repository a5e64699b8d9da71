"""Many patterns for lines, tried by how a line begins.

An engine for regular expressions tries the alternatives of a pattern one after the other. A news page has
hundreds of lines that no rule means: looking their first two characters up in a table tells so at once. The
patterns of a head are compiled when a line with that head is met, so that a language costs what a page uses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = 2  # characters
_QUANTIFIERS = frozenset("?*+{")
_OPTIONAL = "?"
# What stands for many characters of any kind.
_ANY = re.compile(r"(?:\.|\[\^[^\][]{0,40}+\])(?:[*+]|\{\d*,\d{2,}\})")
_HINT = re.compile(r"\.\{\d*,\d+\}(?:\\b)?(?P<words>[^\W_]+(?: [^\W_]+)*)(?![?*{|])")
SURE_HEAD = 16  # letters that a line of the story hardly begins with by chance
_LETTERS = re.compile(r"[^\W_]|\\b| ")
T = TypeVar("T")


class LineRules(Generic[T]):
    """Patterns in lower case without capturing groups, each with what it stands for."""

    def __init__(self, patterns: Iterable[tuple[str, T]]) -> None:
        heads: dict[str, list[tuple[str, T]]] = {}
        others: list[tuple[str, T]] = []
        self._hinted: list[tuple[str, re.Pattern[str], T]] = []
        for pattern, value in patterns:
            for alternative in _alternatives(pattern):
                head = alternative[:_HEAD]
                is_plain = len(head) == _HEAD and not any(char in r".^$*+?{}[]\|()" for char in head)
                if is_plain and alternative[_HEAD : _HEAD + 1] not in _QUANTIFIERS:
                    heads.setdefault(head, []).append((alternative, value))
                elif hint := _HINT.match(alternative):  # looking for its words first is ten times quicker
                    self._hinted.append((hint["words"], re.compile(alternative), value))
                else:
                    others.append((alternative, value))
        self._waiting = heads
        self._by_head: dict[str, _Alike[T]] = {}
        self._others = _Alike(others) if others else None

    def heads(self) -> frozenset[str] | None:
        """The two characters that a line must begin with, in small and capital letters; None if it may begin with any."""
        if self._others is not None or self._hinted:
            return None
        return frozenset(form for head in self._waiting for form in (head, head.capitalize(), head.upper()))

    def fit(self, line: str) -> T | None:
        """What the pattern stands for that matches the whole of a line in lower case; None if none does."""
        rules = self._alike(line)
        if rules is not None and (match := rules.pattern.fullmatch(line)):
            return rules.values[(match.lastindex or 1) - 1]
        if self._others is not None and (match := self._others.pattern.fullmatch(line)):
            return self._others.values[(match.lastindex or 1) - 1]
        for hint, pattern, value in self._hinted:
            if hint in line and pattern.fullmatch(line):
                return value
        return None

    def opening(self, line: str, start: int = 0) -> tuple[T, int] | None:
        """(what the pattern stands for that matches a line in lower case from `start` on, the end of the match); the longest pattern first."""
        rules = self._alike(line, start)
        if rules is not None and (match := rules.pattern.match(line, start)):
            return rules.values[(match.lastindex or 1) - 1], match.end()
        if self._others is not None and (match := self._others.pattern.match(line, start)):
            return self._others.values[(match.lastindex or 1) - 1], match.end()
        return None

    def _alike(self, line: str, start: int = 0) -> _Alike[T] | None:
        head = line[start : start + _HEAD]
        found = self._by_head.get(head)
        if found is None and (waiting := self._waiting.get(head)) is not None:
            found = self._by_head[head] = _Alike(waiting)
        return found


class _Alike(Generic[T]):
    """The patterns of one head as one, each a group of its own."""

    def __init__(self, patterns: list[tuple[str, T]]) -> None:
        ordered = sorted(patterns, key=lambda each: -len(each[0]))
        self.pattern = re.compile("|".join(f"({pattern})" for pattern, _ in ordered))
        self.values = tuple(value for _, value in ordered)


def is_open(pattern: str) -> bool:
    """Whether a pattern takes any words behind few of its own: what it matches may be a sentence of the story."""
    found = _ANY.search(pattern)
    if found is None:
        return False
    head = re.split(r"[(\[.]", pattern, maxsplit=1)[0]
    return len(_LETTERS.findall(head)) < SURE_HEAD


def split_alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, each to be judged by itself."""
    return _alternatives(pattern)


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, those that a group at its head has among them: "(?:a|b)?c" gives "ac", "bc", "c"."""
    for part in _split(pattern):
        inner, rest = _leading_group(part)
        if inner is None:
            yield part
            continue
        if rest.startswith(_OPTIONAL):
            rest = rest[1:]
            yield from _alternatives(rest)
        for each in _split(inner):
            yield from _alternatives(each + rest)


def _split(pattern: str) -> Iterator[str]:
    """A pattern cut at the bars that stand in no group and no class."""
    start = depth = 0
    for at, char in _signs(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _leading_group(pattern: str) -> tuple[str | None, str]:
    """(what a plain group at the head holds, what is behind it); (None, …) for another head, or a group that may repeat."""
    if not pattern.startswith("(?:"):
        return None, pattern
    depth = 0
    for at, char in _signs(pattern):
        depth += (char == "(") - (char == ")")
        if not depth:
            rest = pattern[at + 1 :]
            repeats = rest[:1] in _QUANTIFIERS and (rest[:1] != _OPTIONAL or rest[1:2] in ("?", "+"))
            return (None, pattern) if repeats else (pattern[3:at], rest)
    return None, pattern


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """The places and characters of a pattern that are not escaped and in no class."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = pattern.index("]", at + 2 + (pattern[at + 1] == "^"))
        else:
            yield at, char
        at += 1
