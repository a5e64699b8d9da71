"""robots.txt as RFC 9309 says: 4xx allows, what cannot be reached forbids, the last good copy bridges a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from protego import Protego

from scraper.fetch.settings import PRODUCT

if TYPE_CHECKING:
    from scraper.records import RobotsFile, RobotsVerdict

MAX_PARSED_BYTES = 500 * 1024  # RFC 9309 §2.5
RECHECK = timedelta(hours=24)  # §2.4
RECHECK_UNREACHABLE = timedelta(hours=1)
LAST_GOOD_FOR = timedelta(days=7)  # CONTRACT: a week of grace for a site whose robots.txt fails


class RobotsStore(Protocol):
    """How evidence is kept, without this room knowing the archive."""

    def load(self, origin: str) -> RobotsFile | None:
        """The last good copy (rules, or none there), with the time it was last seen; None if there is none."""

    def save(self, robots: RobotsFile) -> RobotsFile:
        """Keep what an origin answered; gives it back with its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an origin allows us until `expires_at`; `parsed` is None when all or nothing is allowed."""

    robots: RobotsFile
    expires_at: datetime
    parsed: Protego | None
    is_stale: bool = False

    def allows(self, url: str) -> bool:
        """Whether our product token may fetch a URL (longest match, * and $)."""
        if self.parsed is None:
            return self.robots.verdict == "allow_all"
        return bool(self.parsed.can_fetch(url, PRODUCT))

    @property
    def crawl_delay_s(self) -> float | None:
        """Crawl-delay of our group, seconds."""
        return None if self.parsed is None else self.parsed.crawl_delay(PRODUCT)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The Sitemap lines."""
        return () if self.parsed is None else tuple(self.parsed.sitemaps)


def verdict_of(status: int) -> RobotsVerdict:
    """RFC 9309 §2.3.1: 2xx rules, 3xx (given up) and 4xx allow all, 429 and 5xx forbid all."""
    if 200 <= status < 300:
        return "rules"
    return "disallow_all" if status == 429 or status >= 500 else "allow_all"


def rules_of(robots: RobotsFile, last_good: RobotsFile | None) -> Rules:
    """What follows from an answer, with the last good copy instead of a failure while that is fresh enough."""
    if robots.verdict != "disallow_all":
        return Rules(robots=robots, expires_at=robots.fetched_at + RECHECK, parsed=_parse(robots))
    expires_at = robots.fetched_at + RECHECK_UNREACHABLE
    if last_good is not None and robots.fetched_at - last_good.fetched_at < LAST_GOOD_FOR:
        return Rules(robots=last_good, expires_at=expires_at, parsed=_parse(last_good), is_stale=True)
    return Rules(robots=robots, expires_at=expires_at, parsed=None)


def _parse(robots: RobotsFile) -> Protego | None:
    if robots.verdict != "rules" or robots.body is None:
        return None
    return Protego.parse(robots.body[:MAX_PARSED_BYTES].decode("utf-8-sig", "replace"))
