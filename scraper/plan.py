"""When to ask again, and where to look: pure decisions, with `now` as an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from scraper.dates import date_in_url
from scraper.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.records import LinkKind

# Articles are looked at again at these ages; later changes are rare (NewsDiffs, diffengine use the like).
ARTICLE_AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=10),
    timedelta(days=30),
)
MIN_GAP = timedelta(minutes=15)  # between two looks at one article, also where its next age is nearer
INDEX_FLOOR = timedelta(minutes=10)
INDEX_START = timedelta(hours=1)
INDEX_CEILING = timedelta(hours=24)
INDEX_SETTLES = timedelta(days=3)  # the index of a day past brings nothing new; one day of it is for time zones
RETRY_FIRST = timedelta(minutes=10)
RETRY_CEILING = timedelta(hours=24)
LATER_CEILING = timedelta(days=7)
MAX_FAILURES = 10  # in a row; then an article leaves the queue and stays in the record
_WANTED_NEW_SHARE = 0.3  # of a feed's items: less is asked too often, more may miss some

After = Literal["again", "retry", "never", "later"]

# What follows from each outcome. again: by age or interval; retry: back off; later: the answer may change in days; never.
AFTER: dict[Reason, After] = {
    Reason.OK: "again",
    Reason.UNCHANGED: "again",
    Reason.NOT_ARTICLE: "never",
    Reason.SOFT_404: "later",
    Reason.PAYWALLED: "again",
    Reason.JS_SHELL: "never",
    Reason.EXTRACT_FAILED: "never",
    Reason.GONE: "never",
    Reason.DENIED: "later",
    Reason.BLOCKED: "later",
    Reason.RATE_LIMITED: "retry",
    Reason.CLIENT_ERROR: "never",
    Reason.SERVER_ERROR: "retry",
    Reason.ROBOTS: "later",
    Reason.ROBOTS_UNREACHABLE: "retry",
    Reason.NOT_HTML: "never",
    Reason.TOO_BIG: "never",
    Reason.TRUNCATED: "retry",
    Reason.BAD_ENCODING: "later",
    Reason.UNPARSABLE: "never",
    Reason.BAD_304: "retry",
    Reason.BAD_REDIRECT: "later",
    Reason.REDIRECT_LOOP: "later",
    Reason.REDIRECT_LIMIT: "later",
    Reason.BAD_URL: "never",
    Reason.BLOCKED_SCHEME: "never",
    Reason.BLOCKED_ADDRESS: "never",
    Reason.DNS: "retry",
    Reason.CONNECT: "retry",
    Reason.TLS: "retry",
    Reason.RESET: "retry",
    Reason.PROTOCOL: "retry",
    Reason.DEADLINE: "retry",
    Reason.BUG: "later",
}
# What no waiting can change. Any other end of a feed, sitemap or index is asked about again: feeds answer 404 and come back.
_HOPELESS = frozenset({Reason.BAD_URL, Reason.BLOCKED_SCHEME, Reason.BLOCKED_ADDRESS})
_DAY_IN_QUERY = re.compile(
    r"[?&](?:date|tanggal|tgl|t)=(?:(?P<year>(?:19|20)\d{2})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<us_month>\d{1,2})(?:/|%2F)(?P<us_day>\d{1,2})(?:/|%2F)(?P<us_year>(?:19|20)\d{2}))(?:&|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When a link is due again (None: never), and the counters to keep with it.

    `failures` in a row; `unchanged` looks in a row that brought nothing new;
    `interval_s` is the present interval of a feed or index, or for an article
    how soon it is looked at after a change.
    """

    due_at: datetime | None
    failures: int = 0
    unchanged: int = 0
    interval_s: int | None = None


def after_attempt(
    kind: LinkKind,
    reason: Reason,
    *,
    now: datetime,
    failures: int = 0,
    unchanged: int = 0,
    interval_s: int | None = None,
    published_at: datetime | None = None,
    is_changed: bool = False,
    known_share: float | None = None,
    not_before: datetime | None = None,
) -> Next:
    """The next look at a link after an attempt that ended in `reason`; never before `now`.

    `published_at` is an article's date, or the day that an index by date
    lists (None for one that lists what is newest). `known_share` is the share
    of a feed's items that were known already (None for none at all);
    `is_changed` says that an article's text changed; `not_before` is what the
    server asked for.
    """
    follows = _follows(kind, reason)
    if follows == "never":
        return Next(due_at=None)
    if follows == "again":
        if kind == "article":
            return _after_article(now, published_at, unchanged, interval_s, is_changed=is_changed)
        if published_at is not None and now - published_at > INDEX_SETTLES:
            return Next(due_at=None)
        interval = index_interval(interval_s, known_share)
        return Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    if failures + 1 >= MAX_FAILURES and (kind == "article" or published_at is not None):
        return Next(due_at=None, failures=failures + 1)
    due_at = now + _wait(failures, is_retry=follows == "retry")
    return Next(
        due_at=max(due_at, not_before) if not_before else due_at,
        failures=failures + 1,
        unchanged=unchanged,
        interval_s=interval_s,
    )


