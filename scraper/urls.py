"""One identity per URL: canonical form, registrable domain, paging.

The canonical form never merges two articles. It removes only what RFC 3986 §6.2.2–6.2.3 calls equivalent, parameters
known to count clicks, the fragment, and mobile or AMP addresses whose desktop address is known for certain. It is still
an address that can be requested, so scheme, paging and the order of parameters stay: http and https are two origins
with two robots.txt, and some sites' scripts depend on the order. `article_url` removes the page number.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_plus, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

from scraper.typed import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_URL = 2048  # docs/contract.md promises this limit
_MAX_RAW = 4 * MAX_URL  # a longer text cannot shrink to a usable URL by losing its tracking parameters
_MAX_HOST = 253  # RFC 1035 §2.3.4
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that carry no content on any site: campaign tags, click ids, share counters. Those that may name an article
# on some site ("ocid", "spm", "amp") are not among them: a crawl learns from a host's own pages which of its parameters
# are idle.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fb(?:clid|_source|_action_\w+)|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igsh(?:id)?|mc_[ce]id"
    r"|_ga|_gl|_hs(?:enc|mi)|cx_(?:test\w*|artpos|ref|navsource|click)|at_(?:medium|campaign)\w*"
    r"|ns_(?:source|mchannel|campaign|linkname|fee))$",
    re.IGNORECASE,
)
_PAGING = re.compile(r"^(?:page|halaman|hal|showpage|paged)$", re.IGNORECASE)
PAGE_IN_PATH = re.compile(r"/page/([0-9]{1,4})/?$")
_PAGE_VALUE = re.compile(r"^(?:all|[0-9]{1,3})$")
# A script's page number may be the only thing that names the article ("/read.php?page=12").
_SCRIPT = re.compile(r"^/?$|(?:^|/)[^/]+\.(?:php\d?|aspx?|jsp|cgi|cfm|pl|do)$", re.IGNORECASE)
# Two letters and two joiners that the two IDNA standards map to different names.
_IDNA_DISPUTED = re.compile("[\u00df\u03c2\u200c\u200d]")
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_LABELS = re.compile(r"[^.]{1,63}(?:\.[^.]{1,63})*")
# Everything up to the last "@" before the path, since a password may contain one. Browsers accept backslashes in place
# of slashes, and also no slashes at all.
_USERINFO = re.compile(r"(?:(?<=[/\\]{2})|(?<=\bhttp:)(?![/\\])|(?<=\bhttps:)(?![/\\]))[^/\\?#\s]*@", re.IGNORECASE)
_SAFE = "/%:@!$&'()*+,;=-._~"
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_TO_QUOTE = re.compile(r'[\x00-\x20\x7f<>"\\^`{|}]')
_NO_HOST = re.compile(r"(?:https?:)?//(?:[/?#]|$)", re.IGNORECASE)  # browsers take what follows for the host
_ABSOLUTE = re.compile(r"https?://[^/?#]")  # joining it to another would change nothing
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Desktop(Data, frozen=True, kw_only=True):
    """Mobile or AMP addresses whose desktop address is known for certain.

    `host` is the mobile host ("*.example.com" for every sub-domain); the group `path` of the pattern `path` is the part
    that the desktop address also has, on the host `to` (None: the same host).
    """

    host: str
    path: re.Pattern[str]
    to: str | None = None


class UrlRules(Data, frozen=True, kw_only=True):
    """What is special about the addresses of one site.

    `clicks` are prefixes of parameters that only count clicks ("ct="), `whole` parameters that request all pages of an
    article at once ("single=1").
    """

    clicks: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    desktop: tuple[Desktop, ...] = ()


NO_RULES = UrlRules()
# The module that sets the rules (use_rules). It is named by a string because it stands above this one, and loaded when
# a rule is first needed.
_TELLER = "scraper.sites.registry"
_rules: dict[str, UrlRules] = {}  # keyed by host
_ends: list[tuple[str, ...] | None] = [None]  # the last two labels of these hosts; [None] until somebody asks


def use_rules(rules: Mapping[str, UrlRules]) -> None:
    """Make these the rules of sites, by host, instead of those of an earlier call. They apply to this process.

    They apply to a host's whole registrable domain, which is computed only when an address may belong to one: loading
    the public suffix list takes longer than reading many a page.
    """
    _rules.clear()
    _rules.update(rules)
    _ends[0] = tuple({".".join(host.split(".")[-2:]) for host in _rules})
    _rules_by_domain.cache_clear()
    canonical_url.cache_clear()


def _rules_of(netloc: str) -> UrlRules:
    if _ends[0] is None:
        import_module(_TELLER)
    if not netloc.endswith(_ends[0] or ()):  # true for most hosts
        return NO_RULES
    return _rules_by_domain().get(registrable_domain(netloc), NO_RULES)


@lru_cache(maxsize=1)
def _rules_by_domain() -> dict[str, UrlRules]:
    return {registrable_domain(host): rules for host, rules in _rules.items()}


@lru_cache(maxsize=256)  # a page contains its own address many times
def canonical_url(url: str, base: str | None = None) -> str | None:
    """The canonical form of an http(s) URL, resolved against `base`; None if it cannot be one."""
    parts = _split(url, base)
    netloc = _netloc(parts) if parts else None
    if parts is None or netloc is None:
        return None
    rules, path = _rules_of(netloc), _remove_dots(_escapes(parts.path)) or "/"
    if rules.desktop:
        netloc, path = _desktop(netloc, path, rules)
    found = urlunsplit((parts.scheme, netloc, path, _query(parts.query, rules), ""))
    return found if len(found) <= MAX_URL else None


def article_url(url: str) -> str:
    """The URL that names an article: canonical, without its page number. Text that is not a URL is returned unchanged."""
    canonical = canonical_url(url)
    return url if canonical is None else without_page(canonical)


def without_page(canonical: str) -> str:
    """A canonical URL without its page number."""
    if "?" not in canonical:
        return canonical
    parts = urlsplit(canonical)
    whole = _rules_of(parts.netloc).whole
    kept = [pair for pair in parts.query.split("&") if not _is_paging(pair) and pair.lower() not in whole]
    if _SCRIPT.search(parts.path) and not any(kept):
        return canonical
    return urlunsplit(parts._replace(query="&".join(kept)))


def unpaged_url(url: str) -> str:
    """The URL that names an index, whichever of its pages is requested; text that is not a URL is returned unchanged."""
    canonical = canonical_url(url)
    if canonical is None:
        return url
    parts = urlsplit(canonical)
    return urlunsplit(parts._replace(query="&".join(pair for pair in parts.query.split("&") if not _is_paging(pair))))


def page_number(url: str) -> int | None:
    """The page that a URL asks for ("?page=3"), at least 1; None if it names none or "all"."""
    for pair in _parts(url).query.split("&"):
        key, _, value = pair.partition("=")
        if _PAGING.match(key) and re.fullmatch(r"[0-9]{1,4}", value) and int(value) > 0:
            return int(value)
    return None


def listing_page(url: str) -> int:
    """The number of an index page, from its query ("?page=3") or its path ("/page/3/"); 1 if it has none."""
    in_path = PAGE_IN_PATH.search(_parts(url).path)
    return int(in_path[1]) if in_path else page_number(url) or 1


def without_userinfo(text: str) -> str:
    """The text with users and passwords removed from the URLs in it."""
    return _USERINFO.sub("", text) if "@" in text else text


def absolute(href: str, base: str | None) -> str | None:
    """An href as an absolute http(s) URL, as printed except for user and password; None for mailto:, javascript: and
    the like.
    """
    parts = _split(href, base)
    if parts is None:
        return None
    found = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return found if len(found) <= MAX_URL else None


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """Host name in lower case; "" if there is none."""
    try:
        return (_parts(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Scheme, host and port, the scope of a robots.txt (RFC 9309 §2.3)."""
    parts = _parts(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@lru_cache(maxsize=2)
def _suffixes(*, are_encoded: bool) -> PublicSuffixList:
    """The public suffix list; encoding its names in other scripts ("xn--…") is most of the cost of loading it."""
    return PublicSuffixList(accept_encoded_idn=are_encoded)


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The domain that one owner registered ("kompas.com"); an IP address, or a name without such a domain, is returned
    as it is.
    """
    name = host.lower().rstrip(".")
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return str(_suffixes(are_encoded="xn--" in name).privatesuffix(name) or name)
    return name


def same_domain(first: str, second: str) -> bool:
    """Whether two URLs belong to one registrable domain."""
    one, two = host_of(first), host_of(second)
    return bool(one) and bool(two) and (one == two or registrable_domain(one) == registrable_domain(two))


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # "http://[", and hosts that Unicode normalisation would change into others
        return SplitResult("", "", "", "", "")


def _split(url: str, base: str | None) -> SplitResult | None:
    """A URL's parts if it is http or https and has a host; mistakes that browsers forgive are forgiven."""
    text = url.strip()
    if _TO_QUOTE.search(text):
        text = _forgiven(text)
    if len(text) > _MAX_RAW or _NO_HOST.match(text):
        return None
    try:
        parts = urlsplit(text if base is None or _ABSOLUTE.match(text) else urljoin(base, text))
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    return parts


def _forgiven(text: str) -> str:
    """A URL as browsers repair it: line breaks removed, backslashes turned into slashes, other characters that no URL
    contains quoted.
    """
    text = re.sub(r"[\t\r\n]", "", text)
    if len(text) > _MAX_RAW:
        return text
    address, mark, rest = text.partition("?")
    if re.match(r"(?:https?:)?[\\/]{2}|[^:]*$", address, re.IGNORECASE):
        address = address.replace("\\", "/")
    return _TO_QUOTE.sub(lambda found: quote(found[0]), address + mark + rest)


def _netloc(parts: SplitResult) -> str | None:
    """The host in its ASCII form, and the port if it is not the default; None if it cannot be a name or an address."""
    name = (parts.hostname or "").rstrip(".")
    if "%" in name:  # the zone of an IPv6 address has a meaning on one machine only
        return None
    try:
        host = f"[{ipaddress.IPv6Address(name)}]" if ":" in name else _ascii_host(name)
    except (ValueError, UnicodeError):
        return None
    return host if parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{parts.port}"


def _ascii_host(name: str) -> str:
    if _IDNA_DISPUTED.search(name):
        raise ValueError("the IDNA standards disagree about this name")
    host = (name if name.isascii() else name.encode("idna").decode("ascii")).lower().rstrip(".")
    if len(host) > _MAX_HOST or not (_HOST_NAME.fullmatch(host) and _LABELS.fullmatch(host)):
        raise ValueError("no host name")
    return host


def _escapes(text: str, *, also_safe: str = "") -> str:
    """Percent-encoding in one form: unreserved characters decoded, other escapes in upper case (RFC 3986 §6.2.2.1–2)."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if char in _UNRESERVED else found[0].upper()

    readable = re.sub("[\ud800-\udfff]", "\ufffd", _BARE_PERCENT.sub("%25", text))
    return _ESCAPE.sub(one, quote(readable, safe=_SAFE + also_safe))


def _remove_dots(path: str) -> str:
    """Remove dot segments (RFC 3986 §5.2.4)."""
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


def _query(query: str, rules: UrlRules) -> str:
    """The query without empty and tracking parameters, in the printed order."""
    pairs = (_escapes(pair, also_safe="?") for pair in query.split("&") if pair)
    kept = [pair for pair in pairs if not _TRACKING.match(pair.partition("=")[0])]
    if rules.clicks:
        kept = [pair for pair in kept if not pair.lower().startswith(rules.clicks)]
    return "&".join(kept)


def _is_paging(pair: str) -> bool:
    key, _, value = pair.partition("=")
    return bool(_PAGING.match(key) and _PAGE_VALUE.match(unquote_plus(value).lower()))


def _desktop(netloc: str, path: str, rules: UrlRules) -> tuple[str, str]:
    """The desktop address of a mobile or AMP page, if the same rule holds for every page of the site."""
    for each in rules.desktop:
        is_host = netloc.endswith(each.host[1:]) if each.host.startswith("*.") else netloc == each.host
        if is_host and (match := each.path.fullmatch(path)):
            return each.to or netloc, match["path"]
    return netloc, path
