"""Links to other articles set into a text: "Baca:", "Baca juga", "Simak", "• …", "Read more: …"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.extract.text.judge import KnownLine
from scraper.urls import absolute, same_domain

if TYPE_CHECKING:
    from scraper.extract.structure.blocks import RawBlock

# "Baca" without a colon is ordinary Indonesian ("Baca doa …"): a colon, a layout's class or the link must say so.
_LABEL = re.compile(
    r"^[\s>•*\-–—]*(?P<label>(?:baca|simak|lihat|tonton|cek)(?:\s+(?:juga|pula|selengkapnya|artikel|berita|video|lainnya)){0,3}"
    r"|berita\s+(?:terkait|lainnya|selengkapnya)|artikel\s+(?:terkait|lainnya)|terkait|also\s+read|read\s+(?:also|more|next)|see\s+(?:also|more)|don.t\s+miss|related(?:\s+\w+)?"
    r"|more|watch|(?:lesen\s+sie|auch)\s+(?:auch|hier|lesen)|auch\s+interessant|weiterlesen|siehe\s+auch|veja\s+(?:também|mais)|dowiedz\s+się\s+więcej|lire\s+aussi|lee\s+también|leia\s+(?:também|mais)|leggi\s+anche|lees\s+ook|mehr\s+zum\s+thema"
    r"|les\s+også|læs\s+også|läs\s+(?:också|även|mer)|lue\s+myös|czytaj\s+(?:także|też|również)|zobacz\s+(?:także|też)|čtěte\s+také|přečtěte\s+si"
    r"|baca\s+lagi|lihat\s+juga|promosi|pilihan\s+editor|editor['’]?s\s+(?:pick|choice))\s*[:：]\s*",
    re.IGNORECASE,
)
# The same without its colon, where all that follows is a link: "Baca juga <a>…</a>", "Promosi <a>…</a>".
_BARE = re.compile(
    r"^[\s>•*\-–—]*(?P<label>(?:baca|simak|lihat)\s+(?:juga|pula)|(?:baca|simak|lihat|promosi)(?=\s))\s*", re.IGNORECASE
)
# A heading over a list of links, or in a box of its own.
_HEADING = re.compile(
    r"(?P<label>(?:baca|simak|lihat|tonton|cek)(?:\s+(?:juga|pula|selengkapnya|artikel|berita|lainnya)){1,3}|jangan lewatkan|berita\s+(?:terkait|lainnya)"
    r"|artikel\s+(?:terkait|lainnya)|(?:read|see)\s+also|also\s+read)\s*[:!.]?",
    re.IGNORECASE,
)
_LONGEST_LABELLED = 200  # characters
_LONGEST_HEADING = 80  # characters, with signs around it
_BULLET = re.compile(r"^[•►▶➡→»>]+\s*")
_ALL = 0.9  # of a block's characters: nothing stands in it but links
_NEARLY_ALL = 0.8  # of the characters behind the label


class RelatedText(NamedTuple):
    """A related link as found; `url` is absolute."""

    label: str | None
    text: str
    url: str


def _label_of(text: str) -> re.Match[str] | None:
    return _LABEL.match(text) if ":" in text or "：" in text else None  # most texts have none, which is told sooner


def related_label(text: str) -> str | None:
    """The label that opens a related-link line, as printed without its colon; None if it opens otherwise."""
    match = _label_of(text)
    return " ".join(match["label"].split()) if match else None


def heading_label(text: str) -> str | None:
    """The label of a block that is nothing but the heading of a link list ("Jangan Lewatkan!"); None for any other."""
    match = _HEADING.fullmatch(text.strip(" *-–—>•")) if len(text) <= _LONGEST_HEADING else None
    return " ".join(match["label"].split()) if match else None


def opening_label(text: str) -> str | None:
    """The heading that opens the text of a box of links, with or without a colon; None if it opens otherwise."""
    match = _HEADING.match(text.lstrip(" *-–—>•"))
    return match[0] if match else None


def mark_lists(blocks: list[RawBlock]) -> list[RawBlock]:
    """The blocks, those that are nothing but links below such a heading marked as related, with the heading as their label."""
    label: str | None = None
    marked: list[RawBlock] = []
    for block in blocks:
        if (found := heading_label(block.text)) and not block.links:
            label = found
        elif label and block.links and block.link_share >= _ALL:
            marked.append(block._replace(is_related=True, label=label))
            continue
        else:
            label = None
        marked.append(block)
    return marked


def is_related_block(block: RawBlock) -> bool:
    """Whether a block is nothing but a link to another article, by layout, label or bullet."""
    if block.is_related or _is_bare(block):
        return True
    match = _label_of(block.text) or _BULLET.match(block.text)
    if match is None or not block.links:
        return False
    linked = sum(len(link.text) for link in block.links)
    return linked >= _NEARLY_ALL * max(1, len(block.text) - match.end())


def known_label(text: str) -> KnownLine | None:
    """The rule that knows a text as the heading of a list of links, or a label whose link is lost (a script would set it)."""
    if heading_label(text):
        return KnownLine("related")
    is_line = len(text) < _LONGEST_LABELLED and not text.rstrip().endswith(".") and _label_of(text) is not None
    return KnownLine("related", is_open=True) if is_line else None


def is_labelled(block: RawBlock) -> bool:
    """Whether a block with links opens with a label such as "Baca juga:"."""
    return bool(block.links) and (related_label(block.text) is not None or _is_bare(block))


def _is_bare(block: RawBlock) -> bool:
    """Whether a block is a label without a colon and behind it nothing but its links."""
    label = _BARE.match(block.text) if block.links else None
    if label is None:
        return False
    return block.text[label.end() :].replace(" ", "") == "".join(link.text for link in block.links).replace(" ", "")


def related_of(block: RawBlock, base_url: str | None) -> list[RelatedText]:
    """The links of a related block. One that leaves the publisher's domain is an advert, and left out."""
    label = related_label(block.text) or block.label
    if label is None and (bare := _BARE.match(block.text)):
        label = " ".join(bare["label"].split())
    found = []
    for link in block.links:
        url = absolute(link.href, base_url)
        text = link.text
        own = related_label(text)
        if own is not None:  # the label stands inside the link
            label, text = own, _LABEL.sub("", text)
        text = _BULLET.sub("", text).strip()
        if url and text and (base_url is None or same_domain(url, base_url)):
            found.append(RelatedText(label, text, url.partition("#")[0]))
    return found
