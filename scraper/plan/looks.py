"""When a link is requested again, by its kind, the outcome of the attempt, and its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scraper.plan.evidence import (
    CEILING_ARTICLE,
    CEILING_LISTING,
    CEILING_READ,
    CLAIMS,
    OTHER_DAY,
    UrlHistory,
    conclusion,
    is_confirmed,
    ladder_of,
    steps,
    wait_after,
)
from scraper.plan.rhythm import START
from scraper.reasons import Reason

if TYPE_CHECKING:
    from scraper.records import LinkKind

# Articles are looked at again at these ages; later changes are rare (NewsDiffs and diffengine use similar ones).
ARTICLE_AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=10),
    timedelta(days=30),
)
CHANGE_CONFIRMED = timedelta(days=1)  # after the first look that found it unchanged again
CHANGE_RESTS = timedelta(days=3)  # if the next age is no further away, it is look enough
MIN_GAP = timedelta(minutes=15)  # between two looks at one article, even if its next age is nearer
# The index of a day is looked at twice more when the day is over: late entries, and corrections on the next days.
DAY_LOOKS = (timedelta(hours=6), timedelta(days=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When a link is due again (None: never), and the counters to store with it.

    `failures` in a row; `unchanged` looks in a row without anything new; `interval_s` is the present interval of a
    feed, sitemap or index in seconds, or for an article how soon it is looked at after a change. `conclusion` is the
    evidence on which a URL is given up; None if it is not given up, even if its looks are over.
    """

    due_at: datetime | None
    failures: int = 0
    unchanged: int = 0
    interval_s: int | None = None
    conclusion: str | None = None


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
    history: UrlHistory | None = None,
) -> Next:
    """The next look at a link after an attempt that ended in `reason`; never before `now`.

    `history` is what is known about a URL that did not answer well, including the present attempt; without it nothing
    is ever concluded.

    `published_at` is an article's date, or the day that an index by date lists (None for one that lists the newest
    articles). `interval` is the result of `interval_after` for a feed, sitemap or index; `is_led` marks a later page of
    an index, which is visited when the page before it says so. `is_changed` says that an article's text changed;
    `not_before` is what the server asked for.
    """
    if CLAIMS[reason] == "well" or (kind != "article" and reason is Reason.NOT_ARTICLE):
        if kind == "article":
            return _after_article(now, published_at, unchanged, interval_s, is_changed=is_changed)
        return _after_listing(now, published_at, interval or START, is_led=is_led)
    known = history or UrlHistory()
    status = known.looks[-1].status if known.looks else None
    # An index page that does not exist may simply be the one past its end; the index itself is never given up.
    is_end = kind != "article" and (is_led or (published_at is not None and published_at < now))
    why = conclusion(known, now, is_end=is_end) if kind == "article" or is_end else None
    if why is not None:
        return Next(due_at=None, failures=failures + 1, conclusion=why if kind == "article" else None)
    step = min(failures, steps(known)) if known.looks else failures
    wait = wait_after(ladder_of(reason, status, is_end=is_end), step, _ceiling(kind, known, now, is_end=is_end))
    return Next(
        due_at=max(now + wait, not_before) if not_before else now + wait,
        failures=failures + 1,
        unchanged=unchanged,
        interval_s=interval_s,
    )


def _ceiling(kind: LinkKind, history: UrlHistory, now: datetime, *, is_end: bool) -> timedelta:
    if kind != "article":
        return CEILING_ARTICLE if is_end else CEILING_LISTING
    return CEILING_READ if history.was_read and is_confirmed(history, now) else CEILING_ARTICLE


def _after_listing(now: datetime, day_ends_at: datetime | None, interval: timedelta, *, is_led: bool) -> Next:
    """By its interval; the index of a past day twice more, its later pages once, and then never."""
    if day_ends_at is None:
        return Next(due_at=None) if is_led else Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    if now < day_ends_at and not is_led:
        return Next(due_at=now + interval, interval_s=int(interval.total_seconds()))
    looks = (day_ends_at + after for after in (DAY_LOOKS[:1] if is_led else DAY_LOOKS))
    return Next(due_at=next((look for look in looks if look - now >= MIN_GAP), None))


def _after_article(
    now: datetime, published_at: datetime | None, unchanged: int, interval_s: int | None, *, is_changed: bool
) -> Next:
    """The next of the ages; after a change soon and on another day, but a text that changes at every look less and less
    often.
    """
    due_at = _article_due(now, published_at, unchanged)
    if not is_changed:
        is_soon_after = unchanged == 0 and interval_s is not None and interval_s < OTHER_DAY.total_seconds()
        if is_soon_after and (due_at is None or due_at - now > CHANGE_RESTS):
            due_at = now + CHANGE_CONFIRMED  # the change may have been a cache's, which lasts for hours
        return Next(due_at=due_at, unchanged=unchanged + 1, interval_s=interval_s)
    soon = min(timedelta(seconds=interval_s) * 2, ARTICLE_AGES[-1]) if interval_s else ARTICLE_AGES[0]
    soon = max(soon, MIN_GAP)
    return Next(
        due_at=min(due_at, now + soon) if due_at else now + soon,
        interval_s=int(soon.total_seconds()),
    )


def _article_due(now: datetime, published_at: datetime | None, unchanged: int) -> datetime | None:
    """When it reaches the next of the ages; without a credible date the looks are counted instead."""
    if published_at is None or published_at > now:
        return now + ARTICLE_AGES[unchanged] if unchanged < len(ARTICLE_AGES) else None
    age = now - published_at
    step = next((step for step in ARTICLE_AGES if step > age), None)
    return None if step is None else max(published_at + step, now + MIN_GAP)
