"""What the archive knows, as WARC 1.1 records (https://iipc.github.io/warc-specifications/). Pure."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.records import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.archive.ask.visits import Visit
    from scraper.records import Capture, RobotsFile

SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# The media type for facts about a record: replay programs take any other for a page.
FIELDS = "application/warc-fields"
OURS = "kliping: "  # the field that holds, as JSON, what the standard has no place for
# A body is kept without its transfer and content encoding, so these headers would no longer be true of it; replay
# programs know this prefix as the mark of an original header.
ORIGINAL = "X-Archive-Orig-"
_OF_WIRE = frozenset({"content-length", "content-encoding", "transfer-encoding"})
_LINE_BREAK = re.compile(r"[\r\n]+\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: `fields` are its own named fields, `status_line` and `http_headers` those of the HTTP message in it."""

    type: str
    url: str
    at: str
    record_id: str
    fields: tuple[tuple[str, str], ...] = ()
    status_line: str | None = None
    http_headers: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""
    content_type: str | None = None
    media_type: str | None = None  # of the payload, for the index


def warc_date(at: datetime) -> str:
    """A moment as WARC-Date writes it."""
    return at.isoformat().replace("+00:00", "Z")


def payload_digest(body: bytes) -> str:
    """The digest field of a payload."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


def record_id(*parts: object) -> str:
    """The same name for the same thing in every export."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(map(str, parts)))}>"


def response_id(capture: Capture) -> str:
    """The name of a capture's response record."""
    return record_id("response", capture.url, warc_date(capture.fetched_at), hashlib.sha256(capture.body).hexdigest())


def of_first_visit(visit: Visit, capture: Capture, same_as: Capture | None) -> Iterator[Record]:
    """A capture: its redirects, its response (a revisit if the bytes are already elsewhere), its request and the rest."""
    at = warc_date(capture.fetched_at)
    main = response_id(capture)
    for number, hop in enumerate(capture.redirects):
        yield Record(
            type="response",
            url=hop.url,
            at=at,
            record_id=record_id("hop", number, main),
            fields=(("WARC-Truncated", "unspecified"),),  # its other headers were not kept
            status_line=_status_line(hop.status),
            http_headers=(("Location", _one_line(hop.location)), ("Content-Length", "0")),
        )
    fields: tuple[tuple[str, str], ...] = (("WARC-Payload-Digest", payload_digest(capture.body)),)
    if capture.truncated is not None:
        fields = (*fields, ("WARC-Truncated", _one_line(capture.truncated)))
    if same_as is not None:
        fields = (*fields, *_refers_to(same_as), ("WARC-Profile", SAME_BYTES))
    yield Record(
        type="revisit" if same_as else "response",
        url=capture.final_url,
        at=at,
        record_id=main,
        fields=fields,
        status_line=_status_line(capture.status),
        http_headers=_kept_headers(capture),
        payload=b"" if same_as else capture.body,
        media_type=capture.content_type,
    )
    yield _request(capture, at, main)
    yield _about(capture, visit, at, main)


def of_later_visit(visit: Visit, capture: Capture) -> Record:
    """A visit that found a capture unchanged; a replay shows the capture, since an answer 304 would be an empty page."""
    validators = (("ETag", visit.etag), ("Last-Modified", visit.last_modified))
    return Record(
        type="revisit",
        url=capture.final_url,
        at=visit.at,
        record_id=record_id("revisit", visit.url, visit.at, visit.fetch_id),
        fields=(
            ("WARC-Payload-Digest", payload_digest(capture.body)),
            *_refers_to(capture),
            ("WARC-Profile", NOT_MODIFIED if visit.is_304 else SAME_BYTES),
        ),
        status_line=None if visit.is_304 else _status_line(capture.status),
        http_headers=tuple((name, _one_line(value)) for name, value in validators if value),
        media_type=capture.content_type,
    )


def of_robots(robots: RobotsFile, last_seen_at: str) -> Iterator[Record]:
    """A robots.txt as it once was: the file if there was one, and how it was interpreted."""
    url = f"{robots.origin}/robots.txt"
    at = warc_date(robots.fetched_at)
    name = record_id("robots", robots.origin, at, robots.verdict)
    if robots.body is not None:
        yield Record(
            type="resource", url=url, at=at, record_id=name, payload=robots.body,
            fields=(("WARC-Payload-Digest", payload_digest(robots.body)),), content_type="text/plain", media_type="text/plain",
        )  # fmt: skip
    about = {name: value for name, value in as_json(robots).items() if name != "body"} | {"last_seen_at": last_seen_at}
    yield _metadata({"robots": about}, url, at, name)


def _about(capture: Capture, visit: Visit, at: str, main: str) -> Record:
    """What has no place in the other records, including the exact headers."""
    about: dict[str, Any] = {"capture": as_json(capture), "kind": visit.kind, "found_on": visit.found_on}
    return _metadata(about | {"reason": visit.reason}, capture.final_url, at, main)


def _metadata(about: dict[str, Any], url: str, at: str, main: str) -> Record:
    capture = about.get("capture", {})
    standard = {
        "via": about.get("found_on"),
        "fetchTimeMs": round(capture["elapsed_s"] * 1000) if capture.get("elapsed_s") is not None else None,
    }
    lines = [f"{name}: {value}" for name, value in standard.items() if value is not None]
    lines.append(OURS + json.dumps(about, ensure_ascii=False))
    return Record(
        type="metadata",
        url=url,
        at=at,
        record_id=record_id("metadata", main),
        fields=(("WARC-Concurrent-To", main), ("WARC-Refers-To", main)),
        payload="".join(f"{line}\r\n" for line in lines).encode(),
        content_type=FIELDS,
    )


def _request(capture: Capture, at: str, main: str) -> Record:
    url = capture.redirects[-1].location if capture.redirects else capture.url
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Record(
        type="request",
        url=capture.final_url,
        at=at,
        record_id=record_id("request", main),
        fields=(("WARC-Concurrent-To", main),),
        status_line=f"GET {path} HTTP/1.1",
        http_headers=tuple((_one_line(name), _one_line(value)) for name, value in capture.request_headers),
    )


def _refers_to(capture: Capture) -> tuple[tuple[str, str], ...]:
    return (
        ("WARC-Refers-To", response_id(capture)),
        ("WARC-Refers-To-Target-URI", capture.final_url),
        ("WARC-Refers-To-Date", warc_date(capture.fetched_at)),
    )


def _kept_headers(capture: Capture) -> tuple[tuple[str, str], ...]:
    """The response's headers, those of the transfer renamed, and the length that the body has here."""
    kept = [
        (f"{ORIGINAL}{name}" if name.lower() in _OF_WIRE else _one_line(name), _one_line(value))
        for name, value in capture.headers
    ]
    if capture.content_type and not any(name.lower() == "content-type" for name, _ in capture.headers):
        kept.append(("Content-Type", _one_line(capture.content_type)))
    return (*kept, ("Content-Length", str(len(capture.body))))


def _status_line(status: int) -> str:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return f"{status} {phrase}"


def _one_line(text: str) -> str:
    return _LINE_BREAK.sub(" ", text)
