"""Rereading: what there is to read, what was read differently, applying that in one step and undoing it.

A run stores its results in `reread_changes` as it goes, so that a killed one continues where it was; the articles
themselves change in one transaction at the end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.articles import (
    SiteRow,
    columns_of,
    content_hash,
    insert_article,
    keep_revision,
    kept_article,
    rewrite_article,
)
from scraper.archive.file.connection import transaction
from scraper.archive.file.lookup import article, capture
from scraper.archive.file.rows import to_json
from scraper.archive.file.times import to_text
from scraper.archive.write.doubts import ASIDE_SQL
from scraper.archive.write.identity import known_as
from scraper.archive.write.rejudging import swap_rejudged
from scraper.confidence import confidence_of
from scraper.errors import ArchiveDamaged, ArchiveRefused
from scraper.records import FROM_EARLIER, article_from_json, as_json
from scraper.sites.registry import by_slug
from scraper.text import storable
from scraper.typed import replace
from scraper.urls import page_number, without_userinfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from scraper.records import Article, Capture

ChangeKind = Literal["changed", "gained", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which articles are read again: of a portal, read by a layout, published on a day or later, from hosts; None or ()
    means any.

    Captures that yielded no article are read too, unless a layout is named.
    """

    site: str | None = None
    layout: str | None = None
    since: date | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """One thing to read: an article with the captures of its pages, or a capture that yielded none (`article_id` None).

    `lost` says why it cannot be read from here: a body is damaged.
    """

    key: int
    article_id: int | None
    capture_id: int
    pages: tuple[tuple[int, Capture], ...] = ()
    lost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The result of a reread: records as JSON values, `before` None for gained, `after` None for lost."""

    kind: ChangeKind
    article_id: int | None
    capture_id: int
    url: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A run of rereading, and how far it has got; `articles` and `captures` count what was read."""

    run_id: int
    state: str
    last_article_id: int = 0
    last_capture_id: int = 0
    articles: int = 0
    captures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """How many changes were applied or undone, and how many skipped because the article has changed since.

    `rejudged` counts versions that are now said to have been replaced by somebody else.
    """

    done: int
    passed: int
    rejudged: int = 0


def unread_articles(db: Database, chosen: Chosen, *, after: int, limit: int, until: int | None = None) -> list[Unread]:
    """The next articles to read, by number, up to the number `until`."""
    values: list[Any]
    terms, values = ["a.id > ?", "EXISTS (SELECT 1 FROM article_captures WHERE article_id = a.id)"], [after]
    bounds: tuple[tuple[str, Any], ...] = (
        ("a.site = ?", chosen.site),
        ("a.id <= ?", until),
        ("a.layout = ?", chosen.layout),
        ("a.published_at >= ?", chosen.since.isoformat() if chosen.since else None),
    )
    for term, value in bounds:
        if value is not None:
            terms.append(term)
            values.append(value)
    if chosen.hosts:
        terms.append(
            "EXISTS (SELECT 1 FROM article_captures AS ac JOIN captures AS c ON c.id = ac.capture_id JOIN urls AS u ON u.id = c.url_id"  # noqa: S608
            f" WHERE ac.article_id = a.id AND u.host IN ({', '.join('?' * len(chosen.hosts))}))"
        )
        values += chosen.hosts
    rows = db.execute(
        f"SELECT a.id FROM articles AS a WHERE {' AND '.join(terms)} ORDER BY a.id LIMIT ?",  # noqa: S608
        [*values, limit],
    ).fetchall()
    found = []
    for (article_id,) in rows:
        pages = db.execute(
            "SELECT page, capture_id FROM article_captures WHERE article_id = ? ORDER BY page", [article_id]
        ).fetchall()
        found.append(_with_bodies(db, article_id, article_id, pages))
    return found


