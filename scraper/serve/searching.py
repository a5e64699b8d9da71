"""The search page, and the same search as JSON, CSV and a feed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from scraper.archive.ask import browse, facets
from scraper.archive.ask.search import HIT_END, HIT_START
from scraper.atom import AtomEntry, atom
from scraper.serve import cite, queries, timing
from scraper.serve.messages import interface_text, language_of
from scraper.serve.plots import Mark
from scraper.serve.request import Here
from scraper.serve.source import ask, ask_once
from scraper.serve.views import asked_of, json_response, render, saved_of, updated

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.archive.ask.search import SearchHit
    from scraper.serve.app import Served
    from scraper.serve.request import SearchRequest

MAX_ROWS = 5_000  # in a CSV
FEED_ENTRIES = 50
CUT_HEADER = "x-kliping-is-cut"
UNREADABLE_HEADER, DAMAGED_HEADER = "x-kliping-unreadable", "x-kliping-unreadable-articles"
MAX_NAMED = 100  # article numbers in a header


async def search_view(datasette: Served, request: Request) -> Response:
    """The page."""
    try:
        asked = await asked_of(datasette, request)
    except ValueError as error:
        here = Here(path="/search")
        return await render(
            datasette, request, "search", status=400, here=here, asked=here.asked, found=None, problem=str(error)
        )
    found = await _found(datasette, asked)
    over, on = await timing.of_search(datasette, asked) if asked.page == 1 and found["facets"].hits else ([], None)
    return await render(
        datasette,
        request,
        "search",
        here=Here(path="/search", asked=asked),
        asked=asked,
        found=found,
        problem=None,
        most=facets.MAX_HITS,
        over=over,
        carried=[Mark(month, 100 * hits / papers if papers else None) for month, hits, papers in found["carried"]],
        on=on,
        saved=await saved_of(datasette),
    )


async def _found(datasette: Served, asked: SearchRequest) -> dict[str, Any]:
    papers = await ask_once(datasette, facets.papers_by_month)
    found: dict[str, Any] = await ask_once(datasette, functools.partial(queries.found, papers=papers), asked)
    return found


async def search_json(datasette: Served, request: Request) -> Response:
    """{hits, total, is_capped, facets, forms, hints, order, sql}.

    The facets named in `partial` count the newest facets.MAX_HITS hits; if `is_capped`, so do all of them and `total`.
    """
    try:
        asked = await asked_of(datasette, request)
    except ValueError as error:
        return _refused(request, error)
    found = await _found(datasette, asked)
    counted = found["facets"]
    return json_response(
        {
            "hits": [_hit(hit) for hit in found["hits"]],
            "total": counted.hits,
            "is_capped": counted.is_capped,
            "partial": counted.partial,
            "next": asked.address("/search.json", page=asked.page + 1) if found["has_next"] else None,
            "facets": {
                name: [{"value": value, "articles": number} for value, number in values]
                for name, values in counted.values.items()
            },
            "forms": found["forms"],
            "hints": found["hints"],
            "order": found["order"],
            "sql": found["sql"],
        }
    )


def _hit(hit: SearchHit) -> dict[str, Any]:
    return {
        "article_id": hit.article_id,
        "url": hit.url,
        "site": hit.site,
        "headline": hit.headline,
        "published_at": hit.published_at,
        "snippet": hit.snippet.replace(HIT_START, "").replace(HIT_END, ""),
    }


async def search_csv(datasette: Served, request: Request) -> Response:
    """The first MAX_ROWS articles found, complete, as CSV without formulas that a spreadsheet would run.

    If more were found than it contains, the file's name says so and CUT_HEADER is 1. Articles lost to damage are left
    out: the name says how many, and headers say how many and which.
    """
    try:
        asked = await asked_of(datasette, request)
    except ValueError as error:
        return _refused(request, error)

    sheet = await ask(datasette, queries.csv, asked, most=MAX_ROWS)
    return _download(sheet, "csv", "text/csv")


def _download(sheet: queries.Sheet, ending: str, content_type: str) -> Response:
    name = "kliping-first-articles" if sheet.is_cut else "kliping"
    headers = {CUT_HEADER: "1" if sheet.is_cut else "0", UNREADABLE_HEADER: str(len(sheet.unreadable))}
    if sheet.unreadable:
        name += f"-without-{len(sheet.unreadable)}-damaged"
        headers[DAMAGED_HEADER] = " ".join(map(str, sheet.unreadable[:MAX_NAMED]))
    headers["content-disposition"] = f'attachment; filename="{name}.{ending}"'
    return Response(sheet.body, headers=headers, content_type=f"{content_type}; charset=utf-8")


async def search_atom(datasette: Served, request: Request) -> Response:
    """The newest articles found, as a feed."""
    try:
        asked = await asked_of(datasette, request)
    except ValueError as error:
        return _refused(request, error)
    newest = functools.partial(queries.hits, order="date", limit=FEED_ENTRIES)
    found = await ask_once(datasette, newest, asked)
    writers = await ask_once(datasette, queries.writers, tuple(hit.article_id for hit in found))
    root = f"{request.scheme}://{request.host}"
    entries = [
        AtomEntry(
            url=hit.url,
            page=f"{root}/articles/{hit.article_id}",
            title=hit.headline,
            summary=_hit(hit)["snippet"],
            updated=updated(hit.published_at),
            authors=tuple(writers.get(hit.article_id, ())),
        )
        for hit in found
    ]
    title = f"kliping: {asked.query or interface_text('newest', language_of(request.headers.get('accept-language')))}"
    text = atom(title, f"{root}{asked.address('/search.atom')}", entries, updated=updated(None))
    return Response(text, content_type="application/atom+xml; charset=utf-8")


async def search_references(datasette: Served, request: Request) -> Response:
    """The articles of the CSV as BibTeX, RIS or CSL JSON, with the same headers."""
    try:
        asked = await asked_of(datasette, request)
    except ValueError as error:
        return _refused(request, error)
    form = request.url_vars["form"]
    names = (await ask_once(datasette, browse.display_names))["sites"]
    sheet = await ask(datasette, queries.references, asked, form, names, most=MAX_ROWS)
    return _download(sheet, form, cite.FORMS[form])


def _refused(request: Request, error: ValueError) -> Response:
    language = language_of(request.headers.get("accept-language"))
    return json_response({"error": interface_text("bad_filter", language, what=str(error))}, status=400)
