"""A capture from the records of a WARC file: digests checked, encodings removed, anything but pages refused. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from scraper.discreet import kept_headers, kept_request
from scraper.exchange.httpmessage import HttpMessage, dechunk, is_digest_of, parse_headers, parse_response
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.warcread import decoded_body
from scraper.exchange.warcrecord import OURS
from scraper.fetch.answer import media_type
from scraper.fetch.classify import bot_wall
from scraper.fetch.response_body import BodyError, BodyReader
from scraper.fixtures import fixture_capture
from scraper.html import MAX_HTML_BYTES
from scraper.reasons import Reason
from scraper.records import WEB_YEARS, Capture, LinkKind

if TYPE_CHECKING:
    from scraper.exchange.warclenient import RawRecord

_PAGES = frozenset({"text/html", "application/xhtml+xml", None})
_OK = frozenset({200, 203})
# https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/#warc-date-mandatory; CDX has 14
# digits.
_DATE = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ]?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?"
)
_CUT = re.compile(r"[a-z-]{1,30}")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")


def moment_of(raw: RawRecord) -> datetime:
    """A record's WARC-Date in whole seconds. Raises Refused."""
    found = warc_moment(raw.fields.get("warc-date", ""))
    if found is None:
        raise Refused(ImportOutcome.BAD_RECORD, f"no WARC-Date: {raw.fields.get('warc-date', '')[:60]!r}")
    return found


def warc_moment(text: str) -> datetime | None:
    """A moment as WARC-Date writes it, possibly shortened to its day, month or year (then its first second); None for
    anything else.
    """
    found = _DATE.fullmatch(text.strip().upper())
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    padded = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone or 'Z'}"
    try:
        at = datetime.fromisoformat(padded)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.year in WEB_YEARS else None


def about_of(raw: RawRecord) -> dict[str, Any]:
    """What our own export says about a capture in a metadata record; {} if it is not one of ours."""
    text = (raw.block or b"").decode("utf-8", "replace")
    line = next((each for each in text.split("\r\n") if each.startswith(OURS)), None)
    try:
        found = json.loads(line.removeprefix(OURS)) if line else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def capture_from(raw: RawRecord, request: RawRecord | None, about: dict[str, Any]) -> Capture:
    """The capture of a response. Raises Refused."""
    block = _checked_block(raw)
    message = _message(block)
    if 300 <= message.status < 400:
        raise Refused(ImportOutcome.REDIRECT)
    if not about and message.status not in _OK:
        raise Refused(ImportOutcome.ERROR_STATUS, str(message.status))
    is_page = bool(about) or media_type(message.header("content-type"))[0] in _PAGES
    if not is_page:
        raise Refused(ImportOutcome.NOT_HTML)
    if request is not None and (method := method_of(request)) not in ("GET", ""):
        raise Refused(ImportOutcome.OTHER_METHOD, method)
    body, cut = _body(message, raw.fields.get("warc-payload-digest"))
    if about:
        return ours(about, body)
    capture = replace(_foreign(raw, message, body, request), truncated=_truncated(raw) or cut)
    if vendor := bot_wall(capture.status, {name.lower(): value for name, value in capture.headers}, body):
        raise Refused(ImportOutcome.BLOCKED, vendor)
    if not body.strip():
        raise Refused(ImportOutcome.NOT_HTML, "empty")
    return capture


def capture_of_resource(raw: RawRecord) -> Capture:
    """The capture of a page in a record without an HTTP response (warcit). Raises Refused."""
    kind, charset = media_type(raw.fields.get("content-type"))
    if kind not in _PAGES or (kind is None and not _MARKUP.match(raw.block or b"")):
        raise Refused(ImportOutcome.NOT_HTML)
    body = _checked_block(raw)
    if len(body) > MAX_HTML_BYTES:
        raise Refused(ImportOutcome.TOO_BIG, f"over {MAX_HTML_BYTES} bytes")
    if (digest := raw.fields.get("warc-payload-digest")) and is_digest_of(digest, body) is False:
        raise Refused(ImportOutcome.BAD_DIGEST, "the payload's digest")
    return Capture(
        url=raw.url, final_url=raw.url, status=200, fetched_at=moment_of(raw), body=body,
        content_type="text/html", charset=charset, truncated=_truncated(raw),
    )  # fmt: skip


def method_of(request: RawRecord) -> str:
    """The method of a request; "" if it cannot be read."""
    found = re.match(rb"\s*([A-Za-z]{1,20}) ", request.block or b"")
    return found[1].decode("ascii").upper() if found else ""


def revisit_type(raw: RawRecord) -> str | None:
    """The media type in the head of a revisit; None if it gives none."""
    try:
        return media_type(parse_response(raw.block or b"").header("content-type"))[0]
    except ValueError:
        return None


def _checked_block(raw: RawRecord) -> bytes:
    if raw.block is None:
        raise Refused(ImportOutcome.TOO_BIG, f"{raw.fields.get('content-length')} bytes")
    digest = raw.fields.get("warc-block-digest")
    if digest and not raw.is_cut and is_digest_of(digest, raw.block) is False:
        raise Refused(ImportOutcome.BAD_DIGEST, "the block's digest")
    return raw.block


