"""An archive as an object: `scraper.open("kliping.db")`."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack

from scraper.api.choice import Choice, check_sites
from scraper.api.questions import ArchiveWarning, Questions
from scraper.api.table import Table, library
from scraper.archive.ask import counts as archive_counts
from scraper.archive.ask import reader_sql, selection, versions
from scraper.archive.ask import search as archive_search
from scraper.archive.ask.search import COUNT_BY, count
from scraper.archive.ask.selection import Selection, Unreadable
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.write import clusters as archive_clusters
from scraper.archive.write import progress
from scraper.duplicates import shared_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from types import TracebackType

    from scraper.archive.ask.counts import Stats
    from scraper.archive.ask.search import CountBy, Order, SearchHit
    from scraper.archive.ask.versions import History
    from scraper.archive.file.lookup import StoredArticle, Taken
    from scraper.archive.write.clusters import Cluster, SharedQuote


@dataclass(slots=True, kw_only=True)
class Articles:
    """The articles of an archive that were chosen, in the order of their numbers; each is read when the iteration
    reaches it.

    len() counts them. Articles lost to damage are skipped with an ArchiveWarning and listed in `unreadable`.
    """

    _of: OpenArchive
    _selection: Selection
    unreadable: list[Unreadable] = field(default_factory=list)

    def __iter__(self) -> Iterator[StoredArticle]:
        self.unreadable.clear()
        with self._of.reading() as db:
            for found in selection.selected_articles(db, self._selection):
                if isinstance(found, Unreadable):
                    self.unreadable.append(found)
                    warnings.warn(f"article {found.key}: {found.detail}", ArchiveWarning, stacklevel=2)
                else:
                    yield found

    def __len__(self) -> int:
        with self._of.reading() as db:
            return selection.count_articles(db, self._selection)

    def to_arrow(self) -> Any:
        """A pyarrow Table with the columns of an export (schemas/README.md). Raises ExtraMissing if pyarrow is not
        installed.
        """
        from scraper.exchange.forms.parquet import arrow_table  # noqa: PLC0415  (an extra)

        return arrow_table(self)

    def to_pandas(self) -> Any:
        """A pandas DataFrame with the same columns. Raises ExtraMissing if pandas or pyarrow is not installed."""
        library("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A polars DataFrame with the same columns. Raises ExtraMissing if polars or pyarrow is not installed."""
        return library("polars").from_arrow(self.to_arrow())


class OpenArchive(Questions):
    """An archive that is open for reading, even while a crawl writes to it.

    It also answers the questions of Questions (trends, concordance, words …). Close it with close(), or use it in a
    `with` block. It belongs to the thread that opened it. Every method raises ArchiveError if the file cannot be read,
    and ValueError for a choice that makes no sense.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._db = self._stack.enter_context(open_archive(path))

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"scraper.open({str(self.path)!r})"

    def article(self, key: int | str) -> StoredArticle | None:
        """An article by its number or any of its URLs; None if there is none."""
        with self.reading() as db:
            return lookup.article(db, key)

    def articles(self, query: str | None = None, **choice: Unpack[Choice]) -> Articles:
        """The articles that contain the words of `query` (as search() understands it; None: all articles) and match the
        choice.
        """
        with self.reading() as db:
            self._asked(db, query or "", choice)
            return Articles(_of=self, _selection=self._selection(db, query, choice))

    def search(
        self,
        query: str,
        *,
        order: Order = "relevance",
        limit: int = 20,
        offset: int = 0,
        exact: bool = False,
        **choice: Unpack[Choice],
    ) -> list[SearchHit]:
        """The best articles that contain all words of a query, or the newest ones with order="date"; for "" the newest
        of all.

        `"a phrase"`, `word*`, `a OR b`, `a NOT b`, `NEAR(a b, 10)` and `headline:a` narrow it down; everything else is
        taken literally. An Indonesian word also matches its other forms, unless `exact`. An ArchiveWarning says what
        was left out of a query.
        """
        with self.reading() as db:
            asked, wanted = self._asked(db, query, choice, exact=exact)
            return archive_search.search(db, asked or "", wanted, order=order, limit=limit, offset=offset)

    def counts(self, by: CountBy, query: str = "", *, limit: int = 1000, **choice: Unpack[Choice]) -> Table:
        """The number of articles by "site", "day", "month", "year", "author", "tag", "section", "region" or "kind"."""
        if by not in COUNT_BY:
            raise ValueError(f"{by!r} is not something to count by: choose one of {', '.join(COUNT_BY)}")
        with self.reading() as db:
            asked, wanted = self._asked(db, query, choice)
            return Table((by, "articles"), tuple(count(db, asked or "", by, wanted, limit=limit)))

    def revisions(self, key: int | str) -> History:
        """All versions of an article, oldest first, with what changed and who changed it. Raises KeyError if there is
        no such article.
        """
        with self.reading() as db:
            return versions.versions_of(db, self._number(key))

    def captures(self, key: int | str) -> list[Taken]:
        """What was fetched for an article, oldest first, without the bodies. Raises KeyError if there is no such article."""
        with self.reading() as db:
            return lookup.captures_of(db, self._number(key))

    def body(self, key: int | str, *, at: datetime | None = None) -> bytes | None:
        """The bytes of a URL's last answer, or of a capture by its number; with `at`, the last answer up to that
        moment.

        None if nothing was captured (by then). Raises ValueError for a moment without a time zone.
        """
        if at is not None and at.tzinfo is None:
            raise ValueError("the time needs a zone")
        with self.reading() as db:
            number = lookup.capture_at(db, key, before=at)
            return None if number is None else lookup.capture(db, number).body

    def clusters(
        self, *, site: str | None = None, kind: Literal["same", "rewrite"] | None = None, limit: int = 20
    ) -> list[Cluster]:
        """The largest groups of articles that are copies of each other (of one `kind`, if given), as of the last
        `kliping clusters`.
        """
        with self.reading() as db:
            check_sites(db, [site] if site else [])
            return archive_clusters.clusters(db, site=site, kind=kind, limit=limit)

    def shared_quotes(self, *, site: str | None = None, limit: int = 20) -> list[SharedQuote]:
        """The quotations that appear word for word in the most papers, without articles that are all copies of each
        other.

        They are as of the last `kliping clusters`.
        """
        with self.reading() as db:
            check_sites(db, [site] if site else [])
            return shared_quotes(db, site=site, limit=limit)

    def coverage(self, site: str | None = None) -> Table:
        """Which days of a site's archive by date were walked, month by month, as `kliping coverage` shows it.

        Empty if nobody has asked for that site's archive by date.
        """
        with self.reading() as db:
            rows = progress.coverage(db, site)
        columns = tuple(rows[0]) if rows else ()
        return Table(columns, tuple(tuple(row.values()) for row in rows))

    def stats(self) -> Stats:
        """Counts over the whole archive."""
        with self.reading() as db:
            return archive_counts.stats(db)

    def sql(self, statement: str, values: Sequence[Any] | dict[str, Any] = ()) -> Table:
        """The answer to one SQL statement, which cannot change the archive. Raises ArchiveError if the SQL is wrong."""
        with self.reading() as db:
            return Table(*reader_sql.rows_of_statement(db, statement, values))

    def _number(self, key: int | str) -> int:
        found = lookup.article(self._db, key)
        if found is None:
            raise KeyError(key)
        return found.article_id


def open(path: str | Path = "kliping.db") -> OpenArchive:  # noqa: A001  (as scraper.open)
    """Open an archive for reading. Raises ArchiveError if there is none, or if it cannot be read."""
    return OpenArchive(Path(path))
