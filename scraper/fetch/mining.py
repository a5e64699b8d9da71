"""/.well-known/tdmrep.json: what an origin says about text and data mining of its pages (TDM Reservation Protocol, 2024, §5.2). Pure."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from scraper.records import Rights, TdmFile

if TYPE_CHECKING:
    from datetime import datetime

TDM_PATH = "/.well-known/tdmrep.json"
TDM_RECHECK = timedelta(hours=24)  # whatever was answered: nothing in a crawl depends on it
MAX_TDM_BYTES = 256 * 1024
MAX_RULES = 1_000
_MAX_POLICY = 2_048
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


class TdmStore(Protocol):
    """Where these files are kept as evidence, without this package knowing the archive."""

    def load(self, origin: str) -> TdmFile | None:
        """The newest answer for an origin, with the time it was last seen; None if it was never requested."""

    def save(self, file: TdmFile) -> None:
        """Store an origin's answer."""


def tdm_file(origin: str, at: datetime, status: int | None, body: bytes) -> TdmFile:
    """An answer as it is stored: the body only of a 2xx with a list of rules; many sites answer any path with a page."""
    is_one = status is not None and 200 <= status < 300 and _rules(body) is not None
    return TdmFile(origin=origin, fetched_at=at, status=status, body=body if is_one else None)


def reservation_of(file: TdmFile, url: str) -> Rights:
    """What a file says about a URL of its origin: by the first rule that matches; nothing if none does."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    for rule in _rules(file.body or b"[]") or ():
        pattern, reservation, policy = (rule.get(key) for key in ("location", "tdm-reservation", "tdm-policy"))
        if not isinstance(pattern, str) or not _matches(pattern, path):
            continue
        return Rights(
            tdm_reservation=reservation if type(reservation) is int and reservation in (0, 1) else None,
            tdm_policy=policy.strip()[:_MAX_POLICY] or None if isinstance(policy, str) else None,
        )
    return Rights()


@lru_cache(maxsize=256)  # every page of a site asks for it
def _rules(body: bytes) -> tuple[dict[str, Any], ...] | None:
    """The rules of a file in order; None if it is not such a file."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return tuple(rule for rule in found[:MAX_RULES] if isinstance(rule, dict))


def _matches(pattern: str, path: str) -> bool:
    """Whether a path matches a pattern: * is anything, $ at its end is the end of the path, as in robots.txt."""
    path = _decoded(path)
    is_whole = pattern.endswith("$")
    first, *others = _decoded(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not is_whole or at == len(path)
    last = others.pop() if is_whole else ""
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not is_whole or (len(path) - len(last) >= at and path.endswith(last))


def _decoded(text: str) -> str:
    """Percent-encoding only where it is needed, so that two spellings of a path become one."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if _UNRESERVED.fullmatch(char) else found[0].upper()

    return _ESCAPED.sub(one, text)
