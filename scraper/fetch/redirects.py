"""Where a redirect leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.errors import FetchError, Reason
from scraper.records import Redirect
from scraper.urls import absolute, canonical_url, without_userinfo

if TYPE_CHECKING:
    from scraper.fetch.answer import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))", re.IGNORECASE)  # not the port of "host:8080/x"


def hop_of(url: str, answer: Answer) -> Redirect:
    """The hop that a redirect asks for. Raises FetchError if it leads nowhere, or out of the web."""
    headers = [(name, without_userinfo(value)) for name, value in answer.headers]  # before anything is cut
    locations = list(dict.fromkeys(value for name, value in headers if name == "location"))
    if len(locations) > 1:  # somebody else may have injected one of them; browsers follow neither
        detail = f"{len(locations)} Locations: " + ", ".join(f"{each[:100]!r}" for each in locations[:3])
        raise FetchError(url, Reason.BAD_REDIRECT, detail, status=answer.status)
    location = locations[0] if locations else ""
    if not location:
        raise FetchError(url, Reason.BAD_REDIRECT, "no Location", status=answer.status)
    target = absolute(location, url)
    if target is None or canonical_url(target) is None:
        scheme = _SCHEME.match(location)
        is_foreign = scheme is not None and scheme[1].lower() not in ("http", "https")
        reason = Reason.BLOCKED_SCHEME if is_foreign else Reason.BAD_REDIRECT
        raise FetchError(url, reason, f"Location: {location[:200]!r}", status=answer.status)
    return Redirect(url=url, status=answer.status, location=target.partition("#")[0])
