"""The articles of two archives that are being merged: those only in the other one are copied, two histories of one
article become one.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scraper.archive.file.articles import PageReading, article_row, fate_of, kept_article, stored_version
from scraper.archive.file.rows import columns, insert, translated_columns
from scraper.archive.file.times import to_text
from scraper.changes import is_same, kinds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.records import Article

_BATCH = 500
# For an article `s` there and `a` here: both have the same history, and the other archive saw nothing in it for longer.
_IS_KNOWN = (
    "a.content_hash = s.content_hash AND a.revision = s.revision"
    " AND a.first_seen_at <= s.first_seen_at AND a.last_seen_at >= s.last_seen_at"
    " AND NOT EXISTS (SELECT 1 FROM source.revisions AS r WHERE r.article_id = s.id AND NOT EXISTS (SELECT 1 FROM main.revisions AS o"
    " WHERE o.article_id = a.id AND o.revision = r.revision AND o.content_hash = r.content_hash AND o.seen_at = r.seen_at"
    " AND o.replaced_at = r.replaced_at))"
)
_PARTS = ("bylines", "related_links", "tags", "images")
_MAPPED = {
    "person_id": "people",
    "capture_id": "captures",
    "next_capture_id": "captures",
    "run_id": "runs",
    "site_id": "sites",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedVersion:
    """One version of an article as one archive has it: its columns in `revisions`, with the target's numbers.

    `since` is when it was first seen; a current version has no `replaced_at`.
    """

    row: dict[str, Any]
    since: str
    is_own: bool

    @property
    def is_current(self) -> bool:
        """Whether it is the newest one its archive knows."""
        return self.row["replaced_at"] is None


def one_history(own: Sequence[JoinedVersion], others: Sequence[JoinedVersion]) -> list[JoinedVersion]:
    """The versions of both, in the order in which they were seen, each once; the current one last. Pure.

    Two current readings of the same capture come from two extractors and are not an edit: our own stays.
    """
    last_own = own[-1]
    kept = list(others)
    if kept and kept[-1].row["capture_id"] == last_own.row["capture_id"] is not None:
        kept.pop()
    found: list[JoinedVersion] = []
    for told in sorted(
        (*own, *kept), key=lambda each: (each.row["seen_at"], each.row["replaced_at"] or "9", not each.is_own)
    ):
        if found and found[-1].row["content_hash"] == told.row["content_hash"]:
            before = found.pop()
            # A version seen by both: our own row, over the whole time that either saw it.
            first = before if before.is_own or not told.is_own else told
            row = first.row | {"seen_at": max(before.row["seen_at"], told.row["seen_at"])}
            if told.is_current or before.is_current:
                row |= {"replaced_at": None}
            found.append(JoinedVersion(row=row, since=min(before.since, told.since), is_own=first.is_own))
        else:
            found.append(told)
    return found


def join_articles(db: Database) -> Counter[str]:
    """Merge the articles of the attached `source` into this archive; returns how many were new, and how many histories
    changed.
    """
    counts: Counter[str] = Counter()
    last = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchall()[0][0]
    _insert_new(db, last)
    counts["articles"] = db.execute("SELECT count(*) FROM articles WHERE id > ?", [last]).fetchall()[0][0]
    number = 0
    while rows := db.execute(
        "SELECT s.id, m.new FROM source.articles AS s JOIN m_articles AS m ON m.old = s.id"  # noqa: S608
        f" JOIN main.articles AS a ON a.id = m.new WHERE m.new <= ? AND s.id > ? AND NOT ({_IS_KNOWN}) ORDER BY s.id LIMIT {_BATCH}",
        [last, number],
    ).fetchall():
        number = rows[-1][0]
        for old, new in rows:
            counts["joined"] += _join(db, old, new)
    return counts


def _insert_new(db: Database, last: int) -> None:
    readable = "s.id NOT IN (SELECT old FROM m_unread)"
    _copy(db, "articles", f"s.url NOT IN (SELECT url FROM main.articles) AND {readable}", order="s.id")  # noqa: S608
    db.execute(
        "INSERT INTO m_articles SELECT s.id, t.id FROM source.articles AS s JOIN main.articles AS t ON t.url = s.url"  # noqa: S608
        f" WHERE {readable}"
    )
    fresh = f"s.article_id IN (SELECT old FROM m_articles WHERE new > {int(last)})"  # noqa: S608
    for table in (*_PARTS, "revisions"):
        _copy(db, table, fresh, order="1")
    # The "+" keeps SQLite from combining both lists at once, each article with each capture.
    _copy(db, "article_captures", f"{fresh} AND +s.capture_id IN (SELECT old FROM m_captures)", order="1")  # noqa: S608


def _copy(db: Database, table: str, where: str, *, order: str) -> None:
    """Copy rows of the source, with every number translated."""
    maps = _MAPPED | {"article_id": "articles"}
    names = columns(db, table)
    values = translated_columns(names, maps)
    if table == "bylines":
        where += " AND s.person_id IN (SELECT old FROM m_people)"
    db.execute(
        f"INSERT INTO main.{table} ({', '.join(names)}) SELECT {', '.join(values)} FROM source.{table} AS s"  # noqa: S608
        f" WHERE {where} ORDER BY {order}"
    )


def _join(db: Database, old: int, new: int) -> bool:
    """Make one history of an article that both have; returns whether anything changed."""
    own = _told(db, "main", new, is_own=True)
    others = _told(db, "source", old, is_own=False)
    found = one_history(own, others)
    first, last = _span(db, "source", old)
    db.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?) WHERE id = ?"
        " AND (first_seen_at > ? OR last_seen_at < ?)",
        [first, last, new, first, last],
    )
    if [each.row["content_hash"] for each in found] == [each.row["content_hash"] for each in own] and found[-1].is_own:
        return False
    if not found[-1].is_own:
        _take_current(db, old, new)
    _rewrite(db, new, found)
    return True


def join_within(db: Database, old: int, new: int) -> None:
    """Make one article of two in this archive: the newer one stays, with the history of both. Call inside a
    transaction.

    If the older one's last text is the newer one's first, that is one version, whoever read it.
    """
    own, others = _told(db, "main", new, is_own=True), _told(db, "main", old, is_own=True)
    if _words_of(others[-1]) == _words_of(own[0]):
        others.pop()
    elif others[-1].row["seen_at"] >= own[-1].row["seen_at"]:  # the newer one's current text stays last
        others[-1] = replace(others[-1], row=others[-1].row | {"seen_at": own[0].since})
    first, last = _span(db, "main", old)
    db.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?) WHERE id = ?",
        [first, last, new],
    )
    _rewrite(db, new, one_history(own, [replace(told, is_own=False) for told in others]))
    db.execute("UPDATE addresses SET article_id = ? WHERE article_id = ?", [new, old])
    db.execute("DELETE FROM articles WHERE id = ?", [old])


def _words_of(told: JoinedVersion) -> tuple[str, str]:
    return told.row["headline"], told.row["body"]


def _rewrite(db: Database, article_id: int, found: Sequence[JoinedVersion]) -> None:
    db.execute("DELETE FROM revisions WHERE article_id = ?", [article_id])
    for number, (told, following) in enumerate(pairwise(found), 1):
        insert(db, "revisions", _revision(told, following, article_id=article_id, number=number))
    db.execute("UPDATE articles SET revision = ? WHERE id = ?", [len(found), article_id])


def add_earlier(db: Database, article: Article, *, url_id: int, capture_id: int, at: datetime) -> bool:
    """Add a text that was seen before the stored one to an article's history; returns whether it is a version of its
    own.

    For pages from elsewhere, which arrive in any order. A multi-page article is left out, since its other pages may be
    from another time. Call inside a transaction.
    """
    kept = kept_article(db, article.url)
    reading = PageReading(article=article, url_id=url_id, at=at)
    if kept is None or article.page_count > 1 or fate_of(db, kept, reading) == "foreign":
        return False
    moment = to_text(at)
    own = _told(db, "main", kept.article_id, is_own=True)
    db.execute("UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?", [moment, kept.article_id])
    columns_of_it = article_row(article)
    names = [name for name in columns(db, "revisions") if name not in ("article_id", "revision")]
    row = {name: columns_of_it.get(name) for name in names} | {"seen_at": moment, "capture_id": capture_id}
    earlier = JoinedVersion(row=row, since=moment, is_own=False)
    found = one_history(own, [earlier])
    if earlier not in found or found[-1] is earlier:
        return False
    place = found.index(earlier)
    beside = [*found[max(0, place - 1) : place], found[place + 1]]
    if any(is_same(_version(each.row), _version(row)) for each in beside):  # except for counters
        return False
    _rewrite(db, kept.article_id, found)
    return True


def _revision(told: JoinedVersion, following: JoinedVersion, *, article_id: int, number: int) -> dict[str, Any]:
    """A version as a row of `revisions`; its replacement is derived where its own archive did not see it."""
    row = told.row | {"article_id": article_id, "revision": number}
    if row["replaced_at"] is None or row["replaced_at"] > following.since:
        kinds = kinds_of(_version(told.row), _version(following.row))
        row |= {
            "replaced_at": max(following.since, row["seen_at"]),
            "replaced_by": "publisher",
            "next_capture_id": following.row["capture_id"],
            "kinds": json.dumps(kinds),
            "run_id": None,
        }
    return row


def _version(row: dict[str, Any]) -> Any:
    return stored_version(row["headline"], row["lede"], row["byline"], row["body"], row["modified_at"])


def _told(db: Database, schema: str, article_id: int, *, is_own: bool) -> list[JoinedVersion]:
    """The versions of an article in one of the archives, oldest first, with this archive's numbers."""
    names = [name for name in columns(db, "revisions") if name not in ("article_id", "revision")]
    rows = list(
        db.query(
            f"SELECT {', '.join(names)} FROM {schema}.revisions WHERE article_id = ? ORDER BY revision",  # noqa: S608
            [article_id],
        )
    )
    kept = set(columns(db, "articles"))
    current = [name for name in names if name in kept]
    rows += list(
        db.query(
            f"SELECT {', '.join(current)}, last_seen_at AS seen_at, NULL AS replaced_at, NULL AS replaced_by,"  # noqa: S608
            f" (SELECT capture_id FROM {schema}.article_captures WHERE article_id = a.id ORDER BY page LIMIT 1) AS capture_id,"
            f" NULL AS next_capture_id, NULL AS kinds, NULL AS run_id FROM {schema}.articles AS a WHERE a.id = ?",
            [article_id],
        )
    )
    if not is_own:
        rows = [_translated(db, row) for row in rows]
    since = _span(db, schema, article_id)[0]
    found = []
    for row in rows:
        found.append(JoinedVersion(row=row, since=since, is_own=is_own))
        since = row["replaced_at"] or since
    return found


