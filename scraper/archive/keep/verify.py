"""Is everything in the archive still what was stored? Structure, references, search index, and every stored digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.hashes import article_problem, revision_problems
from scraper.archive.file.lookup import as_written
from scraper.archive.file.shape import strange
from scraper.archive.file.store import body_of, dictionary_body
from scraper.archive.file.watch import limited
from scraper.errors import ArchiveDamaged, ArchiveSlow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


BLOCK = 1_000  # numbers examined together
EMPTY_BLOCKS = 100_000  # in a row, where damage hides the gaps: a number may be any
_WRONG = (ArchiveDamaged, ArchiveSlow, sqlite3.DatabaseError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One fault; `urls` are the addresses whose captures or articles it destroys.

    "reread": a page of a sample is read differently today, which can also be due to new rules.
    """

    part: Literal["structure", "schema", "reference", "search", "dictionary", "body", "article", "revision", "reread"]
    detail: str
    urls: tuple[str, ...] = ()


Watch = Callable[[str, int, int | None], None]
"""Told what is looked at, how many are done, and of how many; None: nobody knows."""


def verify(db: Database, *, on_progress: Watch = lambda _what, _done, _of: None) -> Iterator[Damage]:
    """Everything that is wrong, as it is found; nothing is changed. Reads the whole file.

    SQLite's own checks see the file's structure only: they miss a byte flipped inside a body or a text, or a row
    changed by hand. So each body is unpacked and hashed again, and so is what was read, from its rows.
    """
    on_progress("structure", 0, None)
    yield from _structure(db)
    yield from _dictionaries(db)
    yield from _bodies(db, on_progress)
    yield from _articles(db, on_progress)


def unchecked(db: Database) -> list[str]:
    """What `verify` has nothing to compare with, in words."""
    told = [
        "addresses, times and headers of captures, the log of attempts, the queue, robots.txt: no digest of them is kept",
        "the words in the search index: only whether each article is in it",
    ]
    try:
        without = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM article_captures)"
        if count := db.execute(without).fetchall()[0][0]:
            told.append(f"whether {count} articles say what their pages say: those are not here")
        if others := strange(db)[1]:
            told.append(f"what is not of kliping: {', '.join(others)}")
    except sqlite3.DatabaseError:
        pass  # already named as damage
    return told


def _structure(db: Database) -> Iterator[Damage]:
    try:
        for (line,) in db.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                yield Damage(part="structure", detail=line)
        yield from (Damage(part="schema", detail=each) for each in strange(db)[0])
        for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
            yield Damage(part="reference", detail=f"{table} {rowid or ''} refers to a missing row of {parent}")
        # FTS5's own integrity-check is a write, which a verification must not do.
        missing = db.execute("SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)")
        surplus = db.execute("SELECT count(*) FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)")
        for count, text in (
            (missing.fetchall()[0][0], "articles cannot be found"),
            (surplus.fetchall()[0][0], "too many"),
        ):
            if count:
                yield Damage(part="search", detail=f"articles_fts: {count} {text}")
        yield from _facets(db)
    except sqlite3.DatabaseError as error:
        yield Damage(part="structure", detail=str(error))


def _facets(db: Database) -> Iterator[Damage]:
    """Whether the triggers have counted every article where it belongs."""
    other = (
        "SELECT count(*) FROM articles AS a LEFT JOIN article_facets AS x ON x.article_id = a.id LEFT JOIN facets AS f"
        " ON f.id = x.facet_id WHERE (f.site, f.month, f.region_code, f.kind) IS NOT (ifnull(a.site, ''),"
        " ifnull(substr(a.published_at, 1, 7), ''), ifnull(a.region_code, ''), a.kind)"
    )
    wrong = (
        "SELECT count(*) FROM facets AS f LEFT JOIN (SELECT facet_id, count(*) AS articles FROM article_facets GROUP BY 1)"
        " AS x ON x.facet_id = f.id WHERE f.articles <> ifnull(x.articles, 0)"
    )
    for sql, text in ((other, "articles are counted as something else"), (wrong, "facets have a wrong number")):
        if count := db.execute(sql).fetchall()[0][0]:
            yield Damage(part="search", detail=f"facets: {count} {text}")


