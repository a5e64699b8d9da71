"""Bodies in the archive: which page each is packed against, chosen and renewed automatically, and how to unpack them.

Pages of one site and template differ in little but their words, and two captures of one page in hardly anything. So a
body is packed against the previous capture of the same URL ("zstd-delta"), or against a recent page of its template
("zstd-dict"), or on its own if that is no worse. A chain has at most three links: a delta's base is never a delta, and
a dictionary is stored on its own.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from scraper.archive.file.bodies import Reference, digest, pack, pack_alone, unpack
from scraper.archive.file.times import from_text, to_text
from scraper.errors import ArchiveDamaged
from scraper.text import storable

if TYPE_CHECKING:
    from sqlite_utils import Database

# Against a page of the last two months a page shrinks to a third or a quarter of what it takes on its own; after half a
# year the gain is gone.
ROTATE = timedelta(days=45)
SHELF = 3  # dictionaries of a template that are tried: sections, tests of a new design
POOR = 0.6  # of the usual ratio: the page does not resemble its template's dictionary
GAIN = 0.75  # of the size: a new dictionary must get at least below this to be accepted
MIN_BYTES = 1_000  # shorter bodies are packed on their own
WORTH = (
    # Pages that the newest dictionary must have served before another is made, so that many designs do not make one
    # each.
    4
)
PATIENCE = 4  # pages that a candidate waits for a similar one: designs may alternate
MAX_STEPS = (
    8  # from a body to what it is packed against; ours have three, and five where a dictionary's own row is damaged
)
SMOOTHING = 0.1  # of the usual ratio: the last ten or twenty pages
CACHE_BYTES = 12 << 20  # of dictionaries kept ready; prepared for packing each takes several times its size


class _Choice(NamedTuple):
    codec: str
    data: bytes
    dictionary_id: int | None = None
    base_id: int | None = None
    is_new: bool = False  # whether the dictionary was made for this body


class _Template(NamedTuple):
    id: int
    bodies: int
    ratio: float
    candidate_id: int | None


class _Ready:
    """Prepared references, by digest: content never changes, so a rollback cannot make them wrong."""

    def __init__(self) -> None:
        self._references: OrderedDict[bytes, Reference] = OrderedDict()
        self._size = 0

    def get(self, sha256: bytes) -> Reference | None:
        if (found := self._references.get(sha256)) is not None:
            self._references.move_to_end(sha256)
        return found

    def put(self, sha256: bytes, body: bytes) -> Reference:
        made = self._references[sha256] = Reference(body)
        self._size += made.size
        while self._size > CACHE_BYTES and len(self._references) > 1:
            self._size -= self._references.popitem(last=False)[1].size
        return made


_READY: WeakKeyDictionary[Database, _Ready] = WeakKeyDictionary()


def body_of(db: Database, body_id: int) -> bytes:
    """A body, exactly as it was received. Raises KeyError if there is none, ArchiveDamaged if it cannot be restored."""
    return _unpacked(db, body_id)


def _unpacked(db: Database, body_id: int, *, is_checked: bool = True, steps: int = MAX_STEPS) -> bytes:
    """A body; unchecked if what is made from it has a digest of its own."""
    if steps == 0:
        raise ArchiveDamaged(f"body {body_id}: its chain of bases does not end")
    rows = db.execute(
        "SELECT codec, data, raw_bytes, sha256, dictionary_id, base_id FROM bodies WHERE id = ?", [body_id]
    ).fetchall()
    if not rows:
        raise KeyError(body_id)
    codec, data, raw_bytes, sha256, dictionary_id, base_id = rows[0]
    against = None
    try:
        if dictionary_id is not None:
            against = load_dictionary(db, dictionary_id, steps=steps - 1)
        elif base_id is not None:
            against = Reference(_unpacked(db, base_id, is_checked=False, steps=steps - 1))
    except (ArchiveDamaged, KeyError) as error:
        raise ArchiveDamaged(f"body {sha256.hex()}: the page it was compressed against is lost: {error}") from error
    return unpack(codec, data, raw_bytes, sha256, against=against, is_checked=is_checked)


def dictionary_body(db: Database, dictionary_id: int) -> bytes:
    """The page that serves as a dictionary, from its own row. Raises KeyError, or ArchiveDamaged."""
    rows = db.execute("SELECT data, raw_bytes, sha256 FROM dictionaries WHERE id = ?", [dictionary_id]).fetchall()
    if not rows:
        raise KeyError(dictionary_id)
    try:
        return unpack("zstd", *rows[0])
    except ArchiveDamaged as error:
        raise ArchiveDamaged(f"dictionary {dictionary_id}: {error}") from error


def store_body(
    db: Database, body: bytes, *, host: str, template: str, at: datetime, previous_id: int | None = None
) -> int:
    """Store a body once per digest; returns its id. Call inside a transaction.

    `template` names what the page looks like (a layout, a kind of listing): pages of one host and template are packed
    against one another. `previous_id` is the body that the same URL had before.
    """
    sha256 = digest(body)
    if rows := db.execute("SELECT id FROM bodies WHERE sha256 = ?", [sha256]).fetchall():
        return int(rows[0][0])
    if len(body) < MIN_BYTES:
        return _insert(db, body, sha256, _Choice(*pack(body)))
    known = _template(db, host, template)
    delta = _delta(db, body, previous_id) if previous_id is not None else None
    if delta is not None and len(delta.data) * (known.ratio if known else 5.0) <= len(body):
        return _insert(db, body, sha256, delta)
    choice = _against_template(db, body, known, at) if known else _Choice(*pack(body))
    if delta is not None and len(delta.data) < len(choice.data):
        return _insert(db, body, sha256, delta)
    body_id = _insert(db, body, sha256, choice)
    if known is None:
        db.execute(
            "INSERT INTO templates (host, name, bodies, ratio, candidate_id) VALUES (?, ?, 1, ?, ?)",
            [storable(host), storable(template), len(body) / len(choice.data), body_id],
        )
        return body_id
    _learn(db, known, choice, body_id=body_id, ratio=len(body) / len(choice.data))
    if choice.dictionary_id is not None:
        _renew(db, known, body, used_id=choice.dictionary_id, at=at)
    return body_id


def _insert(db: Database, body: bytes, sha256: bytes, choice: _Choice) -> int:
    rows = db.execute(
        "INSERT INTO bodies (sha256, raw_bytes, codec, dictionary_id, base_id, data) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        [sha256, len(body), choice.codec, choice.dictionary_id, choice.base_id, choice.data],
    ).fetchall()
    return int(rows[0][0])


def _template(db: Database, host: str, name: str) -> _Template | None:
    rows = db.execute(
        "SELECT id, bodies, ratio, candidate_id FROM templates WHERE host = ? AND name = ?",
        [storable(host), storable(name)],
    ).fetchall()
    return _Template(*rows[0]) if rows else None


def _delta(db: Database, body: bytes, previous_id: int) -> _Choice | None:
    """Packed against the earlier capture, or what that one itself was packed against; None if it can no longer be read."""
    base_id = db.execute("SELECT coalesce(base_id, id) FROM bodies WHERE id = ?", [previous_id]).fetchall()[0][0]
    try:
        return _Choice("zstd-delta", Reference(body_of(db, base_id)).pack(body), base_id=base_id)
    except (ArchiveDamaged, KeyError):
        return None


def _against_template(db: Database, body: bytes, known: _Template, at: datetime) -> _Choice:
    """The best of the template's dictionaries; if all are poor, a new one if it would be better."""
    best: _Choice | None = None
    for (number,) in db.execute(
        # The nearest in time: an import of old pages and a crawl may alternate.
        "SELECT id FROM dictionaries WHERE template_id = ?"
        " ORDER BY abs(julianday(made_at) - julianday(?)), id DESC LIMIT ?",
        [known.id, to_text(at), SHELF],
    ).fetchall():
        try:
            data = load_dictionary(db, number).pack(body)
        except (ArchiveDamaged, KeyError):
            continue
        if best is None or len(data) < len(best.data):
            best = _Choice("zstd-dict", data, dictionary_id=number)
        if len(body) / len(data) >= POOR * known.ratio:
            return best
    plain = _Choice(*pack(body))
    fallback = plain if best is None or len(plain.data) <= len(best.data) else best
    return _from_candidate(db, body, known, best=fallback, at=at) or fallback


