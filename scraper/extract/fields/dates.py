"""When a page was published and changed: one chain, every date with its raw string, zone and origin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from scraper.dates import NOON, Moment, date_in_url, parse_date
from scraper.extract.fields.clock import as_printed, printed_zone, zone_of_day
from scraper.extract.fields.printed_dates import (
    BESIDE,
    DATE_HINT,
    beside_headline,
    changed_beside_headline,
    otherwise_printed,
)
from scraper.extract.sources.article_nodes import types_of
from scraper.extract.structure.marks import dated, dated_by_class
from scraper.html import among, path, prose
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary
    from scraper.records import Warning_

_LAYER_PUBLISHED = (
    "publish_date", "content_PublishedDate", "published_date", "publishedDate", "date_published", "publishDate",
)  # fmt: skip
_META_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "dateissued", "article:published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dtk:publishdate", "publishdate",
    "publish-date", "publish_date", "published_time", "pubdate", "article.published", "published-date", "publicationdate", "bt:pubdate",
    "content_publisheddate", "dc.date.issued", "dcterms.issued", "article_date_original", "originalpublicationdate", "displaydate", "article:post_date", "rnews:datepublished", "shareaholic:article_published_time",
    "article:created_time", "article.created", "last-modified-date-created", "pdate", "ptime", "rc.datecreation",
    "citation_publication_date", "citation_date", "weibo: article:create_at", "vr:published_time",
)  # fmt: skip
_META_OTHER = re.compile(r"publi(?:sh(?:ed)?|cation)[-_ ]?(?:date|time|on|at)$|(?:^|[^a-z])date[-_ ]?published$")
# Dublin Core's date is one of any event in a document's life, and a draft may be created long before it is published.
_META_ANY_DATE = (
    "dc.date", "dcterms.date", "date", "dcterms.created", "dc.date.created", "dc.created", "datecreated", "createdate", "creation_date",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "og:modified_time", "article:modified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "modificationdate", "revision_date", "cxenseparse:recs:lastmodified",
)  # fmt: skip
_TIME_CLASSES = re.compile(r"publi|posted|created|entry-date|date|pubdate|datum|tanggal|fecha|time", re.IGNORECASE)
_MODIFIED_NAMES = re.compile("updat|modif", re.IGNORECASE)  # of elements
_DATE_BOXES = (
    "[itemprop*=datePublished]", "[property*=datePublished]", "[class*=publish]", "[class*=post-date]", "[class*=entry-date]", "[class*=article-date]",
    "[class*=article__date]", "[class*=date]", "[class*=Date]", "[class*=timestamp]", "[class*=datum]", "[class*=byline]", "[class*=meta]",
    "[id*=date]", "[class*=time]",
)  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MAX_TIMES, MOST_TIMES = 12, 3  # <time> elements looked at; those that may be the article's
_WIB = ZoneInfo("Asia/Jakarta")
_MAX_BOX = 200
_MAX_MARKED = 2000  # elements whose names speak of a date
_MAX_RAW = 2000  # characters with the white space of the markup
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AROUND_YEAR = re.compile(rf"[^\n]{{0,60}}{_YEAR.pattern}[^\n]{{0,40}}")
# A moment of the day that another source names without a time, in any zone that may be meant.
A_DAY_AROUND_NOON = timedelta(hours=20)
A_MINUTE = timedelta(minutes=1)


class _Page(NamedTuple):
    """What dates are looked for in; `home` is the zone of what says none."""

    tree: Tree
    metadata: PageMetadata
    url: str | None
    vocabulary: Vocabulary
    home: tzinfo
    day_first: bool

    def read(self, raw: str, *, zone: tzinfo | None = None) -> Moment | None:
        """The moment that a text of the page says."""
        return parse_date(raw, zone=zone or self.home, day_first=self.day_first, calendar=self.vocabulary.calendar)

    def days(self, found: Iterable[tuple[str, str]]) -> set[date]:
        """The days that some (raw string, provenance) say."""
        return {moment.value.date() for raw, _ in found if (moment := self.read(raw, zone=UTC))}

    def has_time(self, raw: str) -> bool:
        """Whether a text says a time, too."""
        found = self.read(raw)
        return found is not None and found.has_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The moments found, where they are from, and what a reader should know."""

    published_at: datetime | None = None
    published_raw: str | None = None
    published_from: str | None = None
    modified_at: datetime | None = None
    modified_from: str | None = None
    warnings: tuple[Warning_, ...] = ()


