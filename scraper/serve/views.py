"""The pages: each asks the archive, words and draws what it found, and renders one template."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Response

from scraper import archive
from scraper.archive import browse, history
from scraper.archive.rows import json_list
from scraper.serve import charts, messages
from scraper.serve.request import page_number
from scraper.serve.source import NAME, ask, ask_once
from scraper.text import shorten, terminal_safe

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.serve.app import Served
    from scraper.serve.messages import Language

log = logging.getLogger("kliping")

MAX_BODY = 200_000  # characters of a text that are shown
MAX_FIELD = 1_000
RUNS = 50
AUTHOR_PAGE = 30
NOT_FOUND = 404
JSON = "application/json; charset=utf-8"


async def render(datasette: Served, request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page in the language that the browser prefers."""
    text = await datasette.render_template([f"kliping_{template}.html"], values, request=request)
    return Response.html(text, status=status)


async def frame(datasette: Served, request: Request | None) -> dict[str, Any]:
    """What every page needs, ours or Datasette's: its words, and of when the archive is that it shows."""
    language = messages.language_of(request.headers.get("accept-language") if request else None)
    source = datasette.source
    return {
        "t": Words(language, await ask_once(datasette, browse.names)),
        "lang": language,
        "path": request.path if request else "",
        "taken_at": source.taken_at.isoformat(timespec="seconds") if source.taken_at else None,
        "charts": charts,
        "database": NAME,
        "may_sql": datasette.setting("default_allow_sql"),
    }


class Words:
    """What templates say with: `t("newest")`, numbers, dates, and text of the archive cut to a length that can be shown."""

    def __init__(self, language: Language, names: dict[str, dict[str, str]]) -> None:
        self.language = language
        self.names = names

    def __call__(self, key: str, **values: object) -> str:
        return messages.say(key, self.language, **values)

    def count(self, number: int) -> str:
        return messages.count(number, self.language)

    def date(self, iso: str | None) -> str:
        return messages.long_date(iso, self.language)

    def day(self, iso: str | None) -> str:
        return messages.short_date(iso, self.language)

    def month(self, month: str) -> str:
        return messages.month_name(month, self.language)

    def month_short(self, month: str) -> str:
        return messages.month_short(month, self.language)

    def of(self, group: str, code: str) -> str:
        """What a code of a closed list is called: a reason, a kind of change, a role; the code itself where it has no name."""
        return messages.name_of(group, code, self.language)

    def paper(self, slug: str | None) -> str:
        """A paper's name by its slug; None is any site without rules."""
        return self("no_rules") if slug is None else self.names["sites"].get(slug, slug)

    def value(self, name: str, value: str) -> str:
        """A value of a filter as a reader knows it: the name of a paper or region, a month in words."""
        if name == "month":
            return self.month(value)
        return self.text(self.names.get(f"{name}s", {}).get(value, value), 80)

    def later(self, hours: float) -> str:
        """A stretch of time in the unit that a reader would take: minutes, hours up to two days, days."""
        if hours < 1:
            return self("minutes_later", n=self.count(round(hours * 60)))
        if hours < 48:
            return self("hours_later", n=self.count(round(hours)))
        return self("days_later", n=self.count(round(hours / 24)))

    def kinds(self, kinds: str | None) -> str:
        """The kinds of a revision (a JSON list) in words; nothing for one of before they were kept."""
        return ", ".join(self.of("change", kind) for kind in map(str, json_list(kinds)))

    def text(self, text: str | None, limit: int = MAX_FIELD) -> str:
        """Text of the archive, cut at a length that a page can hold."""
        return shorten(text or "", limit)

    def link(self, url: str | None) -> str | None:
        """An address of the archive that may be a link: http and https only."""
        return url if url and urlsplit(url).scheme in ("http", "https") else None

    def parts(self, snippet: str) -> list[tuple[bool, str]]:
        """A snippet as (matched, text)."""
        parts: list[tuple[bool, str]] = []
        for at, piece in enumerate(snippet.split(archive.HIT_START)):
            inside, _, after = piece.partition(archive.HIT_END) if at else ("", "", piece)
            parts += [(True, inside)] if inside else []
            parts += [(False, after)] if after else []
        return [(is_hit, shorten(text, MAX_FIELD)) for is_hit, text in parts]


async def missing(datasette: Served, request: Request) -> Response:
    """The page that says that there is none."""
    return await render(datasette, request, "missing", status=404, title="404", problem="not_found")


async def too_slow(datasette: Served, request: Request) -> Response:
    """The page that says that a question was given up."""
    return await render(datasette, request, "missing", status=503, title="503", problem="too_slow")


async def refused(datasette: Served, request: Request, exception: Any) -> Response:
    """What Datasette would not do (a table or row that there is not, SQL that is none), and why, in its own words."""
    status = int(exception.status)
    text = str(exception)
    return await render(
        datasette, request, "refused", status=status, title=status, said=text if status != NOT_FOUND else ""
    )


async def unreadable(datasette: Served, request: Request, error: Exception) -> Response:
    """The page that says that what the archive holds here cannot be read; the log says why, and no reader is shown where it lies."""
    log.error(
        "%s: cannot be read: %s: %s", terminal_safe(request.path), type(error).__name__, terminal_safe(str(error))
    )
    if request.path.endswith(".json"):
        return json_response({"ok": False, "error": "unreadable", "kind": type(error).__name__}, 500)
    return await render(
        datasette, request, "missing", status=500, title=f"500 {type(error).__name__}", problem="unreadable"
    )


