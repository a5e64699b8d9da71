"""The history of an article: its versions and what led from each to the next, for `kliping revisions` and `diff`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.articles import stored_version
from scraper.archive.file.times import from_text
from scraper.changes import kinds_of

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.changes import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of an article, and where it came from.

    `capture_id` is the capture of its first page (None: unknown), `since` when it was first seen as such (None for the
    first version in an archive of format 1), `until` when the next one was (None for the current version). `by` is who
    made it from the version before (None for the first), `kinds` what that change was (() if the extractor made it).
    """

    number: int
    since: datetime | None
    until: datetime | None
    by: Literal["publisher", "extractor"] | None
    kinds: tuple[str, ...]
    capture_id: int | None
    layout: str
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All versions of an article, oldest first; `withdrawn_at` is None while its page exists, `flips` as in `articles`.

    `waiting` is a suspect version that no later look has confirmed: since when, its headline, its capture.
    """

    article_id: int
    url: str
    versions: tuple[StoredVersion, ...]
    withdrawn_at: datetime | None
    flips: int
    waiting: tuple[datetime, str, int] | None = None


def versions_of(db: Database, article_id: int) -> History:
    """The history of an article. Raises KeyError if there is none."""
    rows = db.execute(
        "SELECT a.url, a.first_seen_at, a.withdrawn_at, a.flips, a.revision, a.layout, a.headline, a.lede, a.byline, a.body,"
        " a.modified_at, (SELECT capture_id FROM article_captures WHERE article_id = a.id ORDER BY page LIMIT 1)"
        " FROM articles AS a WHERE a.id = ?",
        [article_id],
    ).fetchall()
    if not rows:
        raise KeyError(article_id)
    url, first_seen_at, withdrawn_at, flips, number, layout, *text, capture_id = rows[0]
    found: list[StoredVersion] = []
    since, by, kinds = from_text(first_seen_at), None, None
    earlier = db.execute(
        "SELECT revision, replaced_at, replaced_by, kinds, capture_id, layout, headline, lede, byline, body, modified_at"
        " FROM revisions WHERE article_id = ? ORDER BY revision",
        [article_id],
    ).fetchall()
    for revision, replaced_at, replaced_by, next_kinds, old_capture, old_layout, *old in earlier:
        until = from_text(replaced_at)
        found.append(_version(revision, since, until, by, kinds, old_capture, old_layout, stored_version(*old), found))
        since, by, kinds = until, replaced_by, next_kinds
    found.append(_version(number, since, None, by, kinds, capture_id, layout, stored_version(*text), found))
    return History(
        article_id=article_id,
        url=url,
        versions=tuple(found),
        withdrawn_at=from_text(withdrawn_at),
        flips=flips,
        waiting=_waiting(db, article_id),
    )


def _waiting(db: Database, article_id: int) -> tuple[datetime, str, int] | None:
    rows = db.execute(
        "SELECT first_seen_at, headline, capture_id FROM suspects WHERE article_id = ? AND state = 'waiting' ORDER BY id DESC LIMIT 1",
        [article_id],
    ).fetchall()
    if not rows or (since := from_text(rows[0][0])) is None:
        return None
    return since, rows[0][1], rows[0][2]


def _version(
    number: int,
    since: datetime | None,
    until: datetime | None,
    by: Literal["publisher", "extractor"] | None,
    kinds: str | None,
    capture_id: int | None,
    layout: str,
    version: Version,
    before: list[StoredVersion],
) -> StoredVersion:
    known: tuple[str, ...] = ()
    if by == "publisher":  # a revision of format 1 has no kinds yet
        known = tuple(json.loads(kinds)) if kinds is not None else kinds_of(before[-1].version, version)
    return StoredVersion(
        number=number,
        since=since,
        until=until,
        by=by,
        kinds=known,
        capture_id=capture_id,
        layout=layout,
        version=version,
    )
