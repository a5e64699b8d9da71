"""Handing a value to a web address that the user named: a notification, no crawling."""

from __future__ import annotations

from typing import Any

import httpx


def post_json(url: str, value: Any, *, timeout_s: float) -> None:
    """POST a JSON value. Raises OSError for no answer, or one that is not 2xx."""
    try:
        answer = httpx.post(url, json=value, timeout=timeout_s, follow_redirects=False, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{url}: {type(error).__name__}: {error}") from error
    if not answer.is_success:
        raise OSError(f"{url}: answered {answer.status_code}")
