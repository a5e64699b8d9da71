"""The records that cross module borders, one per stage; their JSON form is schemas/*.schema.json.

Link (a URL seen somewhere) → Capture (bytes as received) → Article (what a layout read from it); Outcome says what
happened to a Link. In every record None means "the page does not say", never "we failed to look".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from scraper.reasons import Reason  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Callable

LinkKind = Literal["article", "index", "feed", "sitemap"]
PageKind = Literal["article", "gallery", "video", "live", "index"]
BlockKind = Literal["paragraph", "subheading", "list_item", "quote", "table_row"]
Role = Literal["writer", "reporter", "contributor", "citizen_reporter", "photographer", "translator"]
Access = Literal["free", "metered", "premium", "unknown"]
FROM_EARLIER = "earlier"  # provenance of a field that the page no longer has, kept from the version before
WEB_YEARS = range(1990, 2200)  # years in which a page can have been fetched
RobotsVerdict = Literal["rules", "allow_all", "disallow_all"]
CharsetSource = Literal["bom", "header", "meta", "default"]
Warning_ = Literal[
    "author_is_editor",
    "authors_weak",
    "block_doubtful",
    "body_empty",
    "body_short",
    "charset_guessed",
    "date_after_capture",
    "date_only",
    "date_weak",
    "dates_disagree",
    "headline_weak",
    "json_ld_broken",
    "layout_missed",
    "lede_truncated",
    "paging_unread",
    "replacement_characters",
    "text_cut",
    "weekday_disagrees",
    "zone_assumed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL seen in a feed, sitemap, index page or article, or given by hand.

    `url` is canonical (see urls.canonical_url), `raw_url` as printed. `published_at`, `modified_at` and `title` come
    from the place where the link was found and are only hints: the article's own page decides.
    """

    url: str
    raw_url: str
    kind: LinkKind = "article"
    found_on: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop: `url` answered `status` and pointed to `location` (made absolute)."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP answer, as received.

    `url` was requested; after `redirects`, `final_url` answered. `body` has had its content-encoding removed, but is
    still in its charset. `charset` is the label in the Content-Type header, unchecked. `fetched_at` is UTC, the moment
    the last byte arrived; `elapsed_s` runs from the first request of the chain to that moment, in seconds; `wire_bytes`
    is the size of the body as it crossed the network. `truncated` says why the body is known to be incomplete, in the
    words of WARC-Truncated (length, time, disconnect, unspecified); None if there is no sign of that.
    """

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    charset: str | None = None
    redirects: tuple[Redirect, ...] = ()
    http_version: str | None = None
    elapsed_s: float | None = None
    wire_bytes: int | None = None
    truncated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CharsetEvidence:
    """How the bytes of a page became text: the charset used (WHATWG name), what named it, and the number of U+FFFD
    inserted.
    """

    charset: str
    source: CharsetSource
    replaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """One answer for an origin's robots.txt, kept as evidence of what was allowed when.

    `verdict` is what RFC 9309 makes of the answer: the rules in `body`, all
    allowed (4xx), or nothing allowed (5xx, no answer). `status` is None when
    nothing answered; `body` is None when there is none to keep.
    """

    origin: str
    fetched_at: datetime
    status: int | None
    verdict: RobotsVerdict
    body: bytes | None = None
    detail: str | None = None
    version: int | None = None  # its number in the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class TdmFile:
    """One answer for an origin's /.well-known/tdmrep.json, kept as evidence of what was reserved when.

    `body` is None unless it is such a file; `status` is None when nothing answered.
    """

    origin: str
    fetched_at: datetime
    status: int | None
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherState:
    """What is remembered about a publisher (registrable domain) between runs, so that a new run is no faster than the
    last one ended.

    `interval_s` is the time between the starts of two requests, None if trouble has not made it longer than the delay
    asked for; `failures` counts failures in a row; `park_s` is how long the circuit stays open the next time it opens;
    `not_before` is set while the publisher is left alone.
    """

    publisher: str
    seen_at: datetime
    interval_s: float | None = None
    latency_s: float | None = None
    failures: int = 0
    park_s: float = 0.0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a publisher says about the use of a page, as sent with that page; None means that it says nothing.

    `robots_tags`: directives of X-Robots-Tag and of the page's robots meta ("noarchive", "noindex" …), in lower case
    and in order. `tdm_reservation`: 1 or 0, text and data mining reserved or not (TDMRep); `tdm_policy`: the URL of its
    policy.
    """

    robots_tags: tuple[str, ...] = ()
    tdm_reservation: int | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened to a Link in a crawl: one row per attempt.

    `reason` is from the closed list; `detail` is one line for people; `status` is the last HTTP status seen;
    `bytes_seen` counts wire bytes, even those of an answer that was not kept.
    """

    url: str
    reason: Reason
    at: datetime
    status: int | None = None
    detail: str | None = None
    attempt: int = 1
    bytes_seen: int | None = None
    elapsed_s: float | None = None
    final_url: str | None = None
    redirects: tuple[Redirect, ...] = ()
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One attempt on a URL as evidence; `is_trusted` is False if its publisher as a whole was in trouble that day."""

    at: datetime
    reason: Reason
    status: int | None = None
    is_trusted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a host did on a day: attempts, successful ones, and the same for URLs that had not been failing before."""

    asked: int = 0
    well: int = 0
    fresh: int = 0
    fresh_well: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote or reported the article; never its editor."""

    name: str
    role: Role = "writer"
    affiliation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """`text` as printed ("PONTIANAK"), `place` in title case, `brand` the outlet's token."""

    text: str
    place: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the body; `text` is on one line, otherwise as printed."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedLink:
    """A "Baca juga" link: `after_block` is the number of body blocks before it (0 = before the first)."""

    label: str | None
    text: str
    url: str
    after_block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article; `credit` is the photographer or agency, kept separate from `caption`."""

    url: str | None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one page says, field by field; schemas/article.schema.json defines each field.

    `published_at` and `modified_at` always have an offset. `layout` names the rules that read the page, so that after a
    correction every article read by the old rules can be looked up; `provenance` says for each non-null field where it
    came from, and `confidence` how often a value from there is right (confidence.toml).
    """

    url: str
    site: str | None = None
    kind: PageKind = "article"
    headline: str
    kicker: str | None = None
    lede: str | None = None
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()
    source_credit: str | None = None
    dateline: Dateline | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_raw: str | None = None
    body: tuple[Block, ...] = ()
    sign_off: str | None = None
    correction_notice: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    image: Image | None = None
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: str | None = None
    page: int = 1
    page_count: int = 1
    next_page: str | None = None
    access: Access = "unknown"
    layout: str
    provenance: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Warning_, ...] = ()

    @property
    def text(self) -> str:
        """The body as text, with an empty line between blocks."""
        return "\n\n".join(block.text for block in self.body)

    def to_dict(self) -> dict[str, Any]:
        """JSON values, as schemas/article.schema.json defines them."""
        return {name: as_json(value) for name, value in json_fields(self).items()}

    def to_json(self) -> str:
        """The same as text, on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_json(cls, record: str | bytes | dict[str, Any]) -> Article:
        """The record that to_json() or to_dict() was called on. Raises ValueError for anything else."""
        try:
            return article_from_json(json.loads(record) if isinstance(record, str | bytes) else record)
        except (AttributeError, TypeError) as error:
            raise ValueError(f"not the record of an article: {type(error).__name__}: {error}") from error

    def _repr_html_(self) -> str:
        """The article as a notebook shows it: headline, names and date, lede, text, warnings."""
        names = ", ".join(author.name for author in self.authors)
        details = [names, f"{self.published_at:%Y-%m-%d %H:%M %z}" if self.published_at else "no date", self.site or ""]
        tags = {"subheading": "h4", "quote": "blockquote", "list_item": "li"}
        parts = [("h3", self.headline), ("p", " · ".join(filter(None, details))), ("p", self.lede or "")]
        parts += [(tags.get(block.kind, "p"), block.text) for block in self.body]
        parts += [("p", f"Doubts: {', '.join(self.warnings)}" if self.warnings else ""), ("p", self.url)]
        return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts if text)


def as_json(record: object) -> Any:
    """A record as JSON values: fields in order, dates and datetimes as ISO 8601 (datetimes with their offset), bytes
    left out.
    """
    if record is None or isinstance(record, str | int | float):
        return record
    if isinstance(record, tuple | list):
        return [as_json(each) for each in record]
    if isinstance(record, date):  # a datetime is a date too
        return record.isoformat()
    if isinstance(record, dict):
        return {key: as_json(value) for key, value in record.items()}
    if is_dataclass(record) and not isinstance(record, type):
        return {name: as_json(value) for name, value in json_fields(record).items()}
    return record


def json_fields(record: Any) -> dict[str, Any]:
    """The fields of a record that are in its JSON form, unconverted. Raises TypeError for anything that is not a
    record.
    """
    names, values, has_bytes = _read_by(record.__class__)
    found = dict(zip(names, values(record), strict=True))
    return {name: value for name, value in found.items() if not isinstance(value, bytes)} if has_bytes else found


@cache
def _read_by(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], bool]:
    """The names of a record's fields, a function that gets their values, and whether one of them may hold bytes."""
    own = fields(kind)
    names = tuple(each.name for each in own)
    values = attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)
    return names, values, any("bytes" in str(each.type) or str(each.type) == "Any" for each in own)


