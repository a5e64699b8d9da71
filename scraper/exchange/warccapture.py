"""A capture out of the records of a WARC file: digests checked, encodings taken off, what is no page refused. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from scraper.exchange.httpmessage import HttpMessage, dechunk, is_digest_of, parse_headers, parse_response
from scraper.exchange.taken import Refused, Taken
from scraper.exchange.warcread import unbrotli
from scraper.exchange.warcrecord import OURS
from scraper.fetch.answer import UNKEPT_HEADERS, media_type
from scraper.fetch.body import BodyError, BodyReader
from scraper.fetch.classify import bot_wall
from scraper.fixtures import capture_of
from scraper.html import MAX_HTML_BYTES
from scraper.reasons import Reason
from scraper.records import WEB_YEARS, Capture, LinkKind

if TYPE_CHECKING:
    from scraper.exchange.warcread import RawRecord

_PAGES = frozenset({"text/html", "application/xhtml+xml", None})
_OK = frozenset({200, 203})
_UNASKED = frozenset({"cookie", "authorization", "proxy-authorization"})  # whose they are is nobody's business


def moment_of(raw: RawRecord) -> datetime:
    """A record's WARC-Date in whole seconds. Raises Refused."""
    try:
        found = datetime.fromisoformat(raw.fields["warc-date"].strip())
    except (KeyError, ValueError) as error:
        raise Refused(Taken.BAD_RECORD, "no WARC-Date") from error
    if found.year not in WEB_YEARS:
        raise Refused(Taken.BAD_RECORD, f"fetched in the year {found.year}")
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def about_of(raw: RawRecord) -> dict[str, Any]:
    """What our own export says of a capture in a metadata record; {} if it is not one of ours."""
    text = (raw.block or b"").decode("utf-8", "replace")
    line = next((each for each in text.split("\r\n") if each.startswith(OURS)), None)
    try:
        found = json.loads(line.removeprefix(OURS)) if line else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def capture_from(raw: RawRecord, request: RawRecord | None, about: dict[str, Any]) -> Capture:
    """The capture of a response. Raises Refused."""
    if raw.block is None:
        raise Refused(Taken.TOO_BIG, f"{raw.fields.get('content-length')} bytes")
    digest = raw.fields.get("warc-block-digest")
    if digest and is_digest_of(digest, raw.block) is False:
        raise Refused(Taken.BAD_DIGEST, "the block's digest")
    message = _message(raw.block)
    if 300 <= message.status < 400:
        raise Refused(Taken.REDIRECT)
    if not about and message.status not in _OK:
        raise Refused(Taken.ERROR_STATUS, str(message.status))
    is_page = bool(about) or media_type(message.header("content-type"))[0] in _PAGES
    if not is_page:
        raise Refused(Taken.NOT_HTML)
    body = _body(message, raw.fields.get("warc-payload-digest"))
    if about:
        return ours(about, body)
    capture = _foreign(raw, message, body, request)
    if vendor := bot_wall(capture.status, {name.lower(): value for name, value in capture.headers}, body):
        raise Refused(Taken.BLOCKED, vendor)
    if not body.strip():
        raise Refused(Taken.NOT_HTML, "empty")
    return capture


def ours(about: dict[str, Any], body: bytes) -> Capture:
    """A capture that our own export describes. Raises Refused, also where `kind` or `found_on` beside it are none."""
    if about.get("kind") not in (None, *get_args(LinkKind)) or not isinstance(about.get("found_on"), str | None):
        raise Refused(Taken.BAD_RECORD, "its description: no link")
    try:
        return capture_of(about["capture"], body)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Taken.BAD_RECORD, f"its description: {error}") from error


def again(raw: RawRecord, earlier: Capture) -> Capture:
    """The capture of a revisit: the bytes and headers of an earlier one, at the revisit's address and time. Raises Refused."""
    return Capture(
        url=raw.url,
        final_url=raw.url,
        status=earlier.status,
        fetched_at=moment_of(raw),
        body=earlier.body,
        headers=earlier.headers,
        content_type=earlier.content_type,
        charset=earlier.charset,
    )


def _message(block: bytes) -> HttpMessage:
    try:
        return parse_response(block)
    except ValueError as error:
        raise Refused(Taken.BAD_RECORD, str(error)) from error


def _body(message: HttpMessage, digest: str | None) -> bytes:
    """The body without its encodings; the digest may be that of any stage, since programs differ in what they hash."""
    whole = message.payload
    if "chunked" in (message.header("transfer-encoding") or "").lower():
        dechunked = dechunk(whole)
        whole = whole if dechunked is None else dechunked
    body = _decoded(whole, message.header("content-encoding"))
    stages = (message.payload, whole, body)
    if digest and all(is_digest_of(digest, stage) is False for stage in stages):
        raise Refused(Taken.BAD_DIGEST, "the payload's digest")
    return body


def _decoded(data: bytes, encoding: str | None) -> bytes:
    if not encoding or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):  # the recorder has decoded it already
        body = data
    elif encoding.strip().lower() == "br":
        body = _brotli(data)
    else:
        body = _inflated(data, encoding)
    if len(body) > MAX_HTML_BYTES:
        raise Refused(Taken.TOO_BIG, f"over {MAX_HTML_BYTES} bytes")
    return body


def _brotli(data: bytes) -> bytes:
    try:
        return unbrotli(data, MAX_HTML_BYTES)
    except OSError as error:
        raise Refused(Taken.BAD_ENCODING, f"br: {error}") from error


def _inflated(data: bytes, encoding: str) -> bytes:
    try:
        reader = BodyReader(encoding, max_wire_bytes=2 * MAX_HTML_BYTES, max_body_bytes=MAX_HTML_BYTES)
        reader.feed(data)
        return reader.finish()
    except BodyError as error:
        outcome = Taken.TOO_BIG if error.reason is Reason.TOO_BIG else Taken.BAD_ENCODING
        raise Refused(outcome, str(error)) from error


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
        headers=tuple((name.lower(), value) for name, value in message.headers if name.lower() not in UNKEPT_HEADERS),
        request_headers=tuple((name.lower(), value) for name, value in asked if name.lower() not in _UNASKED),
        content_type=kind,
        charset=charset,
        http_version=version,
    )
