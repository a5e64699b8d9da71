"""When to ask a server again, and how long it asked us to wait."""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable  # noqa: TC003
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from scraper.errors import FetchError, Reason

T = TypeVar("T")

RETRY_REASONS = frozenset(
    {Reason.CONNECT, Reason.DNS, Reason.RESET, Reason.TRUNCATED, Reason.RATE_LIMITED, Reason.PROTOCOL}
)
RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_NOT_BEFORE = timedelta(hours=24)
BACKOFF_S = (1.0, 30.0)


class NotSent(FetchError):
    """The request was not sent: what is known of its host forbids it, and says nothing about the page."""


class LeftAlone(NotSent):
    """Its publisher is parked."""


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds asked for by a Retry-After header (RFC 9110 §10.2.3); None if absent, past or garbage."""
    text = (value or "").strip()
    if text.isdecimal() and text.isascii():
        return min(float(text), MAX_NOT_BEFORE.total_seconds()) if text.strip("0") else None
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:  # "-0000" is read as naive
            at = at.replace(tzinfo=UTC)
        seconds = (at - now) / timedelta(seconds=1)
    except (ValueError, OverflowError, TypeError):
        return None
    return min(seconds, MAX_NOT_BEFORE.total_seconds()) if seconds > 0 and math.isfinite(seconds) else None


def is_worth_retrying(error: BaseException, *, max_wait_s: float) -> bool:
    """Whether to ask again within this fetch; a wait longer than `max_wait_s` belongs to a later run."""
    if not isinstance(error, FetchError) or isinstance(error, NotSent) or (error.retry_after_s or 0.0) > max_wait_s:
        return False
    if error.reason is Reason.BLOCKED or (error.reason is Reason.PROTOCOL and error.status is not None):
        return False  # an answer, though not one we can use
    return error.reason in RETRY_REASONS or error.status in RETRY_STATUS


def wait_s(error: FetchError, tries: int) -> float:
    """Seconds to the next try after so many: full jitter up to 2, 4, 8 … seconds (CONTRACT L16), or longer if the server said so."""
    shortest, longest = BACKOFF_S
    backoff = random.uniform(shortest, min(2.0**tries, longest))  # noqa: S311  (no secret)
    return max(backoff, error.retry_after_s or 0.0)


@dataclass(frozen=True, slots=True)
class Retrying:
    """How often something is tried in all, how long a wait is sat through, and how it is waited."""

    attempts: int
    max_wait_s: float
    sleep: Callable[[float], Awaitable[None]]

    async def __call__(self, attempt: Callable[[], Awaitable[T]], *, may_retry: Callable[[], bool]) -> T:
        """The result of the first try that succeeds; `may_retry` takes a retry out of the publisher's budget.

        Raises the last try's FetchError, with the number of tries; any other error at once.
        """
        tries = 0
        while True:
            tries += 1
            try:
                return await attempt()
            except FetchError as error:
                error.attempts = tries
                is_last = tries >= self.attempts
                if is_last or not is_worth_retrying(error, max_wait_s=self.max_wait_s) or not may_retry():
                    raise
                wait = wait_s(error, tries)
            await self.sleep(wait)
