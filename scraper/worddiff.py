"""Two texts compared word by word: what is in both, what was removed and what was added. Pure, with bounds on the work
for any text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import TYPE_CHECKING, Literal

from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Op = Literal["same", "out", "in"]
MAX_COMPARED = 4_000  # words in a stretch; a longer one is not compared, it counts as removed and added as a whole
MAX_WORK = 20_000_000  # pairs of words to look at, some two seconds of work; texts of 800 words with changes throughout take a fifth of it
_TOKEN = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of words, with the white space between them, that is in both versions or only in one."""

    op: Op
    text: str


def word_diff(before: str, after: str) -> tuple[Edit, ...]:
    """The way from one text to the other, word by word.

    Without "in" the edits are `before` again, without "out" they are `after`, except for words that differ only in the
    shape of quotes or dashes.
    """
    edits: list[Edit] = []
    for op, a, b in aligned(before, after):
        parts: tuple[tuple[Op, Sequence[str]], ...] = (("same", b),) if op == "same" else (("out", a), ("in", b))
        for kind, tokens in parts:
            if text := "".join(tokens):
                if edits and edits[-1].op == kind:
                    edits[-1] = Edit(kind, edits[-1].text + text)
                else:
                    edits.append(Edit(kind, text))
    return tuple(edits)


def is_compared(before: str, after: str) -> bool:
    """Whether two texts are compared word by word, which is not done if they repeat too much or differ in too long a
    stretch.
    """
    gave_up: list[str] = []
    for _ in aligned(before, after, gave_up):
        pass
    return not gave_up


def aligned(
    before: str, after: str, gave_up: list[str] | None = None
) -> Iterator[tuple[Literal["same", "changed"], list[str], list[str]]]:
    """Tokens of both texts side by side: first the identical stretches at both ends, then what is between them.

    If what is between them is not compared, the reason is added to `gave_up`.
    """
    gave_up = [] if gave_up is None else gave_up
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    keys_a, keys_b = [_key(token) for token in a], [_key(token) for token in b]
    head = 0
    while head < min(len(a), len(b)) and keys_a[head] == keys_b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and keys_a[-1 - tail] == keys_b[-1 - tail]:
        tail += 1
    if head:
        yield "same", a[:head], b[:head]
    middle_a, middle_b = slice(head, len(a) - tail), slice(head, len(b) - tail)
    if max(len(a), len(b)) - head - tail > 2 * MAX_COMPARED:
        gave_up.append("long")
        yield "changed", a[middle_a], b[middle_b]
    elif a[middle_a] or b[middle_b]:
        try:
            found = _Bounded(keys_a[middle_a], keys_b[middle_b]).get_opcodes()
        except _TooMuch:
            gave_up.append("repetitive")
            yield "changed", a[middle_a], b[middle_b]
            found = []
        for tag, i, j, k, l in found:  # noqa: E741
            yield ("same" if tag == "equal" else "changed"), a[middle_a][i:j], b[middle_b][k:l]
    if tail:
        yield "same", a[len(a) - tail :], b[len(b) - tail :]


class _TooMuch(Exception):
    """Two texts that repeat so much that comparing them word by word would take too long."""


class _Bounded(SequenceMatcher[str]):
    """The standard matcher, which is cubic where words repeat, with a limit on its work."""

    def __init__(self, a: list[str], b: list[str]) -> None:
        super().__init__(None, a, b, autojunk=False)
        self._work = 0
        self._words = a
        self._often = Counter(b)

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self._work += sum(self._often[word] + 1 for word in self._words[alo:ahi])
        if self._work > MAX_WORK:
            raise _TooMuch
        return super().find_longest_match(alo, ahi, blo, bhi)


def _key(token: str) -> str:
    """The key by which a token is compared; all white space is the same token, except that a blank line is another."""
    if token.isspace():
        return "\n\n" if is_break(token) else " "
    return fold(token)


def is_break(token: str) -> bool:
    """Whether white space ends a paragraph."""
    return token.isspace() and token.count("\n") > 1
