"""The lead picture, its caption and its credit, told apart."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.html import LINE_BREAK, prose
from scraper.records import Image
from scraper.text import collapse
from scraper.urls import absolute

if TYPE_CHECKING:
    from scraper.extract.layouts import LayoutReading
    from scraper.extract.metadata import PageMetadata
    from scraper.html import Node, Tree

# A credit names a source: an agency, a paper, "Dok.", "Foto:", a hand-out, or NAME/OUTLET. Seen on Tribun, Kompas, detik, Antara,
# JPNN, Pikiran Rakyat and Media Indonesia pages of 2015–2026.
_CREDIT_WORDS = (
    r"foto|photo|dok|ist|istimewa|antara|afp|reuters|getty|ap|epa|xinhua|shutterstock|freepik|pixabay|unsplash|pexels|tribun\w*|kompas\w*|detik\w*|surya|jpnn"
    r"|biro pers|screenshot|tangkapan layar|humas|instagram|twitter|youtube|facebook|handout|courtesy|image|bild|picture alliance|dpa|credit|ho|net|ilustrasi"
)
_BRACKETS = re.compile(r"^(?P<caption>.*?)[\s.]*[\[(](?P<credit>[^()\[\]]{2,80})[\])][\s.,]*$", re.DOTALL)
# "Name of the star/©KapanLagi.com®/N. Name", "Name of the star © istimewa"
_SIGN = re.compile(r"^(?P<caption>[^©]+?)[\s/|]*(?P<credit>©[^©]{2,80})$", re.DOTALL)
_GLUED = re.compile(
    r"[^\s.(]\([^()]+\)\W*$"
)  # "Tambang di Raja Ampat(Auriga Nusantara)": set by a template, not by a writer
_APART = re.compile(
    r"[.!?]\s*\([^\W\d_]+(?:[ ./][^\W\d_]+){0,3}\)\W*$"
)  # "… tepuk tangan. (Grammy)": behind the sentence
_LABEL = re.compile(
    r"^(?P<caption>.+?)[\s.|/–-]+(?:foto|photo|credit|sumber|source|bild|image|do[ck])\s*[:.]\s*(?P<credit>[^:]{2,80})$",
    re.IGNORECASE | re.DOTALL,
)
# "…, November 2015. TEMPO/Budi Harsono", "… di Kota Tua. /Zona Jakarta": behind the sentence, a paper and its photographer
_OUTLET = re.compile(
    r"^(?P<caption>.+?[.!?]) (?P<credit>[A-Z]{3,}(?: [A-Z]{3,})?/ ?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}|/[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})\.?$",
    re.DOTALL,
)
_SLASH = re.compile(r"^(?P<caption>.+?)[\s.]*(?:\s/\s*|\s*/\s?)(?P<credit>[A-Z][\w.-]+(?:/[\w .-]+)?)$", re.DOTALL)
# "… memberi tepuk tangan. Foto: NAME", "… (Foto: NAME/OUTLET)", "… (Image: AGENCY)" as a paragraph of its own.
_IN_TEXT = re.compile(
    r"(?P<caption>.{8,300}?)(?:[\s.|/(\[–-]+(?:foto|photo|dok)\s*[:.]\s*[^:()?!]{2,50}[)\]]?"
    r"|\s*[(\[](?:image|picture|pic|bild|imagen|credit|crédit)s?\s*:\s*[^:()\[\]?!]{2,50}[)\]])[\s.]*",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_LABELS = ("foto", "photo", "dok", "image", "pic", "bild", "credit")
_LONGEST_IN_TEXT = 500  # characters; more than _IN_TEXT can match
MAX_CAPTION_WORDS = 28
_LABEL_LEFT = re.compile(r"\s+(?:foto|photo)\s*:$", re.IGNORECASE)  # "… di kantornya. Foto: (ANTARA/NAME)"
_LEAD = re.compile(r"^(?:foto|photo|ilustrasi|image)\s*:\s*", re.IGNORECASE)
_CREDIT_LEAD = re.compile(r"^(?:foto|photo|ilustrasi|image|sumber(?: foto)?|source)\s*:\s*", re.IGNORECASE)
_IS_CREDIT = re.compile(rf"(?:^|\b)(?:{_CREDIT_WORDS})\b|/|\.(?:com|co\.id|id)\b|©", re.IGNORECASE)
_CAPTION_NAMES = re.compile(
    r"caption|(?:foto|photo|img|image|pic)[\w-]*(?:desc|text|title|ket)|desk?ripsi|keterangan|\bcap\b|-cap\b|figcap",
    re.IGNORECASE,
)
_CREDIT_NAMES = re.compile(r"author|credit|copyright|source|cap-foto", re.IGNORECASE)
_CONTROL = re.compile(r"lihat foto|zoom-?in|perbesar|\+?|share|[\W\d_]*", re.IGNORECASE)
_SIZE = re.compile(r"(?:[_-]\d{2,4}_\d{2,4}|[_-]?\d{2,4}x\d{2,4}|[_-]\d{1,4}|-[A-Za-z0-9]{10})+$")
_MIN_STEM = 6
_MAX_IMAGES = 80
_LONGEST_UNNAMED = 800  # characters of a caption that nothing but its place tells
_OVERLAY = re.compile(r"\w[\w@&'’-]*(?:[ ./]{1,2}\w[\w@&'’-]*)*")  # no sentence, nothing in brackets
_LONGEST_CREDIT = 60
_MAX_COPIES = 4
_MAX_LEVELS = 4
_MAX_CAPTION = 1000


def split_caption(text: str) -> tuple[str | None, str | None]:
    """(caption, credit) of a printed caption; None for what it does not have."""
    text = text.strip()
    if not text:
        return None, None
    for form in (_BRACKETS, _LABEL, _SIGN, _OUTLET, _SLASH):
        match = form.match(text)
        if (
            match
            and re.search(r"[^\W\d_]{2}", match["credit"])
            and (form is not _BRACKETS or _is_source(match["credit"]) or _GLUED.search(text) or _APART.search(text))
        ):
            caption = _tidy(_LEAD.sub("", match["caption"]))
            return caption, _CREDIT_LEAD.sub("", match["credit"]).strip(" .,:/")
    return _tidy(_LEAD.sub("", text)), None


def is_caption(text: str) -> bool:
    """Whether a whole paragraph is the caption of a picture set into the text: it closes with a credit that is labelled as one."""
    if len(text) > _LONGEST_IN_TEXT:
        return False
    line = text.lower()
    if not any(label in line for label in _CAPTION_LABELS):
        return False  # looking for the label first is ten times quicker
    match = _IN_TEXT.fullmatch(text)
    return match is not None and len(match["caption"].split()) <= MAX_CAPTION_WORDS


def _is_source(text: str) -> bool:
    """Whether bracketed words at the end of a caption name a source, not explain the picture."""
    return _IS_CREDIT.search(text) is not None or text.isupper()


def _is_overlay(text: str) -> bool:
    """Whether a short text beside a picture is its credit, not yet its caption: "AFP/NAME", "TRIBUNPONTIANAK.CO.ID/ISTIMEWA"."""
    return len(text) <= _LONGEST_CREDIT and (text.isupper() or "/" in text) and _OVERLAY.fullmatch(text) is not None


def _tidy(text: str) -> str | None:
    return _LABEL_LEFT.sub("", text.strip()).rstrip(",").rstrip() or None


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
            caption, credit = (
                split_caption(text) if reading.credit is None else (_tidy(_LEAD.sub("", text.strip())), None)
            )
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
    images = (
        node
        for node in tree.tagged("img")[:_MAX_IMAGES]
        if any(
            name in value
            for key, value in node.attributes.items()
            if value and (key == "src" or key.startswith("data-"))
        )
    )
    for image in islice(images, _MAX_COPIES):
        if found := _text_around(image):
            return found
    return None


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
                return (_tidy(_LEAD.sub("", text)), credit) if credit else split_caption(text)
            else:
                break
        sibling = sibling.next
    return None, credit