def read_published(
    tree: Tree,
    metadata: PageMetadata,
    *,
    url: str | None,
    zone: tzinfo | None,
    fetched_at: datetime | None,
    reading: LayoutReading | None,
    vocabulary: Vocabulary,
) -> Published:
    """Run both chains. `zone` is the site's; without one an Indonesian page is WIB, any other UTC, with a warning."""
    home = zone or _zone_of(metadata, url, vocabulary)
    day_first = _is_day_first(tree, metadata, vocabulary)
    page = _Page(tree, metadata, url, vocabulary, home, day_first)
    first: tuple[Moment, str, str] | None = None
    for raw, source in _published_sources(page, reading):
        moment = parse_date(raw, zone=home, day_first=day_first, now=fetched_at, calendar=vocabulary.calendar)
        if moment is None or _is_absurd(moment, fetched_at):
            continue
        if first is None:
            first = (moment, raw, source)
            if moment.has_time:
                break
        elif moment.has_time and abs(moment.value - first[0].value) <= A_DAY_AROUND_NOON:
            first = (moment, raw, source)  # the same day, with its time
            break
        elif source.startswith(("generic", "url", "time")) and not _may_go_on(first, moment, source):
            break
    modified = _modified(metadata, home, reading, vocabulary, day_first=day_first)
    if first is None:
        return Published(
            modified_at=modified[0].value if modified else None, modified_from=modified[1] if modified else None
        )
    moment, raw, source = _instead_of_unseen(first, metadata, home, reading)
    moment = as_printed(moment, tree, home, vocabulary, is_zone_known=zone is not None, day_first=day_first)
    here, is_guess = _zone_of_readers(moment, modified, page) if zone is None else (None, False)
    contradicted: tuple[Warning_, ...] = ()
    if source.startswith(("json-ld:", "meta:", "datalayer:")):
        changed = modified[0].value if modified else None
        shown = otherwise_printed(moment.value, changed, tree, vocabulary, zone=home, day_first=day_first)
        if shown is not None:
            contradicted = ("dates_disagree",)
            is_alone = reading is None and len(_days_told(metadata, source)) == 1
            if is_alone and shown[0] is not None and not _is_absurd(shown[0], fetched_at):
                (moment, raw), source, here, is_guess = (shown[0], shown[1]), BESIDE, None, False
    if modified and modified[0].has_time and moment.has_time and modified[0].value < moment.value:
        modified = None  # a page is not changed before it is published
    return Published(
        published_at=_seen_in(here, moment.value),
        published_raw=raw[:300],
        published_from=source,
        modified_at=_seen_in(here, modified[0].value) if modified else None,
        modified_from=modified[1] if modified else None,
        warnings=(
            *_warnings(moment, fetched_at, is_zone_known=zone is not None),
            *(("zone_assumed",) if is_guess else ()),
            *contradicted,
        ),
    )


def _zone_of_readers(moment: Moment, modified: tuple[Moment, str] | None, page: _Page) -> tuple[tzinfo | None, bool]:
    """(the zone in which the paper's readers saw a moment that its data gives in UTC, whether that is a guess); None if nothing tells."""
    if not moment.has_time or moment.zone_source == "assumed" or moment.value.utcoffset():
        return None, False
    found = printed_zone(moment, page.tree, page.vocabulary, day_first=page.day_first)
    if found or (found := _told_zone(moment, page)):
        return found, False
    days = page.days(beside_headline(page.tree, page.vocabulary))
    if day := date_in_url(page.metadata.canonical or page.url or ""):
        days.add(day)
    if not days or moment.value.date() in days:
        return None, False
    changed = modified[0].value.date() if modified is not None else None
    zones = (zone_of_day(moment.value, day, page.home) for day in sorted(days) if day != changed)
    found = next((each for each in zones if each is not None), None)
    return found, found is not None


def _told_zone(moment: Moment, page: _Page) -> tzinfo | None:
    """The offset that other data of the page gives the same moment."""
    meta = page.metadata.meta
    others = [page.metadata.text("datePublished"), *(value for name in _META_PUBLISHED for value in meta.get(name, ()))]
    others += [node.attributes.get("datetime") for node in page.tree.tagged("time")[:_MAX_TIMES]]
    for raw in others:
        told = parse_date(raw, zone=UTC) if raw and "T" in raw else None
        if told is not None and told.value.utcoffset() and abs(told.value - moment.value) < A_MINUTE:
            return told.value.tzinfo
    return None


def _is_day_first(tree: Tree, metadata: PageMetadata, vocabulary: Vocabulary) -> bool:
    """Whether 5/2/2024 is the 5th of February: as the page's own <time> elements have it, else not in the countries that write
    the month first, by the page's language or locale."""
    for node in tree.tagged("time")[:_MAX_TIMES]:
        stands, shown = node.attributes.get("datetime") or "", _NUMERIC.match(node.text().strip())
        if shown is not None and (day := _ISO_DAY.match(stands)) and shown[1] != shown[2] and shown[3] == day[1]:
            numbers = (int(shown[1]), int(shown[2]))
            if numbers in ((int(day[2]), int(day[3])), (int(day[3]), int(day[2]))):
                return numbers == (int(day[3]), int(day[2]))
    locale = (metadata.first("og:locale") or ("", ""))[0]
    tags = (tag.replace("_", "-").partition("-") for tag in (metadata.language or "", locale))
    territory = next((rest.rpartition("-")[2].upper() for _, _, rest in tags if rest), None)
    return territory not in vocabulary.calendar.month_first


