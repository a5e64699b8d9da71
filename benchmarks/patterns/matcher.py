"""A plain backtracking matcher that counts its steps: it takes at least as many as Python's own."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Continue = Callable[[int], bool]
    Node = Callable[[int, Continue], bool]

BUDGET = 250_000  # steps of one run


class OverBudget(Exception):
    """A run that took too many steps."""


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
        """The steps over a text, from end to end if it is searched. Raises OverBudget."""
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
    """Which characters an element of a pattern takes; None if it is not a single character."""
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
