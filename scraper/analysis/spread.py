"""Who was first with a story, and how fast it spread: from the clusters of copies and rewrites (scraper.duplicates)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from scraper.archive.ask import arrivals

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from scraper.archive.ask.arrivals import Arrival
    from scraper.archive.file.library import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """A paper's first article of a story. `hours` after the first paper; None if the page gives no time of day, or no
    date.

    `similarity` is what its text shares with the cluster's central article (Jaccard, 0 … 1).
    """

    site: str | None
    article_id: int
    url: str
    published_at: str | None
    hours: float | None
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A text in several papers. `first_sites` printed the earliest time (more than one if in the same minute); () if no
    time is known.

    `half_hours`: until half of the papers that it reached had it; `span_hours`: until the last one did.
    """

    cluster_id: int
    headline: str
    first_sites: tuple[str, ...]
    first_at: str | None
    papers: int
    articles: int
    half_hours: float | None
    span_hours: float | None
    steps: tuple[StoryStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A paper over many stories: in how many it had the text, in how many first, and the median delay after the first
    when it was not.
    """

    site: str
    stories: int
    first: int
    share_first: float
    median_hours_behind: float | None


def stories(
    db: Archive,
    numbers: Collection[int] | None = None,
    *,
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Iterator[Story]:
    """The stories that any of these articles belongs to (None: all), in the order of their clusters.

    `on_progress` is called with what is being processed, how many are done, and of how many.
    """
    clusters = arrivals.clusters_of(db, numbers)
    for done, members in enumerate(arrivals.arrivals(db, clusters), 1):
        on_progress("stories read", done, len(clusters))
        yield story_of(members)


def story_of(members: Iterable[Arrival]) -> Story:
    """A cluster's articles, by time, as a story: the first one of each paper; an article of no known paper counts as a
    paper of its own.
    """
    listed = list(members)
    first: dict[str, Arrival] = {}
    for each in listed:
        first.setdefault(each.site or each.url, each)
    timed = [each for each in first.values() if _moment(each) is not None]
    start = min((moment for each in timed if (moment := _moment(each)) is not None), default=None)
    steps = [_step(each, start) for each in first.values()]
    steps.sort(key=lambda step: (step.hours is None, step.hours or 0.0))
    hours = [step.hours for step in steps if step.hours is not None]
    minute = 1 / 60
    leading = next((each for each in listed if _moment(each) == start), None) if start else None
    return Story(
        cluster_id=listed[0].cluster_id,
        headline=(leading or listed[0]).headline,
        first_sites=tuple(step.site or step.url for step in steps if step.hours is not None and step.hours < minute),
        first_at=leading.published_at if leading else None,
        papers=len(first),
        articles=len(listed),
        half_hours=hours[(len(hours) - 1) // 2] if len(hours) > 1 else None,
        span_hours=hours[-1] if len(hours) > 1 else None,
        steps=tuple(steps),
    )


def leaders(found: Iterable[Story]) -> list[Leader]:
    """How each paper did in stories for which two or more papers give a time, the one that was first most often first."""
    counts: defaultdict[str, int] = defaultdict(int)
    firsts: defaultdict[str, int] = defaultdict(int)
    behind: defaultdict[str, list[float]] = defaultdict(list)
    for story in found:
        timed = [step for step in story.steps if step.hours is not None]
        if len(timed) < 2:
            continue
        for step in timed:
            name = step.site or step.url
            counts[name] += 1
            if name in story.first_sites:
                firsts[name] += 1
            elif step.hours is not None:
                behind[name].append(step.hours)
    result = [
        Leader(
            site=site,
            stories=count,
            first=firsts[site],
            share_first=round(firsts[site] / count, 4),
            median_hours_behind=round(median(behind[site]), 2) if behind[site] else None,
        )
        for site, count in counts.items()
    ]
    return sorted(result, key=lambda each: (-each.first, -each.share_first, each.site))


def _moment(each: Arrival) -> datetime | None:
    """When an article appeared, to the minute; None if its page gives only a day."""
    if each.published_utc is None or each.is_day_only:
        return None
    return datetime.fromisoformat(each.published_utc)


def _step(each: Arrival, start: datetime | None) -> StoryStep:
    moment = _moment(each)
    hours = round((moment - start).total_seconds() / 3600, 3) if moment is not None and start is not None else None
    return StoryStep(
        site=each.site,
        article_id=each.article_id,
        url=each.url,
        published_at=each.published_at,
        hours=hours,
        similarity=each.similarity,
    )