def _days_told(metadata: PageMetadata, source: str) -> list[str]:
    """The kinds of data that say when the page was published: JSON-LD, <meta>."""
    published = (*_META_PUBLISHED, source.removeprefix("meta:"))
    is_in_meta = any(value for name in published for value in metadata.meta.get(name, ()))
    return ["json-ld"] * (metadata.text("datePublished") is not None) + ["meta"] * is_in_meta


def _instead_of_unseen(
    first: tuple[Moment, str, str], metadata: PageMetadata, home: tzinfo, reading: LayoutReading | None
) -> tuple[Moment, str, str]:
    """The moment in the page's JSON-LD, with its offset, where a layout that nobody has held against a real page gives another day or hour.

    Other data that says what the layout does is a sign for it: at Kompas JSON-LD has another moment than meta, dataLayer and the page.
    """
    if reading is None or reading.layout.confidence == "seen" or not first[2].startswith("layout:"):
        return first
    raw = metadata.text("datePublished")
    told = parse_date(raw, zone=home) if raw else None
    is_sure = told is not None and told.has_time and told.zone_source == "offset"
    if raw is None or told is None or not is_sure or abs(told.value - first[0].value) <= A_MINUTE:
        return first
    data = [value for name in _META_PUBLISHED for value in metadata.meta.get(name, ())]
    data += [value for key in _LAYER_PUBLISHED if isinstance(value := metadata.data_layer.get(key), str)]
    moments = (parse_date(value, zone=home) for value in data)
    if any(each and each.has_time and abs(each.value - first[0].value) <= A_MINUTE for each in moments):
        return first
    return told, raw, "json-ld:datePublished"


def _seen_in(zone: tzinfo | None, value: datetime) -> datetime:
    """A moment in a zone, if one is known and the moment is in UTC."""
    return value if zone is None or value.utcoffset() else value.astimezone(zone)


def _may_go_on(first: tuple[Moment, str, str], moment: Moment, source: str) -> bool:
    """Whether the time of a day that stands beside the headline may still come, from an element marked as the date."""
    return first[2] == BESIDE and source not in ("generic:text", "url") and moment.value.date() == first[0].value.date()


def _warnings(moment: Moment, fetched_at: datetime | None, *, is_zone_known: bool) -> tuple[Warning_, ...]:
    found: list[Warning_] = []
    begins = moment.value if moment.has_time else moment.value - timedelta(hours=NOON)
    if fetched_at is not None and begins > fetched_at + timedelta(hours=1):
        found.append("date_after_capture")
    if not moment.has_time:
        found.append("date_only")
    elif moment.zone_source == "assumed" and not is_zone_known:
        found.append("zone_assumed")
    if moment.weekday_ok is False:
        found.append("weekday_disagrees")
    return tuple(found)


def _zone_of(metadata: PageMetadata, url: str | None, vocabulary: Vocabulary) -> tzinfo:
    language = (metadata.language or "").lower()
    locale = (metadata.first("og:locale") or ("", ""))[0].lower()
    is_local = (
        vocabulary.languages[0] == "id"
        or language.startswith("id")
        or locale.startswith("id")
        or host_of(url or "").endswith(".id")
    )
    return _WIB if is_local else ZoneInfo("UTC")


def _is_absurd(moment: Moment, fetched_at: datetime | None) -> bool:
    """A date long after the capture is a placeholder, not a publication."""
    return fetched_at is not None and moment.value > fetched_at + timedelta(days=400)


def _published_sources(page: _Page, reading: LayoutReading | None) -> Iterator[tuple[str, str]]:
    """(raw string, provenance), best first; lazily, since the last ones cost most."""
    metadata = page.metadata
    if reading is not None and reading.published is not None:
        yield reading.published.text, reading.published.source
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if text := metadata.text(key):
            yield text, f"json-ld:{key}"
    for name in _META_PUBLISHED:
        for value in metadata.meta.get(name, ()):
            yield value, f"meta:{name}"
    for name, values in metadata.meta.items():
        if _META_OTHER.search(name):
            yield from ((value, f"meta:{name}") for value in values)
    for key in _LAYER_PUBLISHED:
        if isinstance(layer := metadata.data_layer.get(key), str) and layer:
            yield layer, f"datalayer:{key}"
    for node in metadata.nodes:
        if isinstance(day_text := node.get("datePublished"), str):
            yield day_text, "json-ld:datePublished"
        elif not metadata.articles and "VideoObject" in types_of(node) and isinstance(node.get("uploadDate"), str):
            yield node["uploadDate"], "json-ld:uploadDate"
    yield from _any_dates(page)
    yield from _shown_dates(page)