def _dictionaries(db: Database) -> Iterator[Damage]:
    """Each by its own row; what is packed against a damaged one may still be intact, since its page is also a body."""
    for number in _numbers(db, ("dictionaries", "id"), ("bodies", "dictionary_id")):
        try:
            with limited(db, f"dictionary {number}"):
                dictionary_body(db, number)
        except KeyError:
            yield Damage(part="dictionary", detail=f"dictionary {number}: missing")
        except _WRONG as error:
            detail = str(error) if isinstance(error, ArchiveDamaged) else f"dictionary {number}: {error}"
            yield Damage(part="dictionary", detail=detail)


def _bodies(db: Database, on_progress: Watch) -> Iterator[Damage]:
    of = _one(db, "SELECT count(*) FROM bodies")
    for done, number in enumerate(_numbers(db, ("bodies", "id"), ("captures", "body_id")), start=1):
        on_progress("bodies", done, of)
        try:
            with limited(db, f"body {number}"):
                body_of(db, number)
            continue
        except KeyError:
            detail = f"body {number}: missing"
        except _WRONG as error:
            detail = str(error) if isinstance(error, ArchiveDamaged) else f"body {number}: {error}"
        yield Damage(part="body", detail=detail, urls=_urls(db, number))


def _articles(db: Database, on_progress: Watch) -> Iterator[Damage]:
    """Each article with its dependent rows, and each of its earlier versions, against the digests stored with them."""
    of = _one(db, "SELECT count(*) FROM articles")
    numbers = _numbers(db, ("articles", "id"), ("revisions", "article_id"), ("article_captures", "article_id"))
    for done, number in enumerate(numbers, start=1):
        on_progress("articles", done, of)
        earlier: list[tuple[int, str]] = []
        what = f"article {number}"
        try:
            with limited(db, what), as_written(what):
                problem = article_problem(db, number)
                earlier = list(revision_problems(db, number))
        except StopIteration:
            problem = "missing"
        except _WRONG as error:
            problem = str(error).removeprefix(f"{what}: ")
        if problem is None and not earlier:
            continue
        urls = _article_url(db, number)
        if problem is not None:
            yield Damage(part="article", detail=f"{what}: {problem}", urls=urls)
        for revision, detail in earlier:
            yield Damage(part="revision", detail=f"{what}, version {revision}: {detail}", urls=urls)


def _numbers(db: Database, *columns: tuple[str, str]) -> Iterator[int]:
    """Every number that exists or should exist, in order: if the table has lost a row, what refers to it still knows.

    It works in blocks: memory stays small, and damage in one block does not hide the next. Gaps of any width are
    skipped.
    """
    last = max((_one(db, f"SELECT max({column}) FROM {table}") or 0 for table, column in columns), default=0)  # noqa: S608
    start, empty = -1 << 63, 0
    while start <= last and empty < EMPTY_BLOCKS:
        nexts = [_next(db, table, column, start, last + 1) for table, column in columns]
        known = [each for each in nexts if each is not None]
        # If a table cannot tell its next number, every block is tried.
        start = min(known) if len(known) == len(nexts) else max(start, 1)
        end = min(start + BLOCK, last + 1)
        found: set[int] = set()
        for table, column in columns:
            sql = f"SELECT {column} FROM {table} WHERE {column} BETWEEN ? AND ?"  # noqa: S608
            try:
                with limited(db, table):
                    found.update(number for (number,) in db.execute(sql, [start, end - 1]))
            except (ArchiveSlow, sqlite3.DatabaseError):  # what came before it counts; _structure has named the damage
                continue
        yield from sorted(found)
        start, empty = end, 0 if found else empty + 1


def _next(db: Database, table: str, column: str, start: int, none: int) -> int | None:
    return _one(db, f"SELECT coalesce(min({column}), {none}) FROM {table} WHERE {column} >= {start}")  # noqa: S608


def _one(db: Database, sql: str) -> int | None:
    try:
        with limited(db, "a number"):
            return int(db.execute(sql).fetchall()[0][0] or 0)
    except (ArchiveSlow, sqlite3.DatabaseError):
        return None


def _article_url(db: Database, number: int) -> tuple[str, ...]:
    try:
        return tuple(url for (url,) in db.execute("SELECT url FROM articles WHERE id = ?", [number]).fetchall())
    except sqlite3.DatabaseError:
        return ()


def _urls(db: Database, body_id: int) -> tuple[str, ...]:
    try:
        rows = db.execute(
            "SELECT u.url FROM captures AS c JOIN urls AS u ON u.id = c.url_id WHERE c.body_id = ? ORDER BY c.id",
            [body_id],
        ).fetchall()
    except sqlite3.DatabaseError:
        return ()
    return tuple(url for (url,) in rows)
