"""Which of several crawlers requests a publisher: rendezvous hashing of its registrable domain over the crawlers'
numbers. Pure.

Every crawler computes the same answer from the same numbers, so no service assigns hosts. When one is gone, only its
publishers move, each to the crawler that came second for it (Thaler and Ravishankar 1998, "Using name-based mappings to
increase hit rates"); an additional crawler takes its share and moves nothing else.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from scraper.errors import PlanError
from scraper.urls import host_of, registrable_domain

_SHARD = re.compile(r"(\d{1,5})/(\d{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Crawler `number` of `count` (1 is the first); those in `without` are gone, and the others request their
    publishers.
    """

    number: int
    count: int
    without: frozenset[int] = frozenset()

    def owns(self, host: str) -> bool:
        """Whether this crawler is responsible for a host's publisher."""
        return self.number == owner(registrable_domain(host), self)

    def owns_url(self, url: str) -> bool:
        """Whether this crawler is responsible for a URL's publisher."""
        return self.owns(host_of(url))

    def __str__(self) -> str:
        return f"{self.number}-of-{self.count}"


def owner(domain: str, shard: Shard) -> int:
    """The number of the crawler that requests a registrable domain, the same for any `shard` of the set."""
    living = (number for number in range(1, shard.count + 1) if number not in shard.without)
    return max(living, key=lambda number: (_weight(number, domain), number))


def _weight(number: int, domain: str) -> bytes:
    return hashlib.blake2b(f"{number}/{domain}".encode(), digest_size=8).digest()


def parse_shard(text: str, without: tuple[int, ...] = ()) -> Shard:
    """ "2/4": the second of four. Raises PlanError."""
    found = _SHARD.fullmatch(text.strip())
    if found is None:
        raise PlanError(f'shard: {text!r} is not a shard: write "2/4" for the second of four')
    number, count = int(found[1]), int(found[2])
    if not 1 <= number <= count:
        raise PlanError(f"shard: {text!r}: the numbers go from 1 to {count}")
    if number in without:
        raise PlanError(f"shard: {number} is itself among the lost ones ({', '.join(map(str, without))})")
    if strangers := [each for each in without if not 1 <= each <= count]:
        raise PlanError(f"without: there is no shard {strangers[0]} of {count}")
    return Shard(number=number, count=count, without=frozenset(without))
