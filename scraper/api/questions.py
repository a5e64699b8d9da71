"""The questions of analysts as methods of an archive: over time, in context, by words, by names."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Unpack

from scraper.analysis import words as counting
from scraper.analysis.concordance import Line, Sort, concordance
from scraper.analysis.names import Named, names
from scraper.analysis.sampling import Drawn, Stratum, draw, some_of
from scraper.analysis.spread import Leader, StoryStep, leaders, stories
from scraper.analysis.trends import Period, Point, Split, trends
from scraper.api.choice import Choice, as_filter
from scraper.api.table import Table
from scraper.archive.ask import passages, saved_searches, search
from scraper.archive.ask.filters import ALL
from scraper.archive.ask.selection import Selection
from scraper.archive.file import connection
from scraper.records import json_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.search import Understood
    from scraper.archive.file.library import Archive


class ArchiveWarning(UserWarning):
    """A warning that readers of an answer must see: words left out of a query, or articles lost to damage."""


class Questions:
    """The questions about many articles at once that an open archive answers. A query may be "@NAME", a saved search."""

    path: Path
    _db: Archive

    @contextmanager
    def reading(self) -> Iterator[Archive]:
        """The handle that the functions of `scraper.archive` take, for what has no method here; errors are raised as
        ArchiveError.
        """
        with connection.translated(self.path):
            yield self._db

    def trends(
        self, *queries: str, by: Period = "month", split: Split | None = None, **choice: Unpack[Choice]
    ) -> Table:
        """How many articles each query finds in each "day", "week", "month" or "year", and out of how many; without a
        query, all articles.

        `split` gives one series for each "site", "province" or the like. `articles` is None, not 0, if nothing is known
        about a period: no article appeared and nobody looked.
        """
        with self.reading() as db:
            asked = [self._asked(db, query, choice) for query in queries or ("",)]
            found = []
            for query, (what, wanted) in zip(queries or ("all",), asked, strict=True):
                found += trends(db, [(query, what)], wanted, by=by, split=split)
        rows = ((each.query, each.group, *_values(point)) for each in found for point in each.points)
        return Table(("query", "group", *_columns(Point)), tuple(rows))

    def concordance(
        self,
        query: str,
        *,
        width: int = 40,
        sort: Sort = "date",
        limit: int | None = 100,
        **choice: Unpack[Choice],
    ) -> Table:
        """Every place where a query matches, with the words around it; sorted by "date", "site", "left", "right" or
        "match".
        """
        with self.reading() as db:
            what, wanted = self._words(db, query, choice)
            return _table(Line, concordance(db, what, wanted, width=width, sort=sort, limit=limit))

    def words(
        self,
        query: str = "",
        *,
        limit: int = 50,
        function_words: bool = False,
        sample: int | None = None,
        **choice: Unpack[Choice],
    ) -> Table:
        """The most common words of the chosen articles; with `sample`, an estimate from that many of them, drawn at
        random.
        """
        with self.reading() as db:
            among = self._among(db, query, choice)
            numbers = passages.chosen_articles(db, None) if among is None else among
            without = () if function_words else counting.stop_words(db, numbers)[0]
            if among is None and sample is None:  # the index knows the answer
                return _table(counting.TopWord, counting.top_words_of_all(db, limit=limit, without=without))
            counts = self._counted(counting.count_words(db, some_of(numbers, sample)))
            return _table(counting.TopWord, counting.top_words(counts, limit=limit, without=without))

    def keywords(
        self,
        query: str = "",
        *,
        limit: int = 50,
        least: int = 3,
        function_words: bool = False,
        sample: int | None = None,
        **choice: Unpack[Choice],
    ) -> Table:
        """The words that distinguish the chosen articles from the rest of the archive: log-likelihood (G²) and log
        ratio.

        Words in fewer than `least` of the articles are left out. `sample` as in words().
        """
        with self.reading() as db:
            numbers = some_of(self._numbers(db, query, choice), sample)
            without = () if function_words else counting.stop_words(db, numbers)[0]
            counts = self._counted(counting.count_words(db, numbers))
            found = counting.key_words(db, counts, limit=limit, least=least, without=without)
            return _table(counting.KeyWord, found)

    def collocations(
        self,
        query: str,
        *,
        window: int = 5,
        by: counting.Measure = "g2",
        limit: int = 50,
        least: int = 3,
        function_words: bool = False,
        **choice: Unpack[Choice],
    ) -> Table:
        """Words that occur within `window` words of the query's more often than elsewhere, ranked by "g2", "pmi" or
        "logdice".
        """
        with self.reading() as db:
            what, wanted = self._words(db, query, choice)
            numbers = passages.chosen_articles(db, what, wanted)
            without = () if function_words else counting.stop_words(db, numbers)[0]
            found, _ = counting.collocations(
                db, what, wanted, window=window, measure=by, limit=limit, least=least, without=without
            )
            return _table(counting.Collocate, found)

    def names(self, query: str = "", *, least: int = 2, sample: int | None = None, **choice: Unpack[Choice]) -> Table:
        """The people named and quoted in the chosen articles, and the places named.

        docs/analysis.md says what the method misses. `sample` as in words().
        """
        with self.reading() as db:
            done = names(db, some_of(self._numbers(db, query, choice), sample), least=least)
        if done.skipped:
            _warn(
                f"{done.skipped.total()} articles are in languages for which kliping has no such words: {dict(done.skipped)}"
            )
        if done.unreadable:
            _warn(f"{done.unreadable} articles are damaged and not counted")
        return _table(Named, done.found)

    def runs(
        self,
        query: str = "",
        *,
        length: int = 2,
        limit: int = 50,
        least: int = 3,
        function_words: bool = False,
        sample: int | None = None,
        **choice: Unpack[Choice],
    ) -> Table:
        """The most common runs of `length` words (n-grams) within sentences; pairs also have G² and logDice."""
        with self.reading() as db:
            numbers = some_of(self._numbers(db, query, choice), sample)
            without = () if function_words else counting.stop_words(db, numbers)[0]
            found = counting.runs_of_words(db, numbers, length, limit=limit, least=least, without=without)
        self._counted(found.counts)
        if found.forgotten:
            _warn("there were too many runs to keep them all: counts of rare ones are too low")
        return _table(counting.Run, found.runs)

    def spread(self, query: str = "", **choice: Unpack[Choice]) -> Table:
        """Stories that several papers carry (clusters of copies): when each paper had it, and how many hours after the
        first.

        `hours` is None if a page prints no time of day. `kliping clusters --update` looks for the copies.
        """
        with self.reading() as db:
            found = list(stories(db, self._among(db, query, choice)))
        rows = ((each.cluster_id, each.headline, each.papers, *_values(step)) for each in found for step in each.steps)
        return Table(("cluster_id", "headline", "papers", *_columns(StoryStep)), tuple(rows))

    def leaders(self, query: str = "", **choice: Unpack[Choice]) -> Table:
        """How each paper did in the stories it shares with others: how often it was first, and how far behind when it
        was not.
        """
        with self.reading() as db:
            return _table(Leader, leaders(stories(db, self._among(db, query, choice))))

    def sample(
        self,
        query: str = "",
        *,
        size: int,
        seed: int = 1,
        by: Sequence[Stratum] = (),
        equal: bool = False,
        **choice: Unpack[Choice],
    ) -> Table:
        """A random sample, the same for the same seed on every machine. `by` names strata ("site", "month" …).

        Each stratum gets its share, or with `equal` as many articles as the others. `weight` is how many articles a
        drawn one stands for.
        """
        with self.reading() as db:
            numbers = self._numbers(db, query, choice)
            return _table(Drawn, draw(db, numbers, size, seed=seed, by=by, is_equal=equal).drawn)

    def _among(self, db: Archive, query: str, choice: Choice) -> Sequence[int] | None:
        """The numbers of the chosen articles; None for all."""
        asked, wanted = self._asked(db, query, choice)
        return None if asked is None and wanted == ALL else passages.chosen_articles(db, asked, wanted)

    def _selection(self, db: Archive, query: str | None, choice: Choice, *, exact: bool = False) -> Selection:
        """The meaning of a query and a choice together; the choice narrows a saved search."""
        wanted = as_filter(db, choice)
        if query and query.startswith("@") and saved_searches.is_search_name(query[1:]):
            saved = saved_searches.saved_search(self.path, query[1:])
            query, exact, wanted = saved.query or None, exact or saved.exact, saved_searches.narrowed(saved, wanted)
        return Selection(wanted=wanted, query=query, exact=exact)

    def _asked(
        self, db: Archive, query: str, choice: Choice, *, exact: bool = False
    ) -> tuple[Understood | None, Filter]:
        """A query as it is understood (None if the choice alone decides), and the choice; warns about words that are
        left out.
        """
        meant = self._selection(db, query, choice, exact=exact)
        if not (meant.query or "").strip():
            return None, meant.wanted
        asked = search.understand(db, meant.query or "", exact=meant.exact)
        for hint in asked.hints:
            _warn(hint)
        return asked, meant.wanted

    def _words(self, db: Archive, query: str, choice: Choice) -> tuple[Understood, Filter]:
        asked, wanted = self._asked(db, query, choice)
        if asked is None or asked.match is None:
            raise ValueError(f"{query!r} has no word to search for")
        return asked, wanted

    def _numbers(self, db: Archive, query: str, choice: Choice) -> Sequence[int]:
        return passages.chosen_articles(db, *self._asked(db, query, choice))

    def _counted(self, counts: counting.Counts) -> counting.Counts:
        if counts.unspaced:
            _warn(f"{counts.unspaced} articles are in a script without blanks: their words are not counted separately")
        if counts.unreadable:
            _warn(f"{counts.unreadable} articles are damaged and not counted")
        return counts


def _warn(text: str) -> None:
    warnings.warn(text, ArchiveWarning, stacklevel=4)


def _columns(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _values(record: object) -> tuple[Any, ...]:
    return tuple(json_fields(record).values())


def _table(kind: type[Any], records: Iterable[object]) -> Table:
    return Table(_columns(kind), tuple(map(_values, records)))
