"""The other pictures of an article: the figures within its text, in reading order, each with its caption and its
credit.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scraper.extract.fields.picture import PicturePage, caption_of, stem_of
from scraper.extract.structure.classes import is_furniture
from scraper.html import path
from scraper.records import Image
from scraper.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.extract.sources.paper import Paper
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

MAX_IMAGES = 200
_FIGURES = "figure, .wp-caption"
_MAX_CAPTION = 1000
_ABOVE = 12  # elements around a figure
_NOT_ABOVE = frozenset({"aside", "nav", "footer", "a", "form"})
# Where a lazily loaded picture has its address, best first; "src" then holds a placeholder.
_ADDRESSES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url", "src")


def read_pictures(
    boxes: Iterable[Node],
    tree: Tree,
    *,
    lead: Image | None,
    base_url: str | None,
    paper: Paper,
    vocabulary: Vocabulary,
) -> tuple[Image, ...]:
    """Every figure with a picture in the elements that hold the text, except the lead picture and what is inserted from
    elsewhere.
    """
    page = PicturePage(tree, paper, vocabulary)
    seen = {stem_of(lead.url)} if lead is not None and lead.url else set()
    found: list[Image] = []
    for figure in islice((figure for box in boxes for figure in box.css(_FIGURES)), MAX_IMAGES):
        url = _address(figure, base_url)
        if url is None or _is_elsewhere(figure):
            continue
        stem = stem_of(url)
        if (stem and stem in seen) or any(image.url == url for image in found):
            continue
        seen.add(stem)
        text = caption_of(figure)
        caption, credit = page.parted(text) if text is not None and page.is_words(text) else (None, None)
        found.append(Image(url=url, caption=caption and caption[:_MAX_CAPTION], credit=credit))
    return tuple(found)


def _address(figure: Node, base_url: str | None) -> str | None:
    image = figure.css_first("img")
    if image is None:
        return None
    given = image.attributes
    values = [given.get(name) or "" for name in _ADDRESSES]
    values.append((given.get("srcset") or given.get("data-srcset") or "").strip().split(" ")[0])
    addresses = (value for value in values if value and not value.startswith(("data:", "blob:", "about:")))
    return next((url for value in addresses if (url := absolute(value, base_url))), None)


def _is_elsewhere(figure: Node) -> bool:
    """Whether a figure belongs to a teaser, a link or an advert within the text."""
    for node in islice(path(figure), _ABOVE):
        if node.tag in ("article", "main", "body"):
            return False
        given = node.attributes
        names = f"{given.get('class') or ''} {given.get('id') or ''}"
        if node.tag in _NOT_ABOVE or (names != " " and is_furniture(names)):
            return True
    return False
