"""A season from its first day to its last: a crawl every few hours, and then the verdict."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.season.judge import Verdict, judge
from benchmarks.season.moments import KINDS, draw
from benchmarks.season.papers import DAY, DEFINED, HOUR, papers
from benchmarks.season.world import World
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, crawl
from scraper.fetch import FetchSettings
from scraper.sites.definition import parse_sites
from scraper.sites.registry import own_sites, use_sites
from tests.virtualtime import START, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.season.papers import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What is played: `per_day` articles of each paper, a crawl `every_h` hours, `moments` of each paper in all (0: none)."""

    days: float = 90
    papers: int = 12
    seed: int = 1
    per_day: float = 1.5
    every_h: float = 3
    moments: float = 40
    hours: float = 5  # that half of them last longer than
    least: float = 0.3  # share of a paper's pages that a bad moment spoils
    ours: int = 3  # times that each kind of trouble in our own network occurs

    @property
    def bad_days(self) -> float:
        """Bad moments begin only in these first days; the last ones are quiet, so that what was postponed gets its
        time.
        """
        return self.days - min(10.0, self.days / 4)


@dataclass(slots=True)
class Played:
    """How it went: the verdict, what the crawls cost, what they met."""

    verdict: Verdict
    requests: int
    ideal: int
    kinds: int
    met: set[str]
    exits: Counter[int] = field(default_factory=Counter)
    moved: str | None = None  # the host of the paper that moved, if there was one
    redesigned: str | None = None

    def wrongs_of(self, host: str | None) -> Counter[str]:
        """What went wrong with one paper."""
        return self.verdict.of_host.get((host or "").removeprefix("www."), Counter())


def ideal_requests(papers: list[Paper], times: list[float]) -> int:
    """The requests of somebody who knows everything in advance: robots.txt once, each version, and a listing whenever
    there is something new.
    """
    total = 0
    for paper in papers:
        moments = sorted(each.at for story in paper.stories for each in story.versions)
        appeared = sorted(story.appeared for story in paper.stories)
        looks, last = 0, float("-inf")
        for now in times:
            looks += any(last < at <= now for at in appeared)
            last = now
        total += 1 + len(moments) + looks
    return total


@contextlib.contextmanager
def defined_sites() -> Iterator[None]:
    """The papers that have definitions of their own are read by them meanwhile."""
    before = own_sites()
    use_sites(parse_sites(DEFINED))
    try:
        yield
    finally:
        use_sites(before)


def play(path: Path, season: Season, *, on_day: Callable[[int], None] = lambda _day: None) -> Played:
    """Play a season into a new archive."""
    random.seed(season.seed)  # of the waits before retries
    clock = VirtualClock()
    all_papers = papers(season.papers, season.days, per_day=season.per_day, seed=season.seed)
    drawn = (
        draw(
            [paper.host for paper in all_papers], season.bad_days,
            per_paper=season.moments, ours=season.ours, hours=season.hours,
            least=season.least, seed=season.seed,
        )
        if season.moments
        else []
    )  # fmt: skip
    world = World(all_papers, drawn, season.bad_days * DAY, clock)
    exits: Counter[int] = Counter()
    times: list[float] = []
    last_day = -1
    with world.server, defined_sites():
        settings = FetchSettings(
            user_agent="kliping-season/0 (+https://season.example)",
            contact="https://season.example",
            allow_net=world.allowed,
            replay=world.replay,
            resolve=world.resolve,
            deadline_s=3.0,
            read_s=2.0,
        )
        options = CrawlOptions(targets=[f"https://{paper.host}/" for paper in all_papers], version="season")
        while clock.seconds < season.days * DAY:
            times.append(clock.seconds)
            if (day := int(clock.seconds // DAY)) != last_day:
                on_day(last_day := day)
            with open_archive(path, mode="crawl", min_free_bytes=0) as db:
                summary = crawl(db, settings, options, on_event=lambda _event: None, clock=clock)
            exits[summary.exit_code] += 1
            if summary.signal is not None:
                raise KeyboardInterrupt
            clock.wait_until(START + timedelta(seconds=len(times) * season.every_h * HOUR))
    with open_archive(path) as db:
        verdict = judge(db, all_papers, season.days * DAY)
        verdict.counts["attempts"] = db.execute("SELECT count(*) FROM fetches").fetchall()[0][0]
    return Played(
        verdict=verdict,
        requests=len(world.server.requests),
        ideal=ideal_requests(all_papers, times),
        kinds=len(KINDS),
        met={moment.kind.name for moment in world.met},
        exits=exits,
        moved=next((paper.host for paper in all_papers if paper.moved_at), None),
        redesigned=next((paper.host for paper in all_papers if paper.redesigned_at), None),
    )
