"""What an answer means: status, headers and first bytes → a reason, or None if the body is worth keeping."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scraper.errors import Reason
from scraper.markup import few_words
from scraper.text import utf16_without_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.records import LinkKind

_STATUS = {
    404: Reason.GONE,
    410: Reason.GONE,
    401: Reason.DENIED,
    403: Reason.DENIED,
    451: Reason.DENIED,
    429: Reason.RATE_LIMITED,
}
# Bot walls, recognised by headers that only they set, or by the script they load; never by words that a news page may
# print.
_WALL_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
)
_WALL_SERVERS = {"akamaighost": "Akamai", "cloudfront": "CloudFront", "ddos-guard": "DDoS-Guard"}
_WALL_SCRIPTS = (
    (
        b"_cf_chl_opt",
        "Cloudflare",
    ),  # its challenge sets it; /cdn-cgi/challenge-platform/ alone is on ordinary pages too
    (b"_Incapsula_Resource", "Imperva"),
    (b"captcha-delivery.com/", "DataDome"),
    (b"/_sec/cp_challenge/", "Akamai"),
    (b"px-captcha", "PerimeterX"),
)
_WALL_WORDS = 80  # the longest challenge page seen has 50 words; a page with more has something of its own to say
_BINARY_TYPES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/msword")
_BINARY_MAGIC = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00")
_JSON_TYPES = ("application/json", "text/json", "application/ld+json", "application/problem+json")
_GZIP_MAGIC = b"\x1f\x8b"
# What the MIME Sniffing standard calls binary data bytes.
_CONTROLS = bytes(each for each in range(0x20) if each not in (0x09, 0x0A, 0x0C, 0x0D, 0x1B))
_BINARY_SHARE = 0.05
_MAX_JSON = 1 << 20  # bytes that are examined; a longer text between such brackets is JSON if it is not a page
_SMALL_PAGE = 100_000  # a wall's own page is small; news pages that load a vendor's script are not judged by it


def of_status(status: int) -> Reason | None:
    """The reason of an error status; None below 400."""
    if status < 400:
        return None
    return _STATUS.get(status) or (Reason.SERVER_ERROR if status >= 500 else Reason.CLIENT_ERROR)


def bot_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The vendor of the wall that answered instead of the site; None if none did."""
    for name, value, vendor in _WALL_HEADERS:
        if name in headers and value in headers[name].lower() and (status >= 400 or value):
            return vendor
    if status == 403:
        server = headers.get("server", "").lower()
        for product, vendor in _WALL_SERVERS.items():
            if product in server:
                return vendor
    if status in (200, 403, 429, 503) and len(body) < _SMALL_PAGE:
        wall = next((vendor for script, vendor in _WALL_SCRIPTS if script in body), None)
        if wall and few_words(body, _WALL_WORDS) < _WALL_WORDS:
            return wall
    return None


def is_wrong_kind(kind: LinkKind, content_type: str | None, body: bytes) -> str | None:
    """Why a body cannot be what was requested (a picture, a PDF); None if it may be."""
    if content_type and (content_type.startswith(_BINARY_TYPES) or (kind == "article" and content_type in _JSON_TYPES)):
        return content_type
    if kind in ("sitemap", "feed") and body.startswith(_GZIP_MAGIC):
        return None
    if kind == "article" and _is_json(body):
        return "JSON"
    return "binary data" if _is_binary(body[:1024]) else None


def _is_binary(head: bytes) -> bool:
    """Whether the first bytes are not text: by their signature, or by more control characters than a broken page has.

    One NUL proves nothing: some databases put it into their texts, and browsers ignore it.
    """
    if head.startswith((*_BINARY_MAGIC, _GZIP_MAGIC)):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head) is not None:
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > _BINARY_SHARE * len(head)


def _is_json(body: bytes) -> bool:
    """Whether a body is one JSON object or list, under whatever type it is served."""
    text = body.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")) and not (text.startswith(b"[") and text.endswith(b"]")):
        return False
    if len(text) > _MAX_JSON:
        return b"<html" not in text[:_MAX_JSON].lower()
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
