"""Many patterns for lines, selected by how a line begins.

A regular-expression engine tries the alternatives of a pattern one after the other. A news page has hundreds of lines
that match no rule: a table of first two characters settles those at once. For a pattern that may begin in several ways
the first characters are known ("\\d+ shares?", "(?:share|tweet)+"); one that may begin in any way is tried only if a
line contains words that it needs. The patterns for a beginning are compiled when a line with that beginning occurs, so
that a language costs only what a page uses.
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
PLAIN_HEAD = 14  # characters
_ANY_BOUND = re.compile(r"\.\{\d*,(\d+)\}")
_ANYWHERE = 1_000_000  # characters; no line is as long
# Characters that a hint must have; shorter ones are in most lines. The second number is for Korean, Chinese and the
# like.
_HINT, _FOREIGN_HINT = 3, 2
_DIGIT = r"\d"
_PUNCTUATION = frozenset("()[]{}.|*+?^$\\/-&")  # what a backslash makes plain
_SPECIAL = frozenset(".^$*+?{}[]|()\\")
_MAX_HEADS = 10_000  # of two characters; Chinese has more of them than a table should
SURE_HEAD = 16  # letters with which a line of the story is unlikely to begin by chance
_LETTERS = re.compile(r"[^\W_]|\\b| ")
T = TypeVar("T")


class LineRules(Generic[T]):
    """Patterns in lower case without capturing groups, each with a value.

    `are_whole` says that they are matched against whole lines only (`fit`): then any that may begin in any way waits
    for its words.
    """

    def __init__(self, patterns: Iterable[tuple[str, T]], *, are_whole: bool = False) -> None:
        self._waiting: dict[str, list[tuple[str, T]]] = {}  # keyed by the beginning of a line
        self._loose: list[tuple[str, T]] = []
        self._openings: list[frozenset[str] | None] = []  # of the loose ones
        self._hinted: list[tuple[str, re.Pattern[str], T]] = []
        self.window = 0  # characters at the beginning of a line that contain the hints
        for pattern, value in patterns:
            for alternative in _spread(pattern):
                head = alternative[:_HEAD]
                is_plain = len(head) == _HEAD and _SPECIAL.isdisjoint(head)
                if is_plain and alternative[_HEAD : _HEAD + 1] not in _QUANTIFIERS:
                    self._waiting.setdefault(head, []).append((alternative, value))
                    continue
                is_any = alternative[:1] == "." or (are_whole and _openings(alternative) is None)
                if is_any and (hint := _words_of(alternative)):
                    self._hinted.append((hint, re.compile(alternative), value))
                    self.window = max(self.window, _place_of(hint, alternative))
                else:
                    self._loose.append((alternative, value))
                    self._openings.append(_openings(alternative))
        self._by_head: dict[str, tuple[_Alike[T], ...]] = {}
        self._by_first: dict[str, tuple[_Alike[T], ...]] = {}

    def heads(self) -> frozenset[str] | None:
        """The two characters with which a line must begin, in lower and upper case; None if it may begin with any."""
        if self._loose or self._hinted:
            return None
        return frozenset(form for head in self._waiting for form in (head, head.capitalize(), head.upper()))

    def fit(self, line: str) -> T | None:
        """The value of the pattern that matches the whole of a lower-case line; None if none does."""
        rules = self._by_head.get(line[:_HEAD])
        for alike in self._rules_of(line[:_HEAD]) if rules is None else rules:
            if match := alike.pattern.fullmatch(line):
                return alike.values[(match.lastindex or 1) - 1]
        for hint, pattern, value in self._hinted:
            if hint in line and pattern.fullmatch(line):
                return value
        return None

    def opening(self, line: str, start: int = 0) -> tuple[T, int] | None:
        """(value of the pattern that matches a lower-case line from `start`, the end of the match); the longest pattern
        first.
        """
        for alike in self._rules_of(line[start : start + _HEAD]):
            if match := alike.pattern.match(line, start):
                return alike.values[(match.lastindex or 1) - 1], match.end()
        return None

    def beginnings(self, head: str) -> tuple[str, ...] | None:
        """How lines with these two first characters begin if there is a rule for them, apart from hints; None if it may
        be anything.
        """
        found = [_plain_head(pattern) for pattern, _ in self._waiting.get(head, ())]
        for openings in self._openings:
            if openings is None or (_DIGIT in openings and head[:1].isdecimal()):
                return None
            found += [each for each in openings if each[0] == head[0]]
        return tuple(dict.fromkeys(found))

    @property
    def hints(self) -> tuple[str, ...]:
        """Words of which a line must contain one to match, if there is no rule for its beginning."""
        return tuple(dict.fromkeys(hint for hint, _, _ in self._hinted))

    def _rules_of(self, head: str) -> tuple[_Alike[T], ...]:
        """The rules for lines with this beginning, in the order in which they are tried."""
        found = self._by_head.get(head)
        if found is None:
            if len(self._by_head) >= _MAX_HEADS:
                self._by_head.clear()
                self._by_first.clear()
            waiting = self._waiting.get(head)
            found = (_Alike(waiting),) if waiting else ()
            found = self._by_head[head] = found + self._loose_of(head[:1])
        return found

    def _loose_of(self, char: str) -> tuple[_Alike[T], ...]:
        found = self._by_first.get(char)
        if found is None:
            rules = [
                rule
                for rule, openings in zip(self._loose, self._openings, strict=True)
                if openings is None
                or any(each[0] == char or (each == _DIGIT and char.isdecimal()) for each in openings)
            ]
            found = self._by_first[char] = (_Alike(rules),) if rules else ()
        return found


class _Alike(Generic[T]):
    """The patterns for one beginning as one pattern, each in a separate group."""

    def __init__(self, patterns: list[tuple[str, T]]) -> None:
        ordered = sorted(patterns, key=lambda each: -len(each[0]))
        self.pattern = re.compile("|".join(f"({pattern})" for pattern, _ in ordered))
        self.values = tuple(value for _, value in ordered)


def is_open(pattern: str) -> bool:
    """Whether a pattern accepts any words after few of its own: what it matches may be a sentence of the story."""
    found = _ANY.search(pattern)
    if found is None:
        return False
    head = re.split(r"[(\[.]", pattern, maxsplit=1)[0]
    return len(_LETTERS.findall(head)) < SURE_HEAD


def split_alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, each to be judged on its own."""
    return _alternatives(pattern)


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, including those in a group at its beginning: "(?:a|b)?c" gives "ac", "bc", "c"."""
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


def _spread(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern; if it may begin in any way, also those of its first group, since each needs words
    of its own, and those of the following groups as long as there are none.
    """
    for each in _alternatives(pattern):
        yield from _spread_groups(each, 0) if each[:1] == "." else (each,)


