"""Samples for coding by hand: random or stratified, the same for the same seed on every machine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Literal, get_args

from scraper.archive.ask import passages

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from scraper.archive.file.library import Archive

Stratum = Literal["site", "day", "month", "year", "region", "province", "kind", "language"]
STRATA: tuple[Stratum, ...] = get_args(Stratum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An article in a sample. `weight` is how many articles of its stratum it represents."""

    article_id: int
    stratum: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample of `population` articles, in random order (so that a coder who stops early has a random part).

    `strata` has (articles in it, articles drawn) for each stratum.
    """

    drawn: tuple[Drawn, ...]
    population: int
    strata: Mapping[str, tuple[int, int]]


def draw(
    db: Archive,
    numbers: Collection[int],
    size: int,
    *,
    seed: int,
    by: Sequence[Stratum] = (),
    is_equal: bool = False,
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Sample:
    """A sample of these articles: from each stratum its share, or equally many if `is_equal`."""
    members: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for done, (number, url, values) in enumerate(passages.described(db, numbers, by), 1):
        on_progress("articles looked at", done, len(numbers))
        members[" | ".join(value or "unknown" for value in values)].append((number, url))
    return drawn_of(members, size, seed=seed, is_equal=is_equal)


def drawn_of(
    members: Mapping[str, Sequence[tuple[int, str]]], size: int, *, seed: int, is_equal: bool = False
) -> Sample:
    """The sample from strata that are given with the number and the URL of each of their articles.

    Which articles are drawn depends on the seed and their URLs alone (those with the lowest digests of both: permanent
    random numbers, E. Ohlsson 1995), not on the order or the numbers of the archive; a growing archive changes a sample
    little.
    """
    sizes = {name: len(found) for name, found in members.items()}
    wanted = allocated(sizes, size, is_equal=is_equal)
    drawn = []
    for name, found in members.items():
        ranked = sorted((rank(seed, url), number) for number, url in found)[: wanted[name]]
        drawn += [
            (digest, Drawn(article_id=number, stratum=name, weight=round(sizes[name] / wanted[name], 6)))
            for digest, number in ranked
        ]
    drawn.sort(key=lambda pair: (pair[0], pair[1].article_id))
    return Sample(
        drawn=tuple(each for _, each in drawn),
        population=sum(sizes.values()),
        strata={name: (sizes[name], wanted[name]) for name in sorted(sizes)},
    )


def some_of(numbers: Collection[int], size: int | None, *, seed: int = 1) -> Collection[int]:
    """`size` of these articles at random, in order (None: all): for questions that read every text, whose answer may be
    an estimate.

    It is quick because it uses numbers only; so it is repeatable in the same archive, but, unlike draw(), not in
    another one.
    """
    if size is None or size >= len(numbers):
        return numbers
    return sorted(Random(seed).sample(sorted(numbers), size))  # noqa: S311  (nobody has to be kept from guessing it)


def rank(seed: int, url: str) -> bytes:
    """A random number that belongs to a URL permanently, a different one for each seed."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16, key=str(seed).encode()[:64]).digest()


def allocated(sizes: Mapping[str, int], size: int, *, is_equal: bool = False) -> dict[str, int]:
    """How many are drawn from each stratum; `size` together, or all there are. No stratum gives more than it has.

    With shares, the largest remainders get what rounding leaves; with equal numbers, the others supply what a small
    stratum cannot.
    """
    total = sum(sizes.values())
    size = min(size, total)
    if not total:
        return dict.fromkeys(sizes, 0)
    if not is_equal:
        exact = {name: size * count / total for name, count in sizes.items()}
        found = {name: int(share) for name, share in exact.items()}
        left = size - sum(found.values())
        for name in _largest(sizes, lambda name: exact[name] - found[name])[:left]:
            found[name] += 1
        return found
    found = dict.fromkeys(sizes, 0)
    open_ones = [name for name in sizes if sizes[name]]
    while (left := size - sum(found.values())) and open_ones:
        each = max(left // len(open_ones), 1)
        for name in _largest({name: sizes[name] for name in open_ones}, lambda name: sizes[name]):
            more = min(each, sizes[name] - found[name], size - sum(found.values()))
            found[name] += more
        open_ones = [name for name in open_ones if found[name] < sizes[name]]
    return found


def _largest(sizes: Iterable[str], key: Callable[[str], float]) -> list[str]:
    return sorted(sizes, key=lambda name: (-key(name), name))
