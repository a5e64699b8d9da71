"""What an answer means: status, headers and first bytes → a reason, or none when the body is worth keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import Reason

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
# Bot walls, told by headers that only they set, or by the script they load; never by words a news page may print.
_WALL_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
)
_WALL_SERVERS = {"akamaighost": "Akamai", "cloudfront": "CloudFront", "ddos-guard": "DDoS-Guard"}
_WALL_SCRIPTS = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare"),
    (b"_Incapsula_Resource", "Imperva"),
    (b"captcha-delivery.com/", "DataDome"),
    (b"/_sec/cp_challenge/", "Akamai"),
    (b"px-captcha", "PerimeterX"),
)
_BINARY_TYPES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/msword")
_BINARY_MAGIC = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00")
_GZIP_MAGIC = b"\x1f\x8b"
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
    if status in (403, 429, 503):
        server = headers.get("server", "").lower()
        for product, vendor in _WALL_SERVERS.items():
            if product in server:
                return vendor
    if status in (200, 403, 429, 503) and len(body) < _SMALL_PAGE and b"<p" not in body:
        for script, vendor in _WALL_SCRIPTS:
            if script in body:
                return vendor
    return None


def is_wrong_kind(kind: LinkKind, content_type: str | None, body: bytes) -> str | None:
    """Why a body cannot be what was asked for (a picture, a PDF); None if it may be."""
    if content_type and content_type.startswith(_BINARY_TYPES):
        return content_type
    if kind in ("sitemap", "feed") and body.startswith(_GZIP_MAGIC):
        return None
    head = body[:1024]
    if head.startswith(_BINARY_MAGIC) or head.startswith(_GZIP_MAGIC):
        return "binary data"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "binary data"
    return None
