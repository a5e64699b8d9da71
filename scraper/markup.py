"""Markup looked at without parsing it, in one pass: for who may not spend more on a page than its length. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(rb"<([a-z][a-z0-9-]{0,30})")
RAW = frozenset({b"script", b"style"})  # where one of them is not closed, a browser shows nothing of what follows
UNSEEN = RAW | {b"noscript", b"template"}


def few_words(body: bytes, limit: int, *, unseen: frozenset[bytes] = UNSEEN) -> int:
    """How many words a page has outside its markup, comments and the elements named; counting stops at `limit`."""
    count = 0
    for text in _texts(body, unseen):
        count += len(text.split(None, limit - count))
        if count >= limit:
            return limit
    return count


def first_words(body: bytes, limit: int, *, unseen: frozenset[bytes] = UNSEEN) -> list[bytes]:
    """The first words of a page outside its markup, comments and the elements named, in small letters."""
    found: list[bytes] = []
    for text in _texts(body, unseen):
        found += text.lower().split(None, limit - len(found))[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _texts(body: bytes, unseen: frozenset[bytes]) -> Iterator[bytes]:
    """The stretches between tags. Nothing is looked for twice in the same place, whatever is left open."""
    lower = body.lower()
    unclosed: set[bytes] = set()
    at, closing = 0, -1  # `closing`: the next ">" as far as it is known
    while (start := body.find(b"<", at)) >= 0:
        yield body[at:start]
        if body.startswith(b"<!--", start):
            end = body.find(b"-->", start + 2)  # "<!-->" is a whole comment
            if end < 0:
                return
            at = end + 3
            continue
        found = _NAME.match(lower, start)
        if found is not None and (name := found[1]) in unseen and name not in unclosed:
            end = lower.find(b"</" + name, found.end())
            if end < 0 and name in RAW:
                return
            if end >= 0:
                start = end  # on with its end tag
            else:
                unclosed.add(name)
        if closing < start:
            closing = body.find(b">", start)
            if closing < 0:
                yield body[start + 1 :].replace(b"<", b" ")
                return
        following = body.find(b"<", start + 1, closing)
        at = closing + 1 if following < 0 else start + 1  # a "<" that opens no tag is text
    yield body[at:]