def _translated(db: Database, row: dict[str, Any]) -> dict[str, Any]:
    changed = {}
    for name in ("capture_id", "next_capture_id", "run_id"):
        found = db.execute(f"SELECT new FROM m_{_MAPPED[name]} WHERE old = ?", [row[name]]).fetchall()  # noqa: S608
        changed[name] = found[0][0] if found else None
    return row | changed


def _span(db: Database, schema: str, article_id: int) -> tuple[str, str]:
    first, last = db.execute(
        f"SELECT first_seen_at, last_seen_at FROM {schema}.articles WHERE id = ?",  # noqa: S608
        [article_id],
    ).fetchall()[0]
    return first, last


def _take_current(db: Database, old: int, new: int) -> None:
    """Replace this archive's reading of an article with the other archive's."""
    maps = _MAPPED | {"article_id": "articles"}
    names = [
        name for name in columns(db, "articles") if name not in ("url", "first_seen_at", "last_seen_at", "revision")
    ]
    values = translated_columns(names, maps)
    db.execute(
        f"UPDATE articles SET ({', '.join(names)}) = (SELECT {', '.join(values)} FROM source.articles AS s WHERE s.id = ?)"  # noqa: S608
        " WHERE id = ?",
        [old, new],
    )
    for table in (*_PARTS, "article_captures"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [new])  # noqa: S608
        extra = " AND s.capture_id IN (SELECT old FROM m_captures)" if table == "article_captures" else ""
        _copy(db, table, f"s.article_id = {int(old)}{extra}", order="1")
