"""The closed list of how an attempt on a link can end."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """How an attempt on a link ended. Closed: an outcome has one of these, and each run counts them all."""

    OK = "ok"  # a new capture was kept (and, for an article link, read)
    UNCHANGED = "unchanged"  # 304, or the same bytes as the last capture
    NOT_ARTICLE = "not_article"  # a readable page that is not an article (index, front page)
    SOFT_404 = "soft_404"  # status 200, but the page says that it is gone
    PAYWALLED = "paywalled"  # only a teaser is available
    JS_SHELL = "js_shell"  # the text is not in the HTML
    EXTRACT_FAILED = "extract_failed"  # the reader crashed, ran out of time or of memory
    GONE = "gone"  # 404, 410
    DENIED = "denied"  # 401, 403, 451
    BLOCKED = "blocked"  # a bot wall answered instead of the site
    WALL = "wall"  # status 200, but a login, consent, maintenance or start page instead of the article
    SUSPECT = "suspect"  # most of the article was replaced by something else: kept aside until a later look confirms it
    RATE_LIMITED = "rate_limited"  # 429, or 503 with Retry-After
    CLIENT_ERROR = "client_error"  # another 4xx
    SERVER_ERROR = "server_error"  # 5xx after retries
    ROBOTS = "robots"  # robots.txt forbids it
    ROBOTS_UNREACHABLE = "robots_unreachable"  # 5xx or no answer for robots.txt counts as forbidden (RFC 9309 §2.3.1.4)
    NOT_HTML = "not_html"  # the body is not of the type asked for
    TOO_BIG = "too_big"
    TRUNCATED = "truncated"  # the body, or the page in it, ends too early
    BAD_ENCODING = "bad_encoding"  # unknown, stacked or broken content-encoding
    UNPARSABLE = "unparsable"  # over the limits of the guarded parse; malformed XML
    BAD_304 = "bad_304"  # a 304 to a request without a condition
    BAD_REDIRECT = "bad_redirect"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_LIMIT = "redirect_limit"
    BAD_URL = "bad_url"
    BLOCKED_SCHEME = "blocked_scheme"
    BLOCKED_ADDRESS = "blocked_address"  # the host resolves to an address that is not public
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"  # the proxy named by hand does not let us reach this host
    TLS = "tls"
    RESET = "reset"  # the connection broke
    PROTOCOL = "protocol"  # the answer is not HTTP
    DEADLINE = "deadline"
    DAMAGED = "damaged"  # the archive's data about the article cannot be read: `kliping verify` names it
    BUG = "bug"  # an error of ours; the traceback is in the log


# Outcomes whose answer is kept as evidence, and never as a version of the page.
ASIDE = frozenset({Reason.BLOCKED, Reason.WALL, Reason.SUSPECT, Reason.TRUNCATED})

# Attempts that a later run may repeat with a chance of success: nothing said that the page does not exist.
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
