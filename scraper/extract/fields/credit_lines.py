"""Lines of an Indonesian page that are only a labelled credit: "Editor : NAME", "Rep: X/ Red: Y"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.fields.marked_bylines import MAX_LINE
from scraper.extract.text.credits import parse_credit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.text.credits import Byline
    from scraper.html import Tree

_CREDIT_HEADS = frozenset(  # how a line of _CREDIT_LINE begins
    form for head in ("pen", "pew", "red", "war", "rep", "fot", "edi") for form in (head, head.title(), head.upper())
)
_CREDIT_LINE = re.compile(
    r"(?:penulis|penyunting|penyelia|pewarta|redaktur|wartawan|reporter|fotografer|editor(?: berita)?|rep|red)\s*(?:&\s*reporter\s*)?(?:[:|–-]|$)",
    re.IGNORECASE,
)
_LOOSE_COLON = re.compile(r"(?:(?<!\s)\s++)?[|–-]\s++")  # "Editor | NAME", "Editor - NAME"
_BULLETS = "•*-–— "  # with which a credit in a list opens
_FIRST = frozenset(head[0] for head in _CREDIT_HEADS) | frozenset(_BULLETS)
_WHOLE_NAME = re.compile(r"[A-Z][a-z'’.]+(?: [A-Z][\w'’.-]*){1,3}")


def credit_lines(tree: Tree) -> Iterator[Byline]:
    """The credits on a page, in order."""
    lines = tree.pieces()
    for number, each in enumerate(lines):
        if each[0] not in _FIRST:
            continue
        line = each.lstrip(_BULLETS)
        label = _CREDIT_LINE.match(line) if line[:3] in _CREDIT_HEADS and len(line) <= MAX_LINE else None
        if label is None:
            continue
        whole = _whole_credit(line, label[0], lines[number + 1 : number + 3])
        credit = parse_credit(whole) if len(whole) <= MAX_LINE else None
        if credit is not None:
            yield credit


def _whole_credit(line: str, label: str, below: list[str]) -> str:
    """A credit with its names, which may be on the lines below, and its colon, which may be another sign or missing:
    "Editor", "NAME".
    """
    after, second = (*below, "", "")[:2]
    if line.endswith(":"):
        return f"{line} {after}"
    if after == ":":
        return f"{line}: {second}"
    if after.startswith(":"):
        return f"{line}{after}"
    if label != line:
        return line if label.endswith(":") else _LOOSE_COLON.sub(": ", line, count=1)
    return f"{line}: {after}" if _WHOLE_NAME.fullmatch(after) else line
