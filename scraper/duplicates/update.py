"""Updating the clusters: sign what is new, compare it with everything, store the groups.

Which texts are copies of each other is stored (`near_pairs`); the clusters are recomputed from that wherever something
new, changed or removed affects them. They depend on the texts, papers and days alone, not on the order of the articles
or on the number of updates. A cluster does not chain: each of its texts is a copy of the one at its centre
(scraper.duplicates.stars).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from scraper.archive.write import clusters as store
from scraper.duplicates.candidates import METHOD, candidate_groups, signature
from scraper.duplicates.prepared_text import (
    MIN_EXACT_WORDS,
    MIN_WORDS,
    SAME,
    PreparedText,
    Similarity,
    copied,
    is_same_form,
    prepared_text,
)
from scraper.duplicates.quotes import quotations
from scraper.duplicates.stars import Vertex, stars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from scraper.archive.file.library import Archive

BATCH = 500  # articles signed, and clusters saved, in one transaction: what a killed update has to repeat
KEPT_TEXTS = 20_000
WINDOW_DAYS = 60
"""Texts that were published further apart are the same story only word for word: whatever else recurs after months is a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an update has got: articles signed, then pairs of articles compared (`total` None: unknown), then
    articles grouped.
    """

    stage: Literal["signed", "compared", "grouped"]
    done: int
    total: int | None


def update_clusters(
    db: Archive, *, now: datetime, on_progress: Callable[[Progress], None] = lambda _progress: None
) -> int:
    """Compare every new or changed article with all others; returns the number of articles compared. Raises
    ExtraMissing.
    """
    signature((0,))  # without the extra nothing is begun
    store.drop_broken_clusters(db)
    unsigned = store.unsigned_articles(db, METHOD)
    for start in range(0, len(unsigned), BATCH):
        store.save_signatures(db, [_signed(*each) for each in store.bodies_of(db, unsigned[start : start + BATCH])])
        on_progress(Progress(stage="signed", done=min(start + BATCH, len(unsigned)), total=len(unsigned)))
    texts = _Texts(db)
    _keep_pairs(db, texts, on_progress)
    _keep_clusters(db, texts, now, on_progress)
    return len(texts.new)


def _signed(article_id: int, content_hash: bytes, body: str) -> store.Signature:
    text = prepared_text(body)
    # A digest of its own for a text that is too short to be a copy of anything.
    digest = text.digest if text.words >= MIN_EXACT_WORDS else b"short %d" % article_id
    return store.Signature(
        article_id=article_id,
        content_hash=content_hash,
        method=METHOD,
        text_digest=digest,
        signature=signature(sorted(text.shingles)) if text.words >= MIN_WORDS else None,
        quotations=tuple(quotations(body)),
    )


class _Texts:
    """The texts of the archive, each once: which articles have it, whether one of them is `new`, in which papers and
    when.
    """

    def __init__(self, db: Archive) -> None:
        self.new: list[int] = []
        self.of: dict[int, bytes] = {}
        self.articles: defaultdict[bytes, list[int]] = defaultdict(list)
        self.signatures: dict[bytes, bytes] = {}
        for article_id, digest, signed, is_compared in store.signatures(db):
            self.of[article_id] = digest
            self.articles[digest].append(article_id)
            if signed is not None:
                self.signatures[digest] = signed
            if not is_compared:
                self.new.append(article_id)
        self._place = cache(lambda article_id: store.place_of(db, article_id))

    def days(self, digest: bytes) -> list[int]:
        """The days (ordinals) on which a text was published, in order; none for one without a date."""
        return sorted({day for _, day in self._printed(digest) if day is not None})

    def _printed(self, digest: bytes) -> Iterable[tuple[str | None, int | None]]:
        """(paper, day) of each article that has a text."""
        for article_id in self.articles[digest]:
            site, published, _ = self._place(article_id)
            yield site, date.fromisoformat(published[:10]).toordinal() if published else None

    def order(self, article_id: int) -> tuple[object, ...]:
        """A sort key by which articles are in order of publication; those without a date come last."""
        _, published, seen = self._place(article_id)
        return published is None, published or "", seen, article_id

    def are_near(self, one: bytes, other: bytes) -> bool:
        """Whether two texts were published within WINDOW_DAYS of each other; one without a date may have been."""
        mine, others = self.days(one), self.days(other)
        if not mine or not others:
            return True
        for day in mine:
            place = bisect_left(others, day)
            if any(abs(day - each) <= WINDOW_DAYS for each in others[max(0, place - 1) : place + 1]):
                return True
        return False

    def are_of_one_paper(self, one: bytes, other: bytes) -> bool:
        """Whether a paper had these two texts on two days."""
        mine = [(site, day) for site, day in self._printed(one) if site and day]
        return any(
            site == paper and day != other_day for site, day in self._printed(other) for paper, other_day in mine
        )


def _keep_pairs(db: Archive, texts: _Texts, on_progress: Callable[[Progress], None]) -> None:
    """Compare the candidates' texts, one article of each, and store those that are copies."""
    new = {texts.of[article_id] for article_id in texts.new}
    digests = list(texts.signatures)
    signed, is_new = [texts.signatures[digest] for digest in digests], [digest in new for digest in digests]

    @lru_cache(maxsize=KEPT_TEXTS)
    def text_of(digest: bytes) -> PreparedText:
        return prepared_text(next(store.bodies_of(db, texts.articles[digest][:1]))[2])

    seen: set[tuple[int, int]] = set()
    waiting: list[store.Pair] = []
    for one, others in candidate_groups(signed, is_new):
        for other in others:
            pair = (min(one, other), max(one, other))
            if pair in seen:
                continue
            seen.add(pair)
            if not texts.are_near(digests[one], digests[other]):
                continue
            found = copied(text_of(digests[one]), text_of(digests[other]))
            if found:
                waiting.append(_pair(texts, digests[one], digests[other], found, text_of))
        if len(waiting) >= BATCH:
            store.save_pairs(db, waiting)
            waiting = []
        on_progress(Progress(stage="compared", done=len(seen), total=None))
    store.save_pairs(db, waiting)


