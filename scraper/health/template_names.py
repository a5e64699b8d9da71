"""The names in a template: its classes and ids, and what changed in them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.charsets import readable
from scraper.html import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.html import Tree
    from scraper.records import Capture

_NUMBERED = re.compile(r"\d{3,}")  # generated anew for each page
_MOVED = 0.5  # of the pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A class, id or element whose share of the pages changed: "h1.judul" was on `before` of them and is on `after`."""

    name: str
    before: float
    after: float


def template_names(tree: Tree) -> set[str]:
    """The classes and ids of a page with their elements: "div.isi", "h1#judul"."""
    found = set()
    for node in tree.css("[class], [id]"):
        tag = node.tag or ""
        names = [f"{tag}.{name}" for name in (node.attributes.get("class") or "").split()]
        if number := node.attributes.get("id"):
            names.append(f"{tag}#{number}")
        found |= {name for name in names if not _NUMBERED.search(name)}
    return found


def page_of(capture: Capture) -> Tree:
    """A capture parsed. Raises ExtractError."""
    return parse(readable(capture.body, capture.charset), url=capture.final_url)


def moved(before: Sequence[set[str]], after: Sequence[set[str]]) -> list[Moved]:
    """What was removed and added, the most certain first; names that half of the pages or fewer gained or lost are left
    out.
    """
    old, new = _shares(before), _shares(after)
    found = [Moved(name=name, before=old.get(name, 0.0), after=new.get(name, 0.0)) for name in old.keys() | new.keys()]
    kept = [each for each in found if abs(each.after - each.before) > _MOVED]
    return sorted(kept, key=lambda each: (each.after > each.before, -abs(each.after - each.before), each.name))


def _shares(pages: Iterable[set[str]]) -> dict[str, float]:
    pages = list(pages)
    counts = Counter(name for names in pages for name in names)
    return {name: count / len(pages) for name, count in counts.items()}
