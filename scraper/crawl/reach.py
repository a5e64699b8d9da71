"""Telling a network of ours that fails from papers that do: who was out of reach since anybody last answered."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper import archive
from scraper.errors import Reason
from scraper.plan import CAPTIVE_STATUS, OUT_OF_REACH, our_fault
from scraper.urls import registrable_domain

if TYPE_CHECKING:
    from scraper.archive import Archive, QueuedLink
    from scraper.fetch import Fetcher
    from scraper.records import Outcome

KNOWN = 3  # others that are connected to before our own network is blamed
BELIEVED_S = 120.0  # after it was found to work, before it is doubted again


@dataclass(slots=True)
class Reach:
    """What a run has seen of the network. `held` are the hosts that wait until somebody answers, or until nobody has."""

    answers: int = 0
    asked: set[str] = field(default_factory=set)
    failing: dict[str, Reason] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    before: list[QueuedLink] = field(default_factory=list)
    believed_until: float = 0.0

    def note(self, queued: QueuedLink, outcome: Outcome, answers: int, now_s: float) -> bool:
        """Take an attempt in that began when there were so many `answers`; whether its host must wait for others' signs.

        It must if it was out of reach while nobody else answered.
        """
        publisher = registrable_domain(queued.host)
        self.asked.add(publisher)
        if outcome.status is not None and outcome.status != CAPTIVE_STATUS:
            self.answers += 1
            self.failing.clear()
            self.held.clear()
            self.before.clear()
            return False
        if not _is_sign(queued, outcome) or self.answers != answers or now_s < self.believed_until:
            return False
        self.failing[publisher] = outcome.reason
        self.held.add(queued.host)
        self.before.append(queued)
        return True

    async def judge(self, db: Archive, fetcher: Fetcher) -> str | None:
        """Why our own network is to blame, in words; what was held against anybody is then taken back. None if it is not."""
        known = archive.answered_before(db, but={queued.host for queued in self.before}, count=KNOWN)
        reached = sum([await fetcher.reaches(url) for url in known])
        why = our_fault(self.failing, asked=len(self.asked), known=len(known), reached=reached)
        if why is not None:
            archive.restore(db, reversed(self.before))  # of a link that was asked twice, the first state is the last
            fetcher.hosts.forgive([queued.url for queued in self.before])
        self.failing.clear()
        self.held.clear()
        self.before.clear()
        self.believed_until = fetcher.clock.monotonic() + BELIEVED_S
        return why


def _is_sign(queued: QueuedLink, outcome: Outcome) -> bool:
    """Whether an attempt may have failed by the network; an address that a person gave as such is no answer of a resolver."""
    if outcome.reason is Reason.BLOCKED_ADDRESS:
        return not outcome.redirects and not _is_address(queued.host)
    return outcome.reason in OUT_OF_REACH or outcome.status == CAPTIVE_STATUS


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
