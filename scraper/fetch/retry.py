"""When to retry a request, and how long the server asked us to wait."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from scraper.errors import FetchError, NetworkDown, Reason
from scraper.lazy import without

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenacity import RetryCallState

RETRY_REASONS = frozenset(
    {Reason.CONNECT, Reason.DNS, Reason.RESET, Reason.TRUNCATED, Reason.RATE_LIMITED, Reason.PROTOCOL}
)
RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_NOT_BEFORE = timedelta(hours=24)
T = TypeVar("T")


class NotSent(FetchError):
    """The request was not sent: what is known about its host forbids it, which says nothing about the page."""


class LeftAlone(NotSent):
    """Its publisher is parked."""


def retry_after_s(value: str | None, now: datetime, *, date: str | None = None) -> float | None:
    """Seconds asked for by a Retry-After header (RFC 9110 §10.2.3); None if absent, past or invalid.

    A date counts from `date`, the answer's own Date header, since our clock and the server's need not agree. If that is
    missing or invalid, it counts from `now`.
    """
    text = (value or "").strip()
    if text.isdecimal() and text.isascii():
        return min(float(text), MAX_NOT_BEFORE.total_seconds()) if text.strip("0") else None
    at = _moment(text)
    if at is None:
        return None
    seconds = (at - (_moment(date or "") or now)) / timedelta(seconds=1)
    return min(seconds, MAX_NOT_BEFORE.total_seconds()) if seconds > 0 and math.isfinite(seconds) else None


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)  # "-0000" is read as naive
    except (ValueError, OverflowError, TypeError):
        return None


def is_worth_retrying(error: BaseException, *, max_wait_s: float) -> bool:
    """Whether to retry within this fetch; a wait longer than `max_wait_s` belongs to a later run."""
    if isinstance(error, NetworkDown):  # a proxy may be restarted
        return True
    if not isinstance(error, FetchError) or isinstance(error, NotSent) or (error.retry_after_s or 0.0) > max_wait_s:
        return False
    if error.reason is Reason.BLOCKED or (error.reason is Reason.PROTOCOL and error.status is not None):
        return False  # an answer, though not one we can use
    return error.reason in RETRY_REASONS or error.status in RETRY_STATUS


def wait_s(state: RetryCallState) -> float:
    """Back off with full jitter, or longer if the server said so."""
    from tenacity.wait import wait_random_exponential  # noqa: PLC0415  (as below)

    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, FetchError) else None
    return max(float(wait_random_exponential(multiplier=1.0, min=1.0, max=30.0)(state)), asked or 0.0)


async def retried(
    work: Callable[[], Awaitable[T]],
    attempts: int,
    *,
    max_wait_s: float,
    sleep: Callable[[float], Awaitable[None]],
    may_retry: Callable[[], bool] = lambda: True,
) -> T:
    """The result of the work in one of that many attempts; `may_retry` takes a retry from the publisher's budget.

    Raises what the last attempt raised.
    """

    def again(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        is_last = state.attempt_number >= attempts
        return error is not None and is_worth_retrying(error, max_wait_s=max_wait_s) and (is_last or may_retry())

    try:
        return await work()  # nearly always; what tenacity does around a call costs as much as sending the request
    except Exception as error:
        if not is_worth_retrying(error, max_wait_s=max_wait_s):
            raise
        failed = [error]
    with without("tornado"):  # for another event loop
        from tenacity import AsyncRetrying, stop_after_attempt  # noqa: PLC0415  (few runs need it)

    async def attempt() -> T:
        if failed:  # the first attempt has been made
            raise failed.pop()
        return await work()

    retrying = AsyncRetrying(sleep=sleep, stop=stop_after_attempt(attempts), wait=wait_s, retry=again, reraise=True)
    return await retrying(attempt)
