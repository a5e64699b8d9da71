"""What a crawl did, counted by outcome; and the exit code that follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.errors import Reason
from scraper.text import counted
from scraper.typed import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.crawl.budget import Bound
    from scraper.records import LinkKind, Outcome

# Outcomes that leave nothing to do: the page is kept, unchanged, gone, not an article, or not ours to fetch.
SETTLED = frozenset(
    {Reason.OK, Reason.UNCHANGED, Reason.NOT_ARTICLE, Reason.SOFT_404, Reason.PAYWALLED, Reason.GONE, Reason.ROBOTS}
)
NETWORK = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.PROXY, Reason.ROBOTS_UNREACHABLE})


class Event(Struct, frozen=True, kw_only=True):
    """One attempt, as it is reported: after its transaction has been committed."""

    outcome: Outcome
    kind: LinkKind
    host: str
    headline: str | None = None
    new_links: int = 0


@dataclass(slots=True)
class Summary:
    """Counts of one run. `failures` are the attempts to list; `stopped` says why it ended early, None if it did not."""

    run_id: int
    started_at: datetime
    finished_at: datetime | None = None
    reasons: Counter[Reason] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    new_articles: int = 0
    changed_articles: int = 0
    new_links: int = 0
    recovered: int = 0
    failures: list[Outcome] = field(default_factory=list)
    unmet: dict[str, str] = field(
        default_factory=dict
    )  # URLs given by hand that yielded neither article nor list, and why
    outside: dict[str, str] = field(
        default_factory=dict
    )  # listings whose links all lead to a host that is not requested
    cut: dict[str, str] = field(default_factory=dict)  # what was read only in part, because it is too long or broken
    next_due_at: datetime | None = None
    limits: dict[str, tuple[Bound, ...]] = field(default_factory=dict)  # of hosts with links left for the next run
    left: dict[str, int] = field(default_factory=dict)  # due links of hosts in scope that were not requested
    moved: dict[str, str] = field(default_factory=dict)  # hosts that have moved, and where to
    network: str | None = None  # why our own network is to blame; no schedule was changed in that case
    broken: str | None = None  # what this machine could not provide: processes that read pages
    stopped: str | None = None
    signal: int | None = None

    def count(self, event: Event) -> None:
        """Count an attempt."""
        self.reasons[event.outcome.reason] += 1
        self.kinds[event.kind] += 1
        self.new_links += event.new_links
        if event.outcome.reason not in SETTLED:
            self.failures.append(event.outcome)

    @property
    def note(self) -> str | None:
        """What `kliping runs` shows about the run; None if there is nothing to say."""
        left = sum(self.left.values())
        parts = [self.stopped, f"{counted(left, 'due link')} not requested (hosts: {len(self.left)})" if left else None]
        parts += [f"read in part only: {counted(len(self.cut), 'page')}" if self.cut else None]
        parts += [f"{host} has moved to {new_host}" for host, new_host in sorted(self.moved.items())]
        return "; ".join(filter(None, parts)) or None

    @property
    def exit_code(self) -> int:
        """0 all done, 3 failures listed, 69 nobody reached, 71 no reading process, 130/143 stopped by a signal."""
        if self.signal is not None:
            return 128 + self.signal
        if self.broken is not None:
            return 71
        if self.network is not None:
            return 69
        attempts = self.reasons.total()
        if attempts and sum(self.reasons[reason] for reason in NETWORK) == attempts:
            return 69
        return 3 if self.failures or self.unmet else 0
