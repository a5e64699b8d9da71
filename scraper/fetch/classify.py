"""What an answer means: status, headers and first bytes → a reason, or none when the body is worth keeping."""

from __future__ import annotations

import re
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
# Bot walls, told by what only they send: a header, their own server's 403, or the markup of their page. Never by
# words, which a news page may print, nor by scripts that the same vendors put into good pages too.
_WALL_HEADERS = (  # name, value that it begins with ("" = any, of an error status)
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ("x-datadome", "", "DataDome"),
    ("x-dd-b", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
)
# Their own name stands there only when they answer themselves; an origin's name is passed on otherwise.
_WALL_SERVERS = {"akamaighost": "Akamai", "cloudfront": "CloudFront"}
_WALL_MARKUP = (
    (re.compile(rb"window\._cf_chl_opt\b"), "Cloudflare"),
    (re.compile(rb"<iframe[^>]{1,200}/_Incapsula_Resource\?"), "Imperva"),
    (re.compile(rb"<script[^>]{1,200}captcha-delivery\.com/"), "DataDome"),
    (re.compile(rb"/_sec/cp_challenge/|sec-if-cpt-container"), "Akamai"),
    (re.compile(rb"<div[^>]{1,200}id=[\"']px-captcha"), "PerimeterX"),
    (re.compile(rb"/\.well-known/ddos-guard/"), "DDoS-Guard"),
    (re.compile(rb"sucuri_cloudproxy_js="), "Sucuri"),
)
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
_WALL_PAGE_BYTES = 100_000  # a wall's own page is small
_BINARY_TYPES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/msword")
_BINARY_MAGIC = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00")
_GZIP_MAGIC = b"\x1f\x8b"
_HTML_TYPES = (None, "text/html", "application/xhtml+xml")
_HTML_START = re.compile(rb"<!doctype\s+html|<(?:html|head|body|article|main|div|title)[\s>]", re.IGNORECASE)
_FEED_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.DOTALL
)
_HEAD_BYTES = 2048


def of_status(status: int) -> Reason | None:
    """The reason of an error status; None below 400."""
    if status < 400:
        return None
    return _STATUS.get(status) or (Reason.SERVER_ERROR if status >= 500 else Reason.CLIENT_ERROR)


def bot_wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The vendor of the wall that answered instead of the site; None if none did."""
    for name, value, vendor in _WALL_HEADERS:
        if headers.get(name, "\0").lower().startswith(value) and (value or (status >= 400 and name in headers)):
            return vendor
    if status == 403:
        server = headers.get("server", "").lower()
        for product, vendor in _WALL_SERVERS.items():
            if server.startswith(product):
                return vendor
    # With 200 only a page without a paragraph of text is suspected: articles about walls quote their markup.
    if status in (403, 429, 503) or (status == 200 and len(body) < _WALL_PAGE_BYTES and not _PARAGRAPH.search(body)):
        head = body[:_WALL_PAGE_BYTES]
        return next((vendor for pattern, vendor in _WALL_MARKUP if pattern.search(head)), None)
    return None


def wrong_kind(kind: LinkKind, content_type: str | None, charset: str | None, body: bytes) -> str | None:
    """Why a body cannot be what was asked for (a picture, a feed for an article); None if it may be.

    An index, feed or sitemap may be any of the three: what a link leads to is
    known for sure only when its bytes are read.
    """
    if content_type and content_type.startswith(_BINARY_TYPES):
        return content_type
    if kind in ("sitemap", "feed") and body.startswith(_GZIP_MAGIC):
        return None
    head = body[:_HEAD_BYTES]
    if head.startswith((*_BINARY_MAGIC, _GZIP_MAGIC)):
        return "binary data"
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or (charset or "").startswith("utf-16")
    if b"\x00" in head:
        return None if is_wide else "binary data"
    if kind != "article":
        return None
    if _FEED_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "a feed or sitemap"
    if content_type not in _HTML_TYPES and not _HTML_START.search(head):
        return content_type
    return None