def _spread_groups(pattern: str, at: int) -> Iterator[str]:
    """The alternatives of the first group from a position, and of the following ones as long as a pattern has no words."""
    start = pattern.find("(?:", at)
    end = _closing(pattern, start) if start >= 0 else 0
    if start < 0 or pattern[end + 1 : end + 2] in _QUANTIFIERS:
        yield pattern
        return
    for inner in _split(pattern[start + 3 : end]):
        each = pattern[:start] + inner + pattern[end + 1 :]
        if _words_of(each):
            yield each
        else:
            yield from _spread_groups(each, start + len(inner))


def _openings(pattern: str) -> frozenset[str] | None:
    r"""The plain characters with which a match may begin, "\d" for any digit; None if it may be anything."""
    found: set[str] = set()
    for part in _split(pattern):
        at, is_open = 0, True
        while is_open:
            inner: frozenset[str] | None
            end = at
            if part[at : at + 3] == "(?:":
                end = _closing(part, at)
                inner = _openings(part[at + 3 : end])
            elif part[at : at + 2] == _DIGIT:
                end = at + 1
                inner = frozenset({_DIGIT})
            elif char := _plain_head(part[at : at + 1 + (part[at : at + 1] == "\\")]):
                end = at + (part[at] == "\\")
                inner = frozenset({_plain_head(part[at:]) or char})
            else:
                inner = None
            if inner is None:
                return None
            found |= inner
            behind = part[end + 1 : end + 3]
            is_open = behind[:1] in ("?", "*") or behind in ("{0", "{,")  # then what follows may also come first
            at = end + 2 if behind[:1] in ("?", "*") else part.find("}", end) + 1
    return frozenset(found)


def _plain_head(pattern: str, most: int = PLAIN_HEAD) -> str:
    """The plain characters with which all matches of a pattern begin, no more than needed to distinguish it from prose."""
    head, at = "", 0
    while at < len(pattern) and len(head) < most:
        char = pattern[at]
        if char == "\\":
            at += 1
            char = pattern[at] if pattern[at] in _PUNCTUATION else ""
        elif char in _SPECIAL:
            char = ""
        at += 1
        if not char or pattern[at : at + 1] in _QUANTIFIERS:
            break
        head += char
    return head


def _words_of(pattern: str) -> str:
    """The words in a pattern that select the lines on which to try it; "" if they are too short for that."""
    words = _longest_words(pattern)
    return words if len(words) >= (_HINT if words.isascii() else _FOREIGN_HINT) else ""


def _longest_words(pattern: str) -> str:
    """The longest run of plain characters in all matches of a pattern; "" for a pattern of alternatives."""
    runs, run = [""], ""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "|":
            return ""
        if char in "([":
            at = _closing(pattern, at) if char == "(" else pattern.index("]", at + 2 + (pattern[at + 1] == "^"))
            plain = ""
        elif char == "\\":
            at += 1
            plain = pattern[at] if pattern[at] in _PUNCTUATION else ""
        elif char == "{":
            at = pattern.index("}", at)
            plain = ""
        else:
            plain = char if char not in _SPECIAL else ""
        at += 1
        if plain and pattern[at : at + 1] not in _QUANTIFIERS:
            run += plain
        else:
            runs.append(run)
            run = ""
    return max([*runs, run], key=len)


def _place_of(hint: str, pattern: str) -> int:
    """Within how many first characters of a line the hint of a pattern occurs; for a pattern without a limit it may be
    anywhere.
    """
    found = _ANY_BOUND.match(pattern)
    is_next = found is not None and pattern[found.end() :].replace("\\b", "").replace("\\", "").startswith(hint)
    return int(found[1]) + len(hint) if found is not None and is_next else _ANYWHERE


def _closing(pattern: str, start: int) -> int:
    """Where the group that opens at `start` closes."""
    depth = 0
    for at, char in _signs(pattern[start:]):
        depth += (char == "(") - (char == ")")
        if not depth:
            return start + at
    return len(pattern)


def _split(pattern: str) -> Iterator[str]:
    """A pattern split at the bars that are in no group and no class."""
    start = depth = 0
    for at, char in _signs(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _leading_group(pattern: str) -> tuple[str | None, str]:
    """(content of a plain group at the beginning, what follows it); (None, …) for another beginning, or a group that
    may repeat.
    """
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
    """The positions and characters in a pattern that are neither escaped nor in a class."""
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
