"""When a page was published and changed: one chain, every date with its raw string, zone and origin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.dates import NOON, Moment, date_in_url, parse_date
from scraper.extract.fields.day_order import is_day_first
from scraper.extract.fields.printed_clock import as_printed, printed_zone, zone_of_day
from scraper.extract.fields.printed_dates import BESIDE, beside_headline, otherwise_printed
from scraper.extract.fields.shown_dates import DatedPage, shown_dates, time_elements
from scraper.extract.sources.article_nodes import types_of
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree
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
# Dublin Core's date is that of any event in a document's life, and a draft may be created long before it is published.
_META_ANY_DATE = (
    "dc.date", "dcterms.date", "date", "dcterms.created", "dc.date.created", "dc.created", "datecreated", "createdate", "creation_date",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "og:modified_time", "article:modified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "modificationdate", "revision_date", "cxenseparse:recs:lastmodified",
)  # fmt: skip
_WIB = ZoneInfo("Asia/Jakarta")
_MAX_TIMES = 12  # <time> elements examined
# A moment on the day that another source names without a time, in any zone that may be meant.
A_DAY_AROUND_NOON = timedelta(hours=20)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The moments found, their provenance, and warnings."""

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
    markup: bytes | str = "",
    headline: str = "",
) -> Published:
    """Run both chains.

    `markup` is the page before parsing, `headline` its headline. `zone` is the site's; without one an Indonesian page
    is in WIB, any other in UTC, with a warning.
    """
    home = zone or _zone_of(metadata, url, vocabulary)
    day_first = is_day_first(tree, metadata, vocabulary, url, fetched_at)
    page = DatedPage(tree, metadata, url, vocabulary, home, day_first, markup, headline)
    first = _first_date(page, reading, fetched_at)
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


def _first_date(
    page: DatedPage, reading: LayoutReading | None, fetched_at: datetime | None
) -> tuple[Moment, str, str] | None:
    """(moment, raw string, provenance) of the first source that gives a date, with its time if a later one has that;
    None if there is none.
    """
    first: tuple[Moment, str, str] | None = None
    for raw, source in _published_sources(page, reading):
        moment = parse_date(
            raw, zone=page.home, day_first=page.day_first, now=fetched_at, calendar=page.vocabulary.calendar
        )
        if moment is None or _is_absurd(moment, fetched_at) or (_is_any_date(source) and _is_ahead(moment, fetched_at)):
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
    return first


def _zone_of_readers(
    moment: Moment, modified: tuple[Moment, str] | None, page: DatedPage
) -> tuple[tzinfo | None, bool]:
    """(the zone in which the paper's readers saw a moment that its data gives in UTC, whether that is a guess); None if
    there is no evidence.
    """
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


def _told_zone(moment: Moment, page: DatedPage) -> tzinfo | None:
    """The offset that other data on the page gives for the same moment."""
    meta = page.metadata.meta
    others = [page.metadata.text("datePublished"), *(value for name in _META_PUBLISHED for value in meta.get(name, ()))]
    others += [node.attributes.get("datetime") for node in page.tree.tagged("time")[:_MAX_TIMES]]
    for raw in others:
        told = parse_date(raw, zone=UTC) if raw and "T" in raw else None
        if told is not None and told.value.utcoffset() and abs(told.value - moment.value) < A_MINUTE:
            return told.value.tzinfo
    return None


def _days_told(metadata: PageMetadata, source: str) -> list[str]:
    """The kinds of data that say when the page was published: JSON-LD, <meta>."""
    published = (*_META_PUBLISHED, source.removeprefix("meta:"))
    is_in_meta = any(value for name in published for value in metadata.meta.get(name, ()))
    return ["json-ld"] * (metadata.text("datePublished") is not None) + ["meta"] * is_in_meta


def _instead_of_unseen(
    first: tuple[Moment, str, str], metadata: PageMetadata, home: tzinfo, reading: LayoutReading | None
) -> tuple[Moment, str, str]:
    """The moment in the page's JSON-LD, with its offset, if a layout that nobody has compared with a real page gives
    another day or hour.

    Other data that agrees with the layout is evidence for it: at Kompas, JSON-LD has another moment than meta,
    dataLayer and the page.
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
    """Whether the time for a day printed beside the headline may still follow, from an element marked as the date."""
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
    """Whether a date is long after the capture, and so a placeholder."""
    return fetched_at is not None and moment.value > fetched_at + timedelta(days=400)


def _is_any_date(source: str) -> bool:
    """Whether nothing marks a date as the publication's, so that it may be that of an event."""
    return source.startswith(("generic:", "time:")) and "ublish" not in source


def _is_ahead(moment: Moment, fetched_at: datetime | None) -> bool:
    """Whether a moment is after the page was fetched, in any zone: an event's day, or the next issue's."""
    return fetched_at is not None and moment.value > fetched_at + A_DAY_AROUND_NOON * 2


def _published_sources(page: DatedPage, reading: LayoutReading | None) -> Iterator[tuple[str, str]]:
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
    yield from shown_dates(page)


def _any_dates(page: DatedPage) -> Iterator[tuple[str, str]]:
    """Meta dates that need not be the publication's; dates of another day that are printed beside the headline or so
    marked take precedence.
    """
    found = [(value, f"meta:{name}") for name in _META_ANY_DATE for value in page.metadata.meta.get(name, ())]
    if found:
        shown = [*beside_headline(page.tree, page.vocabulary), *time_elements(page.tree)[0]]
        if page.days(shown).isdisjoint(page.days(found)):
            yield from shown
    yield from found


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
