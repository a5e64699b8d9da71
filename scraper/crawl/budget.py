"""What one host may use of a run, and how much its listings may add: it is counted, and the excess waits for the next
run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scraper.archive.write import frontier
from scraper.clock import SYSTEM, Clock
from scraper.crawl.listing import days_of
from scraper.typed import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.archive.write.pageresult import PageResult
    from scraper.archive.write.progress import CoverageRow
    from scraper.records import Link, LinkKind

MAX_HOST_REQUESTS = 5_000  # of a run; at two seconds each, three hours
MAX_NEW_URLS = 5_000  # a page of 200,000 links must not flood the queue
MAX_SITEMAPS = 500  # docs/contract.md promises it
SLOW_S, SLOW_MINUTES = 60.0, 30.0  # with a Crawl-delay over a minute, a run must not last for days

Bound = Literal[
    "max_host_requests", "max_host_minutes", "crawl_delay", "new_urls", "sitemaps", "max_pages", "failing", "left_alone"
]
_LISTINGS: tuple[LinkKind, ...] = ("feed", "sitemap", "index")
KINDS: tuple[LinkKind, ...] = ("article", *_LISTINGS)


@dataclass(slots=True)
class Budget:
    """The limits of one run; None is no limit. `pages` are the article pages that may still be requested, over all
    hosts.
    """

    pages: int | None = None
    host_requests: int | None = None
    host_minutes: float | None = None
    clock: Clock = SYSTEM
    _asked: Counter[str] = field(default_factory=Counter)
    _sitemaps: Counter[str] = field(default_factory=Counter)
    _found: Counter[str] = field(default_factory=Counter)
    _began: dict[str, float] = field(default_factory=dict)

    def reached(self, host: str, pause_s: tuple[float, float] = (0.0, 0.0)) -> list[Bound]:
        """The limits that a host has reached; `pause_s` are the seconds between two requests, and until the next."""
        began = self._began.setdefault(host, self.clock.monotonic())
        minutes = (self.clock.monotonic() - began) / 60
        is_slow = pause_s[0] > SLOW_S and self.host_minutes is None
        found: dict[Bound, bool] = {
            "max_host_requests": self.host_requests is not None and self._asked[host] >= self.host_requests,
            "max_host_minutes": self.host_minutes is not None and minutes >= self.host_minutes,
            "crawl_delay": is_slow and minutes + pause_s[1] / 60 > SLOW_MINUTES,
            "new_urls": self._found[host] >= MAX_NEW_URLS,
            "sitemaps": self._sitemaps[host] >= MAX_SITEMAPS,
        }
        return [name for name, is_reached in found.items() if is_reached]

    def kinds(self, reached: Iterable[Bound]) -> tuple[LinkKind, ...]:
        """The kinds of links that may still be requested from a host which has reached these limits."""
        kept = set(KINDS)
        for bound in reached:
            if bound == "new_urls":  # more listings would only find what cannot be accepted
                kept -= {*_LISTINGS}
            elif bound == "sitemaps":
                kept -= {"sitemap"}
            else:
                kept.clear()
        if self.pages == 0:
            kept -= {"article"}
        return tuple(kind for kind in KINDS if kind in kept)

    def take(self, queued: QueuedLink) -> None:
        """Count a link that is being requested."""
        self._asked[queued.host] += 1
        self._sitemaps[queued.host] += queued.kind == "sitemap"
        if queued.kind == "article" and self.pages is not None:
            self.pages -= 1

    def bounded(self, db: Archive, queued: QueuedLink, result: PageResult) -> PageResult:
        """The result of a listing with no more new URLs than its host may still add; if any is left out, it is due at
        once.

        Its host's listings are not requested again in this run, so that "at once" is in the next. The further pages of
        an article are never left out.
        """
        if queued.kind == "article" or result.article is not None:
            return result
        offered = (*result.links, *result.sections, *result.backlog)
        known = frontier.known_urls(db, (link.url for link in offered))
        fresh = list(dict.fromkeys(link.url for link in offered if link.url not in known))
        left_out = set(fresh[max(MAX_NEW_URLS - self._found[queued.host], 0) :])
        self._found[queued.host] += len(fresh) - len(left_out)
        return _without(result, left_out) if left_out else result


def _without(result: PageResult, left_out: set[str]) -> PageResult:
    def kept(links: tuple[Link, ...]) -> tuple[Link, ...]:
        return tuple(link for link in links if link.url not in left_out)

    detail = f"{len(left_out)} links wait for the next run; {result.outcome.detail or ''}"
    return replace(
        result,
        outcome=replace(result.outcome, detail=detail.rstrip("; ")),
        links=kept(result.links),
        sections=kept(result.sections),
        backlog=kept(result.backlog),
        days=days_of(kept(result.links)),
        left_out=result.left_out + len(left_out),
        next_due=result.outcome.at,
        source=None,  # how often it has something new can be learned only if all of it was accepted
        rhythm={},
        coverage=_unfinished(result.coverage, len(left_out)) if result.coverage else None,
    )


def _unfinished(coverage: CoverageRow, left_out: int) -> CoverageRow:
    """A day's account in which this page will be counted when it is looked at again."""
    new = max(coverage.new_links - left_out, 0)
    return replace(coverage, state="walking", reason="new_urls", links=0, new_links=new)
