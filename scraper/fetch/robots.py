"""robots.txt according to RFC 9309: 4xx allows, an unreachable one forbids, the last good copy bridges a week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from protego import Protego

from scraper.fetch.settings import PRODUCT
from scraper.text import utf16_without_mark
from scraper.urls import same_domain

if TYPE_CHECKING:
    from scraper.records import RobotsFile, RobotsVerdict

MAX_PARSED_BYTES = 500 * 1024  # RFC 9309 §2.5
RECHECK = timedelta(hours=24)  # §2.4
RECHECK_UNREACHABLE = timedelta(hours=1)
LAST_GOOD_FOR = timedelta(days=7)  # a week of grace for a site whose robots.txt fails

_AGENT = re.compile(r"\s*+user[- ]?agent(?:\s*+:|\s)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9_-]+")
_SOMEBODY = "somebody-else"
_WALL = re.compile(r"consent|privacy|gdpr|cookie|login|signin|sign-in|/sso\b|/auth\b|captcha|challenge", re.IGNORECASE)


class RobotsStore(Protocol):
    """How evidence is kept, without this package knowing the archive."""

    def load(self, origin: str) -> RobotsFile | None:
        """The last good copy (rules, or none there), with the time it was last seen; None if there is none."""

    def save(self, robots: RobotsFile) -> RobotsFile:
        """Store an origin's answer; returns it with its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an origin allows us until `expires_at`; `parsed` is None if all or nothing is allowed."""

    robots: RobotsFile
    expires_at: datetime
    parsed: Protego | None
    is_stale: bool = False

    def allows(self, url: str) -> bool:
        """Whether our product token may fetch a URL (longest match, * and $)."""
        if self.parsed is None:
            return self.robots.verdict == "allow_all"
        return bool(self.parsed.can_fetch(url, PRODUCT))

    @property
    def crawl_delay_s(self) -> float | None:
        """Crawl-delay of our group, in seconds."""
        return None if self.parsed is None else self.parsed.crawl_delay(PRODUCT)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The Sitemap lines."""
        return () if self.parsed is None else tuple(self.parsed.sitemaps)


def verdict_of(status: int) -> RobotsVerdict:
    """RFC 9309 §2.3.1: 2xx rules, 3xx (given up) and 4xx allow all, 429 and 5xx forbid all."""
    if 200 <= status < 300:
        return "rules"
    return "disallow_all" if status == 429 or status >= 500 else "allow_all"


def rules_of(robots: RobotsFile, last_good: RobotsFile | None) -> Rules:
    """What follows from an answer; the last good copy replaces a failure as long as it is fresh enough."""
    if robots.verdict != "disallow_all":
        return Rules(robots=robots, expires_at=robots.fetched_at + RECHECK, parsed=_parse(robots))
    expires_at = robots.fetched_at + RECHECK_UNREACHABLE
    if last_good is not None and robots.fetched_at - last_good.fetched_at < LAST_GOOD_FOR:
        return Rules(robots=last_good, expires_at=expires_at, parsed=_parse(last_good), is_stale=True)
    return Rules(robots=robots, expires_at=expires_at, parsed=None)


def is_detour(origin: str, reached: str, content_type: str | None, body: bytes) -> bool:
    """Whether a robots.txt led to the page of a wall (consent, login) in front of it, and so is not known.

    Two signs show it: the redirect ends at a page, and that page is the wall's: it carries the address to return to, is
    on another domain, or is named after what it asks for. A site that answers everything it does not have with its
    front page has no robots.txt.
    """
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_page = head.startswith((b"<!doctype html", b"<html", b"<head")) or b"<html" in head
    if not is_page and not (content_type == "text/html" and head.startswith(b"<")):
        return False
    parts = urlsplit(reached)
    takes_along = "robots.txt" in unquote(unquote(parts.query))
    return takes_along or not same_domain(origin, reached) or _WALL.search(parts.path) is not None


def text_of(body: bytes) -> str:
    """A robots.txt as text, of which the first 500 KiB count: UTF-8, or UTF-16 as some editors save it."""
    body = body[:MAX_PARSED_BYTES]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return body.decode(utf16_without_mark(body, b":") or "utf-8-sig", "replace")


def _parse(robots: RobotsFile) -> Protego | None:
    if robots.verdict != "rules" or robots.body is None:
        return None
    return Protego.parse("\n".join(map(_named, text_of(robots.body).splitlines())))


def _named(line: str) -> str:
    """A line of robots.txt; one that begins a group names us, everybody, or somebody else.

    The name ends before the first character that no product token contains (RFC 9309 §2.2.1), so that "kliping/0.1" is
    us and "k" is not. All other names count as one: the parser's work grows with names times rules.
    """
    found = _AGENT.match(line)
    if found is None:
        return line
    name = line[found.end() :].partition("#")[0].strip().lower()
    if not name:
        return line
    if name == "*" or name.startswith(("* ", "*\t")):
        return "User-agent: *"
    token = _TOKEN.match(name)
    return f"User-agent: {PRODUCT if token and token[0] == PRODUCT else _SOMEBODY}"
