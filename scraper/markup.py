"""Looks at markup without parsing it, in one pass, for callers that may not spend more time than the page's length
warrants. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(rb"<([a-z][a-z0-9-]{0,30})")
RAW = frozenset({b"script", b"style"})  # if one of them is not closed, a browser shows nothing after it
UNSEEN = RAW | {b"noscript", b"template"}


def few_words(body: bytes, limit: int, *, unseen: frozenset[bytes] = UNSEEN) -> int:
    """How many words a page has outside its markup, comments and the named elements; counting stops at `limit`."""
    count = 0
    for text in _texts(body, unseen):
        count += len(text.split(None, limit - count))
        if count >= limit:
            return limit
    return count


def first_words(body: bytes, limit: int, *, unseen: frozenset[bytes] = UNSEEN) -> list[bytes]:
    """The first words of a page outside its markup, comments and the named elements, in lower case."""
    found: list[bytes] = []
    for text in _texts(body, unseen):
        found += text.lower().split(None, limit - len(found))[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _texts(body: bytes, unseen: frozenset[bytes]) -> Iterator[bytes]:
    """The stretches between tags. No place is searched twice, whatever is left open."""
    lower = body.lower()
    unclosed: set[bytes] = set()
    at, closing = 0, -1  # `closing`: the next ">", as far as known
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
                start = end  # continue with its end tag
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