def unread_captures(db: Database, chosen: Chosen, *, after: int, limit: int, until: int | None = None) -> list[Unread]:
    """The next captures of article URLs that yielded no article, the newest of each URL, up to the number `until`;
    block pages are left out.
    """
    if chosen.layout is not None:
        return []
    rows = db.execute(
        "SELECT c.id, c.final_url FROM captures AS c JOIN urls AS u ON u.id = c.url_id LEFT JOIN sites AS s ON s.id = u.site_id"  # noqa: S608
        " WHERE c.id > ? AND u.kind = 'article' AND (?2 IS NULL OR s.slug = ?2) AND (?3 IS NULL OR c.captured_at >= ?3)"
        " AND NOT EXISTS (SELECT 1 FROM captures AS o JOIN article_captures AS ac ON ac.capture_id = o.id WHERE o.url_id = u.id)"
        " AND c.id = (SELECT f.capture_id FROM fetches AS f WHERE f.url_id = u.id AND f.capture_id IS NOT NULL"
        f"  AND f.reason NOT IN ({ASIDE_SQL}) ORDER BY f.id DESC LIMIT 1)"
        " AND (?5 IS NULL OR c.id <= ?5) AND (?6 = '[]' OR u.host IN (SELECT value FROM json_each(?6))) ORDER BY c.id LIMIT ?4",
        [after, chosen.site, chosen.since.isoformat() if chosen.since else None, limit, until, to_json(chosen.hosts)],
    ).fetchall()
    return [_with_bodies(db, number, None, [(page_number(url) or 1, number)]) for number, url in rows]


def _with_bodies(db: Database, key: int, article_id: int | None, pages: Sequence[tuple[int, int]]) -> Unread:
    first = pages[0][1]
    try:
        captures = tuple((page, capture(db, number)) for page, number in pages)
    except ArchiveDamaged as error:
        return Unread(key=key, article_id=article_id, capture_id=first, lost=str(error))
    return Unread(key=key, article_id=article_id, capture_id=first, pages=captures)


def last_numbers(db: Database) -> tuple[int, int]:
    """The highest numbers of an article and of a capture; 0 if there is none."""
    row = db.execute("SELECT (SELECT max(id) FROM articles), (SELECT max(id) FROM captures)").fetchall()[0]
    return row[0] or 0, row[1] or 0


def change_of(db: Database, unread: Unread, reading: Article | str) -> Change | None:
    """What a reading would change; None for nothing. A failed reading is given as the text of its reason."""
    if unread.article_id is None:
        if isinstance(reading, str) or reading.page > 1 or kept_article(db, reading.url):
            return None  # still no article, or a page or copy of another
        return Change(
            kind="gained", article_id=None, capture_id=unread.capture_id, url=reading.url, after=_record(reading)
        )
    stored = article(db, unread.article_id)
    if stored is None:
        return None
    known = {"article_id": unread.article_id, "capture_id": unread.capture_id, "url": stored.record["url"]}
    if isinstance(reading, str):
        return Change(kind="lost", before=stored.record, detail=reading, **known)
    after = _with_earlier(_record(replace(reading, url=known_as(db, reading.url))), stored.record)
    return None if after == stored.record else Change(kind="changed", before=stored.record, after=after, **known)


