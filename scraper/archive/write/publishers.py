"""How publishers were requested last, kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.file.connection import transaction
from scraper.archive.file.times import from_text, to_text
from scraper.records import PublisherState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database


def save_publishers(db: Database, states: Iterable[PublisherState]) -> None:
    """Store the pace of publishers, one row each."""
    with transaction(db):
        for state in states:
            db.execute(
                "INSERT OR REPLACE INTO publishers (publisher, seen_at, interval_s, latency_s, failures, park_s, not_before)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    state.publisher,
                    to_text(state.seen_at),
                    state.interval_s,
                    state.latency_s,
                    state.failures,
                    state.park_s,
                    to_text(state.not_before) if state.not_before else None,
                ],
            )


def load_publisher(db: Database, publisher: str) -> PublisherState | None:
    """What is known about a publisher's pace; None if it was never requested."""
    rows = db.execute(
        "SELECT seen_at, interval_s, latency_s, failures, park_s, not_before FROM publishers WHERE publisher = ?",
        [publisher],
    ).fetchall()
    if not rows:
        return None
    at, interval_s, latency_s, failures, park_s, not_before = rows[0]
    seen = from_text(at)
    assert seen is not None  # noqa: S101  (NOT NULL)
    return PublisherState(
        publisher=publisher,
        seen_at=seen,
        interval_s=interval_s,
        latency_s=latency_s,
        failures=failures,
        park_s=park_s,
        not_before=from_text(not_before),
    )