def _pickle_quickly(kind: type) -> None:
    """Let a record pass between processes in half the time of a plain dataclass, which looks up its fields each time."""
    names, values, _ = _read_by(kind)
    puts = [getattr(kind, name).__set__ for name in names]

    def get(self: Any) -> tuple[Any, ...]:
        return values(self)

    def put(self: Any, state: tuple[Any, ...]) -> None:
        for put_one, value in zip(puts, state, strict=True):
            put_one(self, value)

    for name, method in (("__getstate__", get), ("__setstate__", put)):
        setattr(kind, name, method)


for _kind in (Link, Redirect, Capture, CharsetEvidence, Author, Dateline, Block, RelatedLink, Image, Article):
    _pickle_quickly(_kind)


def article_from_json(record: dict[str, Any]) -> Article:
    """The record from its JSON values: as_json(article_from_json(x)) == x.

    Fields that a record of an earlier version lacks are empty. Raises ValueError for anything that is not a record.
    """
    from scraper.typed import convert  # noqa: PLC0415  (a fifth of what it costs to load this module, and few need it)

    if strays := record.keys() - _ARTICLE_FIELDS:
        raise ValueError(f"a record has no field {min(strays)!r}")
    moments = {name: datetime.fromisoformat(text) for name in _MOMENTS if isinstance(text := record.get(name), str)}
    return convert({**record, **moments}, Article)


_ARTICLE_FIELDS = frozenset(each.name for each in fields(Article))
_MOMENTS = tuple(each.name for each in fields(Article) if "datetime" in str(each.type))
