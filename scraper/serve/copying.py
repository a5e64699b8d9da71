"""Stories that several papers carry, for browsing: a page, the same as CSV, and a feed."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from scraper.archive.ask.copied import MAX_COPIES, SHOWN_MEMBERS, Copies, CopiesAsked, CopiesOrder, copies_of
from scraper.atom import AtomEntry, atom
from scraper.duplicates.shared import shared_quotes
from scraper.records import as_json
from scraper.serve.counting import StillCounting
from scraper.serve.listed import csv_of, read_listed, read_order
from scraper.serve.messages import interface_text, language_of
from scraper.serve.source import ask_counted, ask_once
from scraper.serve.views import missing, render, updated
from scraper.text import shorten

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.archive.write.clusters import QuoteOrder, SharedQuote
    from scraper.serve.app import Served
    from scraper.serve.messages import Language

PER_PAGE = 20
CSV_STORIES = 1_000
FEED_ENTRIES = 50
QUOTES = 100  # shared quotations
QUOTE_TITLE = 120  # characters in an entry's title
KINDS = ("same", "rewrite", "quote")
_QUOTES_CSV = ("quote", "article_id", "site", "published_at", "headline", "url")
_CSV = (
    "story",
    "article_id",
    "site",
    "published_at",
    "hours_after_first",
    "kind",
    "similarity",
    "containment",
    "headline",
    "url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesAddress:
    """A selection of stories as its address states it."""

    asked: CopiesAsked = field(default_factory=lambda: CopiesAsked(across=True))
    order: CopiesOrder = "newest"
    page: int = 1

    def address(self, path: str = "/copies", *, page: int = 1, **changed: Any) -> str:
        """The address of this selection with parts of it changed."""
        asked = replace(self.asked, **changed)
        pairs = [("kind", asked.kind), ("site", asked.site), ("since", asked.since), ("until", asked.until)]
        pairs += [("within", None if asked.across else "1"), ("sort", self.order if self.order != "newest" else None)]
        given = [(name, str(value)) for name, value in (*pairs, ("page", page if page > 1 else None)) if value]
        return f"{path}?{urlencode(given)}" if given else path


def copies_address(request: Request) -> CopiesAddress | None:
    """The selection in an address; None for an impossible one: an unknown order, a day or page that does not exist."""
    listed, order = read_listed(request), read_order(request, get_args(CopiesOrder))
    if listed is None or order is None:
        return None
    across, kind = request.args.get("within") != "1", request.args.get("kind") or None
    if kind not in (None, *KINDS):
        return None
    asked = CopiesAsked(site=listed.site, kind=kind, since=listed.since, until=listed.until, across=across)
    return CopiesAddress(asked=asked, order=order, page=listed.page)


async def copies(datasette: Served, request: Request) -> Response:
    """The page."""
    here = copies_address(request)
    if here is None:
        return await missing(datasette, request)
    if here.asked.kind == "quote":
        try:
            quotes, waiting = await _quotes(datasette, here, "papers"), None
        except StillCounting as still:
            quotes, waiting = [], still
        return await render(datasette, request, "quotes", here=here, quotes=quotes, waiting=waiting)
    found = await _found(datasette, here, PER_PAGE, offset=(here.page - 1) * PER_PAGE)
    return await render(
        datasette,
        request,
        "copies",
        here=here,
        found=found,
        most=MAX_COPIES,
        shown=SHOWN_MEMBERS,
        in_csv=CSV_STORIES,
        has_next=here.page * PER_PAGE < found.total,
    )


async def _found(datasette: Served, here: CopiesAddress, limit: int, *, offset: int = 0) -> Copies:
    find = functools.partial(copies_of, order=here.order, limit=limit, offset=offset)
    found: Copies = await ask_once(datasette, find, here.asked, also=(here.order, limit, offset))
    return found


async def copies_csv(datasette: Served, request: Request) -> Response:
    """The articles of the first CSV_STORIES stories, the first SHOWN_MEMBERS of each; if there are more, the file's
    name says so.
    """
    here = copies_address(request)
    if here is None:
        return await missing(datasette, request)
    if here.asked.kind == "quote":
        quotes = await _quotes(datasette, here, "papers", to_the_end=True)
        quoting = [{"quote": quote.text, **as_json(article)} for quote in quotes for article in quote.articles]
        return csv_of(_QUOTES_CSV, quoting, name="kliping-quotes.csv")
    found = await _found(datasette, here, CSV_STORIES)
    rows = [{"story": row["id"], **member} for row in found.rows for member in row["members"]]
    is_cut = found.total > CSV_STORIES or any(row["articles"] > SHOWN_MEMBERS for row in found.rows)
    name = "kliping-first-copies.csv" if is_cut else "kliping-copies.csv"
    return csv_of(_CSV, rows, name=name)


async def copies_atom(datasette: Served, request: Request) -> Response:
    """The newest stories, as a feed."""
    here = copies_address(request)
    if here is None:
        return await missing(datasette, request)
    language = language_of(request.headers.get("accept-language"))
    root = f"{request.scheme}://{request.host}"
    if here.asked.kind == "quote":
        quotes = await _quotes(datasette, here, "newest", to_the_end=True)
        return _feed(root, here, language, _quote_entries(root, quotes, language))
    found = await _found(datasette, replace(here, order="newest"), FEED_ENTRIES)
    entries = [
        AtomEntry(
            url=f"urn:kliping:story:{row['id']}:{row['articles']}",
            page=f"{root}/articles/{row['members'][0]['article_id']}",
            title=row["headline"],
            summary=interface_text("in_papers", language, n=row["sites"]),
            updated=updated(row["published_at"]),
        )
        for row in found.rows
        if row["members"]
    ]
    return _feed(root, here, language, entries)


def _quote_entries(root: str, quotes: list[SharedQuote], language: Language) -> list[AtomEntry]:
    """Quotations as feed entries; a further article with the same words makes a new entry."""
    entries = []
    for quote in quotes:
        last = max(quote.articles, key=lambda each: each.published_at or "")
        entries.append(
            AtomEntry(
                url=f"urn:kliping:quote:{quote.key}:{len(quote.articles)}",
                page=f"{root}/articles/{last.article_id}",
                title=shorten(quote.text, QUOTE_TITLE),
                summary=f"{interface_text('in_papers', language, n=quote.sites)}: {quote.text}",
                updated=updated(last.published_at),
            )
        )
    return entries[:FEED_ENTRIES]


def _feed(root: str, here: CopiesAddress, language: Language, entries: list[AtomEntry]) -> Response:
    own = f"{root}{here.address('/copies.atom')}"
    text = atom(f"kliping: {interface_text('copies_page', language)}", own, entries, updated=updated(None))
    return Response(text, content_type="application/atom+xml; charset=utf-8")


async def _quotes(
    datasette: Served, here: CopiesAddress, order: QuoteOrder, *, to_the_end: bool = False
) -> list[SharedQuote]:
    find = functools.partial(shared_quotes, site=here.asked.site, limit=QUOTES, order=order)
    found: list[SharedQuote] = await ask_counted(datasette, find, also=(here.asked.site, order), to_the_end=to_the_end)
    return found
