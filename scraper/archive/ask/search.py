"""Full-text search that accepts any input (archive.query), and counts over the results."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.ask import champions
from scraper.archive.ask.facet_counts import VALUES, counts_by
from scraper.archive.ask.filters import ALL, Filter, filter_sql
from scraper.archive.ask.query import match_expression, parse_query, single_words, without_stop_words
from scraper.indonesian import root_of, stems_of, with_suffixes
from scraper.text import fold

if TYPE_CHECKING:
    from collections import Counter

    from sqlite_utils import Database

# They enclose what matched in a snippet; control characters cannot be in stored text.
HIT_START, HIT_END = "\x02", "\x03"
# With fewer hits than this, their dates are looked up one by one; with more, the newest articles are checked instead.
FEW_HITS = 10_000
MANY_ASKED = 200  # articles; for more, one walk over all hits is cheaper than a look-up for each
# The filter is applied before the search if an index selects fewer articles than this for each hit.
CHOSEN_TO_HIT = 1

Order = Literal["relevance", "date"]
CountBy = Literal["site", "day", "month", "year", "author", "tag", "section", "region", "kind"]

_COUNTED: dict[CountBy, tuple[str, str]] = {  # the value, and the join it needs
    "site": ("a.site", ""),
    # Not the computed columns: only so can an index alone answer.
    "day": ("substr(a.published_at, 1, 10)", ""),
    "month": ("substr(a.published_at, 1, 7)", ""),
    "year": ("substr(a.published_at, 1, 4)", ""),
    "author": (
        "p.name",
        "JOIN bylines AS b ON b.article_id = a.id AND b.role <> 'editor' JOIN people AS p ON p.id = b.person_id",
    ),
    "tag": ("t.tag", "JOIN tags AS t ON t.article_id = a.id"),
    "section": ("s.value", "JOIN json_each(iif(json_valid(a.section), a.section, '[]')) AS s"),
    "region": ("a.region_code", ""),
    "kind": ("a.kind", ""),
}
COUNT_BY = tuple(_COUNTED)
_SHOWN = (
    "SELECT a.id AS article_id, a.url, a.site, a.headline, a.published_at,"  # noqa: S608
    f" snippet(articles_fts, -1, '{HIT_START}', '{HIT_END}', '…', 24) AS snippet"
    " FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid"
)
CHOSEN = "chosen AS MATERIALIZED (SELECT a.id FROM articles AS a WHERE {condition})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article found; `snippet` has HIT_START … HIT_END around what matched."""

    article_id: int
    url: str
    site: str | None
    headline: str
    published_at: str | None
    snippet: str


