"""The pages for reading and browsing: each queries the archive and renders one template."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from scraper.archive.ask import browse, history
from scraper.archive.file import lookup
from scraper.schema import LABELS
from scraper.serve import timing
from scraper.serve.request import SearchRequest, requested_page
from scraper.serve.source import ask, ask_once
from scraper.serve.views import json_response, missing, render

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.serve.app import Served

MAX_BODY = 200_000  # characters of a text that are shown
RUNS = 50
AUTHOR_PAGE = 30
FRONT_DAYS = 90
_READY = (Path(__file__).parent / "ready.toml").read_text("utf-8")


async def front(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.overview)
    days = await timing.of_archive(datasette, by="day", last=FRONT_DAYS)
    return await render(datasette, request, "front", found=found, days=days, months=await timing.of_archive(datasette))


async def front_json(datasette: Served) -> Response:
    return json_response(await ask_once(datasette, browse.overview))


async def article_view(datasette: Served, request: Request) -> Response:
    article_id = int(request.url_vars["id"])
    stored = await ask(datasette, lookup.article, article_id)
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
        labelled=tuple(LABELS),
        rights=rights(around["fetches"]),
        copies=in_other_papers(around["copies"], article_id),
    )


def in_other_papers(copies: list[dict[str, Any]], article_id: int) -> dict[str, Any]:
    """The articles of a story in other papers: `same`, what a reader would call the same text, and `rewritten`;
    `is_first`: this one was first.

    Both depend on the likeness to the story's central text. A paper that prints its text twice is not another paper.
    """
    own = next((row for row in copies if row["id"] == article_id), None)
    if own is None:
        return {"same": [], "rewritten": [], "is_first": False}
    others = [row for row in copies if row["id"] != article_id and (row["site"] is None or row["site"] != own["site"])]
    same = [row for row in others if "rewrite" not in (row["kind"], own["kind"])]
    return {"same": same, "rewritten": [row for row in others if row not in same], "is_first": bool(own["is_first"])}


def rights(fetches: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the page said about its use, as of the last fetch that said anything: the fetch with its robots tags and TDM
    reservation.
    """
    said = (row for row in fetches if row["robots_tags"] or row["tdm_reservation"] is not None)
    return next(said, None)


async def article_json(datasette: Served, request: Request) -> Response:
    stored = await ask(datasette, lookup.article, int(request.url_vars["id"]))
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
    """The bytes of a capture, as a download that is never displayed here."""
    capture_id = int(request.url_vars["id"])
    try:
        capture = await ask(datasette, lookup.capture, capture_id)
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


async def sites_view(datasette: Served, request: Request) -> Response:
    found = (await ask_once(datasette, browse.overview))["sites"]
    return await render(datasette, request, "sites", sites=found)


async def site_view(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.site, request.url_vars["slug"])
    if found is None:
        return await missing(datasette, request)
    asked = SearchRequest(chosen=(("site", found["slug"]),))
    return await render(datasette, request, "site", site=found, months=await timing.of_archive(datasette, asked))


async def authors_view(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.authors)
    return await render(datasette, request, "authors", authors=found)


async def author_view(datasette: Served, request: Request) -> Response:
    page = requested_page(request.args.get("page") or "1")
    if page is None:
        return await missing(datasette, request)
    found = await ask(
        datasette, browse.author, int(request.url_vars["id"]), limit=AUTHOR_PAGE, offset=(page - 1) * AUTHOR_PAGE
    )
    if found is None:
        return await missing(datasette, request)
    asked = SearchRequest(chosen=(("author", found["name"]),))
    months = await timing.of_archive(datasette, asked, counts=dict(found["months"]))
    has_next = page * AUTHOR_PAGE < found["total"]
    return await render(datasette, request, "author", author=found, page=page, has_next=has_next, months=months)


async def regions_view(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.regions_with_articles)
    tiles = [(row["code"], row["name"], row["articles"]) for row in found]
    return await render(datasette, request, "regions", regions=found, tiles=tiles)


async def region_view(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.region, request.url_vars["code"])
    if found is None:
        return await missing(datasette, request)
    asked = SearchRequest(chosen=(("region", found["code"]),))
    months = await timing.of_archive(datasette, asked, counts=dict(found["months"]))
    return await render(datasette, request, "region", region=found, months=months)


async def network_view(datasette: Served, request: Request) -> Response:
    found = await ask_once(datasette, browse.network)
    return await render(datasette, request, "network", found=found)


async def tables_view(datasette: Served, request: Request) -> Response:
    """Every table and view with the archive's description of it, and a link to its rows."""
    found = await ask_once(datasette, browse.tables)
    return await render(datasette, request, "tables", tables=found)


async def ready(datasette: Served, request: Request) -> Response:
    """The questions of docs/queries.md, ready to be opened and changed, if readers may write their own SQL."""
    if not datasette.setting("default_allow_sql"):
        return await missing(datasette, request)
    return await render(datasette, request, "ready", questions=ready_questions())


def ready_questions() -> list[dict[str, Any]]:
    """Each with `title` (in English, in Indonesian) and `sql`."""
    found: list[dict[str, Any]] = tomllib.loads(_READY)["questions"]
    return found


async def runs_view(datasette: Served, request: Request) -> Response:
    found = await ask(datasette, history.runs, limit=RUNS)
    failed = await ask(datasette, history.failures, history.QueueFilter(), limit=RUNS)
    return await render(datasette, request, "runs", runs=found, failures=failed)
