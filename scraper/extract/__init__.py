"""Bytes in, Article out: pure, so a rule can be replayed over the whole archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import ExtractError, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Article


def extract(html: bytes | str, *, url: str | None = None, fetched_at: datetime | None = None) -> Article:
    """Read one news page."""
    raise ExtractError(url, Reason.NOT_ARTICLE)
