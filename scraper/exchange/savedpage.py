"""Where and when a page in a file was saved, by what the saving program wrote into it. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import quote

from scraper.records import WEB_YEARS
from scraper.urls import canonical_url

_HEAD = 256 << 10  # bytes that are looked at
_SAVED = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(?P<url>\S+)"),  # browsers
    re.compile(r"Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+saved date:\s*(?P<at>[^\r\n(]+)"),
    re.compile(r"<!--\s*Saved from (?P<url>\S+) at (?P<at>\S+) using monolith"),
    re.compile(r"<!--\s*Mirrored from (?P<url>\S+) by HTTrack[^,<>]{0,80},\s*+(?P<at>[^<>]{1,60}? GMT)"),
)
_TAG = re.compile(r"<(link|meta)\b[^<>]{0,4096}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z:-])([a-zA-Z:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_JS_DATE = "%a %b %d %Y %H:%M:%S GMT%z"


def saved_from(body: bytes) -> tuple[str | None, datetime | None]:
    """(URL, time) that the program which saved a page has noted in it; None for what it has not."""
    text = body[:_HEAD].decode("utf-8", "replace")
    for pattern in _SAVED:
        if found := pattern.search(text):
            url = found["url"]
            at = _moment(found["at"].strip()) if "at" in found.groupdict() else None
            return canonical_url(url if "://" in url else f"http://{url}"), at
    return None, None


def own_url(body: bytes) -> str | None:
    """The URL by which a page calls itself: rel=canonical, else og:url; None if it does not say one that is whole."""
    found: dict[str, str] = {}
    for tag in _TAG.finditer(body[:_HEAD].decode("utf-8", "replace")):
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
        if "canonical" in values.get("rel", "").lower().split():
            found.setdefault("canonical", values.get("href", ""))
        elif values.get("property", values.get("name", "")).lower() == "og:url":
            found.setdefault("og", values.get("content", ""))
    for source in ("canonical", "og"):
        if "://" in found.get(source, "") and (url := canonical_url(found[source])):
            return url
    return None


def url_of_file(prefix: str, name: str) -> str | None:
    """The URL of a file of a mirrored folder: its path behind the prefix, without index.html; None if that is none."""
    path = re.sub(r"(^|/)index\.x?html?$", r"\1", name)
    return canonical_url(prefix.rstrip("/") + "/" + quote(path))


def _javascript_date(text: str) -> datetime:
    return datetime.strptime(text.strip(), _JS_DATE)  # noqa: DTZ007  (%z is in it)


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, _javascript_date, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError):
            continue
        if found.year not in WEB_YEARS:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    return None
