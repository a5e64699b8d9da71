"""The pages: each queries the archive, puts the result into words and drawings, and renders one template."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Response

from scraper.archive.ask import browse, saved_searches
from scraper.archive.ask.search import HIT_END, HIT_START
from scraper.archive.file.rows import json_list
from scraper.errors import SearchError
from scraper.serve import charts, cite, messages, plots
from scraper.serve.request import SearchRequest, read_search
from scraper.serve.source import NAME, ask_once
from scraper.text import shorten, terminal_safe

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.serve.app import Served
    from scraper.serve.counting import StillCounting
    from scraper.serve.messages import Language

log = logging.getLogger("kliping")

MAX_FIELD = 1_000
NOT_FOUND, ACCEPTED, BUSY = 404, 202, 503
JSON = "application/json; charset=utf-8"


async def render(
    datasette: Served,
    request: Request,
    template: str,
    status: int = 200,
    waiting: StillCounting | None = None,
    **values: Any,
) -> Response:
    """A page in the language that the browser prefers; one that is `waiting` for a part of it reloads by itself."""
    values |= {"waiting": waiting, "again": f"{request.path}?{request.query_string}"}
    text = await datasette.render_template([f"kliping_{template}.html"], values, request=request)
    if waiting is None:
        return Response.html(text, status=status)
    return Response.html(text, status=ACCEPTED, headers={"refresh": str(waiting.pause), "cache-control": "no-store"})


async def frame(datasette: Served, request: Request | None) -> dict[str, Any]:
    """What every page needs, ours or Datasette's: its words, and the time of the archive that it shows."""
    language = messages.language_of(request.headers.get("accept-language") if request else None)
    source = datasette.source
    return {
        "t": TemplateWords(language, await ask_once(datasette, browse.display_names)),
        "lang": language,
        "path": request.path if request else "",
        "taken_at": source.taken_at.isoformat(timespec="seconds") if source.taken_at else None,
        "charts": charts,
        "plots": plots,
        "coins": cite.coins,
        "database": NAME,
        "may_sql": datasette.setting("default_allow_sql"),
    }


class TemplateWords:
    """What templates use for words: `t("newest")`, numbers, dates, and text from the archive cut to a length that can
    be shown.
    """

    def __init__(self, language: Language, names: dict[str, dict[str, str]]) -> None:
        self.language = language
        self.names = names

    def __call__(self, key: str, **values: object) -> str:
        return messages.interface_text(key, self.language, **values)

    def count(self, number: int) -> str:
        return messages.grouped_digits(number, self.language)

    def date(self, iso: str | None) -> str:
        return messages.long_date(iso, self.language)

    def day(self, iso: str | None) -> str:
        return messages.short_date(iso, self.language)

    def month(self, month: str) -> str:
        return messages.month_name(month, self.language)

    def month_short(self, month: str) -> str:
        return messages.month_short(month, self.language)

    def of(self, group: str, code: str) -> str:
        """The name of a code from a closed list: a reason, a kind of change, a role; the code itself if it has no name."""
        return messages.code_name(group, code, self.language)

    def paper(self, slug: str | None) -> str:
        """A paper's name by its slug; None stands for any site without rules."""
        return self("no_rules") if slug is None else self.names["sites"].get(slug, slug)

    def papers(self, slugs: str) -> str:
        """The names of papers, given as slugs with commas between them."""
        return ", ".join(self.paper(slug) for slug in slugs.split(", "))

    def number(self, number: float) -> str:
        """A number with at most two decimals, as the language writes it."""
        return messages.number(number, self.language)

    def percent(self, number: float) -> str:
        """A percentage."""
        return f"{self.number(number)} %"

    def period(self, period: str) -> str:
        """A day, week, month or year (2019-10-07, 2019-W41, 2019-10, 2019) in words."""
        return messages.period_name(period, self.language)

    def tick(self, period: str) -> str:
        """The same, short enough for an axis."""
        return messages.period_short(period, self.language)

    def value(self, name: str, value: str) -> str:
        """A value of a filter as a reader knows it: the name of a paper or region, a month in words."""
        if name == "month":
            return self.month(value)
        return self.text(self.names.get(f"{name}s", {}).get(value, value), 80)

    def later(self, hours: float) -> str:
        """A duration in the unit that a reader would use: minutes, hours up to two days, days."""
        if hours < 1:
            return self("minutes_later", n=self.count(round(hours * 60)))
        if hours < 48:
            return self("hours_later", n=self.count(round(hours)))
        return self("days_later", n=self.count(round(hours / 24)))

    def kinds(self, kinds: str | None, but: str = "") -> str:
        """The kinds of a revision (a JSON list) in words, except `but`; "" for a revision made before kinds were
        stored.
        """
        return ", ".join(self.of("change", kind) for kind in map(str, json_list(kinds)) if kind != but)

    def likeness(self, kind: str | None, similarity: float) -> str:
        """How a copy relates to the central text of its story, with the share of three-word runs that both have."""
        return f"{self.of('likeness', kind or 'copy')} ({round(100 * similarity)} %)"

    def text(self, text: str | None, limit: int = MAX_FIELD) -> str:
        """Text from the archive, cut at a length that a page can hold."""
        return shorten(text or "", limit)

    def link(self, url: str | None) -> str | None:
        """An address from the archive if it may be a link (http and https only), else None."""
        return url if url and urlsplit(url).scheme in ("http", "https") else None

    def parts(self, snippet: str) -> list[tuple[bool, str]]:
        """A snippet as (matched, text)."""
        parts: list[tuple[bool, str]] = []
        for at, piece in enumerate(snippet.split(HIT_START)):
            inside, _, after = piece.partition(HIT_END) if at else ("", "", piece)
            parts += [(True, inside)] if inside else []
            parts += [(False, after)] if after else []
        return [(is_hit, shorten(text, MAX_FIELD)) for is_hit, text in parts]


