"""Packs bodies again, slowly and small, once their days are over.

A crawl packs a page as it arrives, in two milliseconds, against the pages that came before it. Once a day is over, its
pages are packed at a high level, each against the most similar of its neighbours (of the same host and kind of link, in
order of time). What `store` says about chains still holds: the base of a delta is never a delta.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.file.bodies import Reference, pack, unpack
from scraper.archive.file.connection import transaction
from scraper.archive.file.store import MIN_BYTES, ROTATE, body_of, load_dictionary
from scraper.archive.file.times import to_text
from scraper.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlite_utils import Database

LEVEL = 19  # against a neighbour a tenth smaller than level 12 for eight times its CPU; 22 is no smaller
LARGE_LEVEL, LARGE_BYTES = 9, 4 << 20  # a sitemap of 50 MiB would take half a minute
SCOUT_LEVEL = 3  # good enough to see which neighbour a page resembles most
WINDOW = 16  # neighbours that are weighed against one another; the CPU for a page grows with it
WINDOW_BYTES = 8 << 20  # of pages together: a few seconds, within which a schedule must be able to end
MAX_SERVED = 64  # bodies that depend on one, and are lost with it if it is damaged; unlike a dictionary it has no copy
GAIN = 0.97  # of the stored size: a smaller gain is not worth a write

Costs = list[list[int]]  # [body][neighbour]: bytes of the one packed against the other; [body][body]: without any


@dataclass(slots=True)
class Packed:
    """The result of packing: bodies examined, bodies repacked, stored bytes of all before and after; damaged ones by
    id.
    """

    bodies: int = 0
    anew: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    damaged: dict[int, str] = field(default_factory=dict)

    def add(self, other: Packed) -> None:
        """Add the counts of another window."""
        self.bodies += other.bodies
        self.anew += other.anew
        self.bytes_before += other.bytes_before
        self.bytes_after += other.bytes_after
        self.damaged |= other.damaged


class _Body(NamedTuple):
    id: int
    sha256: bytes
    body: bytes
    stored_bytes: int
    dictionary_id: int | None
    is_delta: bool
    is_base: bool  # others are packed against it
    is_packed: bool


class _Frame(NamedTuple):
    codec: str
    data: bytes
    dictionary_id: int | None = None
    base_id: int | None = None


def pack_bodies(db: Database, *, before: datetime, at: datetime) -> Iterator[Packed]:
    """Repack what was first captured before a moment and has not been repacked yet, one window of pages at a time.

    Each window is a separate transaction: you can stop anywhere, a kill undoes at most one, and the next call
    continues. Needs the lock of a crawl.
    """
    for group in _groups(db, before):
        hub: int | None = None
        for window in _windows(group):
            found, hub = pack_window(db, window, at=at, hub=hub)
            yield found
    drop_dictionaries(db, before=before - ROTATE)


def drop_dictionaries(db: Database, *, before: datetime) -> int:
    """Remove the dictionaries made before a moment against which nothing is packed any more; returns how many. Their
    pages are also bodies.

    None older than ROTATE would serve another page: one of today's would be chosen instead.
    """
    with transaction(db):
        return int(
            db.execute(
                "DELETE FROM dictionaries AS d WHERE made_at < ? AND NOT EXISTS (SELECT 1 FROM bodies WHERE dictionary_id = d.id)"
                " AND NOT EXISTS (SELECT 1 FROM template_changes WHERE dictionary_id = d.id)",
                [to_text(before)],
            ).rowcount
        )


def unpacked_count(db: Database, before: datetime) -> int:
    """How many bodies, first captured before a moment, have not been repacked yet."""
    return sum(map(len, _groups(db, before)))


def _groups(db: Database, before: datetime) -> Iterator[list[tuple[int, int]]]:
    """(id, size) of the waiting bodies, by host and kind of link, in the order of their first captures."""
    rows = db.execute(
        "SELECT u.host, u.kind, b.id, b.raw_bytes FROM bodies AS b JOIN captures AS c"
        " ON c.id = (SELECT id FROM captures WHERE body_id = b.id ORDER BY captured_at, id LIMIT 1)"
        " JOIN urls AS u ON u.id = c.url_id WHERE b.packed_at IS NULL AND c.captured_at < ?"
        " ORDER BY u.host, u.kind, c.captured_at, b.id",
        [to_text(before)],
    ).fetchall()
    for _, group in groupby(rows, key=lambda row: (row[0], row[1])):
        yield [(number, size) for _, _, number, size in group]


def _windows(bodies: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    window: list[int] = []
    held = 0
    for number, size in bodies:
        if window and (len(window) == WINDOW or held + size > WINDOW_BYTES):
            yield window
            window, held = [], 0
        window.append(number)
        held += size
    yield window


def pack_window(db: Database, ids: Sequence[int], *, at: datetime, hub: int | None = None) -> tuple[Packed, int | None]:
    """Pack these bodies again, all or none; also returns the id of the one that most are packed against, the next
    window's `hub`.

    A new frame is unpacked and its digest compared before it replaces anything.
    """
    done = Packed()
    with transaction(db):
        every = list(_read(db, ids if hub is None else [hub, *ids], done))
        bodies = [each for each in every if len(each.body) >= MIN_BYTES]
        served: Counter[int] = Counter()
        changes: list[tuple[_Body, _Frame]] = []
        costs = _costs(db, bodies)
        fixed = [place for place, each in enumerate(bodies) if each.is_base or each.is_packed]
        hubs = choose_hubs(costs, [each.stored_bytes for each in bodies], fixed)
        for place, each in enumerate(bodies):
            if each.is_packed:
                continue
            best = place if place in hubs else min([place, *hubs], key=costs[place].__getitem__)
            frame = _frame(db, each, None if best == place else bodies[best])
            # A hub stops being a delta, whatever that costs, because deltas are packed against it.
            if len(frame.data) < GAIN * each.stored_bytes or (place in hubs and each.is_delta):
                changes.append((each, frame))
                served[bodies[best].id] += best != place
        own = [each for each in every if not each.is_packed]
        done.bodies = len(own)
        done.bytes_before = done.bytes_after = sum(each.stored_bytes for each in own)
        saved = sum(each.stored_bytes - len(frame.data) for each, frame in changes)
        if saved > 0:
            for each, frame in changes:
                _replace(db, each, frame)
            done.anew = len(changes)
            done.bytes_after -= saved
        for each in own:
            db.execute("UPDATE bodies SET packed_at = ? WHERE id = ?", [to_text(at), each.id])
    return done, _next_hub(db, served)


def _next_hub(db: Database, served: Counter[int]) -> int | None:
    """The body against which the next pages may be packed, too."""
    if not served:
        return None
    hub = served.most_common(1)[0][0]
    count = db.execute("SELECT count(*) FROM bodies WHERE base_id = ?", [hub]).fetchall()[0][0]
    return hub if count < MAX_SERVED else None


def _read(db: Database, ids: Sequence[int], done: Packed) -> Iterator[_Body]:
    for number in ids:
        rows = db.execute(
            "SELECT id, sha256, length(data), dictionary_id, base_id IS NOT NULL,"
            " EXISTS (SELECT 1 FROM bodies WHERE base_id = b.id), packed_at IS NOT NULL FROM bodies AS b WHERE id = ?",
            [number],
        ).fetchall()
        try:
            body = body_of(db, number)
        except KeyError:
            continue  # pruned since it was listed
        except ArchiveDamaged as error:
            done.damaged[number] = str(error)
            continue
        _, sha256, stored, dictionary_id, is_delta, is_base, is_packed = rows[0]
        yield _Body(number, sha256, body, stored, dictionary_id, bool(is_delta), bool(is_base), bool(is_packed))


def _costs(db: Database, bodies: Sequence[_Body]) -> Costs:
    costs = [[0] * len(bodies) for _ in bodies]
    for place, each in enumerate(bodies):
        costs[place][place] = len(_frame(db, each, None, level=SCOUT_LEVEL).data)
    for hub, each in enumerate(bodies):
        reference = Reference(
            each.body, level=SCOUT_LEVEL
        )  # one at a time: prepared, each takes several times its size
        for place, other in enumerate(bodies):
            if place != hub:
                costs[place][hub] = len(reference.pack(other.body))
    return costs


def choose_hubs(costs: Costs, stored: Sequence[int], fixed: Sequence[int] = ()) -> list[int]:
    """Places of the bodies that others are packed against, chosen so that the total is small; `fixed` are among them.
    Pure.

    `stored` is what each takes now. Greedy: as long as one more hub makes the sum smaller, the one that makes it
    smallest is added. A hub itself is not packed against a neighbour.
    """
    hubs = list(fixed)
    paid = [min([stored[at], row[at], *(row[hub] for hub in hubs)]) for at, row in enumerate(costs)]
    while True:
        gains = {hub: _gain(costs, paid, hubs, hub) for hub in range(len(costs)) if hub not in hubs}
        best = max(gains, key=gains.__getitem__, default=None)
        if best is None or gains[best] <= 0:
            return hubs
        hubs.append(best)
        paid = [min(bytes_, row[best]) for bytes_, row in zip(paid, costs, strict=True)]


def _gain(costs: Costs, paid: Sequence[int], hubs: Sequence[int], hub: int) -> int:
    """Bytes that a new hub saves the other bodies, minus what it costs more itself."""
    saved = sum(max(0, paid[at] - row[hub]) for at, row in enumerate(costs) if at != hub and at not in hubs)
    return saved - max(0, costs[hub][hub] - paid[hub])


def _frame(db: Database, each: _Body, neighbour: _Body | None, *, level: int = LEVEL) -> _Frame:
    """A body packed against a neighbour; without one against its present dictionary, or on its own if that is no worse."""
    if len(each.body) > LARGE_BYTES:
        level = min(level, LARGE_LEVEL)
    if neighbour is not None:
        return _Frame("zstd-delta", Reference(neighbour.body, level=level).pack(each.body), base_id=neighbour.id)
    alone = _Frame(*pack(each.body, level=level))
    if each.dictionary_id is None:
        return alone
    against = Reference(load_dictionary(db, each.dictionary_id).body, level=level)
    frame = _Frame("zstd-dict", against.pack(each.body), dictionary_id=each.dictionary_id)
    return frame if len(frame.data) < len(alone.data) else alone


def _replace(db: Database, each: _Body, frame: _Frame) -> None:
    against = None
    if frame.dictionary_id is not None:
        against = load_dictionary(db, frame.dictionary_id)
    elif frame.base_id is not None:
        against = Reference(body_of(db, frame.base_id))
    # Raises if it differs, and nothing is changed.
    unpack(frame.codec, frame.data, len(each.body), each.sha256, against=against)
    db.execute("UPDATE bodies SET codec = ?, data = ?, dictionary_id = ?, base_id = ? WHERE id = ?", [*frame, each.id])
