"""Markup that costs a parser far more than its size, recognised from the bytes before they are parsed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scraper import native
from scraper.openings import parser_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lexbor's tree builder walks the open elements at every block: 10k unclosed <div> took 0.15 s, 100k took 23 s; a step
# takes 3 ns.
MAX_STEPS = 200_000_000
# An unclosed <font …> is reopened in every block after it: 23 kB of <font c=1><p> made a million elements.
FEW_FOR_FORMATTING = 2_000  # this many tags make a million elements at worst, 0.4 s
MAX_REOPENED = 1_500_000  # open formatting elements times tags
MANY_FORMATTED = 64  # formatting tags with attributes; beyond that they must be counted one by one
# Every attribute is compared with those before it: 60k on one element took 12 s.
MAX_ATTRIBUTES = 1_000
_ATTRIBUTES_TAKE = 2 * MAX_ATTRIBUTES  # bytes at least, a letter and a blank each
_ALIKE = 3
_FORMATTING_TAGS = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
_ANY_CASE = "|".join("".join(f"[{char}{char.upper()}]" for char in tag) for tag in _FORMATTING_TAGS)
_FORMATTING = re.compile(rf"<(?:!--.*?(?:-->|\Z)|(/?)({_ANY_CASE})([\s/][^<>]*)?>)".encode(), re.DOTALL)
# End tags matched by their first letter and what may follow it, which admits a few names too many: most tags are
# decided by one character, which takes a third of the time.
_ANY_END = "|".join("".join(f"[{char}{char.upper()}]" for char in tag[1:]) for tag in _FORMATTING_TAGS if len(tag) > 1)
_FIRST = "".join(sorted({tag[0] for tag in _FORMATTING_TAGS}))
_WITH_ATTRIBUTES = re.compile(rf"<[{_FIRST}{_FIRST.upper()}](?:{_ANY_END})?[\s/]".encode())
_FIRSTS, _TAILS = (
    (_FIRST + _FIRST.upper()).encode(),
    tuple(tag[1:].encode() for tag in _FORMATTING_TAGS if len(tag) > 1),
)
# Plain names only: "a<b" in a script opens no element, and no run of names follows it there.
_MANY_ATTRIBUTES = re.compile(
    rb"""<[a-zA-Z][\w:-]*+(?:[\s/]++[\w:@.-]++(?:=(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))?+){%d}""" % MAX_ATTRIBUTES
)


def bomb_in(markup: bytes) -> str | None:
    """Why markup costs far more than its size to parse; None if it does not."""
    if _has_to_be_counted(markup) and parser_steps(markup, MAX_STEPS) > MAX_STEPS:
        return "elements that are left open by the thousand"
    if any(_MANY_ATTRIBUTES.match(markup, start) for start in _long_pieces(markup)):
        return f"over {MAX_ATTRIBUTES} attributes on an element"
    return None


def _has_to_be_counted(markup: bytes) -> bool:
    """Whether so many elements may be open, or be reopened, at so many tags that only counting can tell."""
    tags, formatted = _tags(markup)
    if tags <= FEW_FOR_FORMATTING:
        return False
    if tags * tags > MAX_STEPS and (tags - markup.count(b"</")) * tags > MAX_STEPS:
        return True
    most = formatted + _ALIKE * len(_FORMATTING_TAGS)  # open at once
    is_formatted = formatted > MANY_FORMATTED and most * tags > MAX_REOPENED
    return is_formatted and _open_formatting(markup) * tags > MAX_REOPENED


def _tags(markup: bytes) -> tuple[int, int]:
    """(number of tags, number of formatting tags with attributes among them); 0 for the latter if there are few tags."""
    if native.compiled is not None:
        tags, formatted = native.compiled.openings(markup, _FIRSTS, _TAILS)
        return tags, formatted
    tags = len(markup) - len(markup.replace(b"<", b""))  # takes a third of the time of count()
    return tags, len(_WITH_ATTRIBUTES.findall(markup)) if tags > FEW_FOR_FORMATTING else 0


def _long_pieces(markup: bytes) -> Iterator[int]:
    """Positions of a "<" that is followed by no other within the length of MAX_ATTRIBUTES: scripts, long texts, and
    such elements.

    Searching backwards from the latest possible next one skips nearly all of the page.
    """
    last = len(markup) - _ATTRIBUTES_TAKE
    at = 0
    while 0 <= at <= last:
        behind = markup.rfind(b"<", at + 1, at + _ATTRIBUTES_TAKE)
        if behind < 0:
            yield at
            behind = markup.find(b"<", at + _ATTRIBUTES_TAKE)
        at = behind


def _open_formatting(markup: bytes) -> int:
    """The largest number of formatting elements open at once; of identical ones three count (HTML §13.2.4.3)."""
    opened: dict[bytes, list[bytes]] = {}
    alike: Counter[bytes] = Counter()
    now = most = 0
    for closing, name, attributes in _FORMATTING.findall(markup):
        tag = name.lower()
        stack = opened.setdefault(tag, [])
        if not name:  # a comment
            continue
        if not closing:
            key = tag + attributes
            stack.append(key)
            alike[key] += 1
            now += alike[key] <= _ALIKE
            most = max(most, now)
        elif stack:
            key = stack.pop()
            now -= alike[key] <= _ALIKE
            alike[key] -= 1
    return most