def _truncated(raw: RawRecord) -> str | None:
    """Why a record is known to be incomplete, in the words of WARC-Truncated; None if there is no sign of that."""
    said = raw.fields.get("warc-truncated", "").strip().lower()
    if said:
        return said if _CUT.fullmatch(said) else "unspecified"
    return "unspecified" if raw.is_cut or "warc-segment-number" in raw.fields else None


def ours(about: dict[str, Any], body: bytes) -> Capture:
    """A capture that our own export describes. Raises Refused, also if `kind` or `found_on` beside it are invalid."""
    if about.get("kind") not in (None, *get_args(LinkKind)) or not isinstance(about.get("found_on"), str | None):
        raise Refused(ImportOutcome.BAD_RECORD, "its description: no link")
    try:
        return fixture_capture(about["capture"], body)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(ImportOutcome.BAD_RECORD, f"its description: {error}") from error


def again(url: str, at: datetime, earlier: Capture) -> Capture:
    """The capture of a revisit: the bytes and headers of an earlier one, with the revisit's address and time."""
    return Capture(
        url=url,
        final_url=url,
        status=earlier.status,
        fetched_at=at,
        body=earlier.body,
        headers=earlier.headers,
        content_type=earlier.content_type,
        charset=earlier.charset,
        truncated=earlier.truncated,
    )


def _message(block: bytes) -> HttpMessage:
    try:
        return parse_response(block)
    except ValueError as error:
        raise Refused(ImportOutcome.BAD_RECORD, str(error)) from error


def _body(message: HttpMessage, digest: str | None) -> tuple[bytes, str | None]:
    """The body without its encodings, and how it is truncated (None if it is not).

    The digest may be that of any stage, since programs differ in what they hash.
    """
    whole, is_cut = message.payload, False
    if "chunked" in (message.header("transfer-encoding") or "").lower():
        whole, is_cut = dechunk(whole)
    body, is_short = _decoded(whole, message.header("content-encoding"))
    stages = (message.payload, whole, body)
    if digest and all(is_digest_of(digest, stage) is False for stage in stages):
        raise Refused(ImportOutcome.BAD_DIGEST, "the payload's digest")
    return body, "disconnect" if is_cut or is_short or _lacks_its_end(message, body) else None


def _lacks_its_end(message: HttpMessage, body: bytes) -> bool:
    """Whether a page is shorter than its head says, and does not end as a page does."""
    length = message.header("content-length") or ""
    is_plain = not message.header("content-encoding") and not message.header("transfer-encoding")
    is_short = is_plain and length.isdecimal() and len(length) < 16 and len(message.payload) < int(length)
    return is_short and b"</html" not in body[-4096:].lower()


def _decoded(data: bytes, encoding: str | None) -> tuple[bytes, bool]:
    """A body without its content encodings, and whether it is truncated. Raises Refused."""
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    if not encoding and data.startswith(b"\x1f\x8b\x08"):
        names = ["gzip"]  # some recorders omit the header and leave the encoding
    is_cut = False
    for name in reversed(names[:3]):
        if _MARKUP.match(data):  # the recorder has already decoded it
            continue
        data, is_short = _unpacked(data, name)
        is_cut = is_cut or is_short
    if len(data) > MAX_HTML_BYTES:
        raise Refused(ImportOutcome.TOO_BIG, f"over {MAX_HTML_BYTES} bytes")
    return data, is_cut


def _unpacked(data: bytes, encoding: str) -> tuple[bytes, bool]:
    try:
        if encoding in ("br", "zstd"):
            return decoded_body(data, encoding, MAX_HTML_BYTES)
        reader = BodyReader(encoding, max_wire_bytes=2 * MAX_HTML_BYTES, max_body_bytes=MAX_HTML_BYTES)
        reader.feed(data)
    except OSError as error:
        raise Refused(ImportOutcome.BAD_ENCODING, f"{encoding}: {error}") from error
    except BodyError as error:
        outcome = ImportOutcome.TOO_BIG if error.reason is Reason.TOO_BIG else ImportOutcome.BAD_ENCODING
        raise Refused(outcome, str(error)) from error
    try:
        return reader.finish(), False
    except BodyError as error:
        if not (body := reader.so_far):
            raise Refused(ImportOutcome.BAD_ENCODING, str(error)) from error
        return body, True


def _foreign(raw: RawRecord, message: HttpMessage, body: bytes, request: RawRecord | None) -> Capture:
    kind, charset = media_type(message.header("content-type"))
    asked = parse_headers((request.block or b"").partition(b"\r\n\r\n")[0]) if request else ()
    version = (raw.block or b"").partition(b" ")[0].decode("ascii", "replace")
    return Capture(
        url=raw.url,
        final_url=raw.url,
        status=message.status,
        fetched_at=moment_of(raw),
        body=body,
        headers=kept_headers((name.lower(), value) for name, value in message.headers),
        request_headers=kept_request((name.lower(), value) for name, value in asked),
        content_type=kind,
        charset=charset,
        http_version=version,
    )
