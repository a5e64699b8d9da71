"""The dates that a page shows, best first: marked as the publication's, beside the headline, in any element or line."""

from __future__ import annotations

import re
from datetime import UTC, date, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from scraper.dates import Moment, date_in_url, parse_date
from scraper.extract.fields.printed_dates import (
    DATE_HINT,
    beside_headline,
    changed_beside_headline,
    is_beside_headline,
    part_of_publication,
)
from scraper.extract.sources.stored_dates import stored_date
from scraper.extract.structure.classes import furniture_word
from scraper.extract.structure.marks import dated, dated_by_class
from scraper.html import among, path, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

Dates = list[tuple[str, str]]  # (raw string, provenance)

_MODIFIED_NAMES = re.compile("updat|modif", re.IGNORECASE)  # of elements
_DATE_BOXES = (
    "[itemprop*=datePublished]", "[property*=datePublished]", "[property*=dateCreated]", "[property~='dc:date']", "[property~='dc:created']",
    "[class*=publish]", "[class*=post-date]", "[class*=entry-date]", "[class*=article-date]",
    "[class*=article__date]", "[class*=date]", "[class*=Date]", "[class*=timestamp]", "[class*=datum]", "[class*=byline]", "[class*=meta]",
    "[id*=date]", "[class*=time]",
)  # fmt: skip
# Attributes that hold the moment which a script words as "2 years ago".
_STANDS_FOR = re.compile(r"(?:datetime|title)$|data-[\w-]*?(?:date|time|publish|posted|utc|epoch|created)")
_COUNTED = "[data-timestamp], [data-time], [data-date], [data-datetime], [data-published], [data-utc], [datetime]"
_MAX_COUNTED = 200
_MAX_TIMES, _MOST_TIMES = 12, 3  # <time> elements examined; number of those that may be the article's
_WIB = ZoneInfo("Asia/Jakarta")
_MAX_BOX = 200
_MAX_MARKED = 2000  # elements whose names suggest a date
_MAX_RAW = 2000  # characters with the white space of the markup
_ABOVE_TIME, _ABOVE = 6, 8  # elements around a date
# Names of lists of other articles and of readers' comments.
_OTHERS = frozenset(
    (
        "related relateds recommended recommend recommendation recommendations recirc recirculation popular trending mostread"
        " comments disqus commentlist commentsbox commentbox commentsarea commentthread kommentare kommentarliste comentarios commentaires comment"
    ).split()
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AROUND_YEAR = re.compile(rf"[^\n]{{0,60}}{_YEAR.pattern}[^\n]{{0,40}}")


class DatedPage(NamedTuple):
    """What dates are searched in; `home` is the zone for texts that state none."""

    tree: Tree
    metadata: PageMetadata
    url: str | None
    vocabulary: Vocabulary
    home: tzinfo
    day_first: bool
    markup: bytes | str
    headline: str

    def read(self, raw: str, *, zone: tzinfo | None = None) -> Moment | None:
        """The moment that a text on the page states."""
        return parse_date(raw, zone=zone or self.home, day_first=self.day_first, calendar=self.vocabulary.calendar)

    def days(self, found: Iterable[tuple[str, str]]) -> set[date]:
        """The days that some (raw string, provenance) state."""
        return {moment.value.date() for raw, _ in found if (moment := self.read(raw, zone=UTC))}

    def has_time(self, raw: str) -> bool:
        """Whether a text also states a time."""
        found = self.read(raw)
        return found is not None and found.has_time


def shown_dates(page: DatedPage) -> Iterator[tuple[str, str]]:
    """(raw string, provenance) of what the page shows, best first; then the day in its address, and what may be any
    date.
    """
    tree, metadata, url, vocabulary = page.tree, page.metadata, page.url, page.vocabulary
    marked, others = time_elements(tree)
    beside = list(beside_headline(tree, vocabulary))
    yield from marked
    # Any <time> may be a teaser's or a comment's: the date printed beside the headline is the article's.
    if others and (days := page.days(beside[:1])):
        others.sort(key=lambda pair: page.days([pair]).isdisjoint(days))
        if days.isdisjoint(page.days(others[:1])):
            yield from beside
    others = others[:_MOST_TIMES]
    if others:
        yield from (pair for pair in beside if page.has_time(pair[0]))
    yield from others
    if told := stored_date(page.markup, page.headline):
        stored = told, "data:published"
        if beside and page.days(beside).isdisjoint(page.days([stored])):
            yield from beside
        yield stored
    if not beside:
        yield from _counted(page)
    boxes = [*beside, *changed_beside_headline(tree, vocabulary), *_boxes(tree, vocabulary)]
    if url and (day := date_in_url(metadata.canonical or url) or date_in_url(url)):
        yield from (pair for pair in boxes if page.days([pair]) == {day})
        yield from (pair for pair in _visible(tree, vocabulary) if _has_time_of(pair[0], day, vocabulary))
        yield day.isoformat(), "url"
    yield from boxes
    yield from _visible(tree, vocabulary)


def _has_time_of(text: str, day: date, vocabulary: Vocabulary) -> bool:
    found = parse_date(text, zone=_WIB, calendar=vocabulary.calendar)
    return found is not None and found.has_time and found.value.date() == day


def time_elements(tree: Tree) -> tuple[Dates, Dates]:
    """<time> elements: (those that say "published", the others); never those that say "updated"."""
    nodes = tree.tagged("time")[:_MAX_TIMES]
    marked: Dates = []
    others: Dates = []
    for node in nodes:
        attributes = node.attributes
        label = " ".join(
            value for value in (attributes.get("class"), attributes.get("itemprop"), attributes.get("pubdate")) if value
        )
        value = attributes.get("datetime") or prose(node)
        if not value or _MODIFIED_NAMES.search(label) or _is_in_furniture(node):
            continue
        (marked if "publi" in label.lower() or "pubdate" in attributes else others).append((value, "time:datetime"))
    # Microformats, as Blogger prints them: <abbr class="published" title="2020-10-09T10:10:00+07:00">9 Oktober 2020</abbr>
    titled = "abbr.published[title], abbr.updated[title], abbr[itemprop=datePublished][title]"
    for node in tree.css(titled)[:1] if tree.tagged("abbr") else ():
        others.insert(_MOST_TIMES, (node.attributes.get("title") or "", "abbr:title"))
    return marked, others


def _is_in_furniture(node: Node) -> bool:
    """Whether a <time> belongs to a teaser or a comment: inside an aside, a navigation or a footer, or an element with
    such a name.
    """
    return any(each.tag in ("aside", "nav", "footer") for each in islice(path(node), _ABOVE_TIME)) or _is_of_others(
        node
    )


def _is_of_others(node: Node) -> bool:
    """Whether the surroundings of a date are named as a list of other articles, or of comments."""
    given = (each.attributes for each in islice(path(node), _ABOVE))
    names = (f"{each.get('class') or ''} {each.get('id') or ''}" for each in given)
    return any(name != " " and _is_named_so(name) for name in names)


def _is_named_so(names: str) -> bool:
    return not _OTHERS.isdisjoint((furniture_word(names) or "").split())


def _counted(page: DatedPage) -> Iterator[tuple[str, str]]:
    """The moment in the attributes of what is beside the headline, if a script words it differently ("2 years ago")."""
    for node, given in page.tree.marked(_COUNTED)[:_MAX_COUNTED]:
        if node.tag == "time" or not (value := _moment_of(given)) or page.read(value) is None:
            continue
        text = prose(node)
        if 0 < len(text) <= _MAX_BOX and page.read(text) is None and is_beside_headline(page.tree, text):
            yield value, "generic:attribute"


def _moment_of(given: Mapping[str, str | None]) -> str | None:
    return next(
        (value for name, value in given.items() if value and DATE_HINT.search(value) and _STANDS_FOR.match(name)), None
    )


def _boxes(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    by_class = dated_by_class(tree)[:_MAX_MARKED]
    by_others = dated(tree)[:_MAX_MARKED]
    for selector in _DATE_BOXES:
        marked = by_class if selector.startswith("[class") else by_others
        for node in among(marked, selector)[:4]:
            attributes = node.attributes
            text = attributes.get("content") or attributes.get("datetime") or _short_prose(node)
            if not text or len(text) > _MAX_BOX or not DATE_HINT.search(text) or _is_of_others(node):
                continue
            if not vocabulary.updated.opens(text):
                yield part_of_publication(text, vocabulary) or text, f"generic:{selector}"
            elif part := part_of_publication(text, vocabulary):
                yield part, f"generic:{selector}"


def _short_prose(node: Node) -> str:
    return prose(node) if len(node.text()) <= _MAX_RAW else ""


def _visible(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The last resort: short pieces of the page's text that contain a year; those that say they are about a change come
    last.
    """
    text = tree.words()[:60_000]
    end = 0
    changes: Dates = []
    for year in _YEAR.finditer(text):
        if year.start() < end:  # on a line that was already examined
            continue
        start, end = text.rfind("\n", 0, year.start()) + 1, text.find("\n", year.start())
        end = end if end >= 0 else len(text)
        for piece in _AROUND_YEAR.findall(text, start, end):
            if "©" in piece or "copyright" in piece.lower():
                continue
            if vocabulary.updated.find(piece) is None:
                yield piece, "generic:text"
            elif part := part_of_publication(piece, vocabulary):
                yield part, "generic:text"
            else:
                changes.append((piece, "generic:text"))
    yield from changes
