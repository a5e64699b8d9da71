"""The lead picture, its caption and its credit, separated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.dates import beside_date
from scraper.extract.text.captions import bare_name, split_caption, without_label
from scraper.extract.text.credits import parse_credit
from scraper.html import LINE_BREAK, path, prose
from scraper.records import Image
from scraper.text import collapse
from scraper.urls import absolute

if TYPE_CHECKING:
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.sources.paper import Paper
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

_CAPTION_NAMES = re.compile(
    r"caption|(?:foto|photo|img|image|pic)[\w-]{0,40}(?:desc|text|title|ket)|desk?ripsi|keterangan|\bcap\b|-cap\b|figcap",
    re.IGNORECASE,
)
_CREDIT_NAMES = re.compile(r"author|credit|copyright|source|cap-foto", re.IGNORECASE)
_CONTROL = re.compile(r"zoom-?in|\+?|share|[\W\d_]*", re.IGNORECASE)
_NO_PICTURES_BOX = frozenset({"h1", "h2", "ul", "ol", "table", "article", "nav", "form"})
_HEADINGS = "h1, h2, h3, h4"
_DATE_WORDS = 20  # letters beside a date: a weekday, "published", a section
_COUNTED = re.compile(  # "0 Komentar", "2.345 kali dibaca", "Dibaca: 45 kali"
    r"(?:(?:dibaca|dilihat|views?|hits?)[^\w.,]*+)?[\d.,]++ ?(?:k|rb|jt)?(?: ?(?:x|kali|times))?"
    r"(?: ?(?:dibaca|dilihat|tayangan|pembaca|komentar|comments?|views?|hits?|shares?|likes?))?",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?:[_-]?\d{2,4}x\d{2,4}|-[A-Za-z0-9]{10}(?![A-Za-z0-9])|[_-]\d{1,4})++$")
_MIN_STEM = 6
_MAX_IMAGES = 80
_LONGEST_UNNAMED = 800  # characters in a caption that is recognised by its place alone
_OVERLAY = re.compile(r"\w[\w@&'’-]*(?:[ ./]{1,2}\w[\w@&'’-]*)*")  # not a sentence, nothing in brackets
_LONGEST_CREDIT = 60
_MAX_COPIES = 4
_MAX_LEVELS = 4
_MAX_CAPTION = 1000


def _is_overlay(text: str) -> bool:
    """Whether a short text beside a picture is its credit rather than its caption: "AFP/NAME",
    "TRIBUNPONTIANAK.CO.ID/ISTIMEWA".
    """
    return len(text) <= _LONGEST_CREDIT and (text.isupper() or "/" in text) and _OVERLAY.fullmatch(text) is not None


def read_picture(
    tree: Tree,
    metadata: PageMetadata,
    *,
    base_url: str | None,
    reading: LayoutReading | None,
    paper: Paper,
    vocabulary: Vocabulary,
) -> tuple[Image | None, str | None]:
    """(lead picture, provenance); the picture's address from the layout, og:image or JSON-LD, the caption from the
    page.
    """
    url, source = _address(metadata, base_url, reading)
    caption = credit = None
    if reading is not None:
        if reading.caption is not None:
            text = reading.caption.text
            if reading.credit is not None:  # in some layouts the caption's element also holds the credit
                text = text.removeprefix(reading.credit.text).removesuffix(reading.credit.text)
            # If the page has a separate credit, the rest of the caption stays as printed.
            caption, credit = (
                _parted(text, tree, paper, vocabulary)
                if reading.credit is None
                else (without_label(text, vocabulary), None)
            )
            source = reading.caption.source
        if reading.credit is not None:
            credit = reading.credit.text.strip(" ()")
    if caption is None and (reading is None or not (reading.layout.caption or reading.layout.image)):
        caption, credit = _from_figures(PicturePage(tree, paper, vocabulary), url)
    if url is None and caption is None:
        return None, None
    return Image(url=url, caption=caption and caption[:_MAX_CAPTION], credit=credit), source or "generic:figure"


def _parted(text: str, tree: Tree, paper: Paper, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """(caption, credit), using what only the page can tell: its own paper, and whether a bare name is the person shown
    or the photographer.

    "Foto: NAME" is a caption if the page mentions that person elsewhere, and a credit if it does not.
    """
    caption, credit = split_caption(text, vocabulary)
    if caption is None or credit is not None:
        return caption, credit
    if paper.is_called(caption):
        return None, caption
    if (name := bare_name(text, vocabulary)) is not None and tree.words().count(name) < _MENTIONS:
        return None, name
    return caption, credit


_MENTIONS = 2  # mentions of a person that the page is about: beneath the picture, and elsewhere


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


@dataclass(frozen=True, slots=True)
class PicturePage:
    """What distinguishes a caption from other words beside a picture."""

    tree: Tree
    paper: Paper
    vocabulary: Vocabulary

    def parted(self, text: str) -> tuple[str | None, str | None]:
        """(caption, credit) from what is printed below a picture."""
        return _parted(text, self.tree, self.paper, self.vocabulary)

    def is_words(self, text: str) -> bool:
        """Whether a text beside a picture may be words about it: not a button, count, date, label or writer's name."""
        if not text or _CONTROL.fullmatch(text) or _COUNTED.fullmatch(text):
            return False
        known = self.vocabulary
        line = known.furniture.known(text)  # a form that leaves most words open ("Foto: …") may be a caption
        if (line is not None and not line[1]) or known.related_heading(text) or known.byline(text):
            return False
        if len(text) <= _LONGEST_CREDIT and (rest := beside_date(text, known.calendar)) is not None:
            return sum(map(str.isalpha, rest)) > _DATE_WORDS
        credit = parse_credit(text)
        return (
            credit is None or not (credit.authors or credit.editors) or credit.text.lower().startswith(("foto", "pho"))
        )


