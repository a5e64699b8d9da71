"""Parameters of a host that identify nothing: learned from pages that are the same article whatever their values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

MIN_ARTICLES = 3  # that were the same with and without it, or with another value
_NEWEST = 2_000  # addresses of a host that are examined


def idle_parameters(db: Database, host: str) -> frozenset[str]:
    """The parameters in a host's addresses that make no other article, according to its pages so far."""
    rows = db.execute(
        "SELECT u.url, a.url FROM urls AS u JOIN captures AS c ON c.url_id = u.id"
        " JOIN article_captures AS ac ON ac.capture_id = c.id AND ac.page = 1 JOIN articles AS a ON a.id = ac.article_id"
        " WHERE u.host = ? AND instr(u.url, '?') > 0 ORDER BY u.id DESC LIMIT ?",
        [host, _NEWEST],
    ).fetchall()
    return idle_among(rows)


def idle_among(read: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The idle ones among pairs of (requested address, address of the article that it gave). Pure.

    Evidence for one: several articles that were the same without it, or with another value. Evidence against one, for
    good: two articles whose addresses differ in nothing else.
    """
    seen: defaultdict[str, set[str]] = defaultdict(set)
    others: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for asked, article in read:
        own = _pairs(article)
        for name, value in _pairs(asked).items():
            if own.get(name) != value and urlsplit(asked).path == urlsplit(article).path:
                seen[name].add(article)
            others[name, without_parameters(asked, {name})].add(article)
        for name in own:
            others[name, without_parameters(article, {name})].add(article)
    needed = {name for (name, _), articles in others.items() if len(articles) > 1}
    return frozenset(name for name, articles in seen.items() if len(articles) >= MIN_ARTICLES and name not in needed)


def without_parameters(url: str, names: Iterable[str]) -> str:
    """An address without these parameters."""
    parts = urlsplit(url)
    names = frozenset(names)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names]
    return parts._replace(query="&".join(kept)).geturl()


def _pairs(url: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in urlsplit(url).query.split("&") if pair)
    return {name: value for name, _, value in pairs}
