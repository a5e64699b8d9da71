"""Distinguishes a failing network of ours, or a gate in front of it, from failing papers: by who gave anything of their
own.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.archive.write import frontier, url_history
from scraper.errors import FetchError, Reason
from scraper.markup import first_words
from scraper.plan import CAPTIVE_STATUS, OUT_OF_REACH, our_fault, our_gate
from scraper.plan.walls import headline_fits
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.archive.write.pageresult import PageResult
    from scraper.fetch import Fetcher

KNOWN = 3  # others that are requested or connected to before our own network is blamed
BELIEVED_S = 120.0  # after it was found to work, before it is doubted again
_WORDS = 400  # of a page, by which it is recognised as the same as another
_LEAST_WORDS = 5
_FEW_LINKS = 3  # a listing that names so few articles may not be a listing
_ODD = frozenset(
    {Reason.WALL, Reason.SUSPECT, Reason.NOT_ARTICLE, Reason.SOFT_404, Reason.JS_SHELL, Reason.UNPARSABLE, Reason.NOT_HTML}
)  # fmt: skip
_DETOUR = "redirected to "  # how the outcome of a robots.txt begins in that case


@dataclass(slots=True)
class Reach:
    """What a run has seen of the network. `held` are the hosts that wait until somebody answers, or until nobody has.

    `echoes` are the publishers that gave a page unrelated to what was requested, keyed by what identifies that page.
    """

    answers: int = 0
    asked: set[str] = field(default_factory=set)
    failing: dict[str, Reason] = field(default_factory=dict)
    echoes: dict[str, set[str]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    before: list[QueuedLink] = field(default_factory=list)
    believed_until: float = 0.0

    def note(self, queued: QueuedLink, result: PageResult, answers: int, now_s: float) -> bool:
        """Record an attempt that began when there had been this many `answers`; returns whether its host must wait for
        others' signs.

        It must if it was out of reach while nobody else answered, or gave the page that another publisher gave.
        """
        publisher, outcome = registrable_domain(queued.host), result.outcome
        self.asked.add(publisher)
        is_doubted = now_s >= self.believed_until
        echo = echo_of(queued, result) if is_doubted else None
        if echo is not None and (echo in self.echoes or not self.echoes):
            self.echoes.setdefault(echo, set()).add(publisher)
            self.before.append(queued)
            if len(self.echoes[echo]) > 1:
                self.held.add(queued.host)
            return queued.host in self.held
        if echo is not None or (outcome.status is not None and outcome.status != CAPTIVE_STATUS):
            self.answers += 1
            self._clear()
            return False
        if not _is_sign(queued, result) or self.answers != answers or not is_doubted:
            return False
        self.failing[publisher] = outcome.reason
        self.held.add(queued.host)
        self.before.append(queued)
        return True

    async def judge(self, db: Archive, fetcher: Fetcher, *, since: datetime) -> str | None:
        """Why our own network is to blame, in words; what was held against anybody since then is retracted. None if it
        is not.
        """
        known = url_history.answered_before(db, but={queued.host for queued in self.before}, count=KNOWN)
        echo, same = max(self.echoes.items(), key=lambda each: len(each[1]), default=("", set()))
        if len(same) > 1:
            others = sum([await _answers_otherwise(fetcher, url, echo) for url in known])
            well = len(same & {registrable_domain(host) for host in url_history.hosts_well_before(db, at=since)})
            asked = len(self.asked - self.failing.keys())
            why = our_gate(len(same), asked=asked, well=well, known=len(known), others=others)
        else:
            reached = sum([await fetcher.reaches(url) for url in known]) + bool(same)
            why = our_fault(self.failing, asked=len(self.asked), known=len(known), reached=reached)
        if why is not None:
            frontier.unsay(db, self.before, [*known, *(queued.url for queued in self.before)], since=since, why=why)
            fetcher.hosts.forgive([queued.url for queued in self.before])
        self._clear()
        self.believed_until = fetcher.clock.monotonic() + BELIEVED_S
        return why

    def _clear(self) -> None:
        self.failing.clear()
        self.echoes.clear()
        self.held.clear()
        self.before.clear()


def echo_of(queued: QueuedLink, result: PageResult) -> str | None:
    """The key of an answer that is unrelated to what was requested; None for any other. Takes time linear in the page."""
    outcome = result.outcome
    if (detour := _detour(queued.host, outcome.reason, outcome.detail or "")) is not None:
        return detour
    if result.capture is None or outcome.status == 304:
        return None
    is_odd = outcome.reason in _ODD
    if outcome.reason is Reason.OK and queued.kind != "article" and result.article is None:
        is_odd = len(result.named or ()) < _FEW_LINKS
    elif outcome.reason is Reason.OK and result.article is not None:
        is_odd = headline_fits(result.article.headline, (), url=queued.url) is False
    return _known_by(result.capture.body) if is_odd else None


def _detour(host: str, reason: Reason, detail: str) -> str | None:
    """Where a robots.txt was redirected, without what belongs to the requested host; None if it was not."""
    if reason is not Reason.ROBOTS_UNREACHABLE or not detail.startswith(_DETOUR):
        return None
    return detail.partition("?")[0].replace(host, "")


def _known_by(body: bytes) -> str | None:
    """The words of a page without numbers and addresses, which a gate adapts to whom it stops; None if there is next to
    nothing.
    """
    words = [word for word in first_words(body, _WORDS) if word.strip(b".,:;!?\"'()").isalpha() or not word.isascii()]
    return hashlib.sha256(b" ".join(words)).hexdigest() if len(words) >= _LEAST_WORDS else None


async def _answers_otherwise(fetcher: Fetcher, url: str, echo: str) -> bool:
    """Whether a URL gives something other than a page that several publishers gave."""
    try:
        capture = await fetcher.fetch(url)
    except FetchError as error:
        return _detour(host_of(url), error.reason, error.detail) != echo and (
            error.status is not None or error.reason not in OUT_OF_REACH
        )
    return _known_by(capture.body) != echo


def _is_sign(queued: QueuedLink, result: PageResult) -> bool:
    """Whether an attempt may have failed because of the network; an IP address given by a person did not come from a
    resolver.
    """
    outcome = result.outcome
    if outcome.reason is Reason.BLOCKED_ADDRESS:
        return not outcome.redirects and not _is_address(queued.host)
    return outcome.reason in OUT_OF_REACH or outcome.status == CAPTIVE_STATUS


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
