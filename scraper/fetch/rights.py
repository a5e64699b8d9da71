"""What a publisher says about keeping and mining a page: recorded with every fetch, judged by those who use the
archive.

X-Robots-Tag and the robots meta element as search engines document them (noarchive, noindex, nosnippet …); text and
data mining by the TDM Reservation Protocol (W3C community group, 2024): headers and meta elements of that name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.fetch.settings import PRODUCT
from scraper.records import Rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.records import Capture

_HEAD_BYTES = 256 * 1024  # meta elements are in the head
_MAX_TAGS = 20
_META = re.compile(rb"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(name|content)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)
_NAMES = re.compile(rb"""\bname\s*+=\s*+["']?\s*+(?:robots|kliping|tdm-(?:reservation|policy))\b""", re.IGNORECASE)
_DIRECTIVE = re.compile(r"[a-z][a-z_-]{1,40}(?::\s?[^,]{1,100})?")
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_AGENT = re.compile(r"\s*([A-Za-z][\w.-]*)\s*:")


def rights_of(capture: Capture) -> Rights:
    """What the headers of an answer and the meta elements of its page say."""
    said = [(name, value) for name, value in capture.headers if name in ("tdm-reservation", "tdm-policy")]
    tags = [tag for name, value in capture.headers if name == "x-robots-tag" for tag in _of_header(value)]
    head = capture.body[:_HEAD_BYTES]
    end = head.find(b"</head")
    for name, value in _metas(head if end < 0 else head[:end]):
        if name in ("robots", PRODUCT):
            tags += _directives(value)
        else:
            said.append((name, value))  # the page's own statement comes last, and wins
    mining = dict(said)
    reservation = mining.get("tdm-reservation", "").strip()
    return Rights(
        robots_tags=tuple(sorted(set(tags))[:_MAX_TAGS]),
        tdm_reservation=int(reservation) if reservation in ("0", "1") else None,
        tdm_policy=mining.get("tdm-policy", "").strip()[:2048] or None,
    )


def _of_header(value: str) -> Iterable[str]:
    """The directives of one X-Robots-Tag; those for another crawler do not concern us."""
    agent = _AGENT.match(value)
    if agent is None or agent[1].lower() in _VALUED:
        return _directives(value)
    return _directives(value[agent.end() :]) if agent[1].lower() == PRODUCT else ()


def _directives(value: str) -> list[str]:
    parts = (part.strip().lower() for part in value.split(","))
    return [part for part in parts if _DIRECTIVE.fullmatch(part)]


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    """(name, content) of the meta elements that concern us."""
    for found in _META.finditer(head):
        if _NAMES.search(found[0]):
            values = {
                name.lower(): (double or single or bare).decode("utf-8", "replace")
                for name, double, single, bare in _ATTRIBUTE.findall(found[0])
            }
            if b"name" in values and b"content" in values:
                yield values[b"name"].strip().lower(), values[b"content"]
