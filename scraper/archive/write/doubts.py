"""What the archive knows for or against a page: what was announced, what was there before, what other URLs gave."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from scraper.archive.file.articles import stored_version
from scraper.archive.file.bodies import digest
from scraper.archive.file.rows import to_json
from scraper.archive.file.times import from_text, to_text
from scraper.reasons import ASIDE, Reason
from scraper.text import storable
from scraper.urls import registrable_domain, without_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.changes import Version

_MOST = 50  # rows to look at: more of them say nothing new
# For SQL: reasons whose capture is evidence and not the content of the page.
ASIDE_SQL = ", ".join(f"'{reason.value}'" for reason in sorted(ASIDE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The stored version of an article, as far as the next one is compared with it; `capture_id` is that of its first
    page.
    """

    article_id: int
    url: str
    version: Version
    words: int
    revision: int
    layout: str
    provenance: dict[str, str]
    warnings: tuple[str, ...]
    last_seen_at: datetime
    capture_id: int | None
    has_author: bool

    @property
    def is_claimed(self) -> bool:
        """Whether its page itself said that it was an article, as sight.is_claimed decides for a record."""
        return _is_claimed(self.provenance.get("published_at"), self.layout, self.warnings, has_author=self.has_author)


def _is_claimed(dated_by: str | None, layout: str, warnings: Sequence[str], *, has_author: bool) -> bool:
    is_known = not layout.startswith("generic/") and "layout_missed" not in warnings
    return dated_by not in (None, "url") or has_author or is_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A version kept aside: its newest capture, since when it has been there, its title."""

    capture_id: int
    article_id: int
    first_seen_at: datetime
    looks: int
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What to keep of a suspect version; `is_same` says that it is the one that has been waiting."""

    article_id: int
    headline: str
    words: int
    signs: Sequence[str]
    is_same: bool = False


def title_hint(db: Database, url_id: int) -> str | None:
    """The title that a listing gave for a URL."""
    rows = db.execute("SELECT title_hint FROM urls WHERE id = ?", [url_id]).fetchall()
    return rows[0][0] if rows else None


def earlier_at(db: Database, url_id: int, article_url: str | None = None) -> Earlier | None:
    """The article read from a URL, or else the one stored under a canonical URL or under that URL itself; None if there
    is none.

    The stored text may come from another address of the article (a twin, an earlier slug): its own URL still has it.
    """
    rows = db.execute(
        "SELECT ac.article_id FROM captures AS c JOIN article_captures AS ac ON ac.capture_id = c.id"
        " WHERE c.url_id = ? AND ac.page = 1 ORDER BY c.id DESC LIMIT 1",
        [url_id],
    ).fetchall()
    if not rows and article_url is not None:
        rows = db.execute("SELECT id FROM articles WHERE url = ?", [storable(article_url)]).fetchall()
    rows = rows or _by_own_url(db, url_id)
    if not rows:
        return None
    number, url, words, revision, layout, provenance, warnings, seen_at, capture_id, has_author, *text = db.execute(
        "SELECT id, url, words, revision, layout, provenance, warnings, last_seen_at,"
        " (SELECT capture_id FROM article_captures WHERE article_id = a.id ORDER BY page LIMIT 1),"
        " EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role <> 'editor'),"
        " headline, lede, byline, body, modified_at FROM articles AS a WHERE id = ?",
        [rows[0][0]],
    ).fetchall()[0]
    last_seen_at = from_text(seen_at)
    assert last_seen_at is not None  # noqa: S101  (NOT NULL)
    return Earlier(
        article_id=number,
        url=url,
        version=stored_version(*text),
        words=words,
        revision=revision,
        layout=layout,
        provenance=json.loads(provenance),
        warnings=tuple(json.loads(warnings)),
        last_seen_at=last_seen_at,
        capture_id=capture_id,
        has_author=bool(has_author),
    )


def _by_own_url(db: Database, url_id: int) -> list[tuple[int]]:
    """The article stored under a URL or known by it, or else the one of its publisher whose text the URL gave before."""
    own, host = db.execute("SELECT url, host FROM urls WHERE id = ?", [url_id]).fetchall()[0]
    rows: list[tuple[int]] = db.execute(
        "SELECT id FROM articles WHERE url = ?1 UNION ALL SELECT article_id FROM addresses WHERE url = ?1",
        [without_page(own)],
    ).fetchall()
    if rows:
        return rows
    gave = db.execute(
        "SELECT ac.article_id, u.host FROM captures AS c JOIN captures AS o ON o.text_key = c.text_key AND o.url_id <> c.url_id"
        " JOIN article_captures AS ac ON ac.capture_id = o.id AND ac.page = 1 JOIN urls AS u ON u.id = o.url_id"
        " WHERE c.url_id = ? ORDER BY c.id DESC, o.id DESC LIMIT ?",
        [url_id, _MOST],
    ).fetchall()
    moved = (
        {new for (new,) in db.execute("SELECT new_host FROM moves WHERE host = ?", [host]).fetchall()}
        if gave
        else set()
    )
    return [
        (number,) for number, other in gave if other in moved or registrable_domain(other) == registrable_domain(host)
    ][:1]