def _with_earlier(record: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """A record with what the stored one has from an earlier version, which no reading of its own captures can give."""
    names = [name for name, source in stored["provenance"].items() if source == FROM_EARLIER and not record[name]]
    if not names:
        return record
    provenance = record["provenance"] | dict.fromkeys(names, FROM_EARLIER)
    confidence = confidence_of(provenance, record["warnings"])
    return record | {name: stored[name] for name in names} | {"provenance": provenance, "confidence": confidence}


def _record(reading: Article) -> dict[str, Any]:
    """A record in the form in which it comes back from the archive."""
    record: dict[str, Any] = json.loads(to_json(reading))
    return record


def open_reread(db: Database, chosen: Chosen, *, extractor: str, version: str, arguments: str, at: datetime) -> Reread:
    """A run for this selection and these rules: the unfinished one if there is one, else a new one; other unfinished
    ones are abandoned.
    """
    wanted = to_json(as_json(chosen))
    with transaction(db):
        db.execute(
            "UPDATE rereads SET state = 'abandoned' WHERE state IN ('reading', 'read') AND NOT (extractor = ? AND chosen = ?)",
            [extractor, wanted],
        )
        for table in ("reread_changes", "rejudged"):
            db.execute(f"DELETE FROM {table} WHERE run_id IN (SELECT run_id FROM rereads WHERE state = 'abandoned')")  # noqa: S608
        rows = db.execute(
            "SELECT run_id, state, last_article_id, last_capture_id, articles, captures FROM rereads"
            " WHERE state IN ('reading', 'read') ORDER BY run_id DESC LIMIT 1"
        ).fetchall()
        if rows:
            names = ("run_id", "state", "last_article_id", "last_capture_id", "articles", "captures")
            return Reread(**dict(zip(names, rows[0], strict=True)))
        run_id = db.execute(
            "INSERT INTO runs (kind, started_at, version, arguments) VALUES ('reextract', ?, ?, ?) RETURNING id",
            [to_text(at), version, storable(without_userinfo(arguments))],
        ).fetchall()[0][0]
        db.execute(
            "INSERT INTO rereads (run_id, extractor, chosen, state) VALUES (?, ?, ?, 'reading')",
            [run_id, extractor, wanted],
        )
    return Reread(run_id=run_id, state="reading")


def keep_reread(db: Database, run: Reread, changes: Sequence[Change]) -> None:
    """Store the results and how far the run has got, both or neither."""
    with transaction(db):
        for change in changes:
            db.execute(
                "INSERT INTO reread_changes (run_id, kind, article_id, capture_id, url, before, after, detail)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    run.run_id, change.kind, change.article_id, change.capture_id, storable(change.url),
                    to_json(change.before) if change.before else None, to_json(change.after) if change.after else None,
                    storable(change.detail) if change.detail else None,
                ],
            )  # fmt: skip
        db.execute(
            "UPDATE rereads SET state = ?, last_article_id = ?, last_capture_id = ?, articles = ?, captures = ? WHERE run_id = ?",
            [run.state, run.last_article_id, run.last_capture_id, run.articles, run.captures, run.run_id],
        )


def reread_changes(db: Database, run_id: int, *, states: Sequence[str] = ("read",)) -> Iterator[tuple[int, Change]]:
    """The changes of a run, with their numbers, in the order they were found; one in memory at a time."""
    marks = ", ".join("?" * len(states))
    last = 0
    while rows := db.execute(
        "SELECT id, kind, article_id, capture_id, url, before, after, detail FROM reread_changes"  # noqa: S608
        f" WHERE run_id = ? AND id > ? AND state IN ({marks}) ORDER BY id LIMIT 1",
        [run_id, last, *states],
    ).fetchall():
        last, kind, article_id, capture_id, url, before, after, detail = rows[0]
        yield (
            last,
            Change(
                kind=kind,
                article_id=article_id,
                capture_id=capture_id,
                url=url,
                before=json.loads(before) if before else None,
                after=json.loads(after) if after else None,
                detail=detail,
            ),
        )


def apply_reread(db: Database, run_id: int, *, at: datetime) -> Applied:
    """Apply everything that a run found to the articles, in one transaction. An article that changed meanwhile is
    skipped.
    """
    done = passed = 0
    with transaction(db):
        for number, change in reread_changes(db, run_id):
            article_id = _apply(db, change, run_id=run_id, at=at)
            state = "passed" if article_id is None else "applied"
            db.execute(
                "UPDATE reread_changes SET state = ?, article_id = coalesce(?, article_id) WHERE id = ?",
                [state, article_id, number],
            )
            done += article_id is not None
            passed += article_id is None and change.kind != "lost"
        rejudged = swap_rejudged(db, run_id)
        _finish(db, run_id, "applied", at=at)
    return Applied(done=done, passed=passed, rejudged=rejudged)


