"""How long a feed, sitemap or index page stays as it is, according to its publisher. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = timedelta(days=366)  # that is recorded: some caches say ten years
_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})\b", re.IGNORECASE)
_NOT_KEPT = re.compile(
    r"(?:^|[\s,])no-(?:cache|store)\b(?!\s*=)", re.IGNORECASE
)  # no-cache="field" concerns that field only


def fresh_for(headers: Iterable[tuple[str, str]], stated: timedelta | None, now: datetime) -> timedelta | None:
    """The longer of what the answer's headers and its feed say (`stated`: ttl, updatePeriod); None if neither says
    anything.

    RFC 9111 §4.2.1: max-age takes precedence over Expires, minus the age that a cache on the way reports. Header names
    are lower case.
    """
    said = [each for each in (_by_headers(dict(headers), now), stated) if each is not None and each > timedelta(0)]
    return min(max(said), LONGEST) if said else None


def _by_headers(headers: dict[str, str], now: datetime) -> timedelta | None:
    control = headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return None
    if (found := _AGE.search(control)) is not None:
        age = headers.get("age", "").strip()
        passed = int(age) if age.isdecimal() and len(age) <= 10 else 0
        return timedelta(seconds=int(found[1]) - passed)
    expires = _moment(headers.get("expires"))
    return expires - (_moment(headers.get("date")) or now) if expires else None


def _moment(text: str | None) -> datetime | None:
    """An HTTP date; None for anything else ("0", "-1"), which means "in the past" and says nothing here."""
    try:
        at = parsedate_to_datetime(text or "")
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
