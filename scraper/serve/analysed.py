"""The analysts' questions as the pages ask them: functions that run in a separate process, within the time a reader
will wait.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from scraper.analysis.concordance import concordance
from scraper.analysis.names import names
from scraper.analysis.spread import leaders, stories
from scraper.analysis.trends import Ground, ground, over, period_of
from scraper.analysis.words import (
    collocations,
    count_words,
    key_words,
    runs_of_words,
    stop_words,
    top_words,
    top_words_of_all,
)
from scraper.archive.ask import passages, search, tallies
from scraper.archive.ask.filters import ALL
from scraper.archive.file import watch
from scraper.errors import ArchiveSlow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from scraper.analysis.concordance import Sort
    from scraper.analysis.trends import Period, Series, Split
    from scraper.analysis.words import OnProgress
    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.search import Understood
    from scraper.archive.file.library import Archive
    from scraper.serve.request import SearchRequest

MAX_READ = 2_000  # articles whose texts are read for a page; if there are more, this many, evenly spaced in time
MAX_ALL = 50_000  # if a reader asks for all
LEAST = 3  # articles that contain a word
DAYS, MONTHS = 92, 180  # the longest spans shown by day and by month
SEARCH_S = 1.5  # the time that a search's own chart may take

HowWords = Literal["key", "top", "pairs", "near"]


@dataclass(slots=True, kw_only=True)
class AnswerTable:
    """Rows for a table. Of `found` articles, `read` were read; `hints` say what was not understood, `facts` holds
    further results.
    """

    rows: list[Any]
    found: int = 0
    read: int = 0
    hints: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def silent(_what: str, _done: int, _of: int) -> None:
    """Report progress to nobody."""


def fitting_ground(
    db: Archive, wanted: Filter, by: Period | None, split: Split | None, on_progress: OnProgress = silent
) -> Ground | None:
    """What hits over time are counted on; with `by` None, in the periods that suit the length of the span: days, months
    or years.
    """
    on_progress("days of all papers", 0, 0)
    found = ground(db, wanted, by=by or "month", split=split)
    if found is None or by is not None:
        return found
    days = sum(length for length, _ in found.days.values())
    if days > DAYS and len(found.days) <= MONTHS:
        return found
    return ground(db, wanted, by="day" if days <= DAYS else "year", split=split)


def within(on: Ground, since: date | None, until: date | None) -> Ground | None:
    """A part of a ground by day, in periods that suit its length; None if it has no day. The archive is not queried."""
    first, last = since.isoformat() if since else "", until.isoformat() if until else "9999"
    days = [day for day in on.days if first <= day <= last]
    if not days:
        return None
    months = len({day[:7] for day in days})
    by: Period = "day" if len(days) <= DAYS else "month" if months <= MONTHS else "year"
    lengths: dict[str, list[int]] = {}
    numbers: dict[str, int] = {}
    for day in days:
        period = period_of(day, by)
        length = lengths.setdefault(period, [0, 0])
        length[0] += 1
        length[1] += on.days[day][1]
        numbers[period] = numbers.get(period, 0) + on.of_all[None].get(day, 0)
    return replace(on, by=by, days=lengths, of_all={None: numbers}, papers={None: {}})


def over_time(
    db: Archive, queries: Sequence[str], *, exact: bool, on: Ground, on_progress: OnProgress = silent
) -> tuple[list[Series], tuple[str, ...], int]:
    """Each query ("": all articles) over time, what was not understood, and how many articles have no date."""
    asked = [(query, search.understand(db, query, exact=exact) if query else None) for query in queries]
    hints = tuple(dict.fromkeys(hint for _, what in asked if what for hint in what.hints))
    found = []
    for done, (query, what) in enumerate(asked):
        on_progress("queries counted", done, len(asked))
        found += over(db, on, query, what)
    return found, hints, tallies.undated(db, on.wanted) + on.unreadable


def hits_over_time(db: Archive, asked: SearchRequest, *, on: Ground) -> list[Series] | None:
    """A search over time, counted to the last hit; None if that takes longer than a search may."""
    understood = _understood(db, asked)
    try:
        with watch.limited(db, "hits over time", SEARCH_S):
            return over(db, replace(on, wanted=asked.filter()), asked.query, understood)
    except ArchiveSlow:
        return None


def concordance_table(
    db: Archive,
    asked: SearchRequest,
    *,
    sort: Sort,
    width: int,
    limit: int,
    most: int = MAX_READ,
    on_progress: OnProgress = silent,
) -> AnswerTable:
    """Words in their context."""
    understood = search.understand(db, asked.query, exact=asked.exact)
    numbers = passages.chosen_articles(db, understood, asked.filter(), by="site" if sort == "site" else "date")
    read = numbers if sort in ("date", "site") else evenly(numbers, most)
    found = concordance(
        db, understood, asked.filter(), width=width, sort=sort, limit=limit, numbers=read, on_progress=on_progress
    )
    rows = list(islice(found, limit))
    return AnswerTable(rows=rows, found=len(numbers), read=len(read), hints=tuple(understood.hints))


def words_table(
    db: Archive,
    asked: SearchRequest,
    *,
    how: HowWords,
    limit: int,
    most: int = MAX_READ,
    on_progress: OnProgress = silent,
) -> AnswerTable:
    """The words that distinguish a selection, its most common ones, its pairs of words, or the neighbours of the
    query's words.
    """
    understood, wanted = _understood(db, asked), asked.filter()
    is_all = understood is None and wanted == ALL
    if is_all and how == "key":
        return AnswerTable(rows=[], facts={"is_all": True})
    numbers = passages.chosen_articles(db, understood, wanted, by="date")
    read = evenly(numbers, most)
    without, languages = stop_words(db, read)
    answer = AnswerTable(rows=[], found=len(numbers), read=len(read), facts={"languages": languages})
    answer.hints = tuple(understood.hints) if understood else ()
    if how == "near":
        if understood is not None:
            answer.rows, answer.facts["places"] = collocations(
                db, understood, wanted, limit=limit, without=without, numbers=read, on_progress=on_progress
            )
    elif how == "pairs":
        answer.rows = runs_of_words(db, read, 2, limit=limit, without=without, on_progress=on_progress).runs
    elif is_all:
        answer.rows, answer.read = top_words_of_all(db, limit=limit, without=without), len(numbers)
    else:
        counts = count_words(db, read, on_progress)
        answer.facts["words"] = counts.words
        if counts.words:
            answer.rows = top_words(counts, limit=limit, without=without)
        if how == "key":
            answer.rows = key_words(db, counts, limit=limit, least=LEAST, without=without, on_progress=on_progress)
    return answer


def names_table(
    db: Archive,
    asked: SearchRequest,
    *,
    kind: str | None,
    is_quoted: bool,
    limit: int,
    most: int = MAX_READ,
    on_progress: OnProgress = silent,
) -> AnswerTable:
    """People and places."""
    understood = _understood(db, asked)
    numbers = passages.chosen_articles(db, understood, asked.filter(), by="date")
    read = evenly(numbers, most)
    found = names(db, read, on_progress=on_progress)
    rows = [each for each in found.found if kind in (None, each.kind) and (each.quotes or not is_quoted)]
    if is_quoted:
        rows.sort(key=lambda each: (-each.quotes, -each.articles, each.name))
    hints = tuple(understood.hints) if understood else ()
    skipped = dict(found.skipped.most_common())
    return AnswerTable(rows=rows[:limit], found=len(numbers), read=len(read), hints=hints, facts={"skipped": skipped})


def spread_table(db: Archive, asked: SearchRequest, *, limit: int, on_progress: OnProgress = silent) -> AnswerTable:
    """The stories that a search's articles belong to, those in the most papers first; `facts` has each paper's rank in
    them.
    """
    understood = _understood(db, asked)
    is_all = understood is None and asked.filter() == ALL
    numbers = None if is_all else passages.chosen_articles(db, understood, asked.filter())
    found = list(stories(db, numbers, on_progress=on_progress))
    found.sort(key=lambda story: (-story.papers, -story.articles, story.cluster_id))
    hints = tuple(understood.hints) if understood else ()
    facts = {"papers": leaders(found), "stories": len(found)}
    return AnswerTable(rows=found[:limit], found=len(numbers or ()), read=len(numbers or ()), hints=hints, facts=facts)


def evenly(numbers: list[int], most: int) -> list[int]:
    """At most that many of the numbers, at equal distances: from a list by date, evenly spaced in time."""
    if len(numbers) <= most:
        return numbers
    return [numbers[at * len(numbers) // most] for at in range(most)]


def _understood(db: Archive, asked: SearchRequest) -> Understood | None:
    return search.understand(db, asked.query, exact=asked.exact) if asked.query else None
