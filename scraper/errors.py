"""Every exception kliping raises on purpose, and the closed list of outcome reasons.

KlipingError
├── SiteError          a site definition is wrong (a bug in sites/, or in a file of --sites)
├── FetchError         url, reason, status, …: a page could not be fetched
├── ExtractError       url, reason, detail: the bytes are no article we can read
├── DiscoverError      url, reason: a feed, sitemap or index page cannot be read
└── ArchiveError       the archive cannot be opened, read or written
    ├── ArchiveLocked  another crawl holds it (exit 75)
    ├── ArchiveDamaged not an archive, corrupt, or newer than this program (exit 65)
    └── ArchiveFull    no space, or the disk fails (exit 74)
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.records import Redirect


class Reason(StrEnum):
    """How an attempt on a link ended. Closed: an outcome has one of these, and each run counts them all."""

    OK = "ok"  # a new capture was kept (and, for an article link, read)
    UNCHANGED = "unchanged"  # 304, or the same bytes as the last capture
    NOT_ARTICLE = "not_article"  # a readable page that is no article (index, front page)
    SOFT_404 = "soft_404"  # status 200, but the page says that it is gone
    PAYWALLED = "paywalled"  # only a teaser is there
    JS_SHELL = "js_shell"  # the text is not in the HTML
    EXTRACT_FAILED = "extract_failed"  # the reader crashed, ran out of time or of memory
    GONE = "gone"  # 404, 410
    DENIED = "denied"  # 401, 403, 451
    BLOCKED = "blocked"  # a bot wall answered instead of the site
    RATE_LIMITED = "rate_limited"  # 429, or 503 with Retry-After
    CLIENT_ERROR = "client_error"  # another 4xx
    SERVER_ERROR = "server_error"  # 5xx after retries
    ROBOTS = "robots"  # robots.txt says no
    ROBOTS_UNREACHABLE = "robots_unreachable"  # 5xx or no answer for robots.txt counts as no (RFC 9309 §2.3.1.4)
    NOT_HTML = "not_html"  # the body is not of the kind asked for
    TOO_BIG = "too_big"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad_encoding"  # unknown, stacked or broken content-encoding
    UNPARSABLE = "unparsable"  # over the limits of the guarded parse; malformed XML
    BAD_304 = "bad_304"  # a 304 nobody asked for
    BAD_REDIRECT = "bad_redirect"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_LIMIT = "redirect_limit"
    BAD_URL = "bad_url"
    BLOCKED_SCHEME = "blocked_scheme"
    BLOCKED_ADDRESS = "blocked_address"  # the host resolves to an address that is not public
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    RESET = "reset"  # the connection broke
    PROTOCOL = "protocol"  # the answer is not HTTP
    DEADLINE = "deadline"
    BUG = "bug"  # an error of ours; the traceback is in the log


# Attempts that a later run may repeat with hope: nothing said that the page is not there.
TRANSIENT = frozenset(
    {
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
        Reason.ROBOTS_UNREACHABLE,
        Reason.TRUNCATED,
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.RESET,
        Reason.PROTOCOL,
        Reason.DEADLINE,
    }
)


class KlipingError(Exception):
    """Base of every error a caller may want to catch."""


class SiteError(KlipingError):
    """A site definition cannot be used."""


class FetchError(KlipingError):
    """A page could not be fetched; the library's own error is the `__cause__`.

    `not_before` is set when the server asked for a wait longer than one run
    sits through; the wait holds for the whole host. `retry_after_s` is what it
    asked for.
    """

    def __init__(
        self,
        url: str,
        reason: Reason,
        detail: str = "",
        *,
        status: int | None = None,
        attempts: int = 1,
        bytes_seen: int | None = None,
        redirects: tuple[Redirect, ...] = (),
        not_before: datetime | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{url}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.status = status
        self.attempts = attempts
        self.bytes_seen = bytes_seen
        self.redirects = redirects
        self.not_before = not_before

    @property
    def is_transient(self) -> bool:
        """Whether a later run may repeat it with hope."""
        return self.reason in TRANSIENT


class ExtractError(KlipingError):
    """A page is no article (`not_article`, `soft_404` …) or cannot be read (`unparsable`, `not_html`)."""

    def __init__(self, url: str | None, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{url or 'page'}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail


class DiscoverError(KlipingError):
    """A feed, sitemap or index page cannot be read."""

    def __init__(self, url: str, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{url}: {reason.value}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail


class ArchiveError(KlipingError):
    """The archive cannot be opened, read or written."""


class ArchiveLocked(ArchiveError):
    """Another crawl holds the archive."""


class ArchiveDamaged(ArchiveError):
    """Not an archive of ours, corrupt, or written by a newer kliping."""


class ArchiveFull(ArchiveError):
    """The disk is full or fails; the last commit is intact."""
