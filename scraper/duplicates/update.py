"""Bringing the clusters up to date: sign what is new, compare it with everything, keep the groups.

A cluster is a connected component: articles that are copies of each other, directly or through others. That depends on the
texts alone, not on the order of the articles or on how many updates it took. An article that changed takes its old cluster
apart; what was in it is compared again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.archive import near as store
from scraper.duplicates.candidates import METHOD, candidate_groups, signature
from scraper.duplicates.text import MIN_EXACT_WORDS, MIN_WORDS, Text, compare, is_copy, prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.archive import Archive

BATCH = 500  # articles signed in one transaction: what a killed update has to do again
KEPT_TEXTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an update is: `done` of `total` articles signed, then `total` compared."""

    stage: str
    done: int
    total: int


def update_clusters(
    db: Archive, *, now: datetime, on_progress: Callable[[Progress], None] = lambda _progress: None
) -> int:
    """Compare every article that is new or changed with all others; the number of articles compared. Raises ExtraMissing."""
    signature((0,))  # without the extra nothing is begun
    store.drop_broken_clusters(db)
    unsigned = store.unsigned_articles(db, METHOD)
    for start in range(0, len(unsigned), BATCH):
        store.save_signatures(db, [_signed(*each) for each in store.bodies_of(db, unsigned[start : start + BATCH])])
        on_progress(Progress(stage="signed", done=min(start + BATCH, len(unsigned)), total=len(unsigned)))
    rows = store.signatures(db)
    groups = _Groups(len(rows))
    is_new = [not compared for *_, compared in rows]
    _join_known(rows, groups)
    _join_exact(rows, groups)
    _join_near(db, rows, is_new, groups)
    changed = groups.with_any(is_new)
    found = [_described(db, [rows[index][0] for index in members]) for members in changed if len(members) > 1]
    store.save_clusters(db, found, [row[0] for row, new in zip(rows, is_new, strict=True) if new], at=now)
    on_progress(Progress(stage="compared", done=sum(is_new), total=sum(is_new)))
    return sum(is_new)


_Row = tuple[int, bytes, bytes | None, int | None, bool]


def _signed(article_id: int, content_hash: bytes, body: str) -> store.Signature:
    text = prepare(body)
    # A digest of its own for what is too short to be a copy of anything.
    digest = text.digest if text.words >= MIN_EXACT_WORDS else b"short %d" % article_id
    return store.Signature(
        article_id=article_id,
        content_hash=content_hash,
        method=METHOD,
        text_digest=digest,
        signature=signature(sorted(text.shingles)) if text.words >= MIN_WORDS else None,
    )


def _join_known(rows: list[_Row], groups: _Groups) -> None:
    first: dict[int, int] = {}
    for index, (_, _, _, cluster, _) in enumerate(rows):
        if cluster is not None:
            groups.join(first.setdefault(cluster, index), index)


def _join_exact(rows: list[_Row], groups: _Groups) -> None:
    first: dict[bytes, int] = {}
    for index, row in enumerate(rows):
        groups.join(first.setdefault(row[1], index), index)


def _join_near(db: Archive, rows: list[_Row], is_new: list[bool], groups: _Groups) -> None:
    """Compare the candidates' texts, one of each exact text, unless they are in one group already."""
    places = {}
    for index, row in enumerate(rows):
        # The same text twice is compared once; as new, if any of the two is.
        if row[2] is not None and (row[1] not in places or is_new[index]):
            places[row[1]] = index
    indexes = sorted(places.values())
    signed = [rows[index][2] or b"" for index in indexes]

    @lru_cache(maxsize=KEPT_TEXTS)
    def text_of(index: int) -> Text:
        return prepare(next(store.bodies_of(db, [rows[index][0]]))[2])

    different: set[tuple[int, int]] = set()
    for place, others in candidate_groups(signed, [is_new[index] for index in indexes]):
        one = indexes[place]
        for other in (indexes[other_place] for other_place in others):
            pair = (min(one, other), max(one, other))
            if groups.of(one) == groups.of(other) or pair in different:
                continue
            if is_copy(text_of(one), text_of(other)):
                groups.join(one, other)
            else:
                different.add(pair)


def _described(db: Archive, ids: list[int]) -> tuple[int, list[tuple[int, float, float]]]:
    """A cluster's first article, and every member with its similarity to that."""
    first = store.first_of(db, ids)
    texts = {article_id: prepare(body) for article_id, _, body in store.bodies_of(db, ids)}
    members = []
    for article_id in ids:
        found = compare(texts[first], texts[article_id])
        members.append((article_id, round(found.jaccard, 4), round(found.containment, 4)))
    return first, members


class _Groups:
    """Disjoint sets of indexes."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def of(self, index: int) -> int:
        """The group's smallest index."""
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first

    def with_any(self, marked: list[bool]) -> list[list[int]]:
        """The groups that have a marked index in them, each in order."""
        wanted = {self.of(index) for index, is_marked in enumerate(marked) if is_marked}
        members: defaultdict[int, list[int]] = defaultdict(list)
        for index in range(len(marked)):
            if (group := self.of(index)) in wanted:
                members[group].append(index)
        return list(members.values())