def _from_candidate(db: Database, body: bytes, known: _Template, *, best: _Choice, at: datetime) -> _Choice | None:
    """Packed against the last page that also fitted poorly, which then becomes a dictionary; None if that is not much
    better.
    """
    if known.candidate_id is None:
        return None
    try:
        candidate = body_of(db, known.candidate_id)
    except (ArchiveDamaged, KeyError):
        return None
    data = Reference(candidate).pack(body)
    if len(data) > GAIN * len(best.data):
        return None
    newest = db.execute(
        "SELECT (SELECT count(*) FROM bodies WHERE dictionary_id = d.id) FROM dictionaries AS d"
        " WHERE d.template_id = ? ORDER BY d.id DESC LIMIT 1",
        [known.id],
    ).fetchall()
    is_first = not newest
    if newest and newest[0][0] < WORTH:
        return None
    number = _adopt(db, known, candidate, at=at, reason="first" if is_first else "ratio")
    if not is_first:
        db.execute(
            "INSERT INTO template_changes (template_id, at, ratio_before, ratio_after, dictionary_id) VALUES (?, ?, ?, ?, ?)",
            [known.id, to_text(at), known.ratio, len(body) / len(best.data), number],
        )
    return _Choice("zstd-dict", data, dictionary_id=number, is_new=True)