def _pair(
    texts: _Texts, one: bytes, other: bytes, found: Similarity, text_of: Callable[[bytes], PreparedText]
) -> store.Pair:
    first, second = sorted((texts.articles[one][0], texts.articles[other][0]))
    is_form = is_same_form(text_of(one), text_of(other))
    jaccard, containment = round(found.jaccard, 4), round(found.containment, 4)
    return store.Pair(one=first, other=second, similarity=jaccard, containment=containment, is_form=is_form)


def _keep_clusters(db: Archive, texts: _Texts, now: datetime, on_progress: Callable[[Progress], None]) -> None:
    """Recompute the clusters of everything connected with something new."""
    pairs = _Pairs(db, texts)
    waiting = texts.new
    while waiting:
        looked_at: set[bytes] = set()
        found: list[store.NewCluster] = []
        compared: list[int] = []
        for done, article_id in enumerate(waiting, start=1):
            digest = texts.of[article_id]
            # A new text may show that another one fills in a form, which separates it from texts that it was a copy of.
            for start in (digest, *pairs.of(digest)):
                if start not in looked_at:
                    around = pairs.around(start)
                    looked_at |= around.keys()
                    compared += [each for member in around for each in texts.articles[member]]
                    found += _clusters(texts, around)
            if len(compared) >= BATCH or done == len(waiting):
                store.save_clusters(db, found, compared, at=now)
                found, compared = [], []
                on_progress(Progress(stage="grouped", done=done, total=len(waiting)))
        waiting = store.not_compared(db)  # what was in a cluster with these before, and no longer is


class _Pairs:
    """Which texts are copies of which, as stored in the archive; those that fill in the same form do not count."""

    def __init__(self, db: Archive, texts: _Texts) -> None:
        self._db, self._texts = db, texts
        self.of = cache(self._of)
        self._fills_in = cache(self._is_form)

    def around(self, start: bytes) -> dict[bytes, dict[bytes, Similarity]]:
        """All texts connected with one by copies, each with those that it is a copy of."""
        around: dict[bytes, dict[bytes, Similarity]] = {}
        waiting = [start]
        while waiting:
            digest = waiting.pop()
            if digest not in around:
                pairs = self.of(digest).items()
                around[digest] = {
                    other: found for other, (found, is_form) in pairs if not is_form or self._is_copy(digest, other)
                }
                waiting += around[digest]
        return around

    def _of(self, digest: bytes) -> dict[bytes, tuple[Similarity, bool]]:
        """The texts that are like one, how much, and whether they differ like filled-in forms."""
        texts, found = self._texts, {}
        for article_id in texts.articles[digest]:
            for other_id, jaccard, containment, is_form in store.pairs_of(self._db, article_id):
                other = texts.of[other_id]
                if other != digest and texts.are_near(digest, other):
                    found[other] = (Similarity(jaccard=jaccard, containment=containment), is_form)
        return found

    def _is_copy(self, one: bytes, other: bytes) -> bool:
        """Whether two texts that differ like forms are copies all the same: if no paper is known to fill in such a
        form.

        On one day both must be known for it, since a paper may print what another one fills in.
        """
        texts = self._texts
        if texts.are_of_one_paper(one, other):
            return False
        are_forms = self._fills_in(one), self._fills_in(other)
        return not (any(are_forms) if set(texts.days(one)).isdisjoint(texts.days(other)) else all(are_forms))

    def _is_form(self, digest: bytes) -> bool:
        """Whether a paper published a text on one day and the same form filled in differently on another."""
        return any(
            is_form and self._texts.are_of_one_paper(digest, other) for other, (_, is_form) in self.of(digest).items()
        )


def _clusters(texts: _Texts, around: dict[bytes, dict[bytes, Similarity]]) -> Iterable[store.NewCluster]:
    """The clusters of more than one article among connected texts."""
    vertices = {
        digest: Vertex(
            # Not by the number of an article, which says only what was fetched first.
            order=(*min(texts.order(article_id) for article_id in texts.articles[digest])[:2], digest),
            articles=len(texts.articles[digest]),
            like={other: found.weight for other, found in like.items()},
        )
        for digest, like in around.items()
    }
    for middle, members in stars(vertices).items():
        alike = [(digest, around[middle].get(digest, SAME)) for digest in members]
        listed = tuple(
            (article_id, found.jaccard, found.containment, found.likeness)
            for digest, found in alike
            for article_id in texts.articles[digest]
        )
        if len(listed) > 1:
            first = min((article_id for article_id, *_ in listed), key=texts.order)
            central = min(texts.articles[middle], key=texts.order)
            yield store.NewCluster(first=first, central=central, members=listed)
