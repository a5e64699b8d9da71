"""Times as the archive writes them: UTC, whole seconds, "2019-10-07T08:12:40Z", so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)  # the moment of an attempt is written a dozen times
def to_text(at: datetime) -> str:
    """An aware datetime as the archive writes it; a time outside UTC's range (year 1 east of Greenwich) becomes its
    first or last second.
    """
    try:
        moment = at.astimezone(UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)
    # Not strftime("%Y"): it does not pad years before 1000 everywhere, and unpadded text does not sort.
    return moment.isoformat(timespec="seconds")[:19] + "Z"


def from_text(text: str | None) -> datetime | None:
    """The datetime from its text; None for None."""
    return datetime.fromisoformat(text) if text else None