def _follows(kind: LinkKind, reason: Reason) -> After:
    follows = AFTER[reason]
    if kind == "article" or follows != "never" or reason in _HOPELESS:
        return follows
    return "again" if reason is Reason.NOT_ARTICLE else "later"


def _wait(failures: int, *, is_retry: bool) -> timedelta:
    """Doubling from ten minutes to a day; where the answer may change in days, from a day to a week."""
    if is_retry:
        return min(RETRY_FIRST * (1 << min(failures, MAX_FAILURES)), RETRY_CEILING)
    return min(timedelta(days=1) * (1 + failures), LATER_CEILING)


def _after_article(
    now: datetime, published_at: datetime | None, unchanged: int, interval_s: int | None, *, is_changed: bool
) -> Next:
    """The next of the ages; after a change soon, but a text that changes at every look ever less soon."""
    due_at = _article_due(now, published_at, unchanged)
    if not is_changed:
        return Next(due_at=due_at, unchanged=unchanged + 1, interval_s=interval_s)
    soon = min(timedelta(seconds=interval_s) * 2, ARTICLE_AGES[-1]) if interval_s else ARTICLE_AGES[0]
    return Next(
        due_at=min(due_at, now + soon) if due_at else now + soon,
        interval_s=int(soon.total_seconds()),
    )


def _article_due(now: datetime, published_at: datetime | None, unchanged: int) -> datetime | None:
    """When it reaches the next of the ages; without a believable date the looks are counted instead."""
    if published_at is None or published_at > now:
        return now + ARTICLE_AGES[unchanged] if unchanged < len(ARTICLE_AGES) else None
    age = now - published_at
    step = next((step for step in ARTICLE_AGES if step > age), None)
    return None if step is None else max(published_at + step, now + MIN_GAP)


def index_interval(interval_s: int | None, known_share: float | None) -> timedelta:
    """The next interval of a feed or index page: longer while it brings little that is new, shorter while it brings much."""
    if interval_s is None:
        return INDEX_START
    interval = timedelta(seconds=interval_s)
    if known_share is None:
        interval *= 2
    elif 1.0 - known_share > _WANTED_NEW_SHARE:
        interval *= 0.5
    elif 1.0 - known_share < _WANTED_NEW_SHARE / 3:
        interval *= 1.5
    return min(max(interval, INDEX_FLOOR), INDEX_CEILING)


def index_pages(pattern: str, host: str, since: date, until: date) -> Iterator[tuple[date, str]]:
    """The first page of a site's index for each day, newest day first: (day, URL)."""
    for ordinal in range(until.toordinal(), since.toordinal() - 1, -1):
        day = date.fromordinal(ordinal)
        yield day, index_page(pattern, host, day, 1)


def index_page(pattern: str, host: str, day: date, page: int) -> str:
    """One page of a site's index by date; `{month}` is un-padded, `{month:02d}` padded (see Discovery.by_date)."""
    return pattern.format(host=host, year=day.year, month=day.month, day=day.day, page=page)


def listed_day(url: str) -> datetime | None:
    """The end of the day that an index by date lists, in UTC; None for a URL that names no day.

    Forms seen: date=2019-10-7 (tribunnews.com), date=2019-10-07 (kompas.com),
    date=10/07/2019 (detik.com), t=2026-07-24 (sindonews.com), /2026/7/24/ (okezone.com).
    """
    match = _DAY_IN_QUERY.search(url)
    if match is None:
        day = date_in_url(url)
    else:
        numbers = (
            match["year"] or match["us_year"],
            match["month"] or match["us_month"],
            match["day"] or match["us_day"],
        )
        try:
            day = date(*(int(number) for number in numbers))
        except ValueError:
            return None
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC) if day else None


def paging_ends(urls: Iterable[str], before: Iterable[str]) -> bool:
    """Whether an index is at its end: its page is empty, or shows only what the page before showed.

    Sites answer a page past the last one with an empty list or with the last
    page again (seen on www.tribunnews.com, 2026: from page 11 on).
    """
    return set(urls) <= set(before)
