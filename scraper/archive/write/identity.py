"""Which article a page is, if it has more than one address: a changed slug, a twin, a publisher that moved. Two signs
each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from scraper.archive.file.articles import content_hash
from scraper.archive.file.hashes import stamp
from scraper.archive.file.times import to_text
from scraper.archive.write.joining import join_within
from scraper.text import fold, storable
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.records import Article, Capture

_PERMANENT = frozenset({301, 308})
_SAME_TEXT_WORDS = 25  # in an article of its own; shorter texts may be worded the same by chance
_TWINS = ("www.", "m.", "amp.")
_RECENT = 20_000  # fetches that are searched for signs of a move

Why = Literal["redirect", "move", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A stored article that a page is, although its address differs: the address it is known by, and the evidence.

    With "redirect" and "move", the new address becomes the article's; a "text" that is the same makes it another
    address of the article. `is_double` says that an article is stored under the new address too, with which the other
    is joined.
    """

    article_id: int
    url: str
    new_url: str
    why: Why
    is_double: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A host whose addresses redirect permanently to another host; `signs` counts them."""

    host: str
    new_host: str
    signs: int


def known_as(db: Database, url: str) -> str:
    """The address under which the article of a canonical URL is stored; the URL itself if there is none."""
    rows = db.execute(
        "SELECT a.url FROM addresses AS d JOIN articles AS a ON a.id = d.article_id WHERE d.url = ?", [storable(url)]
    ).fetchall()
    return str(rows[0][0]) if rows else url


def same_article(db: Database, url_id: int, article: Article, capture: Capture) -> Identity | None:
    """The stored article that a page is under another address than its own; None for one known by this address, or new."""
    digest = content_hash(article)
    there = _at(db, article.url)
    own = _read_from(db, url_id, capture.url) if _is_permanent(capture) else None
    if own is not None and own[1] != storable(article.url):
        number, url, headline, kept_digest = own
        if kept_digest == digest or fold(headline) == fold(article.headline):
            return Identity(article_id=number, url=url, new_url=article.url, why="redirect", is_double=bool(there))
    if there:
        return None
    host = host_of(article.url)
    before = [old for (old,) in db.execute("SELECT host FROM moves WHERE new_host = ?", [host]).fetchall()]
    return _at_old_host(db, article, digest, before) or _by_text(db, article, digest, before)


def _read_from(db: Database, url_id: int, url: str) -> tuple[int, str, str, bytes] | None:
    """(id, address, headline, content hash) of the article that a URL gave before."""
    rows = db.execute(
        "SELECT a.id, a.url, a.headline, a.content_hash FROM captures AS c"
        " JOIN article_captures AS ac ON ac.capture_id = c.id AND ac.page = 1 JOIN articles AS a ON a.id = ac.article_id"
        " WHERE c.url_id = ? ORDER BY c.id DESC LIMIT 1",
        [url_id],
    ).fetchall()
    rows = rows or _at(db, known_as(db, url))
    return rows[0] if rows else None


def _at(db: Database, url: str) -> list[tuple[int, str, str, bytes]]:
    found: list[tuple[int, str, str, bytes]] = db.execute(
        "SELECT id, url, headline, content_hash FROM articles WHERE url = ?", [storable(url)]
    ).fetchall()
    return found


def _is_permanent(capture: Capture) -> bool:
    return bool(capture.redirects) and all(hop.status in _PERMANENT for hop in capture.redirects)


def _at_old_host(db: Database, article: Article, digest: bytes, hosts: Iterable[str]) -> Identity | None:
    """The article with the same path and headline, or text, on a host that has moved to this one."""
    parts = urlsplit(article.url)
    for host in hosts:
        for number, url, headline, kept_digest in _at(db, known_as(db, parts._replace(netloc=host).geturl())):
            if kept_digest == digest or fold(headline) == fold(article.headline):
                return Identity(article_id=number, url=url, new_url=article.url, why="move")
    return None


def _by_text(db: Database, article: Article, digest: bytes, before: Iterable[str]) -> Identity | None:
    """The article with the same text, headline and moment of publication on the same host, or on one that moved to it."""
    published = to_text(article.published_at) if article.published_at else None
    is_dated = published is not None and article.provenance.get("published_at") != "url"  # even a wall's URL has a date
    if not is_dated or not _has_words(article, _SAME_TEXT_WORDS):
        return None
    own, moved = _bare(host_of(article.url)), {_bare(host) for host in before}
    rows = db.execute("SELECT id, url, published_utc FROM articles WHERE content_hash = ?", [digest]).fetchall()
    for number, url, at in rows:
        host = _bare(host_of(url))
        if at == published and (host == own or host in moved):
            why: Why = "text" if host == own else "move"
            return Identity(article_id=number, url=url, new_url=article.url, why=why)
    return None


def _has_words(article: Article, least: int) -> bool:
    return any(words >= least for words in accumulate(len(block.text.split()) for block in article.body))


def _bare(host: str) -> str:
    return next((host.removeprefix(twin) for twin in _TWINS if host.startswith(twin)), host)


def settle_identity(db: Database, found: Identity, *, at: datetime) -> None:
    """Make one article of what is stored under both addresses. Call in the transaction that saved the page."""
    there = _at(db, found.new_url)
    article_id, other = found.article_id, found.new_url
    if there and there[0][0] != found.article_id:
        article_id, other = there[0][0], found.url
        join_within(db, found.article_id, article_id)
    elif found.why != "text":
        other = found.url
        db.execute("UPDATE articles SET url = ? WHERE id = ?", [storable(found.new_url), article_id])
        stamp(db, article_id)
        db.execute("DELETE FROM addresses WHERE url = ?", [storable(found.new_url)])
    db.execute(
        "INSERT INTO addresses (url, article_id, since, why) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id",
        [storable(other), article_id, to_text(at), found.why],
    )


def moves(db: Database) -> dict[str, str]:
    """Hosts that have moved, and where to."""
    return dict(db.execute("SELECT host, new_host FROM moves").fetchall())


def move_of(db: Database, url_id: int, capture: Capture) -> Move | None:
    """Evidence from a listing that its host has moved: it redirects permanently to the same path on another publisher's
    host, and so does at least one other address of the host. None if there is none.
    """
    asked, final = urlsplit(capture.url), urlsplit(capture.final_url)
    host, new_host = host_of(capture.url), host_of(capture.final_url)
    if (asked.path or "/", asked.query) != (final.path or "/", final.query) or not _is_permanent(capture):
        return None
    if registrable_domain(host) == registrable_domain(new_host):
        return None
    rows = db.execute(
        "SELECT count(DISTINCT f.url_id) FROM urls AS u JOIN fetches AS f ON f.url_id = u.id"
        " WHERE u.host = ? AND u.id <> ? AND f.id > (SELECT max(id) FROM fetches) - ? AND f.redirects IS NOT NULL"
        " AND substr(f.final_url, 1, ?) = ?",
        [host, url_id, _RECENT, len(f"{final.scheme}://{final.netloc}/"), f"{final.scheme}://{final.netloc}/"],
    ).fetchall()
    return Move(host=host, new_host=new_host, signs=1 + int(rows[0][0])) if rows[0][0] else None


def keep_move(db: Database, move: Move, *, at: datetime) -> None:
    """Note that a host has moved, and join what was stored under both before that was known. Call inside a transaction."""
    is_known = db.execute("SELECT 1 FROM moves WHERE host = ? AND new_host = ?", [move.host, move.new_host]).fetchall()
    db.execute(
        "INSERT INTO moves (host, new_host, first_seen_at, last_seen_at, signs) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (host) DO UPDATE SET new_host = excluded.new_host, last_seen_at = excluded.last_seen_at,"
        " signs = max(signs, excluded.signs)",
        [move.host, move.new_host, to_text(at), to_text(at), move.signs],
    )
    if is_known:
        return
    for scheme in ("https", "http"):
        doubles = _doubles(db, f"{scheme}://{move.host}/", f"{scheme}://{move.new_host}/")
        for number, (url, new_url) in doubles.items():
            settle_identity(db, Identity(article_id=number, url=url, new_url=new_url, why="move"), at=at)


def _doubles(db: Database, old: str, new: str) -> dict[int, tuple[str, str]]:
    """Articles stored under an origin and, with the same path and text or headline, under another: number → both
    addresses.

    Either may be known by that path as one of its other addresses.
    """
    found: dict[int, tuple[str, str]] = {}
    for one, other in (("articles", "articles"), ("addresses", "articles"), ("articles", "addresses")):
        key, other_key = ("id" if name == "articles" else "article_id" for name in (one, other))
        rows = db.execute(
            f"SELECT o.id, o.url, n.url FROM {one} AS x JOIN articles AS o ON o.id = x.{key}"  # noqa: S608  (our own names)
            f" JOIN {other} AS y ON y.url = ?2 || substr(x.url, length(?1) + 1) JOIN articles AS n ON n.id = y.{other_key}"
            " WHERE x.url >= ?1 AND x.url < ?1 || char(0x10FFFF) AND o.id <> n.id"
            " AND (o.content_hash = n.content_hash OR o.headline = n.headline)",
            [old, new],
        ).fetchall()
        for number, url, new_url in rows:
            found.setdefault(number, (url, new_url))
    return found
