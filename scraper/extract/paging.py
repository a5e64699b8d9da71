"""How many pages an article has by its own word: "2 dari 8 halaman", "Halaman 1/8", "Page 1 of 8"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.html import Tree

MAX_PAGES = 60
# As the whole text of an element (Liputan6, Tribun, Kapanlagi pages of 2015–2026): in a sentence it says something else.
_MARKER = re.compile(
    r"(?P<page>\d{1,2})\s+dari\s+(?P<count>\d{1,2})\s+halaman|halaman\s*:?\s*(?P<page2>\d{1,2})\s*(?:/|dari)\s*(?P<count2>\d{1,2})",
    re.IGNORECASE,
)


def announced_pages(tree: Tree) -> int | None:
    """The number of pages that a page says its article has; None if it says none."""
    if "alaman" not in tree.words():
        return None
    counts = {
        int(match["count"] or match["count2"])
        for piece in tree.pieces()
        if "alaman" in piece
        and (match := _MARKER.fullmatch(piece))
        and int(match["page"] or match["page2"]) <= int(match["count"] or match["count2"]) <= MAX_PAGES
    }
    return counts.pop() if len(counts) == 1 else None  # one article announces one number