def undo_reread(db: Database, run_id: int, *, at: datetime) -> Applied:
    """Restore the state before a run was applied, in one transaction; what has changed since stays. Raises
    ArchiveRefused.
    """
    rows = db.execute("SELECT state FROM rereads WHERE run_id = ?", [run_id]).fetchall()
    if not rows or rows[0][0] != "applied":
        raise ArchiveRefused(f"run {run_id}: " + (f"is {rows[0][0]}, not applied" if rows else "no run of reextract"))
    done = passed = 0
    with transaction(db):
        for number, change in reread_changes(db, run_id, states=("applied",)):
            is_undone = _undo(db, change, run_id=run_id)
            if is_undone:
                db.execute("UPDATE reread_changes SET state = 'undone' WHERE id = ?", [number])
            done += is_undone
            passed += not is_undone
        rejudged = swap_rejudged(db, run_id)
        _finish(db, run_id, "undone", at=at)
    return Applied(done=done, passed=passed, rejudged=rejudged)


def _finish(db: Database, run_id: int, state: str, *, at: datetime) -> None:
    db.execute("UPDATE rereads SET state = ? WHERE run_id = ?", [state, run_id])
    db.execute(
        "UPDATE runs SET finished_at = coalesce(finished_at, ?), exit_code = coalesce(exit_code, 0) WHERE id = ?",
        [to_text(at), run_id],
    )


def _apply(db: Database, change: Change, *, run_id: int, at: datetime) -> int | None:
    """The article that changed; None if it is no longer as it was when it was read."""
    if change.after is None:
        return None
    record = article_from_json(change.after)
    row = _columns(db, record)
    if change.article_id is None:
        if kept_article(db, record.url) is not None:
            return None
        seen = db.execute("SELECT captured_at FROM captures WHERE id = ?", [change.capture_id]).fetchall()[0][0]
        made = insert_article(db, record, row | {"first_seen_at": seen, "last_seen_at": seen})
        db.execute(
            "INSERT INTO article_captures (article_id, page, capture_id) VALUES (?, 1, ?)", [made, change.capture_id]
        )
        return made
    stored = article(db, change.article_id)
    if stored is None or change.before is None or stored.record != change.before:
        return None
    if record.url != change.url and kept_article(db, record.url) is not None:
        return None  # two articles have turned out to be one: nothing is thrown away
    if content_hash(article_from_json(change.before)) != content_hash(record):
        keep_revision(db, change.article_id, at=to_text(at), replaced_by="extractor", run_id=run_id)
    rewrite_article(db, change.article_id, record, row)
    return change.article_id


def _undo(db: Database, change: Change, *, run_id: int) -> bool:
    stored = article(db, change.article_id or 0)
    if stored is None or stored.record != change.after:
        return False
    if change.before is None:
        db.execute("DELETE FROM articles WHERE id = ?", [stored.article_id])
        return True
    record = article_from_json(change.before)
    rewrite_article(db, stored.article_id, record, _columns(db, record))
    dropped = db.execute(
        "DELETE FROM revisions WHERE article_id = ? AND run_id = ? RETURNING revision", [stored.article_id, run_id]
    ).fetchall()
    if dropped:
        db.execute("UPDATE articles SET revision = ? WHERE id = ?", [dropped[0][0], stored.article_id])
    return True


def _columns(db: Database, record: Article) -> dict[str, Any]:
    """The columns of a record; what follows from its portal stays unchanged if the catalogue no longer has that portal."""
    found = by_slug(record.site) if record.site else None
    if found is None or len(found[1]) != 1:
        row = columns_of(db, record, None)
        if record.site:
            for name in ("site_id", "region_code", "region_source"):
                del row[name]
        return row
    site, (portal,) = found
    named = SiteRow(
        slug=portal.slug,
        network=site.name,
        name=portal.brand,
        host=portal.hosts[0],
        zone=portal.zone,
        province=portal.province,
    )
    return columns_of(db, record, named)
