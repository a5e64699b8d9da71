"""Posting a value to a web address that the user named: a notification, not crawling."""

from __future__ import annotations

from typing import Any

from scraper.lazy import without
from scraper.urls import host_of

with without("httpx._main"):  # its own command
    import httpx


def post_json(url: str, value: Any, *, timeout_s: float) -> None:
    """POST a JSON value. Raises OSError for no answer, or one that is not 2xx; it names the host only, since the rest
    is a key.
    """
    where = host_of(url) or "the address"
    try:
        answer = httpx.post(url, json=value, timeout=timeout_s, follow_redirects=False, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{where}: {type(error).__name__}") from None  # its text may contain the address
    if not answer.is_success:
        raise OSError(f"{where}: answered {answer.status_code}")
