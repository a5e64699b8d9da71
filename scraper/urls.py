"""One identity per URL: canonical form, registrable domain, paging.

The canonical form never merges two articles: it only removes what RFC 3986
§6.2.2 calls equivalent, what is known to track, and the fragment. Paging and
scheme are kept here; `article_url` takes paging off where a record is named.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

MAX_URL = 2048  # CONTRACT L7
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that carry no content: campaign tags, click ids, share counters.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_ke|cx_\w+|at_(?:medium|campaign)\w*"
    r"|ns_\w+|spm|ref_src|cmpid|ito|ocid|smid|ct)$",
    re.IGNORECASE,
)
_PAGING = re.compile(r"^(?:page|halaman|hal|show)$", re.IGNORECASE)
# Upper limit for parsing: urlsplit is linear, but nothing longer can be a URL we use.
_SAFE_PATH = "/%:@!$&'()*+,;=-._~"
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The canonical form of an http(s) URL, resolved against `base`; None if it cannot be one."""
    parts = _split(url, base)
    if parts is None:
        return None
    host = _host(parts)
    if host is None:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    netloc = host if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"
    path = _remove_dots(_escapes(parts.path)) or "/"
    found = urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))
    return found if len(found) <= MAX_URL else None


def article_url(url: str) -> str:
    """The URL that names an article: canonical, without its page number."""
    parts = urlsplit(canonical_url(url) or url)
    pairs = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _PAGING.match(key)]
    kept = urlencode(pairs) if len(pairs) < len(parse_qsl(parts.query, keep_blank_values=True)) else parts.query
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


def page_number(url: str) -> int | None:
    """The page that a URL asks for ("?page=3"); None if it says none or "all"."""
    for key, value in parse_qsl(urlsplit(url).query):
        if _PAGING.match(key) and value.isdecimal() and 0 < len(value) <= 4:
            return int(value)
    return None


def absolute(href: str, base: str | None) -> str | None:
    """An href as an absolute http(s) URL, as printed otherwise; None for mailto:, javascript: and the like."""
    parts = _split(href, base)
    return None if parts is None else urlunsplit(parts)[:MAX_URL]


def host_of(url: str) -> str:
    """Host name in lower case; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Scheme, host and port, the scope of a robots.txt (RFC 9309 §2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The domain that one owner registered ("kompas.com"); an IP address, or a name without one, is its own."""
    name = host.lower().rstrip(".")
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return str(_suffixes().privatesuffix(name) or name)
    return name


def same_domain(first: str, second: str) -> bool:
    """Whether two URLs belong to one registrable domain."""
    one, two = host_of(first), host_of(second)
    return bool(one) and bool(two) and registrable_domain(one) == registrable_domain(two)


def _split(url: str, base: str | None) -> SplitResult | None:
    """A URL's parts, if it is http or https and has a host."""
    text = re.sub(r"[\t\r\n]", "", url.strip())
    if len(text) > 2 * MAX_URL or any(ord(char) < 32 or char in '<>"\\^`{|}' for char in text):
        text = re.sub(r'[\x00-\x1f<>"\\^`{|}]', lambda found: quote(found[0]), text[: 2 * MAX_URL])
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.netloc else None


def _host(parts: SplitResult) -> str | None:
    """The host in its ASCII form; None if it cannot be a name or an address."""
    try:
        name = (parts.hostname or "").rstrip(".")
        if ":" in name:
            return f"[{ipaddress.ip_address(name.partition('%')[0])}]"
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    return ascii_name.lower() if re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?", ascii_name) else None


def _escapes(text: str) -> str:
    """Percent-encoding in one form: unreserved characters decoded, the rest in upper case (RFC 3986 §6.2.2.1–2)."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if char in _UNRESERVED else found[0].upper()

    quoted = quote(text.encode("utf-8", "replace"), safe=_SAFE_PATH)
    return _ESCAPE.sub(one, re.sub(r"%(?![0-9a-fA-F]{2})", "%25", quoted))


def _remove_dots(path: str) -> str:
    """RFC 3986 §5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    joined = "/".join(kept)
    if not joined.startswith("/"):
        joined = f"/{joined}"
    return joined + "/" if path.endswith(("/.", "/..")) and not joined.endswith("/") else joined


def _query(query: str) -> str:
    """The query without tracking parameters, in the order printed: some sites' scripts depend on it."""
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part.partition("=")[0])]
    return "&".join(quote(_ESCAPE.sub(lambda found: found[0].upper(), part), safe=_SAFE_PATH + "?/") for part in kept)