async def missing(datasette: Served, request: Request) -> Response:
    """The page for "does not exist"."""
    return await render(datasette, request, "missing", status=404, title="404", problem="not_found")


async def too_slow(datasette: Served, request: Request) -> Response:
    """The page for a question that was given up."""
    return await render(datasette, request, "missing", status=BUSY, title="503", problem="too_slow")


async def too_many(datasette: Served, request: Request) -> Response:
    """The page for too many long questions at once."""
    response = await render(datasette, request, "missing", status=BUSY, title="503", problem="too_many")
    response.headers["retry-after"] = "30"
    return response


async def stop(datasette: Served, request: Request) -> Response:
    """Stop waiting for a question; it ends unless somebody else is waiting for it."""
    if not datasette.source.questions.stop(request.args.get("question") or ""):
        return await missing(datasette, request)
    title = messages.interface_text("stopped_counting", messages.language_of(request.headers.get("accept-language")))
    return await render(datasette, request, "missing", title=title, problem="counting_stopped")


async def refusal_view(datasette: Served, request: Request, exception: Any) -> Response:
    """What Datasette refused (a table or row that does not exist, invalid SQL), and why, in its own words."""
    status = int(exception.status)
    text = str(exception)
    return await render(
        datasette, request, "refused", status=status, title=status, said=text if status != NOT_FOUND else ""
    )


async def unreadable(datasette: Served, request: Request, error: Exception) -> Response:
    """The page for content of the archive that cannot be read; the log says why, and no reader is shown where the file
    is.
    """
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


async def paper_name(datasette: Served, slug: str | None) -> str | None:
    """A paper's name by its slug; None for a site without rules."""
    names = await ask_once(datasette, browse.display_names)
    return None if slug is None else names["sites"].get(slug, slug)


def updated(published_at: str | None) -> str:
    """A moment that a feed can give; the epoch if an article has none."""
    return published_at or datetime(1970, 1, 1, tzinfo=UTC).isoformat()


async def asked_of(datasette: Served, request: Request) -> SearchRequest:
    """The search in an address; "@NAME" is a saved one. Raises ValueError, naming what cannot be understood."""
    asked = read_search(multi(request))
    name = asked.query.removeprefix("@")
    if name == asked.query or not saved_searches.is_search_name(name) or datasette.source.searches is None:
        return asked
    try:
        saved = await asyncio.to_thread(saved_searches.saved_search, datasette.source.searches, name)
    except SearchError as error:
        log.warning("%s", error)
        raise ValueError(asked.query) from error
    return SearchRequest.of_saved(saved, asked)


async def saved_of(datasette: Served) -> list[str]:
    """The names of the searches saved beside the archive; none if their file cannot be read, which is logged."""
    if datasette.source.searches is None:
        return []
    try:
        return list(await asyncio.to_thread(saved_searches.saved_searches, datasette.source.searches))
    except SearchError as error:
        log.warning("%s", error)
        return []


def multi(request: Request) -> dict[str, list[str]]:
    """All values of an address, by name."""
    return {name: request.args.getlist(name) for name in request.args}