def json_response(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, default=str), status=status, content_type=JSON)


async def front(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.overview)
    return await render(datasette, request, "front", found=found)


async def front_json(datasette: Served) -> Response:
    return json_response(await ask_once(datasette, browse.overview))


async def article(datasette: Served, request: Request) -> Response:
    article_id = int(request.url_vars["id"])
    stored = await ask(datasette, archive.article, article_id)
    if stored is None:
        return await missing(datasette, request)
    around = await ask(datasette, browse.around, article_id)
    record = stored.record
    blocks, length = [], 0
    for at, block in enumerate(record["body"]):
        links = [(link, number) for number, link in enumerate(record["related_links"]) if link["after_block"] == at]
        length += len(block["text"])
        if length > MAX_BODY:
            break
        blocks.append({"links": links, **block})
    shown = len(blocks)
    last = [
        (link, number)
        for number, link in enumerate(record["related_links"])
        if link["after_block"] >= len(record["body"])
    ]
    return await render(
        datasette,
        request,
        "article",
        article=stored,
        record=record,
        around=around,
        blocks=blocks,
        last_links=last if shown == len(record["body"]) else [],
        is_cut=shown < len(record["body"]),
        rights=rights(around["fetches"]),
    )


def rights(fetches: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the page said about its use when it was fetched last and said anything: the fetch with its robots tags and TDM reservation."""
    said = (row for row in fetches if row["robots_tags"] or row["tdm_reservation"] is not None)
    return next(said, None)


async def paper_name(datasette: Served, slug: str | None) -> str | None:
    """A paper's name by its slug; None for a site without rules."""
    names = await ask_once(datasette, browse.names)
    return None if slug is None else names["sites"].get(slug, slug)


async def article_json(datasette: Served, request: Request) -> Response:
    stored = await ask(datasette, archive.article, int(request.url_vars["id"]))
    if stored is None:
        return await missing(datasette, request)
    around = await ask(datasette, browse.around, stored.article_id)
    return json_response(
        stored.record
        | {
            "article_id": stored.article_id,
            "first_seen_at": stored.first_seen_at.isoformat(),
            "last_seen_at": stored.last_seen_at.isoformat(),
            "revision": stored.revision,
            "captures": around["captures"],
            "revisions": around["revisions"],
            "copies": around["copies"],
            "linked_from": around["linked_from"],
            "region": around["region"],
        }
    )


async def raw_body(datasette: Served, request: Request) -> Response:
    """The bytes of a capture, to be kept and never to be shown here (CONTRACT S12)."""
    capture_id = int(request.url_vars["id"])
    try:
        capture = await ask(datasette, archive.capture, capture_id)
    except KeyError:
        return await missing(datasette, request)
    return Response(
        capture.body,
        headers={
            "content-disposition": f'attachment; filename="capture-{capture_id}.html"',
            "x-content-type-options": "nosniff",
        },
        content_type="application/octet-stream",
    )


async def sites(datasette: Served, request: Request) -> Response:
    found = (await ask_once(datasette, browse.overview))["sites"]
    return await render(datasette, request, "sites", sites=found)


async def site(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.site, request.url_vars["slug"])
    if found is None:
        return await missing(datasette, request)
    return await render(datasette, request, "site", site=found)


async def authors(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.authors)
    return await render(datasette, request, "authors", authors=found)


async def author(datasette: Served, request: Request) -> Response:
    page = page_number(request.args.get("page") or "1")
    if page is None:
        return await missing(datasette, request)
    found = await ask(
        datasette, browse.author, int(request.url_vars["id"]), limit=AUTHOR_PAGE, offset=(page - 1) * AUTHOR_PAGE
    )
    if found is None:
        return await missing(datasette, request)
    return await render(
        datasette, request, "author", author=found, page=page, has_next=page * AUTHOR_PAGE < found["total"]
    )


async def regions(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.regions)
    tiles = [(row["code"], row["name"], row["articles"]) for row in found]
    return await render(datasette, request, "regions", regions=found, tiles=tiles)


async def region(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.region, request.url_vars["code"])
    if found is None:
        return await missing(datasette, request)
    return await render(datasette, request, "region", region=found)


async def network(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.network)
    return await render(datasette, request, "network", found=found)


async def tables(datasette: Served, request: Request) -> Response:
    """Every table and view with what the archive says of it, and the way to its rows."""
    found = await ask_once(datasette, browse.tables)
    return await render(datasette, request, "tables", tables=found)


async def runs(datasette: Served, request: Request) -> Response:
    found = await ask(datasette, history.runs, limit=RUNS)
    failed = await ask(datasette, history.failures, history.Filter(), limit=RUNS)
    return await render(datasette, request, "runs", runs=found, failures=failed)


def updated(published_at: str | None) -> str:
    """A moment that a feed can give; the epoch where an article has none."""
    return published_at or datetime(1970, 1, 1, tzinfo=UTC).isoformat()


def multi(request: Request) -> dict[str, list[str]]:
    """All values of an address, by name."""
    return {name: request.args.getlist(name) for name in request.args}
