"""What may be concluded about a URL from everything seen of it, and how long to wait for the next look. Pure.

An outcome says what happened at one moment. That a URL is no longer worth requesting is a conclusion: several looks on
different days claim the same, at times when its publisher otherwise answered well, and no listing names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from scraper.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.records import Sighting, Standing

# What an outcome says about the URL. well: it answers. gone: it does not exist. no_article: something else is there.
# refused: it is not for us. unreachable: there was no answer. ours: an error of this program or a rule of our own
# proxy, which says nothing about the URL.
Claim = Literal["well", "gone", "no_article", "refused", "unreachable", "ours"]

CLAIMS: dict[Reason, Claim] = {
    Reason.OK: "well",
    Reason.UNCHANGED: "well",
    Reason.NOT_ARTICLE: "no_article",
    Reason.SOFT_404: "gone",
    Reason.PAYWALLED: "well",
    Reason.JS_SHELL: "no_article",
    Reason.EXTRACT_FAILED: "no_article",
    Reason.GONE: "gone",
    Reason.DENIED: "refused",
    Reason.BLOCKED: "refused",
    Reason.WALL: "no_article",
    Reason.SUSPECT: "no_article",
    Reason.RATE_LIMITED: "unreachable",
    Reason.CLIENT_ERROR: "no_article",
    Reason.SERVER_ERROR: "unreachable",
    Reason.ROBOTS: "refused",
    Reason.ROBOTS_UNREACHABLE: "unreachable",
    Reason.NOT_HTML: "no_article",
    Reason.TOO_BIG: "no_article",
    Reason.TRUNCATED: "unreachable",
    Reason.BAD_ENCODING: "refused",
    Reason.UNPARSABLE: "no_article",
    Reason.BAD_304: "unreachable",
    Reason.BAD_REDIRECT: "refused",
    Reason.REDIRECT_LOOP: "refused",
    Reason.REDIRECT_LIMIT: "refused",
    Reason.BAD_URL: "refused",
    Reason.BLOCKED_SCHEME: "refused",
    Reason.BLOCKED_ADDRESS: "refused",
    Reason.DNS: "unreachable",
    Reason.CONNECT: "unreachable",
    Reason.PROXY: "ours",
    Reason.TLS: "unreachable",
    Reason.RESET: "unreachable",
    Reason.PROTOCOL: "unreachable",
    Reason.DEADLINE: "unreachable",
    Reason.BUG: "ours",
    Reason.DAMAGED: "ours",
}

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OTHER_DAY = timedelta(hours=20)  # apart for two looks to count as looks on different days
NAMED_FOR = timedelta(
    days=10
)  # after it was read, a listing still names what it named; each is read once a week at least
CEILING_ARTICLE = timedelta(days=30)  # between two looks at an article in trouble
CEILING_READ = timedelta(days=180)  # for a stored article that has long been gone: twice a year, in case it comes back
CEILING_LISTING = timedelta(days=7)  # for a feed, sitemap or index page in trouble


@dataclass(frozen=True, slots=True)
class Ladder:
    """The waits between looks (the last one then doubles), and what makes a conclusion: looks on this many days, over
    this span.
    """

    waits: tuple[timedelta, ...]
    looks: int
    span: timedelta


GONE_410 = Ladder((6 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY), looks=3, span=2 * _DAY)
ENDED = Ladder(
    (_DAY, 2 * _DAY, 4 * _DAY), looks=2, span=OTHER_DAY
)  # a later page of an index, or of a day, that does not exist
ANY = Ladder((7 * _DAY,), looks=15, span=60 * _DAY)  # whatever was claimed: not once well in two months
_RETRIES = tuple(min(10 * _MINUTE * (1 << step), _DAY) for step in range(10))
LADDERS: dict[Claim, Ladder] = {
    "gone": Ladder((_HOUR, _DAY, 2 * _DAY, 4 * _DAY), looks=4, span=7 * _DAY),
    "no_article": Ladder((2 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY), looks=5, span=14 * _DAY),
    "refused": Ladder((_DAY, 2 * _DAY, 3 * _DAY, 5 * _DAY, 7 * _DAY), looks=8, span=30 * _DAY),
    "unreachable": Ladder((*_RETRIES, 2 * _DAY, 4 * _DAY, 7 * _DAY), looks=ANY.looks, span=ANY.span),
    "ours": Ladder((_DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY), looks=ANY.looks, span=ANY.span),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlHistory:
    """What is known about a URL.

    `looks` are the failed attempts since it last answered well, oldest first, the present one last. `was_read` says
    that an article was once read from it. `named_at` is when a listing last named it, as far as known (None: never).
    """

    looks: Sequence[Sighting] = ()
    was_read: bool = False
    named_at: datetime | None = None


def ladder_of(reason: Reason, status: int | None = None, *, is_end: bool = False) -> Ladder:
    """The ladder on which an outcome puts a URL; `is_end` for a page that may simply be the one past the end of an
    index.
    """
    claim = CLAIMS[reason]
    if claim == "gone":
        return ENDED if is_end else GONE_410 if status == 410 else LADDERS["gone"]
    return LADDERS[claim]


def wait_after(ladder: Ladder, failures: int, ceiling: timedelta) -> timedelta:
    """How long to wait after this many failures in a row before the present one."""
    over = failures - len(ladder.waits) + 1
    wait = ladder.waits[-1] * (1 << min(over, 10)) if over > 0 else ladder.waits[failures]
    return min(wait, ceiling)


def is_in_trouble(standing: Standing) -> bool:
    """Whether a host as a whole was in trouble on a day, so that its answers say nothing about a single URL.

    None of its URLs answered well, or most of those that had never failed before did not: many old failures beside good
    answers are just many dead links.
    """
    failed = standing.fresh - standing.fresh_well
    return standing.well == 0 or (failed >= 3 and failed > standing.fresh_well)


def conclusion(history: UrlHistory, now: datetime, *, is_end: bool = False) -> str | None:
    """Why a URL need not be requested any more, in words; None as long as that is not certain.

    Never for one that was read, or that a listing still names.
    """
    if history.was_read or not history.looks or CLAIMS[history.looks[-1].reason] in ("well", "ours"):
        return None
    if history.named_at is not None and now - history.named_at < NAMED_FOR and not is_end:
        return None
    last = history.looks[-1]
    if not last.is_trusted:
        return None
    trusted = [look for look in history.looks if look.is_trusted]
    agreeing = _agreeing(trusted, CLAIMS[last.reason])
    return _certain(agreeing, ladder_of(last.reason, last.status, is_end=is_end)) or _certain(trusted, ANY)


def steps(history: UrlHistory) -> int:
    """How many looks before the present one claimed the same: the URL's position on its ladder."""
    last = history.looks[-1].reason
    return len(_agreeing(history.looks, CLAIMS[last])) - 1


def is_confirmed(history: UrlHistory, now: datetime) -> bool:
    """Whether the looks agree as a conclusion requires, whatever else forbids one."""
    return conclusion(UrlHistory(looks=history.looks), now) is not None


def _agreeing(looks: Sequence[Sighting], claim: Claim) -> list[Sighting]:
    """The newest looks that claim the same; looks without an answer neither confirm nor refute it."""
    found: list[Sighting] = []
    for look in reversed(looks):
        theirs = CLAIMS[look.reason]
        if theirs == claim:
            found.append(look)
        elif theirs not in ("unreachable", "ours"):
            break
    return found[::-1]


def _certain(looks: Sequence[Sighting], ladder: Ladder) -> str | None:
    days: list[datetime] = []
    for look in looks:
        if not days or look.at - days[-1] >= OTHER_DAY:
            days.append(look.at)
    if len(days) < ladder.looks or days[-1] - days[0] < ladder.span:
        return None
    said = list(dict.fromkeys(f"{look.reason.value}{f' ({look.status})' if look.status else ''}" for look in looks))
    return f"{', '.join(said)} at {len(looks)} looks on {len(days)} days, {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