def _from_figures(page: PicturePage, url: str | None) -> tuple[str | None, str | None]:
    """Caption and credit of the figure that holds the lead picture; or else what is below that picture; or else, if the
    page does not show that picture, of the first figure with a caption that is not a link to another page.
    """
    name = stem_of(url or "")
    first: tuple[str | None, str | None] | None = None
    is_shown = False
    for node in page.tree.tagged("figure")[:12]:
        text = caption_of(node)
        image = node.css_first("img")
        sources = " ".join(value for value in image.attributes.values() if value) if image is not None else ""
        is_lead = bool(name) and name in sources
        is_shown = is_shown or is_lead
        if text is None or not page.is_words(text):
            continue
        if is_lead:
            return page.parted(text)
        if first is None and not any(each.tag in ("a", "aside", "nav", "footer") for each in path(node)):
            first = page.parted(text)
    below, is_below = _below_picture(page, name) if name else (None, False)
    return below or (None if is_shown or is_below else first) or (None, None)


def caption_of(figure: Node) -> str | None:
    """The caption of a figure as printed; None if it has none."""
    node = figure.css_first("figcaption") or figure.css_first("[class*=caption]")
    text = prose(node) if node is not None else ""
    return text if text and len(text) <= _MAX_CAPTION else None


def stem_of(url: str) -> str:
    """What the file name of a picture shares with its other sizes and copies; "" if that is too little to recognise it
    by.
    """
    name = url.rpartition("/")[2].partition("?")[0].rpartition(".")[0]
    stem = _SIZE.sub("", name)
    return stem[: max(_MIN_STEM, len(stem) * 4 // 5)] if len(stem) >= _MIN_STEM else ""


def _below_picture(page: PicturePage, name: str) -> tuple[tuple[str | None, str | None] | None, bool]:
    """(the short text that follows the lead picture in its box, or in the next one if that is called a caption; whether
    the picture is there).
    """
    images = (node for node in page.tree.tagged("img")[:_MAX_IMAGES] if _is_of(node, name))
    is_there = False
    for image in islice(images, _MAX_COPIES):
        is_there = True
        if found := _text_around(image, page):
            return found, True
    return None, is_there


def _is_of(image: Node, name: str) -> bool:
    """Whether any address of a picture contains a name."""
    for key, value in image.attributes.items():  # noqa: SIM110  (a generator would cost as much as the test)
        if value and name in value and (key == "src" or key.startswith("data-")):
            return True
    return False


def _text_around(image: Node, page: PicturePage) -> tuple[str | None, str | None] | None:
    node: Node | None = image
    credit: str | None = None
    for level in range(_MAX_LEVELS):
        if node is None or node.parent is None or node.tag in ("body", "main", "article"):
            break
        is_box = level < _MAX_LEVELS - 1 and _is_pictures(node.parent)
        caption, own = _text_behind(node, page, is_box=is_box)
        credit = credit or own
        if caption:
            return caption, credit
        node = node.parent
    return (None, credit) if credit else None


def _is_pictures(box: Node) -> bool:
    """Whether a box belongs to a picture rather than to the article, which has a heading and paragraphs."""
    return len(box.text()) <= _MAX_CAPTION and box.css_first(_HEADINGS) is None and len(box.css("p")) <= 1


def _text_behind(node: Node, page: PicturePage, *, is_box: bool) -> tuple[str | None, str | None]:
    """(caption, credit) from the siblings after a picture or its box; None for what they do not say."""
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
            if is_link or len(text) > _MAX_CAPTION or sibling.tag in _NO_PICTURES_BOX:
                break
            if credit is None and is_box and (_CREDIT_NAMES.search(names) or _is_overlay(text)):
                if "©" in text and (both := page.parted(text))[0]:
                    return both
                credit = text
            elif not page.is_words(text):
                break
            elif _CAPTION_NAMES.search(names) or (
                is_box
                and sibling.tag not in ("p", "h3", "h4")
                and LINE_BREAK not in raw
                and " " in text
                and len(text) <= _LONGEST_UNNAMED
            ):
                # Beside a separate credit, the rest of the caption stays as printed.
                return (without_label(text, page.vocabulary), credit) if credit else page.parted(text)
            else:
                break
        sibling = sibling.next
    return None, credit
