"""Times as the archive writes them: UTC, whole seconds, "2019-10-07T08:12:40Z", so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """An aware datetime as the archive writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str | None) -> datetime | None:
    """The datetime again."""
    return datetime.fromisoformat(text) if text else None
