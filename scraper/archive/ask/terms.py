"""How often a word occurs in the whole archive, from the index alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlite_utils import Database

_SEVEN = 0x7F
_MORE = 0x80
_STRUCTURE = (
    10  # the row in which FTS5 lists its segments, with a counter of everything ever written: it changes with the index
)
MAX_KNOWN = 200_000  # words that are remembered, some 40 MB


class Term(NamedTuple):
    """A word as the index has it (lower case, no accents): `occurrences` times in `articles` articles, in all three
    fields.
    """

    term: str
    occurrences: int
    articles: int


class _Known:
    """Words looked up on a connection, valid as long as the index has not changed."""

    def __init__(self, state: bytes) -> None:
        self.state = state
        self.terms: dict[str, Term] = {}


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


def term(db: Database, word: str) -> Term:
    """A word of the index; zeros for one that does not occur.

    The first look-up on a connection takes time in proportion to its occurrences; then it is remembered until the index
    changes.
    """
    state = bytes(db.execute("SELECT block FROM articles_fts_data WHERE id = ?", [_STRUCTURE]).fetchall()[0][0])
    known = _known.get(db)
    if known is None or known.state != state:
        known = _known[db] = _Known(state)
    found = known.terms.get(word)
    if found is None:
        rows = db.execute("SELECT cnt, doc FROM articles_vocab WHERE term = ?", [word]).fetchall()
        found = Term(word, *(rows[0] if rows else (0, 0)))
        if len(known.terms) < MAX_KNOWN:
            known.terms[word] = found
    return found


def top_terms(db: Database, limit: int, *, without: Collection[str] = ()) -> list[Term]:
    """The most common words of the whole archive except for these; it reads the whole index."""
    sql = "SELECT term, cnt, doc FROM articles_vocab ORDER BY cnt DESC, term LIMIT ?"
    rows = db.execute(sql, [limit + len(without)]).fetchall()
    return [Term(*row) for row in rows if row[0] not in without][:limit]


def word_total(db: Database) -> int:
    """How many words the whole archive has, as the index counts them: headline, lede and body together.

    Read from the record that FTS5 keeps for its ranking (row 1 of the data table: the number of rows, then the words of
    each column, as variable-length integers), so that no text is read. 0 for an empty archive.
    """
    return averages(db)[1]


def averages(db: Database) -> tuple[int, int]:
    """(articles, words) of the whole archive, as FTS5 stores them for its ranking."""
    rows = db.execute("SELECT block FROM articles_fts_data WHERE id = 1").fetchall()
    articles, *words = _integers(rows[0][0]) if rows and rows[0][0] else [0]
    return articles, sum(words)


def lengths_of(db: Database, numbers: Iterable[int]) -> dict[int, int]:
    """How many words these articles have, as FTS5 counts them for its ranking."""
    sql = "SELECT d.id, d.sz FROM json_each(?) AS n CROSS JOIN articles_fts_docsize AS d ON d.id = n.value"
    return {number: sum(_integers(size)) for number, size in db.execute(sql, [json.dumps(list(numbers))]).fetchall()}


def _integers(block: bytes) -> list[int]:
    """SQLite's variable-length integers: seven bits a byte, most significant first, and all eight of a ninth byte."""
    found, value, length = [], 0, 0
    for byte in block:
        length += 1
        value = value << 8 | byte if length == 9 else value << 7 | byte & _SEVEN
        if length == 9 or not byte & _MORE:
            found.append(value)
            value, length = 0, 0
    return found
