"""Where a publisher's articles are outside its own hosts: listed by its feeds, or where its pages name a feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.times import to_text
from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlite_utils import Database

How = Literal["listed", "named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The fact that a crawl of the host `source` also requests `host`: a feed or sitemap lists it, or the start page or
    robots.txt names a feed or sitemap there. `evidence` is the URL that said so.
    """

    source: str
    host: str
    how: How
    evidence: str


def save_followed(db: Database, found: Iterable[Followed], *, at: datetime) -> None:
    """Store them, each with the time it was first found. Call inside a transaction."""
    for each in found:
        db.execute(
            "INSERT INTO followed (source, host, how, evidence, since) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (source, host) DO NOTHING",
            [each.source, each.host, each.how, storable(each.evidence), to_text(at)],
        )


def followed_hosts(db: Database, is_source: Callable[[str], bool]) -> frozenset[str]:
    """The hosts that belong to the crawl of certain sources, and those that belong to these in turn."""
    rows = db.execute("SELECT source, host FROM followed").fetchall()
    found: set[str] = set()
    while new := {host for source, host in rows if host not in found and (source in found or is_source(source))}:
        found |= new
    return frozenset(found)
