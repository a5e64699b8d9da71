"""Where an answer sends us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import FetchError, Reason
from scraper.records import Redirect
from scraper.urls import absolute, canonical_url

if TYPE_CHECKING:
    from scraper.fetch.answer import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def hop_of(url: str, answer: Answer) -> Redirect:
    """The hop that a redirect asks for. Raises FetchError if it leads nowhere, or out of the web."""
    location = answer.header("location")
    if not location:
        raise FetchError(url, Reason.BAD_REDIRECT, "no Location", status=answer.status)
    target = absolute(location, url)
    if target is None or canonical_url(target) is None:
        scheme = location.partition(":")[0].lower()
        known = scheme in ("http", "https") or not scheme.isalpha() or ":" not in location
        reason = Reason.BAD_REDIRECT if known else Reason.BLOCKED_SCHEME
        raise FetchError(url, reason, f"Location: {location[:200]!r}", status=answer.status)
    return Redirect(url=url, status=answer.status, location=target.partition("#")[0])
