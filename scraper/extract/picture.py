"""The lead picture, its caption and its credit, told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scraper.html import prose
from scraper.records import Image
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
_LABEL = re.compile(
    r"^(?P<caption>.+?)[\s.|/–-]+(?:foto|photo|credit|sumber|source|bild|image|do[ck])\s*[:.]\s*(?P<credit>[^:]{2,80})$",
    re.IGNORECASE | re.DOTALL,
)
_SLASH = re.compile(r"^(?P<caption>.+?)[\s.]*(?:\s/\s*|\s*/\s?)(?P<credit>[A-Z][\w.-]+(?:/[\w .-]+)?)$", re.DOTALL)
_LEAD = re.compile(r"^(?:foto|photo|ilustrasi|image)\s*:\s*", re.IGNORECASE)
_IS_CREDIT = re.compile(rf"(?:^|\b)(?:{_CREDIT_WORDS})\b|/|\.(?:com|co\.id|id)\b|©", re.IGNORECASE)
_FIGURES = "figure, [class*=caption]"
_MAX_CAPTION = 1000


def split_caption(text: str) -> tuple[str | None, str | None]:
    """(caption, credit) of a printed caption; None for what it does not have."""
    text = text.strip()
    if not text:
        return None, None
    for form in (_BRACKETS, _LABEL, _SIGN, _SLASH):
        match = form.match(text)
        if (
            match
            and re.search(r"[^\W\d_]{2}", match["credit"])
            and (form is not _BRACKETS or _is_source(match["credit"]) or _GLUED.search(text))
        ):
            caption = _tidy(_LEAD.sub("", match["caption"]))
            return caption, _LEAD.sub("", match["credit"]).strip(" .,:/")
    return _tidy(_LEAD.sub("", text)), None


def _is_source(text: str) -> bool:
    """Whether bracketed words at the end of a caption name a source, not explain the picture."""
    return _IS_CREDIT.search(text) is not None or text.isupper()


def _tidy(text: str) -> str | None:
    return text.strip().rstrip(",").rstrip() or None


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
            caption, credit = split_caption(text)
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
    """Caption and credit of the figure that holds the lead picture, else of the first one with a caption near the top."""
    name = (url or "").rpartition("/")[2].partition("?")[0]
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
    return first or (None, None)


def _caption_text(figure: Node) -> str | None:
    node = figure.css_first("figcaption") or figure.css_first("[class*=caption]")
    text = prose(node) if node is not None else ""
    return text if text and len(text) <= _MAX_CAPTION else None
