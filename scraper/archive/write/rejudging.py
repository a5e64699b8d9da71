"""Judges again what led from one version of an article to the next, when better rules read the captures of both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.connection import transaction
from scraper.archive.file.rows import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.archive.write.rereads import Chosen

By = Literal["publisher", "extractor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """What replaced a version of an article (by its `revision`), with the captures on both sides."""

    article_id: int
    revision: int
    by: By
    kinds: tuple[str, ...]
    capture_id: int
    next_capture_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """Who replaced a version by today's rules, and how (() for the extractor)."""

    article_id: int
    revision: int
    by: By
    kinds: tuple[str, ...] = ()


def boundaries(db: Database, chosen: Chosen, *, after: int, limit: int) -> list[Boundary]:
    """The boundaries of the next single-page articles, by number, with two different captures on their sides."""
    rows = db.execute(
        "SELECT r.article_id, r.revision, r.replaced_by, r.kinds, r.capture_id, r.next_capture_id FROM revisions AS r"
        " JOIN articles AS a ON a.id = r.article_id WHERE a.page_count = 1 AND r.capture_id <> r.next_capture_id"
        " AND r.article_id IN (SELECT DISTINCT article_id FROM revisions WHERE article_id > ?1 ORDER BY article_id LIMIT ?2)"
        " AND (?3 IS NULL OR a.site = ?3) AND (?4 IS NULL OR a.published_at >= ?4) AND (?5 IS NULL OR a.layout = ?5)"
        " AND (?6 = '[]' OR EXISTS (SELECT 1 FROM captures AS c JOIN urls AS u ON u.id = c.url_id"
        "  WHERE c.id = r.capture_id AND u.host IN (SELECT value FROM json_each(?6))))"
        " ORDER BY r.article_id, r.revision",
        [
            after, limit, chosen.site, chosen.since.isoformat() if chosen.since else None, chosen.layout,
            to_json(chosen.hosts),
        ],
    ).fetchall()  # fmt: skip
    return [
        Boundary(
            article_id=article_id,
            revision=revision,
            by=by,
            kinds=tuple(json.loads(kinds)) if kinds else (),
            capture_id=first,
            next_capture_id=second,
        )
        for article_id, revision, by, kinds, first, second in rows
    ]


def last_revised(db: Database, *, after: int, limit: int) -> int | None:
    """The number of the last of the next revised articles; None if there is none."""
    rows = db.execute(
        "SELECT max(article_id) FROM (SELECT DISTINCT article_id FROM revisions WHERE article_id > ? ORDER BY article_id LIMIT ?)",
        [after, limit],
    ).fetchall()
    return int(rows[0][0]) if rows[0][0] is not None else None


def keep_rejudged(db: Database, run_id: int, found: Sequence[Rejudged]) -> None:
    """Store verdicts until the run is applied."""
    with transaction(db):
        for each in found:
            db.execute(
                "INSERT INTO rejudged (run_id, article_id, revision, replaced_by, kinds) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET replaced_by = excluded.replaced_by, kinds = excluded.kinds",
                [
                    run_id,
                    each.article_id,
                    each.revision,
                    each.by,
                    to_json(each.kinds) if each.by == "publisher" else None,
                ],
            )


def swap_rejudged(db: Database, run_id: int) -> int:
    """Swap a run's verdicts with those in the history, so that the same call undoes it; returns how many.

    Call inside a transaction.
    """
    rows = db.execute(
        "SELECT j.article_id, j.revision, j.replaced_by, j.kinds, r.replaced_by, r.kinds FROM rejudged AS j"
        " JOIN revisions AS r ON r.article_id = j.article_id AND r.revision = j.revision WHERE j.run_id = ?",
        [run_id],
    ).fetchall()
    for article_id, revision, by, kinds, was_by, were_kinds in rows:
        where = [article_id, revision]
        db.execute(
            "UPDATE revisions SET replaced_by = ?, kinds = ? WHERE article_id = ? AND revision = ?", [by, kinds, *where]
        )
        db.execute(
            "UPDATE rejudged SET replaced_by = ?, kinds = ? WHERE run_id = ? AND article_id = ? AND revision = ?",
            [was_by, were_kinds, run_id, *where],
        )
    return len(rows)
