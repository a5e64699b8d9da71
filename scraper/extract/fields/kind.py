"""What kind of page it is: by its layout or its own data, or by a word in its address that its content confirms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.sources.article_nodes import types_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.records import Image, PageKind

_GALLERY_PATH = re.compile(
    r"/(?:foto|fotos|photo|photos|galeri|gallery|galleries|image-gallery|bilder|fotostrecke|readfoto|inpicture|infografis)[/-]",
    re.IGNORECASE,
)
_VIDEO_PATH = re.compile(r"/(?:video|videos|watch|tv)/", re.IGNORECASE)
_GALLERIES = frozenset({"ImageGallery", "MediaGallery"})
_PLAYERS = ("og:video", "og:video:url", "og:video:secure_url", "twitter:player", "twitter:player:stream")
MIN_PICTURES = 3  # in the text of a page whose address calls it a gallery
MAX_WORDS = 150  # in a gallery's text if it shows fewer pictures: they wait for a script


def page_kind(  # noqa: PLR0911  (one line a kind)
    metadata: PageMetadata, reading: LayoutReading | None, url: str, images: Sequence[Image], words: int
) -> tuple[PageKind, str | None]:
    """(kind, provenance or None for an article); `images` are the pictures in the text, `words` is its length."""
    if reading is not None and reading.layout.kind is not None:
        return reading.layout.kind, "layout"
    types = {kind for node in metadata.nodes for kind in types_of(node)}
    if "LiveBlogPosting" in types:
        return "live", "json-ld:@type"
    if types & _GALLERIES:
        return "gallery", "json-ld:@type"
    if _GALLERY_PATH.search(url) and (len(images) >= MIN_PICTURES or words < MAX_WORDS):
        return "gallery", "url"
    og = metadata.first("og:type")
    if not metadata.articles:
        if og and og[0].startswith("video"):
            return "video", "meta:og:type"
        if "VideoObject" in types and words < MAX_WORDS:
            return "video", "json-ld:@type"
        if _VIDEO_PATH.search(url) and ("VideoObject" in types or metadata.first(*_PLAYERS) or words < MAX_WORDS):
            return "video", "url"
    return "article", None
