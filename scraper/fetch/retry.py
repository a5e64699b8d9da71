"""When to ask a server again, and how long it asked us to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from scraper.errors import FetchError, Reason
from scraper.fetch.failures import is_certificate_fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

RETRY_REASONS = frozenset({Reason.CONNECT, Reason.DNS, Reason.RESET, Reason.TLS, Reason.TRUNCATED, Reason.RATE_LIMITED})
RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_NOT_BEFORE = timedelta(hours=24)
MIN_BACKOFF_S, MAX_BACKOFF_S = 1.0, 30.0


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
    if not isinstance(error, FetchError) or (error.retry_after_s or 0.0) > max_wait_s:
        return False
    if error.reason is Reason.BLOCKED or is_certificate_fault(error):  # asking again changes neither
        return False
    return error.reason in RETRY_REASONS or error.status in RETRY_STATUS


def backoff_s(attempt: int, asked_s: float | None, random: Random) -> float:
    """Full jitter under a doubling ceiling, at least a second; or what the server asked for, and a little more."""
    ceiling = min(MAX_BACKOFF_S, MIN_BACKOFF_S * 2.0 ** min(attempt, 10))
    wait_s = random.uniform(MIN_BACKOFF_S, ceiling)
    return max(wait_s, asked_s + random.uniform(0.0, 1.0)) if asked_s else wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how soon a fetch asks again; `sleep` and `random` are the only sources of time and chance."""

    attempts: int
    max_wait_s: float
    sleep: Callable[[float], Awaitable[None]]
    random: Random

    def loop(self, *, may_retry: Callable[[], bool], on_retry: Callable[[], None]) -> AsyncRetrying:
        """The retry loop of one fetch; `may_retry` is the publisher's budget, `on_retry` draws on it."""

        def is_retried(error: BaseException) -> bool:
            return is_worth_retrying(error, max_wait_s=self.max_wait_s) and may_retry()

        return AsyncRetrying(
            sleep=self.sleep,
            stop=stop_after_attempt(self.attempts),
            wait=self._wait_s,
            retry=retry_if_exception(is_retried),
            before_sleep=lambda _: on_retry(),
            reraise=True,
        )

    def _wait_s(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, FetchError) else None
        return backoff_s(state.attempt_number, asked_s, self.random)
