"""Many patterns for whole lines, tried by how a line begins.

An engine for regular expressions tries the alternatives of a pattern one after the other. A news page has
hundreds of lines that no rule means: looking their first two characters up in a table tells so at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = 2  # characters
_QUANTIFIERS = frozenset("?*+{")
_OPTIONAL = "?"
# What stands for many characters of any kind.
_ANY = re.compile(r"(?:\.|\[\^[^\]]*\])(?:[*+]|\{\d*,\d{2,}\})")
SURE_HEAD = 16  # letters that a line of the story hardly begins with by chance
_LETTERS = re.compile(r"[^\W_]|\\b| ")


class LineRules:
    """Patterns in lower case, each for a whole line in lower case."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        alternatives = [each for pattern in self.patterns for each in _alternatives(pattern)]
        self._all = _Table(alternatives)
        self._closed = _Table(each for each in alternatives if not is_open(each))

    def fit(self, line: str) -> bool:
        """Whether any pattern matches the whole of a line in lower case."""
        return self._all.fit(line)

    def fit_openly(self, line: str) -> bool | None:
        """None where no pattern matches a line, as for most; else whether only one does that leaves most of its words open."""
        return not self._closed.fit(line) if self._all.fit(line) else None


class _Table:
    """Patterns by the two characters that they begin with."""

    def __init__(self, alternatives: Iterable[str]) -> None:
        heads: dict[str, list[str]] = {}
        others: list[str] = []
        for alternative in alternatives:
            head = alternative[:_HEAD]
            is_plain = len(head) == _HEAD and all(char.isalpha() or char == " " for char in head)
            if is_plain and alternative[_HEAD : _HEAD + 1] not in _QUANTIFIERS:
                heads.setdefault(head, []).append(alternative)
            else:
                others.append(alternative)
        self._by_head = {head: re.compile("|".join(alike)) for head, alike in heads.items()}
        self._others = re.compile("|".join(others)) if others else None

    def fit(self, line: str) -> bool:
        """Whether any of them matches a whole line."""
        rules = self._by_head.get(line[:_HEAD])
        if rules is not None and rules.fullmatch(line):
            return True
        return self._others is not None and self._others.fullmatch(line) is not None


def is_open(pattern: str) -> bool:
    """Whether a pattern takes any words behind few of its own: what it matches may be a sentence of the story."""
    found = _ANY.search(pattern)
    if found is None:
        return False
    head = re.split(r"[(\[.]", pattern, maxsplit=1)[0]
    return len(_LETTERS.findall(head)) < SURE_HEAD


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
