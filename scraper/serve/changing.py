"""What publishers changed, for browsing: a page, the same as CSV, and a feed."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from scraper.archive.ask.changed import MAX_CHANGES, ChangeOrder, Changes, ChangesAsked, changes_of
from scraper.atom import AtomEntry, atom
from scraper.changes import KINDS
from scraper.serve.listed import csv_of, read_listed, read_order
from scraper.serve.messages import interface_text, language_of
from scraper.serve.plots import Mark
from scraper.serve.request import is_day
from scraper.serve.source import ask_once
from scraper.serve.views import TemplateWords, missing, render

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from scraper.serve.app import Served

PER_PAGE = 30
FEED_ENTRIES = 50
MAX_DAYS = 60
_CSV = (
    "replaced_at",
    "site",
    "article_id",
    "revision",
    "kinds",
    "characters_added",
    "old_headline",
    "new_headline",
    "url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesAddress:
    """A selection of changes as its address states it."""

    asked: ChangesAsked = field(default_factory=ChangesAsked)
    order: ChangeOrder = "silent"
    page: int = 1

    def address(self, path: str = "/changes", *, page: int = 1, **changed: Any) -> str:
        """The address of this selection with parts of it changed."""
        asked = replace(self.asked, **changed)
        pairs = [("site", asked.site), ("kind", asked.kind), ("since", asked.since), ("until", asked.until)]
        pairs += [("sort", self.order if self.order != "silent" else None), ("page", str(page) if page > 1 else None)]
        given = [(name, str(value)) for name, value in pairs if value]
        return f"{path}?{urlencode(given)}" if given else path


def changes_address(request: Request) -> ChangesAddress | None:
    """The selection in an address; None for an impossible one: an unknown kind or order, a day or page that does not
    exist.
    """
    listed, order, kind = (
        read_listed(request),
        read_order(request, get_args(ChangeOrder)),
        request.args.get("kind") or None,
    )
    if listed is None or order is None or kind not in (None, *KINDS):
        return None
    asked = ChangesAsked(site=listed.site, kind=kind, since=listed.since, until=listed.until)
    return ChangesAddress(asked=asked, order=order, page=listed.page)


async def changes(datasette: Served, request: Request) -> Response:
    """The page."""
    here = changes_address(request)
    if here is None:
        return await missing(datasette, request)
    found = await _found(datasette, here, PER_PAGE, offset=(here.page - 1) * PER_PAGE)
    return await render(
        datasette,
        request,
        "changes",
        here=here,
        found=found,
        most=MAX_CHANGES,
        has_next=here.page * PER_PAGE < found.total,
        days=_by_day(here, found.days),
    )


def _by_day(here: ChangesAddress, days: list[tuple[str, int]]) -> list[Mark]:
    """The last MAX_DAYS days up to the last change. A day without changes has no mark, since a change is dated by when
    it was found.
    """
    days = [(day, number) for day, number in days if is_day(day)]
    if not days:
        return []
    counts, last = dict(days), date.fromisoformat(days[-1][0])
    span = min((last - date.fromisoformat(days[0][0])).days + 1, MAX_DAYS)
    listed = [last - timedelta(days=back) for back in range(span - 1, -1, -1)]
    return [
        Mark(str(day), number, here.address(since=day, until=day) if number else None)
        for day in listed
        for number in (counts.get(str(day), 0),)
    ]


async def _found(datasette: Served, here: ChangesAddress, limit: int, *, offset: int = 0) -> Changes:
    find = functools.partial(changes_of, order=here.order, limit=limit, offset=offset)
    found: Changes = await ask_once(datasette, find, here.asked, also=(here.order, limit, offset))
    return found


async def changes_csv(datasette: Served, request: Request) -> Response:
    """The newest MAX_CHANGES, as CSV without formulas that a spreadsheet would run; if there are more, the file's name
    says so.
    """
    here = changes_address(request)
    if here is None:
        return await missing(datasette, request)
    found = await _found(datasette, here, MAX_CHANGES)
    name = "kliping-first-changes.csv" if found.is_capped else "kliping-changes.csv"
    return csv_of(_CSV, found.rows, name=name)


async def changes_atom(datasette: Served, request: Request) -> Response:
    """The newest changes, as a feed."""
    here = changes_address(request)
    if here is None:
        return await missing(datasette, request)
    language = language_of(request.headers.get("accept-language"))
    words = TemplateWords(language, {})
    root = f"{request.scheme}://{request.host}"
    found = await _found(datasette, replace(here, order="newest"), FEED_ENTRIES)
    entries = [
        AtomEntry(
            url=f"{row['url']}#{row['revision'] + 1}",
            page=f"{root}/articles/{row['article_id']}/diff/{row['revision']}/{row['revision'] + 1}",
            title=row["new_headline"],
            summary=words.kinds(row["kinds"]) or interface_text("changed_somehow", language),
            updated=row["replaced_at"],
        )
        for row in found.rows
    ]
    own = f"{root}{here.address('/changes.atom')}"
    text = atom(f"kliping: {interface_text('changes_page', language)}", own, entries, updated="1970-01-01T00:00:00Z")
    return Response(text, content_type="application/atom+xml; charset=utf-8")