def with_same_text(db: Database, key: int | None, url_id: int, *, own: Sequence[int] = ()) -> int:
    """How many other URLs of the host gave the same text, not counting pages of its `own` articles and copies under one
    path.
    """
    return len(_places(db, "text_key", key, url_id, own))


def with_same_title(db: Database, key: int | None, url_id: int, *, own: Sequence[int] = ()) -> int:
    """The same for the headline."""
    return len(_places(db, "title_key", key, url_id, own))


def given_at(db: Database, url: str, key: int | None) -> int | None:
    """The article stored under a canonical URL if that URL itself gave this text; a wall names no such URL."""
    rows = db.execute(
        "SELECT a.id FROM articles AS a JOIN urls AS u ON u.url = a.url JOIN captures AS c ON c.url_id = u.id"
        " WHERE a.url = ? AND c.text_key = ? LIMIT 1",
        [storable(url), key],
    ).fetchall()
    return int(rows[0][0]) if rows else None


def with_same_address(db: Database, landed: str | None, url_id: int) -> int:
    """How many other URLs of the host were redirected to the same address."""
    return len(_places(db, "landed", landed, url_id))


def with_same_ending(db: Database, ending: str | None, url_id: int) -> int:
    """How many other URLs of the host gave a page that ends with the same characters."""
    return len(_places(db, "ending", ending, url_id))


def _places(db: Database, column: str, value: int | str | None, url_id: int, own: Sequence[int] = ()) -> set[str]:
    if value is None:
        return set()
    rows = db.execute(
        "SELECT u.url, own.url FROM urls AS own CROSS JOIN captures AS c JOIN urls AS u ON u.id = c.url_id"  # noqa: S608
        f" WHERE own.id = ?1 AND c.{column} = ?2 AND u.host = own.host AND u.id <> ?1 AND NOT EXISTS"
        " (SELECT 1 FROM article_captures WHERE capture_id = c.id AND article_id IN (SELECT value FROM json_each(?3))) LIMIT ?4",
        [url_id, value, json.dumps(list(own)), _MOST],
    ).fetchall()
    return {_place(url) for url, _ in rows} - {_place(own) for _, own in rows[:1]}


def _place(url: str) -> str:
    """What identifies a request without the parameters of a session or campaign: the path, and numbers in the query."""
    parts = urlsplit(url)
    if not parts.query:
        return parts.path
    return parts.path + "".join(f"&{name}={value}" for name, value in parse_qsl(parts.query) if value.isdecimal())


def captures_beside(db: Database, host: str, url: str, count: int) -> list[int]:
    """The newest captures of other articles of a host, at most this many."""
    rows = db.execute(
        "SELECT f.capture_id FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.host = ? AND u.url <> ?"
        " AND u.kind = 'article' AND f.reason = 'ok' AND f.capture_id IS NOT NULL ORDER BY f.id DESC LIMIT ?",
        [host, storable(url), count],
    ).fetchall()
    return [number for (number,) in rows]


def gave_text_since(db: Database, key: int | None, url_id: int) -> datetime | None:
    """Since when a URL has been giving a text; None if it never did."""
    rows = db.execute(
        "SELECT min(captured_at) FROM captures WHERE text_key = ? AND url_id = ?", [key, url_id]
    ).fetchall()
    return from_text(rows[0][0])


def has_given(db: Database, url_id: int, body: bytes) -> bool:
    """Whether a URL gave these bytes before."""
    rows = db.execute(
        "SELECT 1 FROM bodies AS b JOIN captures AS c ON c.body_id = b.id WHERE b.sha256 = ? AND c.url_id = ?",
        [digest(body), url_id],
    ).fetchall()
    return bool(rows)


