"""What the pages ask the archive; a separate process answers each function (scraper.serve.answering)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.ask import facets, search, selection
from scraper.archive.ask.selection import Unreadable
from scraper.exchange import csvrow
from scraper.exchange.columns import row_of
from scraper.serve import cite
from scraper.serve.request import PER_PAGE
from scraper.worddiff import word_diff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.archive.ask.search import Order, SearchHit
    from scraper.archive.file.library import Archive
    from scraper.archive.file.lookup import StoredArticle
    from scraper.serve.request import SearchRequest
    from scraper.worddiff import Edit

COMPARED = ("headline", "lede", "byline", "body")
MAX_TEXT = 200_000  # characters of a text that are compared
MAX_CSV_BYTES = 64 << 20


def found(db: Archive, asked: SearchRequest, papers: dict[str, set[str]]) -> dict[str, Any]:
    """One page of hits, facets, hints, the SQL, and hits over time, as the page shows them."""
    wanted = asked.filter()
    understood = search.understand(db, asked.query, exact=asked.exact)
    is_all = not asked.query
    counted = facets.facets(db, understood, wanted, is_all=is_all)
    order = _order(asked, counted)
    hits = search.search(
        db,
        "" if is_all else understood,
        wanted,
        order=order,
        limit=PER_PAGE + 1,
        offset=(asked.page - 1) * PER_PAGE,
    )
    carried = facets.carried(counted, wanted, papers) if understood.match and asked.page == 1 else []
    return {
        "hits": hits[:PER_PAGE],
        "has_next": len(hits) > PER_PAGE,
        "facets": counted,
        "forms": understood.forms,
        "hints": understood.hints,
        "order": order,
        "sql": facets.search_sql(understood, wanted, order=order),
        "carried": carried,
    }


def _order(asked: SearchRequest, counted: facets.Facets) -> Order:
    """If there are more hits than can be ranked in the time that a reader waits, the newest come first."""
    return "date" if asked.sort == "date" or counted.hits > facets.MAX_HITS or counted.is_capped else "relevance"


class Sheet(NamedTuple):
    """Articles as CSV, whether more were found than it contains, and the numbers of those lost to damage."""

    body: bytes
    is_cut: bool
    unreadable: list[int]


def csv(db: Archive, asked: SearchRequest, *, most: int) -> Sheet:
    """The first `most` articles, of at most some MAX_CSV_BYTES, in the order of the page."""
    lines, is_cut, unreadable = _taken(db, asked, most, lambda found: csvrow.line(csvrow.cells(row_of(found))))
    return Sheet(b"".join([csvrow.header(), *lines]), is_cut, unreadable)


def references(db: Archive, asked: SearchRequest, form: cite.Form, papers: dict[str, str], *, most: int) -> Sheet:
    """The same articles as a file of references."""

    def one(found: StoredArticle) -> bytes:
        slug, seen = found.record["site"], found.last_seen_at.date()
        paper = papers.get(slug or "", slug)
        return cite.reference(form, found.record, paper, article_id=found.article_id, seen=seen).encode()

    listed, is_cut, unreadable = _taken(db, asked, most, one)
    return Sheet(cite.reference_file(form, [each.decode() for each in listed]).encode(), is_cut, unreadable)


def _taken(
    db: Archive, asked: SearchRequest, most: int, one: Callable[[StoredArticle], bytes]
) -> tuple[list[bytes], bool, list[int]]:
    understood = search.understand(db, asked.query, exact=asked.exact)
    is_all, wanted = not asked.query, asked.filter()
    order = _order(asked, facets.facets(db, understood, wanted, is_all=is_all))
    numbers = search.search_ids(db, None if is_all else understood, wanted, order=order, limit=most + 1)
    listed, size = [], 0
    unreadable: list[int] = []
    for found in selection.articles(db, numbers[:most]):
        if isinstance(found, Unreadable):
            unreadable.append(found.key)
            continue
        listed.append(one(found))
        size += len(listed[-1])
        if size >= MAX_CSV_BYTES:
            break
    return listed, len(numbers) > most or size >= MAX_CSV_BYTES, unreadable


def hits(db: Archive, asked: SearchRequest, *, order: Order, limit: int) -> list[SearchHit]:
    understood = search.understand(db, asked.query, exact=asked.exact)
    return search.search(db, understood if asked.query else "", asked.filter(), order=order, limit=limit)


def writers(db: Archive, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The people of these articles who are not editors, by the article's number."""
    sql = (
        "SELECT b.article_id, p.name FROM json_each(?) AS h JOIN bylines AS b ON b.article_id = h.value AND b.role <> 'editor'"
        " JOIN people AS p ON p.id = b.person_id ORDER BY b.article_id, b.position"
    )
    found: dict[int, list[str]] = {}
    for number, name in db.execute(sql, [json.dumps(numbers)]).fetchall():
        found.setdefault(number, []).append(name)
    return found


def compared_versions(
    db: Archive, article_id: int, first: int, second: int
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, tuple[Edit, ...]]], bool] | None:
    """Both versions, the differences by field, and whether longer texts were cut for it; None if there is no such
    version.
    """
    before, after = _version(db, article_id, first), _version(db, article_id, second)
    if before is None or after is None:
        return None
    pairs = [(name, before[name] or "", after[name] or "") for name in COMPARED]
    edits = [(name, word_diff(old[:MAX_TEXT], new[:MAX_TEXT])) for name, old, new in pairs if old != new]
    return before, after, edits, any(len(text) > MAX_TEXT for _, *both in pairs for text in both)


def _version(db: Archive, article_id: int, revision: int) -> dict[str, Any] | None:
    """A revision's fields; the current one is in `articles`."""
    for sql in (
        "SELECT headline, lede, byline, body, seen_at AS seen_at FROM revisions WHERE article_id = ? AND revision = ?",
        "SELECT headline, lede, byline, body, last_seen_at AS seen_at FROM articles WHERE id = ? AND revision = ?",
    ):
        rows = list(db.query(sql, [article_id, revision]))
        if rows:
            return rows[0]
    return None