def _shown_dates(page: _Page) -> Iterator[tuple[str, str]]:
    """What the page shows, best first; then the day in its address, and what may be any date."""
    tree, metadata, url, vocabulary = page.tree, page.metadata, page.url, page.vocabulary
    marked, others = _time_elements(tree)
    beside = list(beside_headline(tree, vocabulary))
    yield from marked
    if len(others) > 1 and (days := page.days(beside[:1])):  # that of the day beside the headline first
        others.sort(key=lambda pair: page.days([pair]).isdisjoint(days))
    others = others[:MOST_TIMES]
    if others:  # any <time> may be a teaser's or a comment's: the date that is printed beside the headline, with its time, is the article's
        yield from (pair for pair in beside if page.has_time(pair[0]))
    yield from others
    boxes = [*beside, *changed_beside_headline(tree, vocabulary), *_boxes(tree, vocabulary)]
    if url and (day := date_in_url(metadata.canonical or url) or date_in_url(url)):
        yield from (pair for pair in boxes if page.days([pair]) == {day})
        yield from (pair for pair in _visible(tree) if _has_time_of(pair[0], day, vocabulary))
        yield day.isoformat(), "url"
    yield from boxes
    yield from _visible(tree)


def _any_dates(page: _Page) -> Iterator[tuple[str, str]]:
    """Meta that need not be the publication; dates of another day that are printed beside the headline or marked so come before them."""
    found = [(value, f"meta:{name}") for name in _META_ANY_DATE for value in page.metadata.meta.get(name, ())]
    if found:
        shown = [*beside_headline(page.tree, page.vocabulary), *_time_elements(page.tree)[0]]
        if page.days(shown).isdisjoint(page.days(found)):
            yield from shown
    yield from found


def _has_time_of(text: str, day: date, vocabulary: Vocabulary) -> bool:
    found = parse_date(text, zone=_WIB, calendar=vocabulary.calendar)
    return found is not None and found.has_time and found.value.date() == day


def _time_elements(tree: Tree) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """<time> elements: (those that say "published", the others); those that say "updated" never."""
    nodes = tree.tagged("time")[:_MAX_TIMES]
    marked: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
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
        others.insert(MOST_TIMES, (node.attributes.get("title") or "", "abbr:title"))
    return marked, others


def _is_in_furniture(node: Node) -> bool:
    """Whether a <time> belongs to a teaser: inside an aside, a navigation or a footer."""
    return any(each.tag in ("aside", "nav", "footer") for each in islice(path(node), 6))


def _boxes(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    by_class = dated_by_class(tree)[:_MAX_MARKED]
    by_others = dated(tree)[:_MAX_MARKED]
    for selector in _DATE_BOXES:
        marked = by_class if selector.startswith("[class") else by_others
        for node in among(marked, selector)[:4]:
            attributes = node.attributes
            text = attributes.get("content") or attributes.get("datetime") or _short_prose(node)
            if text and len(text) <= _MAX_BOX and DATE_HINT.search(text) and not vocabulary.updated.opens(text):
                yield text, f"generic:{selector}"


def _short_prose(node: Node) -> str:
    return prose(node) if len(node.text()) <= _MAX_RAW else ""


def _visible(tree: Tree) -> Iterator[tuple[str, str]]:
    """The last resort: short pieces of the page's text that hold a year."""
    text = tree.words()[:60_000]
    end = 0
    for year in _YEAR.finditer(text):
        if year.start() < end:  # on a line that was looked at
            continue
        start, end = text.rfind("\n", 0, year.start()) + 1, text.find("\n", year.start())
        end = end if end >= 0 else len(text)
        for piece in _AROUND_YEAR.findall(text, start, end):
            if "©" not in piece and "copyright" not in piece.lower():
                yield piece, "generic:text"


def _modified(
    metadata: PageMetadata, zone: tzinfo, reading: LayoutReading | None, vocabulary: Vocabulary, *, day_first: bool
) -> tuple[Moment, str] | None:
    sources: list[tuple[str, str]] = []
    if reading is not None and reading.modified is not None:
        sources.append((reading.modified.text, reading.modified.source))
    if text := metadata.text("dateModified"):
        sources.append((text, "json-ld:dateModified"))
    sources += [(value, f"meta:{name}") for name in _META_MODIFIED for value in metadata.meta.get(name, ())]
    for raw, source in sources:
        if moment := parse_date(raw, zone=zone, day_first=day_first, calendar=vocabulary.calendar):
            return moment, source
    return None
