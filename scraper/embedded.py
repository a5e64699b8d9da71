"""Data that a page keeps in scripts and attributes: articles, and lists of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.html import css, split_selector
from scraper.literal import json_number, read_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.html import Tree
    from scraper.sites import Embedded

MAX_CHARS = 4 << 20  # of one script; the largest __NEXT_DATA__ seen on a news page was a fifth of it
MAX_SCRIPTS = 200


def read_embedded(tree: Tree, places: Iterable[Embedded | None]) -> dict[Embedded, Any]:
    """The data at these places, as far as the page has it; call it before the tree is prepared, which drops scripts."""
    found: dict[Embedded, Any] = {}
    for place in dict.fromkeys(place for place in places if place is not None):
        value = next(_roots(tree, place), None)
        if value is not None:
            found[place] = value
    return found


def _roots(tree: Tree, place: Embedded) -> Iterator[Any]:
    selector, attribute = split_selector(place.selector)
    for node in css(tree, selector)[:MAX_SCRIPTS]:
        text = (node.attributes.get(attribute) or "") if attribute else node.text()
        if not text or len(text) > MAX_CHARS:
            continue
        at = 0
        if place.after is not None:
            match = place.after.search(text)
            if match is None:
                continue
            at = match.end()
        for root in find(_parsed(text, at, is_whole=place.after is None), place.root):
            if root not in (None, "", [], {}):
                yield root


def _parsed(text: str, at: int, *, is_whole: bool) -> Any:
    """JSON, or else a JavaScript literal; None if it is neither. A number too long to convert stays text."""
    try:
        if is_whole:
            return json.loads(text, strict=False, parse_int=json_number)
        decoder = json.JSONDecoder(strict=False, parse_int=json_number)
        return decoder.raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip()))[0]
    except (ValueError, RecursionError):
        return read_literal(text, at)


def find(value: Any, path: str) -> Iterator[Any]:
    """The values at a path: names and list positions joined by dots, "*" for each; "" is the value itself."""
    if not path:
        yield value
        return
    name, _, rest = path.partition(".")
    if name == "*":
        inner: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for each in inner:
            yield from find(each, rest)
    elif isinstance(value, dict):
        if name in value:
            yield from find(value[name], rest)
    elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        yield from find(value[int(name)], rest)