def _adopt(db: Database, known: _Template, body: bytes, *, at: datetime, reason: str) -> int:
    sha256 = digest(body)
    rows = db.execute("SELECT id FROM dictionaries WHERE template_id = ? AND sha256 = ?", [known.id, sha256]).fetchall()
    if not rows:
        # A copy beside the page's own body: hundreds of pages depend on it, and each can stand in for the other.
        rows = db.execute(
            "INSERT INTO dictionaries (template_id, sha256, made_at, reason, raw_bytes, data) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            [known.id, sha256, to_text(at), reason, len(body), pack_alone(body)],
        ).fetchall()
    return int(rows[0][0])


def _learn(db: Database, known: _Template, choice: _Choice, *, body_id: int, ratio: float) -> None:
    """Update the template's usual ratio; a page that did not fit becomes the candidate for the next dictionary."""
    is_fit = choice.dictionary_id is not None and ratio >= POOR * known.ratio
    usual = ratio if choice.is_new or known.bodies < 2 else known.ratio + SMOOTHING * (ratio - known.ratio)
    candidate_id = known.candidate_id
    if choice.is_new:
        candidate_id = None
    elif not is_fit and (candidate_id is None or known.bodies % PATIENCE == 0):
        candidate_id = body_id
    db.execute(
        "UPDATE templates SET bodies = bodies + 1, ratio = ?, candidate_id = ? WHERE id = ?",
        [usual, candidate_id, known.id],
    )


def _renew(db: Database, known: _Template, body: bytes, *, used_id: int, at: datetime) -> None:
    """The page just stored becomes a dictionary if the one it fitted is too old."""
    made_at = from_text(db.execute("SELECT made_at FROM dictionaries WHERE id = ?", [used_id]).fetchall()[0][0])
    if made_at is not None and abs(at - made_at) > ROTATE:
        _adopt(db, known, body, at=at, reason="age")


def forget() -> None:
    """Drop the prepared dictionaries; the next use of each reads it again."""
    _READY.clear()


def _ready(db: Database) -> _Ready:
    return _READY.setdefault(db, _Ready())


def load_dictionary(db: Database, dictionary_id: int, *, steps: int = MAX_STEPS) -> Reference:
    """A dictionary ready for use; if its own row is damaged, from the body of which it is a copy."""
    rows = db.execute("SELECT sha256 FROM dictionaries WHERE id = ?", [dictionary_id]).fetchall()
    if not rows:
        raise KeyError(dictionary_id)
    sha256 = rows[0][0]
    if (found := _ready(db).get(sha256)) is not None:
        return found
    try:
        body = dictionary_body(db, dictionary_id)
    except ArchiveDamaged:
        copies = db.execute(
            "SELECT id FROM bodies WHERE sha256 = ? AND dictionary_id IS NOT ?", [sha256, dictionary_id]
        ).fetchall()
        if not copies:
            raise
        body = _unpacked(db, copies[0][0], steps=steps)
    return _ready(db).put(sha256, body)
