"""Every text on a page that may be its headline: what it prints as headings, and its titles in data, whole and cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from scraper.html import path, prose
from scraper.text import collapse, fold
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree

_SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|·•»«:~›>/]|-{1,2}|–|—|::|\|\|)\s++|(?<=\w)\s?\|\s?(?=\w)")
# Between characters of a script without blanks.
_TIGHT = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af」』）)？！…\d])\s*+[_|｜\-–—:：]{1,2}\s*+(?=[\w【])")
_NAME_SIGNS = frozenset("|·•»›~:：") | {"::", "||"}  # what precedes a site's name rather than occurring within a title
_PAGE = re.compile(
    r"(?<!\s)\s++[-–—|(]\s?(?:halaman|hal\.?|page|seite|página|pagina|strona) \d{1,3}\)?$", re.IGNORECASE
)  # in an article with several pages
_NO_HEADLINE = re.compile(r"^(?:home|news|blog|search|menu|404|error)$", re.IGNORECASE)
_WORD = re.compile(r"\w")
_NO_LETTERS = re.compile(r"[\W_]+")
# Classes of kickers above a headline, in the languages of the data.
_KICKER = re.compile(
    r"kicker|overline|topline|roofline|dachzeile|eyebrow|spitzmarke|pre-?title|super-?title|over-?title|antetitulo|sobretitulo|surtitre|occhiello|chapeu|kop-?boven|vignette",
    re.IGNORECASE,
)
_HEADLINE_NAME = re.compile(
    r"(?:^|\s)(?:(?:entry|post|article|news|story|content)[-_]{1,2}(?:title|headline)|headline)(?:\s|$)", re.IGNORECASE
)
_TITLE_NAME = re.compile(r"title|headline|heading|judul|titre|titulo", re.IGNORECASE)
_OTHER_NAME = re.compile(r"site|logo|brand|blog|widget|sidebar|menu|related|comment", re.IGNORECASE)
_FURNITURE = frozenset({"nav", "aside", "footer", "dialog", "form"})
_BLOCKS = frozenset({"div", "p", "small", "h2", "h3", "h4"})
_TEXT = "-text"
_KICKER_AND_HEADLINE = 2
_MAX_KICKER_WORDS, _MAX_PLAIN_KICKER_WORDS = 6, 4  # the second: in one that only its element sets apart
_MAX_HEADINGS = 12  # of each level
_ABOVE = 6  # elements around a heading
_MAX_LINES = 4  # in a heading; anything with more is a box
_MAX_TEXT = 300  # characters in a possible headline
_MIN_NAME = 4  # letters in a site's name whose occurrence in another text is not an accident
_SHORT_TAIL, _SHORT_SHARE = (
    3,
    0.35,
)  # words after a dash, and their share of a title: more than both is not a name
_TITLES = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "title")


@dataclass(slots=True)
class Candidate:
    """A text as it was first found, where that was, and the signs for or against it: the keys of headline.toml."""

    text: str
    source: str
    signs: set[str] = field(default_factory=set)


class Titles:
    """The candidates of a page by their folded text, printed ones first; `data` has (kind, text) of the page's own
    titles.
    """

    def __init__(self, tree: Tree, metadata: PageMetadata, url: str | None) -> None:
        self.found: dict[str, Candidate] = {}
        self.data: list[tuple[str, str]] = []
        self._names = _names(metadata, url)
        self._read_headings(tree)
        for text, kind, source in _said(metadata):
            self.data.append((kind, text))
            self._read_data(text, kind, source)

    def is_name(self, text: str) -> bool:
        """Whether a text is the page's name for its site, contains it, or is part of it."""
        own = _letters(text)
        return any(
            own == name or (len(name) >= _MIN_NAME and name in own) or (len(own) >= _MIN_NAME and own in name)
            for name in self._names
            if own
        )

    def add(self, text: str, source: str, *signs: str) -> None:
        """Note where a text was found; the spelling at the first place is kept."""
        if 0 < len(text) <= _MAX_TEXT and _WORD.search(text) and not _NO_HEADLINE.match(text):
            self.found.setdefault(fold(text), Candidate(text, source)).signs.update(signs)

    def _read_headings(self, tree: Tree) -> None:
        firsts = {prose(node): node for node in tree.tagged("h1")[:_MAX_HEADINGS]}
        firsts = {text: node for text, node in firsts.items() if text and not _NO_HEADLINE.match(text)}
        is_only = len({fold(text) for text in firsts}) == 1
        for number, (text, node) in enumerate(firsts.items()):
            self._read_heading(text, node, ("h1", "h1 only" if is_only else "h1 later" if number else "h1 first"))
        for tag in ("h2", "h3"):
            for number, node in enumerate(tree.tagged(tag)[:_MAX_HEADINGS]):
                place = (tag, f"{tag} later" if number else f"{tag} first")
                self._read_heading(prose(node), node, place if firsts else (*place, "no h1"))

    def _read_heading(self, text: str, node: Node, place: tuple[str, ...]) -> None:
        """A heading, and what remains of it without its first line or its last ones, or without the site's name."""
        tag, source, about = place[0], f"generic:{place[0]}", tuple(_about(node))
        self.add(text, source, *place, *about)
        lines = [line for part in node.text(separator="\n").split("\n") if (line := collapse(part))]
        if 1 < len(lines) <= _MAX_LINES and tag != "h3":
            rest = collapse(text[len(lines[0]) :]) if text.startswith(lines[0]) else " ".join(lines[1:])
            self.add(lines[0], source, f"{tag} first line", *about)
            rest = rest.lstrip(" -–—|:•·")
            self.add(rest, source, f"{tag} last lines", *_behind(node, lines[0], rest), *about)
        for cut in _SEPARATOR.finditer(text):
            if self.is_name(text[cut.end() :]):
                self.add(text[: cut.start()], source, f"{tag} without name", *place, *about)

    def _read_data(self, text: str, kind: str, source: str) -> None:
        """A title in the page's data, and what remains of it as parts are cut off its end one by one, or off its
        beginning.
        """
        self.add(text, source, kind, f"{kind} whole")
        cuts = sorted((*_SEPARATOR.finditer(text), *_TIGHT.finditer(text)), key=lambda cut: cut.start())
        end = len(text)
        for cut in reversed(cuts):
            head, tail = _PAGE.sub("", text[: cut.start()]), text[cut.end() : end]
            if end == len(text):
                how = self._cut(cut[0].strip(), tail, text)
                self.add(head, source, kind, f"{kind} cut {how}")
                self.add(tail, source, f"{kind} tail")
                if how == "name" and (whole := self.found.get(fold(text))):
                    whole.signs.add("ends with name")
            else:
                self.add(head, source, kind, f"{kind} cut twice")
            end = cut.start()
        if cuts:
            where = "name" if self.is_name(text[: cuts[0].start()]) else "first"
            self.add(text[cuts[0].end() :], source, f"{kind} behind {where}")

    def _cut(self, sign: str, tail: str, text: str) -> str:
        """What kind of text is at the end of a title."""
        if self.is_name(tail):
            return "name"
        if sign in _NAME_SIGNS:
            return "bar"
        is_short = len(tail.split()) <= _SHORT_TAIL and len(tail) < len(text) * _SHORT_SHARE
        return "dash short" if is_short else "dash long"


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", fold(text))


