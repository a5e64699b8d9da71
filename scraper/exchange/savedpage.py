"""What a saved file is, and where and when its page was saved, from the marks that the saving program left in it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper.records import WEB_YEARS
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from email.message import Message

_HEAD = 256 << 10  # bytes that are examined
_SAVED = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(?P<url>\S+)"),  # browsers
    re.compile(r"Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+saved date:\s*(?P<at>[^\r\n(]+)"),
    re.compile(r"<!--\s*Saved from (?P<url>\S+) at (?P<at>\S+) using monolith"),
    re.compile(r"<!--\s*Mirrored from (?P<url>\S+) by HTTrack[^,<>]{0,80},\s*+(?P<at>[^<>]{1,60}? GMT)"),
)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_MAX_PARTS = 2_000
# What a page may begin with: a comment or an XML declaration before its doctype or its first element.
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--(?:(?!-->).){0,4000}-->\s*){0,9}<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_MIME = re.compile(rb"(?im)^content-type:\s*multipart/(?:related|mixed|alternative)\b|^snapshot-content-location:")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?:[:+]\d{1,5})?", re.IGNORECASE)
_TAG = re.compile(r"<(link|meta)\b[^<>]{0,4096}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z:-])([a-zA-Z:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_JS_DATE = "%a %b %d %Y %H:%M:%S GMT%z"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page from a file: its bytes, and its address, time and charset according to the file; None for what it does not
    say.
    """

    body: bytes
    url: str | None = None
    at: datetime | None = None
    charset: str | None = None


def is_html(head: bytes) -> bool:
    """Whether a file is a page, judged by its beginning, in any UTF-16 too."""
    return _HTML.match(_text(head)) is not None


def is_mhtml(head: bytes) -> bool:
    """Whether a file is a page with its parts in one MIME message, judged by its beginning."""
    fields = head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    return _MIME.search(fields) is not None


def page_of_mhtml(data: bytes) -> SavedPage | None:
    """The page in an MHTML file (RFC 2557) as browsers save them; None if it contains none."""
    message = BytesParser(policy=compat32).parsebytes(data)
    wanted = _header(message, "Snapshot-Content-Location") or _header(message, "Content-Location")
    pages = [part for part in islice(message.walk(), _MAX_PARTS) if part.get_content_type() in _PAGES]
    if not pages:
        return None
    page = next((part for part in pages if wanted and _header(part, "Content-Location") == wanted), pages[0])
    body = page.get_payload(decode=True)
    url = wanted or _header(page, "Content-Location")
    return SavedPage(
        body=body if isinstance(body, bytes) else b"",
        url=canonical_url(url) if url and "://" in url else None,
        at=_moment(_header(message, "Date") or ""),
        charset=page.get_content_charset(),
    )


def _header(message: Message, name: str) -> str | None:
    found = message.get(name)
    return re.sub(r"\s+", "", str(found)) if found is not None and name != "Date" else found and str(found)


def _text(head: bytes) -> str:
    """The beginning of a page as text, in the charset that its first bytes show."""
    encoding = utf16_of(head)
    return head.decode(encoding or "utf-8", "replace").lstrip("\ufeff")


def utf16_of(head: bytes) -> str | None:
    """Which kind of UTF-16 bytes are in, by their mark or by the zeros in their first characters; None if they are not
    UTF-16.
    """
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return name
    first = head[:8]
    if len(first) == 8 and first[1::2] == bytes(4) and first[::2].isascii() and 0 not in first[::2]:
        return "utf-16-le"
    if len(first) == 8 and first[::2] == bytes(4) and first[1::2].isascii() and 0 not in first[1::2]:
        return "utf-16-be"
    return None


def saved_from(body: bytes) -> tuple[str | None, datetime | None]:
    """(URL, time) as noted in a page by the program that saved it; None for what it did not note."""
    text = _text(body[:_HEAD])
    for pattern in _SAVED:
        if found := pattern.search(text):
            url = found["url"]
            at = _moment(found["at"].strip()) if "at" in found.groupdict() else None
            return canonical_url(url if "://" in url else f"http://{url}"), at
    return None, None


def own_url(body: bytes) -> str | None:
    """The page's own URL: rel=canonical, or else og:url; None if it gives no absolute one."""
    found: dict[str, str] = {}
    for tag in _TAG.finditer(_text(body[:_HEAD])):
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
    """The URL of a file in a mirrored folder: its path after the prefix, without index.html; None if that is not a
    valid URL.
    """
    path = re.sub(r"(^|/)index\.x?html?$", r"\1", name)
    return canonical_url(prefix.rstrip("/") + "/" + quote(path))


def url_of_mirror(name: str) -> str | None:
    """The URL of a file in a folder that wget or HTTrack named after the host; None if the path does not begin with a
    host.
    """
    host, slash, path = name.partition("/")
    if not slash or not _HOST.fullmatch(host):
        return None
    return url_of_file(f"https://{host}", path)


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
