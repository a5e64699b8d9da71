"""When a link is asked for again, by its kind, how the attempt on it ended, and its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from scraper.plan.rhythm import START
from scraper.reasons import Reason

if TYPE_CHECKING:
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
# The index of a day is looked at twice more when the day is over: late entries, and corrections of the next days.
DAY_LOOKS = (timedelta(hours=6), timedelta(days=2))
RETRY_FIRST = timedelta(minutes=10)
RETRY_CEILING = timedelta(hours=24)
LATER_CEILING = timedelta(days=7)
MAX_FAILURES = 10  # in a row; then an article leaves the queue and stays in the record

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
    Reason.WALL: "retry",
    Reason.SUSPECT: "retry",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When a link is due again (None: never), and the counters to keep with it.

    `failures` in a row; `unchanged` looks in a row that brought nothing new;
    `interval_s` is the present interval of a feed, sitemap or index, or for an
    article how soon it is looked at after a change.
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
    is_led: bool = False,
    interval: timedelta | None = None,
    not_before: datetime | None = None,
) -> Next:
    """The next look at a link after an attempt that ended in `reason`; never before `now`.

    `published_at` is an article's date, or the day that an index by date
    lists (None for one that lists what is newest). `interval` is what
    `interval_after` found for a feed, sitemap or index; `is_led` marks a later
    page of an index, which is looked at when the page before it says so.
    `is_changed` says that an article's text changed; `not_before` is what the
    server asked for.
    """
    follows = _follows(kind, reason)
    is_past_day = kind != "article" and published_at is not None and published_at < now
    if follows == "never" or (is_past_day and reason is Reason.GONE):  # a day without articles stays one
        return Next(due_at=None)
    if follows == "again":
        if kind == "article":
            return _after_article(now, published_at, unchanged, interval_s, is_changed=is_changed)
        return _after_listing(now, published_at, interval or START, is_led=is_led)
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


def _after_listing(now: datetime, day_ends_at: datetime | None, interval: timedelta, *, is_led: bool) -> Next:
    """By its interval; the index of a day past twice more, its later pages once, and then never."""
    if day_ends_at is None:
        return Next(due_at=None) if is_led else Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    if now < day_ends_at and not is_led:
        return Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    looks = (day_ends_at + after for after in (DAY_LOOKS[:1] if is_led else DAY_LOOKS))
    return Next(due_at=next((look for look in looks if look - now >= MIN_GAP), None))


def _after_article(
    now: datetime, published_at: datetime | None, unchanged: int, interval_s: int | None, *, is_changed: bool
) -> Next:
    """The next of the ages; after a change soon, but a text that changes at every look ever less soon."""
    due_at = _article_due(now, published_at, unchanged)
    if not is_changed:
        return Next(due_at=due_at, unchanged=unchanged + 1, interval_s=interval_s)
    soon = min(timedelta(seconds=interval_s) * 2, ARTICLE_AGES[-1]) if interval_s else ARTICLE_AGES[0]
    soon = max(soon, MIN_GAP)
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
