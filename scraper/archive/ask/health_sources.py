"""The input of a health check, counts and articles of the last weeks; and where its results are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.times import from_text, to_text
from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

Scope = Literal["site", "network", "layout"]

_DAY_S = 86_400
# An article older than this when found comes from a walk through an archive, not from the newsroom.
FRESH = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthAttempts:
    """How many attempts on a day ended with a reason; `day` 0 is the 24 hours before the check. `kind` as in urls.kind."""

    site: str
    day: int
    kind: str
    reason: str
    count: int
    missed: int  # looks at a listing in which every entry was new: older ones may have come and gone between two looks
    url: str  # the newest, with its capture
    capture_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFound:
    """How many articles a feed, sitemap or index page revealed on a day that were new when found."""

    site: str
    day: int
    source: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLooks:
    """How often a feed, sitemap or index page was requested on a day, and how often it had changed since the previous
    look.
    """

    site: str
    day: int
    source: str
    looks: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReading:
    """One article as the check sees it; `day` is that of its first sighting. `hint` is its time according to the page
    that revealed it.
    """

    site: str
    network: str | None
    day: int
    url: str
    capture_id: int | None
    kind: str
    layout: str
    headline: str
    lede: str | None
    byline: str | None
    published_at: str | None
    published_utc: datetime | None
    hint: datetime | None
    image: str | None
    tags: int
    section: str
    dateline: str | None
    words: int
    is_whole: bool
    provenance: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthEvent:
    """Something dated that may explain a break: another robots.txt, a template that stopped packing well."""

    site: str
    day: int
    kind: Literal["robots", "template"]
    url: str
    detail: str
    layout: str | None = None
    share: tuple[float, float] = (0.0, 0.0)  # before, after


class HealthSources:
    """The facts of an archive as of `now`, for all sites or some; a site without rules is identified by its host."""

    def __init__(self, db: Database, now: datetime, sites: Iterable[str] = ()) -> None:
        self._db = db
        self._now = now
        known = db.execute("SELECT host, slug FROM sites ORDER BY id DESC").fetchall()
        self._by_host = dict(known)
        self.wanted = frozenset(sites)
        self._terms, self._values = self._hosts()

    def _hosts(self) -> tuple[str, list[Any]]:
        """A condition on `u` and its values that leaves little more than the wanted sites to read."""
        if not self.wanted:
            return "", []
        marks = ", ".join(f"?{number + 3}" for number in range(len(self.wanted)))  # ?1 is now, ?2 the first moment
        term = (
            f" AND (u.site_id IN (SELECT id FROM sites WHERE slug IN ({marks})) OR u.host IN ({marks})"  # noqa: S608
            f" OR u.host IN (SELECT host FROM sites WHERE slug IN ({marks})))"
        )
        return term, [*self.wanted]

    def _site(self, slug: str | None, host: str) -> str:
        return slug or self._by_host.get(host, host)

    def _day(self, column: str) -> str:
        return f"CAST((unixepoch(?1) - unixepoch({column})) / {_DAY_S} AS INTEGER)"

    def _since(self, days: int) -> str:
        return to_text(self._now - timedelta(days=days))

    def _is_wanted(self, site: str) -> bool:
        return not self.wanted or site in self.wanted

    def _query(self, sql: str, days: int) -> Iterator[tuple[Any, ...]]:
        has_term = "{term}" in sql
        values = [to_text(self._now), self._since(days), *(self._values if has_term else ())]
        yield from self._db.execute(sql.replace("{term}", self._terms), values)

    def attempts(self, days: int) -> Iterator[HealthAttempts]:
        """Attempts by site, day, kind and reason; for articles each URL once a day, by its last attempt."""
        sql = (
            "SELECT slug, host, day, kind, reason, count(*), sum(missed), url, capture_id, max(id) FROM ("  # noqa: S608
            f" SELECT s.slug, u.host, {self._day('f.at')} AS day, u.kind, f.reason, u.url, f.capture_id,"
            " f.detail LIKE '%may have been missed' AS missed, max(f.id) AS id"
            " FROM fetches AS f JOIN urls AS u ON u.id = f.url_id LEFT JOIN sites AS s ON s.id = u.site_id"
            " WHERE f.at > ?2 AND f.at <= ?1{term}"
            " GROUP BY f.url_id, day, CASE WHEN u.kind = 'article' THEN 0 ELSE f.id END)"
            " GROUP BY slug, host, day, kind, reason"
        )
        for slug, host, day, kind, reason, count, missed, url, capture_id, _ in self._query(sql, days):
            if self._is_wanted(site := self._site(slug, host)):
                yield HealthAttempts(
                    site=site,
                    day=day,
                    kind=kind,
                    reason=reason,
                    count=count,
                    missed=missed or 0,
                    url=url,
                    capture_id=capture_id,
                )

    def found(self, days: int) -> Iterator[HealthFound]:
        """New articles by site, day and what revealed them; those that were old when found are left out."""
        fresh = f"unixepoch(u.found_at) - {int(FRESH.total_seconds())}"
        sql = (
            f"SELECT s.slug, u.host, {self._day('u.found_at')} AS day, coalesce(p.url, ''), count(*)"  # noqa: S608
            " FROM urls AS u LEFT JOIN sites AS s ON s.id = u.site_id LEFT JOIN urls AS p ON p.id = u.found_on_id"
            " WHERE u.kind = 'article' AND u.found_at > ?2 AND u.found_at <= ?1"
            f" AND coalesce(unixepoch(u.published_hint), (SELECT unixepoch(a.published_utc) FROM captures AS c"
            "  JOIN article_captures AS ac ON ac.capture_id = c.id JOIN articles AS a ON a.id = ac.article_id"
            f"  WHERE c.url_id = u.id LIMIT 1), {fresh}) >= {fresh}"
            "{term} GROUP BY s.slug, u.host, day, 4"
        )
        for slug, host, day, source, count in self._query(sql, days):
            if self._is_wanted(site := self._site(slug, host)):
                yield HealthFound(site=site, day=day, source=source, count=count)

    def looks(self, days: int) -> Iterator[HealthLooks]:
        """Successful looks at feeds, sitemaps and index pages."""
        sql = (
            f"SELECT s.slug, u.host, {self._day('f.at')} AS day, u.url, count(*), sum(f.reason = 'ok')"  # noqa: S608
            " FROM fetches AS f JOIN urls AS u ON u.id = f.url_id LEFT JOIN sites AS s ON s.id = u.site_id"
            " WHERE f.at > ?2 AND f.at <= ?1 AND u.kind <> 'article' AND f.reason IN ('ok', 'unchanged'){term}"
            " GROUP BY f.url_id, day"
        )
        for slug, host, day, source, looks, changed in self._query(sql, days):
            if self._is_wanted(site := self._site(slug, host)):
                yield HealthLooks(site=site, day=day, source=source, looks=looks, changed=changed)

    def readings(self, days: int) -> Iterator[HealthReading]:
        """The articles first seen since, in that order."""
        sql = (
            f"SELECT a.site, u.host, s.network, {self._day('a.first_seen_at')}, a.url, ac.capture_id, a.kind, a.layout, a.headline,"  # noqa: S608
            " a.lede, a.byline, a.published_at, a.published_utc, u.published_hint, (SELECT url FROM images WHERE article_id = a.id"
            " ORDER BY position LIMIT 1), (SELECT count(*) FROM tags WHERE article_id = a.id), a.section, a.dateline, a.words,"
            " a.next_page IS NULL, a.provenance, a.warnings"
            " FROM articles AS a LEFT JOIN article_captures AS ac ON ac.article_id = a.id AND ac.page = 1"
            " LEFT JOIN captures AS c ON c.id = ac.capture_id LEFT JOIN urls AS u ON u.id = c.url_id"
            " LEFT JOIN sites AS s ON s.id = a.site_id"
            " WHERE a.first_seen_at > ?2 AND a.first_seen_at <= ?1{term} ORDER BY a.first_seen_at, a.id"
        )
        for row in self._query(sql, days):
            slug, host, network, day, url, capture_id, kind, layout, headline, lede, byline, published, utc, hint = row[
                :14
            ]
            image, tags, section, dateline, words, is_whole, provenance, warnings = row[14:]
            if not self._is_wanted(site := self._site(slug, host or "")):
                continue
            yield HealthReading(
                site=site, network=network, day=day, url=url, capture_id=capture_id, kind=kind, layout=layout, headline=headline,
                lede=lede, byline=byline, published_at=published, published_utc=from_text(utc), hint=from_text(hint), image=image,
                tags=tags, section=section, dateline=dateline, words=words, is_whole=bool(is_whole),
                provenance=json.loads(provenance), warnings=tuple(json.loads(warnings)),
            )  # fmt: skip

    def events(self, days: int) -> Iterator[HealthEvent]:
        """Changes of robots.txt and of templates."""
        yield from self._robots(days)
        sql = (
            f"SELECT t.host, {self._day('x.at')}, t.name, x.ratio_before, x.ratio_after"  # noqa: S608
            " FROM template_changes AS x JOIN templates AS t ON t.id = x.template_id WHERE x.at > ?2 AND x.at <= ?1"
        )
        for host, day, name, before, after in self._query(sql, days):
            if self._is_wanted(site := self._by_host.get(host, host)):
                detail = f"pages of {name!r} of {host} became {before:.1f} times smaller, now {after:.1f} times"
                layout = name.partition(" ")[0] if "/" in name else None
                yield HealthEvent(
                    site=site, day=day, kind="template", url=f"https://{host}/", detail=detail, layout=layout,
                    share=(before, after),
                )  # fmt: skip

    def _robots(self, days: int) -> Iterator[HealthEvent]:
        sql = (
            f"SELECT r.origin, {self._day('r.fetched_at')}, r.verdict, r.body, b.verdict, b.body FROM robots AS r"  # noqa: S608
            " JOIN robots AS b ON b.id = (SELECT max(id) FROM robots WHERE origin = r.origin AND id < r.id)"
            " WHERE r.fetched_at > ?2 AND r.fetched_at <= ?1"
        )
        for origin, day, verdict, body, verdict_before, body_before in self._query(sql, days):
            host = origin.partition("://")[2]
            if not self._is_wanted(site := self._by_host.get(host, host)):
                continue
            if verdict != verdict_before:
                detail = f"{verdict_before} became {verdict}"
            elif _rules(body) != _rules(body_before):
                detail = ", ".join(_difference(_rules(body_before), _rules(body)))
            else:
                continue
            yield HealthEvent(
                site=site, day=day, kind="robots", url=f"{origin}/robots.txt", detail=storable(detail)[:300]
            )


def _rules(body: bytes | None) -> tuple[str, ...]:
    """The lines of a robots.txt that say what may be requested."""
    lines = (line.partition("#")[0].strip() for line in (body or b"").decode("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line.lower().startswith(("user-agent", "allow", "disallow", "crawl-delay")))


def _difference(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    gone, come = [line for line in before if line not in after], [line for line in after if line not in before]
    if not gone and not come:
        yield "the order of its rules"
    yield from (f"+{line}" for line in come[:5])
    yield from (f"-{line}" for line in gone[:5])


def site_count(db: Database) -> int:
    """How many sites there are: those with rules, and hosts without."""
    rows = db.execute(
        "SELECT (SELECT count(*) FROM sites) + (SELECT count(DISTINCT host) FROM urls WHERE site_id IS NULL AND kind = 'article')"
    ).fetchall()
    return int(rows[0][0])
