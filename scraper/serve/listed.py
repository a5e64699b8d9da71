"""What the browsing pages have in common: a selection in their address, and the same rows as CSV."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from datasette.utils.asgi import Response

from scraper.exchange import csvrow
from scraper.serve.request import requested_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from datasette.utils.asgi import Request

LONG = 100  # characters of a site's slug
T = TypeVar("T", bound=str)


class ListRequest(NamedTuple):
    """One site or all (None), from the first to the last day (None: any), and which page."""

    site: str | None
    since: date | None
    until: date | None
    page: int


def read_listed(request: Request) -> ListRequest | None:
    """The selection in an address; None for an impossible one: a day, page or site that does not exist."""
    site, since, until = (request.args.get(name) or None for name in ("site", "since", "until"))
    page = requested_page(request.args.get("page") or "1")
    if page is None or (site is not None and len(site) > LONG):
        return None
    try:
        first, last = (date.fromisoformat(text) if text else None for text in (since, until))
    except ValueError:
        return None
    return ListRequest(site, first, last, page)


def read_order(request: Request, orders: Sequence[T]) -> T | None:
    """The order in an address, the first one by default; None for an unknown one."""
    asked = request.args.get("sort") or orders[0]
    return next((order for order in orders if order == asked), None)


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, name: str) -> Response:
    """Rows as a CSV file without formulas that a spreadsheet would run."""
    lines = [csvrow.line(list(columns))]
    lines += [csvrow.line(["" if row[column] is None else str(row[column]) for column in columns]) for row in rows]
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(b"".join(lines), headers=headers, content_type="text/csv; charset=utf-8")
