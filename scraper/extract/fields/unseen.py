"""Layouts that nobody has compared with a real page: if the generic reader disagrees and is certain, its value is used.

A selector that was reported, by however many people, may be from another design. That the two disagree is one sign
against it; the other is how often values from the generic source were right on pages with known truth
(scraper.confidence), or that the page says the same in two places.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from scraper.confidence import confidence_of
from scraper.extract.text.judge import is_sentence
from scraper.extract.trace import Removal
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.extract.fields.authors import People
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.text.clean import CleanBody
    from scraper.html import Tree
    from scraper.records import Image

T = TypeVar("T")
SURE = 0.9  # share of the source's values that were right on pages with known truth
# Fields that were not counted there: search engines and networks check what a page says about itself in such data.
_DECLARED = {
    "tags": ("meta:article:tag", "meta:news_keywords"),
    "section": ("json-ld:BreadcrumbList",),
    "editors": ("json-ld:editor", "datalayer:editor", "datalayer:content_editor", "meta:content_editor"),
}
MAX_SHARED, MIN_WITHIN = 0.5, 0.8  # of the longer text that a shorter one has, and of its own words that are in it
PROSE = 80  # characters in a line that is more than a teaser or a label
MIN_BODY = 120  # words in a text that is more than a teaser
MIN_ALIKE = 0.8  # of a text's blocks that the generic reader also has, for its omissions to mean anything


def is_unseen(reading: LayoutReading | None) -> bool:
    """Whether a page was read by a layout that nobody has compared with a real page."""
    return reading is not None and reading.layout.confidence != "seen"


def is_guessed(reading: LayoutReading | None) -> bool:
    """Whether a page was read by a layout that nobody has even reported: it was inferred from a sister site's."""
    return reading is not None and reading.layout.confidence == "inferred"


def is_sure(field: str, source: str | None) -> bool:
    """Whether the generic reader's value for a field from this source is right often enough to stand against a layout."""
    if source is None or source.startswith("layout"):
        return False
    return source in _DECLARED.get(field, ()) or confidence_of({field: source}, ()).get(field, 0.0) >= SURE


def surer(field: str, own: tuple[T, str | None], other: tuple[T, str | None], *, agree: bool) -> tuple[T, str | None]:
    """Of a layout's value and the generic reader's, each with its source, the one to use; `agree` says whether they are
    the same.
    """
    is_layouts = (own[1] or "").startswith("layout")
    return other if is_layouts and other[0] and not agree and is_sure(field, other[1]) else own


def agree_in_part(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether two lists share a text."""
    return not {fold(each) for each in first}.isdisjoint(fold(each) for each in second)


def is_same_line(first: str, second: str) -> bool:
    """Whether two lines are the same, or one is the other with a kicker, a number or the site's name."""
    one, two = fold(first), fold(second)
    return one in two or two in one


def surer_people(own: People, other: People) -> People:
    """The people of a layout, or those of the generic reader if the two share no name and its source is certain."""
    names = [[author.name for author in people.authors] for people in (own, other)]
    # Data that names a page's editor as its author (Kompas) is not evidence against the printed author.
    agree = agree_in_part(names[0], names[1]) or agree_in_part(own.editors, names[1])
    _, source = surer("authors", (names[0], own.authors_from), (names[1], other.authors_from), agree=agree)
    if source is not None and source == other.authors_from != own.authors_from:
        own.authors, own.authors_from = other.authors, other.authors_from
        own.byline = None
    editors, own.editors_from = surer(
        "editors",
        (own.editors, own.editors_from),
        (other.editors, other.editors_from),
        agree=agree_in_part(own.editors, other.editors),
    )
    own.editors = editors
    return own


def surer_picture(
    own: tuple[Image | None, str | None], other: tuple[Image | None, str | None], metadata: PageMetadata
) -> tuple[Image | None, str | None]:
    """The picture that Open Graph and JSON-LD both name, if a layout's has another address and no caption: one with a
    caption is printed.
    """
    mine, its = own[0], other[0]
    if mine is None or its is None or mine.caption or not (mine.url and its.url and own[1] and "layout" in own[1]):
        return own
    told = [_file(value) for value in metadata.meta.get("og:image", ())[:1]]
    is_sure = bool(told) and told[0] != "" and any(told[0] in str(value) for value in metadata.values("image"))
    return other if is_sure and _file(its.url) == told[0] != _file(mine.url) else own


def _file(url: str) -> str:
    """The file in a picture's address, without its size."""
    return url.partition("?")[0].rpartition("/")[2]


def is_printed_instead(told: str, own: str, tree: Tree) -> bool:
    """Whether the page's description differs from a layout's standfirst and is printed on the page: a selector matched
    another line.
    """
    return not is_same_line(own, told) and told in tree.words()


def leaves_prose(body: CleanBody, tree: Tree) -> bool:
    """Whether a page prints more prose than a layout's text has: only then is it read a second time."""
    prose = sum(piece.count(" ") + 1 for piece in tree.pieces() if len(piece) >= PROSE)
    return body.words < prose / 2


def is_half_of(own: CleanBody, other: CleanBody) -> bool:
    """Whether a layout's text is only part of what the generic reader reads: half of it at most, and nearly all in it."""
    mine, its = (_words(body) for body in (own, other))
    if len(its) < MIN_BODY or len(mine) > MAX_SHARED * len(its):
        return False
    return not mine or len(set(mine) & set(its)) >= MIN_WITHIN * len(set(mine))


def _words(body: CleanBody) -> list[str]:
    return [word for block in body.body for word in block.text.split()]


def without_own_labels(own: CleanBody, other: CleanBody) -> CleanBody:
    """The text of a layout that was only inferred, without short lines that the generic reader omits from the same
    text.

    One sign is that no rule of the generic reader takes them for text; the other, that they are not a sentence and have
    none of the layout's own around them. If the two hardly agree, nothing is removed.
    """
    told = {fold(block.text) for block in other.body}
    is_own = [fold(block.text) not in told for block in own.body]
    if not any(is_own) or sum(is_own) > (1 - MIN_ALIKE) * len(is_own):
        return own
    gone: set[int] = set()
    for mine, run in groupby(range(len(is_own)), key=is_own.__getitem__):
        places = list(run)
        if mine and not any(is_sentence(own.body[place].text) for place in places):
            gone.update(places)
    body = tuple(block for place, block in enumerate(own.body) if place not in gone)
    links = (
        replace(link, after_block=link.after_block - sum(place < link.after_block for place in gone))
        for link in own.related_links
    )
    removed = (
        Removal("only in a guessed layout", own.body[place].text, None, ("markup", "words")) for place in sorted(gone)
    )
    return replace(
        own,
        body=body,
        related_links=tuple(links),
        removed=(*own.removed, *removed),
        words=sum(word_count(block.text) for block in body),
    )