def _names(metadata: PageMetadata, url: str | None) -> list[str]:
    """The page's names for its site, without blanks and signs."""
    given = [
        text for name in ("og:site_name", "application-name", "twitter:site") for text in metadata.meta.get(name, ())
    ]
    host = (host_of(metadata.canonical or "") or host_of(url or "") or "").removeprefix("www.")
    title = fold(metadata.title or "")
    # Some pages give their own title as the site's name.
    return [name for text in (*given, host.partition(".")[0], host) if fold(text) != title and (name := _letters(text))]


def _said(metadata: PageMetadata) -> Iterator[tuple[str, str, str]]:
    """(text, kind, provenance) of the page's own titles."""
    if text := metadata.text("headline"):
        yield _PAGE.sub("", text), "json-ld", "json-ld:headline"
    if first := metadata.first(*_TITLES):
        yield _PAGE.sub("", first[0]), "og", f"meta:{first[1]}"
    if metadata.title:
        yield _PAGE.sub("", metadata.title), "title", "title"


def _about(node: Node) -> Iterator[str]:
    """What a heading's markup says about it."""
    attributes = node.attributes
    own = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if _HEADLINE_NAME.search(own):
        yield "named"
    elif _TITLE_NAME.search(own):
        yield "named title"
    if _OTHER_NAME.search(own):
        yield "named otherwise"
    if "headline" in (attributes.get("itemprop") or ""):
        yield "itemprop"
    if any(each.tag in _FURNITURE for each in islice(path(node), _ABOVE)):
        yield "in furniture"
    if (node.parent is not None and node.parent.tag == "a") or any(child.tag == "a" for child in node.iter()):
        yield "linked"


def _behind(node: Node, first: str, rest: str) -> Iterator[str]:
    """The evidence that the first line of a heading is a kicker."""
    parts = [(child, text) for child in node.iter(include_text=True) if _WORD.search(text := prose(child))]
    words = len(first.split())
    names = (parts[0][0].attributes.get("class") or "") if parts and parts[0][0].tag != _TEXT else ""
    if _KICKER.search(names) and words <= _MAX_KICKER_WORDS:
        yield "behind named kicker"
    elif len(parts) == _KICKER_AND_HEADLINE and words <= _MAX_PLAIN_KICKER_WORDS < len(rest.split()):
        # A word in a span may well begin a sentence that continues outside it.
        yield "behind kicker" if parts[1][0].tag != _TEXT or parts[0][0].tag in _BLOCKS else "behind word"
