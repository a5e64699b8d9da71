"""The lead picture, its caption and its credit, told apart."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.extract.text.captions import split_caption, without_label
from scraper.html import LINE_BREAK, prose
from scraper.records import Image
from scraper.text import collapse
from scraper.urls import absolute

if TYPE_CHECKING:
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree

_CAPTION_NAMES = re.compile(
    r"caption|(?:foto|photo|img|image|pic)[\w-]{0,40}(?:desc|text|title|ket)|desk?ripsi|keterangan|\bcap\b|-cap\b|figcap",
    re.IGNORECASE,
)
_CREDIT_NAMES = re.compile(r"author|credit|copyright|source|cap-foto", re.IGNORECASE)
_CONTROL = re.compile(r"lihat foto|zoom-?in|perbesar|\+?|share|[\W\d_]*", re.IGNORECASE)
_SIZE = re.compile(r"(?:[_-]?\d{2,4}x\d{2,4}|-[A-Za-z0-9]{10}(?![A-Za-z0-9])|[_-]\d{1,4})++$")
_MIN_STEM = 6
_MAX_IMAGES = 80
_LONGEST_UNNAMED = 800  # characters of a caption that nothing but its place tells
_OVERLAY = re.compile(r"\w[\w@&'’-]*(?:[ ./]{1,2}\w[\w@&'’-]*)*")  # no sentence, nothing in brackets
_LONGEST_CREDIT = 60
_MAX_COPIES = 4
_MAX_LEVELS = 4
_MAX_CAPTION = 1000


def _is_overlay(text: str) -> bool:
    """Whether a short text beside a picture is its credit, not yet its caption: "AFP/NAME", "TRIBUNPONTIANAK.CO.ID/ISTIMEWA"."""
    return len(text) <= _LONGEST_CREDIT and (text.isupper() or "/" in text) and _OVERLAY.fullmatch(text) is not None


def read_picture(
    tree: Tree, metadata: PageMetadata, *, base_url: str | None, reading: LayoutReading | None
) -> tuple[Image | None, str | None]:
    """(lead picture, provenance); the picture's address from the layout, og:image or JSON-LD, the caption from the page."""
    url, source = _address(metadata, base_url, reading)
    caption = credit = None
    if reading is not None:
        if reading.caption is not None:
            text = reading.caption.text
            if reading.credit is not None:  # in some layouts the caption's element holds the credit too
                text = text.removeprefix(reading.credit.text).removesuffix(reading.credit.text)
            # Where the page sets the credit apart, what else the caption says is left as printed.
            caption, credit = split_caption(text) if reading.credit is None else (without_label(text), None)
            source = reading.caption.source
        if reading.credit is not None:
            credit = reading.credit.text.strip(" ()")
    if caption is None and (reading is None or not (reading.layout.caption or reading.layout.image)):
        caption, credit = _from_figures(tree, url)
    if url is None and caption is None:
        return None, None
    return Image(url=url, caption=caption and caption[:_MAX_CAPTION], credit=credit), source or "generic:figure"


def _address(
    metadata: PageMetadata, base_url: str | None, reading: LayoutReading | None
) -> tuple[str | None, str | None]:
    if reading is not None and reading.image_url is not None and (url := absolute(reading.image_url.text, base_url)):
        return url, reading.image_url.source
    if (
        first := metadata.first("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src", "thumbnail")
    ) and (url := absolute(first[0], base_url)):
        return url, f"meta:{first[1]}"
    for value in metadata.values("image"):
        if (text := _json_ld_address(value)) and (url := absolute(text, base_url)):
            return url, "json-ld:image"
    return None, None


def _json_ld_address(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return value if isinstance(value, str) else None


def _from_figures(tree: Tree, url: str | None) -> tuple[str | None, str | None]:
    """Caption and credit of the figure that holds the lead picture; else what stands below that picture; else of the first figure with a caption."""
    name = _stem(url or "")
    first: tuple[str | None, str | None] | None = None
    for node in tree.tagged("figure")[:12]:
        text = _caption_text(node)
        if text is None:
            continue
        image = node.css_first("img")
        sources = " ".join(value for value in image.attributes.values() if value) if image is not None else ""
        if name and name in sources:
            return split_caption(text)
        first = first or split_caption(text)
    below = _below_picture(tree, name) if name else None
    return below or first or (None, None)


def _caption_text(figure: Node) -> str | None:
    node = figure.css_first("figcaption") or figure.css_first("[class*=caption]")
    text = prose(node) if node is not None else ""
    return text if text and len(text) <= _MAX_CAPTION else None


def _stem(url: str) -> str:
    """What the file name of a picture shares with its other sizes and copies; "" where that is too little to know it by."""
    name = url.rpartition("/")[2].partition("?")[0].rpartition(".")[0]
    stem = _SIZE.sub("", name)
    return stem[: max(_MIN_STEM, len(stem) * 4 // 5)] if len(stem) >= _MIN_STEM else ""


def _below_picture(tree: Tree, name: str) -> tuple[str | None, str | None] | None:
    """The short text that follows the lead picture in its box, or in the next one if that is called a caption."""
    images = (node for node in tree.tagged("img")[:_MAX_IMAGES] if _is_of(node, name))
    for image in islice(images, _MAX_COPIES):
        if found := _text_around(image):
            return found
    return None


def _is_of(image: Node, name: str) -> bool:
    """Whether an address of a picture has a name in it."""
    for key, value in image.attributes.items():  # noqa: SIM110  (a generator would cost as much as the test)
        if value and name in value and (key == "src" or key.startswith("data-")):
            return True
    return False


def _text_around(image: Node) -> tuple[str | None, str | None] | None:
    node: Node | None = image
    credit: str | None = None
    for level in range(_MAX_LEVELS):
        if node is None or node.parent is None or node.tag in ("body", "main", "article"):
            break
        is_box = level < _MAX_LEVELS - 1 and len(node.parent.text()) <= _MAX_CAPTION
        caption, own = _text_behind(node, is_box=is_box)
        credit = credit or own
        if caption:
            return caption, credit
        node = node.parent
    return (None, credit) if credit else None


def _text_behind(node: Node, *, is_box: bool) -> tuple[str | None, str | None]:
    """(caption, credit) from the siblings behind a picture or its box; None for what they do not say."""
    credit: str | None = None
    sibling = node.next
    while sibling is not None:
        raw = (sibling.text_content or "") if sibling.tag == "-text" else sibling.text()
        text = collapse(raw.replace(LINE_BREAK, " "))
        attributes = sibling.attributes if sibling.tag != "-text" else {}
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if text and not _CONTROL.fullmatch(text):
            is_link = sibling.tag == "a" or (
                sibling.tag != "-text" and sum(len(prose(a)) for a in sibling.css("a")) > len(text) // 2
            )
            if is_link or len(text) > _MAX_CAPTION or sibling.tag in ("h1", "h2", "ul", "table"):
                break
            if credit is None and is_box and (_CREDIT_NAMES.search(names) or _is_overlay(text)):
                if "©" in text and (both := split_caption(text))[0]:
                    return both
                credit = text
            elif _CAPTION_NAMES.search(names) or (
                is_box and sibling.tag != "p" and LINE_BREAK not in raw and len(text) <= _LONGEST_UNNAMED
            ):
                # Beside a credit of its own, what else the caption says is left as printed.
                return (without_label(text), credit) if credit else split_caption(text)
            else:
                break
        sibling = sibling.next
    return None, credit
