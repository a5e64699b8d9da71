"""When to ask again, and where to look: pure decisions, with `now` as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from scraper.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

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
INDEX_FLOOR = timedelta(minutes=10)
INDEX_START = timedelta(hours=1)
INDEX_CEILING = timedelta(hours=24)
RETRY_FIRST = timedelta(minutes=10)
RETRY_CEILING = timedelta(hours=24)
MAX_FAILURES = 10  # in a row; then the link leaves the queue and stays in the record
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When a link is due again (None: never), and the counters to keep with it."""

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
    """The next look at a link after an attempt that ended in `reason`.

    `known_share` is the share of a feed's items that were known already (None
    for none at all); `is_changed` says that an article's text changed;
    `not_before` is what the server asked for.
    """
    follows = AFTER[reason]
    if reason is Reason.NOT_ARTICLE and kind != "article":
        follows = "again"
    if follows == "never":
        return Next(due_at=None)
    if follows == "again":
        if kind == "article":
            return Next(
                due_at=_article_due(now, published_at, is_changed=is_changed),
                unchanged=0 if is_changed else unchanged + 1,
            )
        interval = index_interval(interval_s, known_share)
        return Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    if failures + 1 >= MAX_FAILURES:
        return Next(due_at=None, failures=failures + 1)
    wait = min(RETRY_FIRST * 2**failures, RETRY_CEILING) if follows == "retry" else RETRY_CEILING * min(1 + failures, 7)
    due_at = now + wait
    return Next(
        due_at=max(due_at, not_before) if not_before else due_at,
        failures=failures + 1,
        unchanged=unchanged,
        interval_s=interval_s,
    )


def _article_due(now: datetime, published_at: datetime | None, *, is_changed: bool) -> datetime | None:
    """The next of the ages after publication; an article that has just changed is looked at again soon."""
    if published_at is None or published_at > now:
        published_at = now
    due_at = next((published_at + age for age in ARTICLE_AGES if published_at + age > now), None)
    if is_changed:
        soon = now + ARTICLE_AGES[0]
        return min(due_at, soon) if due_at else soon
    return due_at


def index_interval(interval_s: int | None, known_share: float | None) -> timedelta:
    """The next interval of a feed or index page: longer while it brings little that is new, shorter while it brings much."""
    interval = timedelta(seconds=interval_s) if interval_s else INDEX_START
    if known_share is None:
        return min(interval * 2, INDEX_CEILING) if interval_s else interval
    new_share = 1.0 - known_share
    if interval_s is not None:
        if new_share > _WANTED_NEW_SHARE:
            interval *= 0.5
        elif new_share < _WANTED_NEW_SHARE / 3:
            interval *= 1.5
    return min(max(interval, INDEX_FLOOR), INDEX_CEILING)


def index_pages(pattern: str, host: str, since: date, until: date) -> Iterator[tuple[date, str]]:
    """The first page of a site's index for each day, newest day first: (day, URL)."""
    day = until
    while day >= since:
        yield day, index_page(pattern, host, day, 1)
        day -= timedelta(days=1)


def index_page(pattern: str, host: str, day: date, page: int) -> str:
    """One page of a site's index by date; the pattern is Discovery.by_date."""
    return pattern.format(host=host, year=day.year, month=day.month, day=day.day, page=page)
