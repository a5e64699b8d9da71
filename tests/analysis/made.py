"""Small archives for the questions of analysts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.file.articles import SiteRow
from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SITES = {
    "a": SiteRow(slug="a", network="a", name="A", host="a.id", zone="Asia/Jakarta", province="Kalimantan Barat"),
    "b": SiteRow(slug="b", network="b", name="B", host="b.id", zone="Asia/Makassar", province="Sulawesi Selatan"),
}


class Story(NamedTuple):
    """An article to make: its paper, its day (or None), its text."""

    site: str
    day: str | None
    text: str
    changes: dict[str, Any] = {}  # noqa: RUF012  (never written to)


def made(path: Path, stories: Iterable[Story]) -> Path:
    """An archive of these articles, numbered from 1 on; each is published at nine in the morning, UTC."""
    with opened(path) as db:
        for number, story in enumerate(stories, 1):
            at = datetime.fromisoformat(f"{story.day}T09:00").replace(tzinfo=UTC) if story.day else None
            values = {"headline": f"Berita {number}", "language": "id", "published_at": at} | story.changes
            what = article(
                *story.text.split("\n\n"), url=f"https://contoh.id/{story.site}/{number}", site=story.site, **values
            )
            save(db, what, b"%d" % number, url=what.url, site=SITES[story.site])
    return path
