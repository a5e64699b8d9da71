"""When a publisher, or one kind of its links, is left alone because requests fail in a row. Pure.

Six dead links are no reason to leave a whole publisher alone. So failures are counted by lane: articles or listings,
new ones or those that had failed before. A lane that fails too often is closed for this run and the others continue;
the publisher is left alone if nobody answers at all, or if nothing of it has answered well since the failures began.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

DOWN_FAILURES = 5  # in a row in which nobody was there: no name, no connection, no TLS
RETRY_FAILURES = 5  # in a row of links that had failed before
FRESH_FAILURES = 10  # in a row of links that had not; from half of them on, requests become slower and slower


class Lane(NamedTuple):
    """A kind of links of a publisher: articles, or feeds, sitemaps and index pages; first attempts, or retries of links
    that had failed before.
    """

    is_article: bool
    is_retry: bool


@dataclass(slots=True)
class Circuit:
    """Failures in a row of one publisher; `failures` are those of links that had not failed before."""

    failures: int = 0
    down: int = 0
    lanes: Counter[Lane] = field(default_factory=Counter)

    def succeeded(self, lane: Lane) -> None:
        """A link of this lane was answered: well, or in a way that is the link's own fault (404)."""
        self.failures = self.down = 0
        self.lanes[lane] = 0

    def failed(self, lane: Lane, *, is_down: bool) -> None:
        """A link of this lane failed for good, including its retries; `is_down` if nobody was there."""
        self.lanes[lane] += 1
        self.down = self.down + 1 if is_down else 0
        if not lane.is_retry:
            self.failures += 1

    @property
    def closed(self) -> tuple[Lane, ...]:
        """The lanes from which nothing more is requested in this run."""
        return tuple(
            lane for lane, count in self.lanes.items() if count >= (RETRY_FAILURES if lane.is_retry else FRESH_FAILURES)
        )

    @property
    def is_slowing(self) -> bool:
        """Whether the next request should wait twice as long as the one before."""
        return self.failures >= FRESH_FAILURES // 2

    @property
    def is_down(self) -> bool:
        """Whether the publisher is to be left alone at once."""
        return self.down >= DOWN_FAILURES

    @property
    def is_silent(self) -> bool:
        """Whether it is to be left alone after this run: its new links failed, and nothing else has answered well
        since.
        """
        return self.failures >= FRESH_FAILURES
