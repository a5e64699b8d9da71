"""How an article changed, word by word, and how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from scraper.archive.file.lookup import article
from scraper.serve import cite, queries
from scraper.serve.sentences import sentences, stretches
from scraper.serve.source import ask
from scraper.serve.views import JSON, missing, paper_name, render

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.serve.app import Served


async def difference(datasette: Served, request: Request) -> Response:
    """Revision A against B of an article, field by field."""
    article_id, first, second = (int(request.url_vars[name]) for name in ("id", "first", "second"))
    found = await ask(datasette, queries.compared_versions, article_id, first, second)
    if found is None:
        return await missing(datasette, request)
    before, after, fields, is_cut = found
    compared = [(name, stretches(sentences(edits))) for name, edits in fields]
    return await render(
        datasette,
        request,
        "diff",
        article_id=article_id,
        before=before,
        after=after,
        first=first,
        second=second,
        fields=compared,
        is_beside=request.args.get("view") == "beside",
        is_cut=is_cut,
    )


async def reference_view(datasette: Served, request: Request) -> Response:
    """BibTeX, RIS or CSL JSON of an article."""
    stored = await ask(datasette, article, int(request.url_vars["id"]))
    if stored is None:
        return await missing(datasette, request)
    form = request.url_vars["form"]
    paper = await paper_name(datasette, stored.record["site"])
    text = cite.reference(form, stored.record, paper, article_id=stored.article_id, seen=stored.last_seen_at.date())
    if form == "csl.json":
        return Response(cite.reference_file(form, [text]), content_type=JSON)
    name = f"kliping-{stored.article_id}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, content_type=f"{cite.FORMS[form]}; charset=utf-8")
