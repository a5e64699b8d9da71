"""Whether hosts were requested at their pace, as the client and the server saw it.

Client and test server read the same monotonic clock. The client counts a
pause from the moment at which it hands a request to the wire, so between two
of those the whole delay lies, to the nanosecond. The server sees a request
later by what connecting, the system and a busy interpreter take, which is
different each time: a gap looks shorter there by as much as the first of its
two requests came late, and never by more. Both are measured, so that nothing
has to be guessed for a loaded machine.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from scraper.fetch.hosts import Hosts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from tests.faultserver import Request

Starts = list[tuple[str, float]]


@contextmanager
def recorded_starts() -> Iterator[Starts]:
    """(URL, monotonic seconds) of every request that a client sends meanwhile, as its pause is counted from."""
    starts: Starts = []
    turn = Hosts.turn

    @asynccontextmanager
    async def recorded(self: Hosts, url: str, address: str | None = None) -> AsyncIterator[None]:
        async with turn(self, url, address):
            starts.append((url, self.of(url).last_start))
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hosts, "turn", recorded)
        yield starts


def assert_paced(starts: Starts, requests: Sequence[Request], delay_s: float) -> None:
    """Every request of the server had its turn at the client, and no gap of a host is shorter than the delay."""
    seen: dict[str, list[Request]] = {}
    for request in requests:
        seen.setdefault(request.address, []).append(request)
    began: dict[str, Starts] = {}
    for url, at in starts:
        began.setdefault(urlsplit(url).hostname or "", []).append((url, at))
    assert {host: [request.path for request in each] for host, each in seen.items()} == {
        host: [urlsplit(url).path for url, _ in each] for host, each in began.items()
    }
    for host, each in seen.items():
        assert min((after - at for (_, at), (_, after) in pairwise(began[host])), default=delay_s) >= delay_s
        late = [request.at - at for request, (_, at) in zip(each, began[host], strict=True)]
        assert min(late) >= 0, "the server cannot see a request before it begins"
        for (before, after), too_late in zip(pairwise(each), late[:-1], strict=True):
            assert after.at - before.at >= delay_s - too_late