def waiting_suspect(db: Database, url_id: int) -> Suspect | None:
    """The version of a URL's article that waits for confirmation."""
    rows = db.execute(
        "SELECT capture_id, article_id, first_seen_at, looks, headline FROM suspects WHERE url_id = ? AND state = 'waiting'",
        [url_id],
    ).fetchall()
    if not rows:
        return None
    capture_id, article_id, first, looks, headline = rows[0]
    first_seen_at = from_text(first)
    assert first_seen_at is not None  # noqa: S101  (NOT NULL)
    return Suspect(
        capture_id=capture_id, article_id=article_id, first_seen_at=first_seen_at, looks=looks, headline=headline
    )


def keep_doubt(db: Database, doubt: Doubt, *, url_id: int, capture_id: int, at: datetime) -> None:
    """Keep a suspect version aside: another look at the waiting one, or a new one in its place. Call inside a
    transaction.
    """
    moment = to_text(at)
    if doubt.is_same:
        db.execute(
            "UPDATE suspects SET capture_id = ?, last_seen_at = ?, looks = looks + 1, headline = ?, words = ?, signs = ?"
            " WHERE url_id = ? AND state = 'waiting'",
            [capture_id, moment, storable(doubt.headline), doubt.words, to_json(list(doubt.signs)), url_id],
        )
        return
    settle_doubt(db, url_id, at=at, is_taken=False)
    db.execute(
        "INSERT INTO suspects (article_id, url_id, capture_id, first_seen_at, last_seen_at, looks, headline, words, signs, state)"
        " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, 'waiting')",
        [
            doubt.article_id, url_id, capture_id, moment, moment, storable(doubt.headline), doubt.words,
            to_json(list(doubt.signs)),
        ],
    )  # fmt: skip


def settle_doubt(db: Database, url_id: int, *, at: datetime, is_taken: bool) -> None:
    """The article is back, or the waiting version has become it. Call inside a transaction."""
    db.execute(
        "UPDATE suspects SET state = ?, decided_at = ? WHERE url_id = ? AND state = 'waiting'",
        ["taken" if is_taken else "dropped", to_text(at), url_id],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """An article of the host whose text a wall also has; `hint` is the title that a listing gave."""

    article_id: int
    url_id: int
    url: str
    hint: str | None
    headline: str
    words: int
    has_text: bool  # otherwise only the headline
    is_claimed: bool


def with_text_of(db: Database, key: int | None, title_key: int | None, url_id: int) -> list[Namesake]:
    """Articles, never revised, that were read from the same text, or under the same headline, at other URLs of the
    host.
    """
    rows = db.execute(
        "SELECT DISTINCT a.id, u.id, u.url, u.title_hint, a.headline, a.words, a.layout, json_extract(a.provenance, '$.published_at'),"
        " EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id AND role <> 'editor'), a.warnings,"
        " c.text_key FROM captures AS c JOIN urls AS u ON u.id = c.url_id JOIN article_captures AS ac ON ac.capture_id = c.id"
        " JOIN articles AS a ON a.id = ac.article_id"
        " WHERE (c.text_key = ? OR c.title_key = ?) AND u.id <> ?"
        " AND u.host = (SELECT host FROM urls WHERE id = ?) AND a.revision = 1 LIMIT ?",
        [key, title_key, url_id, url_id, _MOST],
    ).fetchall()
    return [
        Namesake(
            article_id=number,
            url_id=other_id,
            url=url,
            hint=hint,
            headline=headline,
            words=words,
            has_text=text == key is not None,
            is_claimed=_is_claimed(source, layout, json.loads(warnings), has_author=bool(has_author)),
        )
        for number, other_id, url, hint, headline, words, layout, source, has_author, warnings, text in rows
    ]


def take_back(db: Database, article_id: int, detail: str, *, due_at: datetime) -> None:
    """Remove an article that has turned out to be a wall; its captures stay, the attempts say so, its URLs are due
    again.

    Call inside a transaction.
    """
    rows = db.execute(
        "SELECT c.id, c.url_id FROM article_captures AS ac JOIN captures AS c ON c.id = ac.capture_id WHERE ac.article_id = ?",
        [article_id],
    ).fetchall()
    for capture_id, url_id in rows:
        db.execute(
            f"UPDATE fetches SET reason = ?, detail = ? WHERE url_id = ? AND capture_id = ? AND reason NOT IN ({ASIDE_SQL})",  # noqa: S608
            [Reason.WALL.value, storable(f"found out later: {detail}"), url_id, capture_id],
        )
        db.execute(
            "INSERT INTO frontier (url_id, host, due_at) SELECT id, host, ? FROM urls WHERE id = ?"
            " ON CONFLICT (url_id) DO UPDATE SET due_at = min(due_at, excluded.due_at)",
            [to_text(due_at), url_id],
        )
    db.execute("DELETE FROM articles WHERE id = ?", [article_id])