_FIELDS = tuple(field.name for field in fields(SearchHit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query as it is run: `match` for FTS5 (None: no word to search for), the other forms of its words, and hints for
    people.
    """

    match: str | None
    forms: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def understand(db: Database, query: str, *, exact: bool = False) -> Understood:
    """What a query means in this archive; without `exact`, words also stand for their other Indonesian forms that occur
    in it.
    """
    parsed = parse_query(query)
    root, hints = parsed.root, list(parsed.hints)
    if root is None:
        return Understood(match=None, hints=tuple(hints))
    if exact:
        return Understood(match=match_expression(root), hints=tuple(hints))
    root, too_common = without_stop_words(root)
    assert root is not None  # noqa: S101  (something stays)
    if too_common:
        hints.append(f"in nearly every article, so left out: {', '.join(too_common)}")
    forms = {word: other_forms(db, word) for word in single_words(root)}
    return Understood(
        match=match_expression(root, lambda word: forms.get(word, ())),
        forms=tuple(dict.fromkeys(form for several in forms.values() for form in several)),
        hints=tuple(hints),
    )


def other_forms(db: Database, word: str) -> tuple[str, ...]:
    """The forms of an Indonesian word that occur in the archive, without the word itself: banjir → kebanjiran,
    dibanjiri …

    The name of a region has none: Pemalang is not a form of "malang", and Malang is not its root.
    """
    folded = fold(word)
    root = root_of(folded)
    if root is None or _is_region(db, folded):
        return ()
    stems = [stem for stem in stems_of(root) if stem == root or _begins_a_word(db, stem)]
    forms = [form for stem in stems for form in with_suffixes(stem) if form != folded and _is_word(db, form)]
    return tuple(form for form in forms if root_of(form) == root and not _is_region(db, form))


def _begins_a_word(db: Database, stem: str) -> bool:
    sql = "SELECT 1 FROM articles_vocab WHERE term >= ?1 AND term < ?1 || '{' LIMIT 1"
    return bool(db.execute(sql, [stem]).fetchall())


def _is_word(db: Database, word: str) -> bool:
    # Not articles_vocab, which would count the articles.
    sql = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
    return bool(db.execute(sql, [f'"{word}"']).fetchall())


def _is_region(db: Database, word: str) -> bool:
    sql = "SELECT 1 FROM regions WHERE name COLLATE NOCASE IN (?1, 'kabupaten ' || ?1, 'kota ' || ?1)"
    return bool(db.execute(sql, [word]).fetchall())


def search(
    db: Database,
    query: str | Understood,
    wanted: Filter = ALL,
    *,
    order: Order = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> list[SearchHit]:
    """The wanted articles that a query finds, best or newest first; without a query ("") all of them, newest first.

    No text is an error: what cannot be understood is left out (`understand` gives hints), and a query without any word
    finds nothing.
    """
    asked = understand(db, query) if isinstance(query, str) else query
    if asked.match is None:
        return _listed(db, wanted, limit, offset) if query == "" else []
    if order == "date":
        return _details(db, asked.match, _newest(db, asked.match, wanted, limit, offset))
    if wanted == ALL:
        best = champions.best(db, asked.match, offset + limit)
        return _best(db, asked.match, limit, offset) if best is None else _details(db, asked.match, best[offset:])
    return _details(db, asked.match, _best_of(db, asked.match, wanted, limit, offset))


def search_ids(
    db: Database, asked: Understood | None, wanted: Filter = ALL, *, order: Order = "relevance", limit: int = 20
) -> list[int]:
    """The numbers of what `search` finds, for callers that show nothing of a hit; None asks for all wanted articles."""
    if asked is None:
        condition, values = filter_sql(wanted)
        newest = f"SELECT a.id FROM articles AS a WHERE {condition} ORDER BY a.published_utc DESC, a.id DESC LIMIT ?"  # noqa: S608
        return _ids(db, newest, [*values, limit])
    if asked.match is None:
        return []
    if order == "date":
        return _newest(db, asked.match, wanted, limit, 0)
    if wanted == ALL:
        best = champions.best(db, asked.match, limit)
        ranked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rank LIMIT ?"
        return _ids(db, ranked, [asked.match, limit]) if best is None else best
    return _best_of(db, asked.match, wanted, limit, 0)


def count(
    db: Database, query: str | Understood, by: CountBy, wanted: Filter = ALL, *, limit: int = 1000
) -> list[tuple[str | None, int]]:
    """(value, articles) over a query's hits, or over all wanted articles if it is "". Spans of time come in order,
    others by number.

    An article with several authors, tags or sections counts for each.
    """
    asked = understand(db, query) if isinstance(query, str) else query
    if asked.match is None and query != "":
        return []
    if by in VALUES and (found := counts_by(db, asked.match, wanted, by)) is not None:
        return _in_order(found, by)[:limit]
    value, join = _COUNTED[by]
    condition, values = filter_sql(wanted)
    order = "1" if by in ("day", "month", "year") else "2 DESC, 1"
    parts, source = "", "articles AS a"
    if asked.match is not None:
        source = "hits CROSS JOIN articles AS a ON a.id = hits.id"
        if chooses_first(db, asked.match, wanted):
            parts = f"WITH {CHOSEN.format(condition=condition)}, {_hits(only='AND +rowid IN chosen')}"
            condition, values = "TRUE", [*values, asked.match]
        else:
            parts, values = f"WITH {_hits()}", [asked.match, *values]
    sql = f"{parts} SELECT {value}, count(*) FROM {source} {join} WHERE {condition} GROUP BY 1 ORDER BY {order} LIMIT ?"  # noqa: S608
    return [(key, number) for key, number in db.execute(sql, [*values, limit]).fetchall()]


def _in_order(found: Counter[str | None], by: CountBy) -> list[tuple[str | None, int]]:
    """Spans of time in order, other values by number; what has no value comes before those that have."""
    if by in ("month", "year"):
        return sorted(found.items(), key=lambda pair: pair[0] or "")
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0] or ""))


def _hits(*, columns: str = "rowid AS id", only: str = "") -> str:
    return f"hits AS MATERIALIZED (SELECT {columns} FROM articles_fts WHERE articles_fts MATCH ? {only})"  # noqa: S608


def _best(db: Database, match: str, limit: int, offset: int) -> list[SearchHit]:
    """The best of all: FTS5 itself sorts, and no article is touched that is not shown. (One more ORDER BY term would
    undo that.)
    """
    sql = f"{_SHOWN} WHERE articles_fts MATCH ? ORDER BY rank LIMIT ? OFFSET ?"
    return _shown(db, sql, [match, limit, offset])


def _best_of(db: Database, match: str, wanted: Filter, limit: int, offset: int) -> list[int]:
    condition, values = filter_sql(wanted)
    if chooses_first(db, match, wanted):
        # One walk over the hits, ranking only those that match the filter. The plus signs keep SQLite from querying
        # FTS5 for each selected article (which evaluates the whole query anew), and FTS5 from ranking all.
        sql = (
            f"WITH {CHOSEN.format(condition=condition)} SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"  # noqa: S608
            " AND +rowid IN chosen ORDER BY +rank, rowid LIMIT ? OFFSET ?"
        )
        return _ids(db, sql, [*values, match, limit, offset])
    best = champions.best(db, match, offset + limit, condition=condition, values=values)
    if best is not None:
        return best[offset:]
    sql = (
        f"WITH {_hits(columns='rowid AS id, rank AS score')} SELECT a.id FROM articles AS a JOIN hits ON hits.id = a.id"  # noqa: S608
        f" WHERE {condition} ORDER BY hits.score, a.id LIMIT ? OFFSET ?"
    )
    return _ids(db, sql, [match, *values, limit, offset])


def chooses_first(db: Database, match: str, wanted: Filter) -> bool:
    """Whether it is cheaper to apply the filter and then check which hits match, than to look at the article of every
    hit.
    """
    by_index = replace(wanted, kinds=())
    if by_index == ALL:
        return False
    hits = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [match]).fetchall()[0][0]
    condition, values = filter_sql(by_index)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM articles AS a WHERE {condition} LIMIT ?)"  # noqa: S608
    return bool(db.execute(sql, [*values, CHOSEN_TO_HIT * hits]).fetchall()[0][0] < CHOSEN_TO_HIT * hits)


def _newest(db: Database, match: str, wanted: Filter, limit: int, offset: int) -> list[int]:
    condition, values = filter_sql(wanted)
    order = "ORDER BY a.published_utc DESC, a.id DESC LIMIT ? OFFSET ?"
    some = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
    if len(db.execute(some, [match, FEW_HITS]).fetchall()) < FEW_HITS:
        sql = (
            f"WITH {_hits()} SELECT a.id FROM hits CROSS JOIN articles AS a ON a.id = hits.id WHERE {condition} {order}"  # noqa: S608
        )
        return _ids(db, sql, [match, *values, limit, offset])
    # Many hits: go through the articles from the newest on and check for each whether it is a hit, until there are
    # enough. If each check would collect all words with a prefix anew, or there would be thousands of checks, the hits
    # are collected once (the plus: by date, not by id).
    is_hit = "EXISTS (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND articles_fts.rowid = a.id)"
    if '"*' in match or limit > MANY_ASKED:
        is_hit = "+a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    sql = f"SELECT a.id FROM articles AS a WHERE {condition} AND {is_hit} {order}"  # noqa: S608
    return _ids(db, sql, [*values, match, limit, offset])


def _ids(db: Database, sql: str, values: list[Any]) -> list[int]:
    return [int(row[0]) for row in db.execute(sql, values).fetchall()]


def _details(db: Database, match: str, ids: list[int]) -> list[SearchHit]:
    """What is shown of these hits, in this order."""
    if '"*' in match:  # each look-up would collect all words with this prefix anew, so walk the hits once
        sql = f"{_SHOWN} WHERE articles_fts MATCH ? AND +articles_fts.rowid IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {hit.article_id: hit for hit in _shown(db, sql, [match, json.dumps(ids)])}
        return [found[article_id] for article_id in ids]
    sql = f"{_SHOWN} WHERE articles_fts MATCH ? AND articles_fts.rowid = ?"
    return [hit for article_id in ids for hit in _shown(db, sql, [match, article_id])]


def _listed(db: Database, wanted: Filter, limit: int, offset: int) -> list[SearchHit]:
    condition, values = filter_sql(wanted)
    sql = (
        "SELECT a.id, a.url, a.site, a.headline, a.published_at, substr(coalesce(a.lede, a.body), 1, 400)"  # noqa: S608
        f" FROM articles AS a WHERE {condition} ORDER BY a.published_utc DESC, a.id DESC LIMIT ? OFFSET ?"
    )
    return _shown(db, sql, [*values, limit, offset])


def _shown(db: Database, sql: str, values: list[Any]) -> list[SearchHit]:
    """Rows that have the columns of SearchHit in its order."""
    return [SearchHit(**dict(zip(_FIELDS, row, strict=True))) for row in db.execute(sql, values).fetchall()]
