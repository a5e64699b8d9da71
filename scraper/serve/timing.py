"""Hits over time: the page that compares queries and splits them by paper or province, the same as CSV, and a search's
own chart.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scraper.analysis.trends import PERIODS
from scraper.archive.ask.filters import Filter
from scraper.serve import analysed
from scraper.serve.counting import StillCounting
from scraper.serve.listed import csv_of
from scraper.serve.plots import MAX_LINES, MAX_MARKS, Mark
from scraper.serve.request import MAX_QUERY, Here, SearchRequest, days_of_period
from scraper.serve.source import ask_counted, ask_once
from scraper.serve.views import asked_of, multi, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasette.utils.asgi import Request, Response

    from scraper.analysis.trends import Ground, Period, Series
    from scraper.serve.app import Served

MAX_GROUPS = 24  # papers or provinces with a drawing of their own
MAX_IN_GROUP = 120  # periods in such a drawing
SPLITS = ("site", "province")
_CSV = ("query", "group", "period", "articles", "of_all", "share", "papers", "days", "covered")


async def trends_view(datasette: Served, request: Request) -> Response:
    """The page; with .csv every series with all its figures."""
    try:
        asked = await asked_of(datasette, request)
        by, split, unit = (
            _one_of(request, name, values) for name, values in (("by", PERIODS), ("split", SPLITS), ("as", ("share",)))
        )
    except ValueError as error:
        here = Here(path="/trends")
        return await render(
            datasette, request, "trends", status=400, here=here, problem=str(error), queries=[], series=[]
        )
    others = [query.strip()[:MAX_QUERY] for query in multi(request).get("q", [])[1:] if query.strip()]
    queries = list(dict.fromkeys([asked.query, *others] if asked.query or not others else others))[:MAX_LINES]
    options = (("by", by), ("split", split), ("as", unit))
    here = Here(path="/trends", asked=asked, options=tuple((name, value) for name, value in options if value))
    is_csv = request.path.endswith(".csv")
    on: Ground | None = None
    series: list[Series] = []
    hints: tuple[str, ...] = ()
    undated, waiting = 0, None
    try:
        on = await ask_counted(
            datasette, analysed.fitting_ground, asked.filter(), by or None, split or None, to_the_end=is_csv
        )
        if on is not None:
            find = functools.partial(analysed.over_time, exact=asked.exact, on=on)
            also = (asked.filter(), asked.exact, by, split)
            series, hints, undated = await ask_counted(datasette, find, tuple(queries), also=also, to_the_end=is_csv)
    except StillCounting as still:
        waiting = still
    if is_csv:
        return csv_of(_CSV, _rows(series), name="kliping-trends.csv")
    drawn = MAX_IN_GROUP if split else MAX_MARKS
    return await render(
        datasette,
        request,
        "trends",
        here=here,
        problem=None,
        waiting=waiting,
        queries=queries,
        compared=urlencode([("q", query) for query in queries[1:]]),
        series=series if not split else _largest(series),
        groups=len({each.group for each in series}),
        most=MAX_GROUPS,
        on=on,
        hints=hints,
        undated=undated,
        gaps=sum(point.articles is None for each in series[:1] for point in each.points),
        drawn=drawn,
        marks=lambda each, as_share: marks(each, asked, as_share=as_share, split=split)[-drawn:],
        named=lambda listed, as_share, t: [
            (each.query or t("all_articles"), marks(each, asked, as_share=as_share)) for each in listed
        ],
        address_of=lambda each, point: period_address(asked, each.query, point.period, split, each.group),
    )


async def of_search(datasette: Served, asked: SearchRequest) -> tuple[list[Mark], Ground | None]:
    """A search's own chart; no marks if it would take too long. The ground is computed once per snapshot."""
    sites = tuple(value for name, value in asked.chosen if name == "site")
    whole = await ask_once(datasette, analysed.fitting_ground, Filter(sites=sites), "day", None)
    on = analysed.within(whole, asked.since, asked.until) if whole is not None else None
    if on is None:
        return [], None
    found = await ask_once(datasette, functools.partial(analysed.hits_over_time, on=on), asked)
    return (marks(found[0], asked) if found else []), on


async def of_archive(
    datasette: Served,
    asked: SearchRequest | None = None,
    *,
    by: Period = "month",
    counts: dict[str, int] | None = None,
    last: int = MAX_MARKS,
) -> list[Mark]:
    """All articles (of one site, if the search names one) by day or month, the `last` periods; or `counts` by month
    instead of all.
    """
    asked = asked or SearchRequest()
    sites = tuple(value for name, value in asked.chosen if name == "site")
    on: Ground | None = await ask_once(datasette, analysed.fitting_ground, Filter(sites=sites), by, None)
    if on is None:
        return []
    numbers = on.of_all[None] if counts is None else counts
    periods = [
        period for period in on.days if counts is None or min(counts, default="") <= period <= max(counts, default="")
    ]
    found = []
    for period in periods[-last:]:
        number = numbers.get(period, 0)
        is_known = number or on.days[period][1]
        found.append(Mark(period, number if is_known else None, period_address(asked, "", period) if number else None))
    return found


def marks(series: Series, asked: SearchRequest, *, as_share: bool = False, split: str = "") -> list[Mark]:
    """A series to be drawn, as articles or as per cent of all; each period links to the articles that were counted."""
    found = []
    for point in series.points:
        value: float | None = point.articles
        if as_share and value is not None:
            value = None if point.share is None else 100 * point.share
        href = period_address(asked, series.query, point.period, split, series.group) if point.articles else None
        found.append(Mark(point.period, value, href))
    return found


def period_address(asked: SearchRequest, query: str, period: str, split: str = "", group: str | None = None) -> str:
    """The search for a query in a period, within the given search."""
    first, last = days_of_period(period)
    first = max(first, asked.since) if asked.since else first
    last = min(last, asked.until) if asked.until else last
    chosen = asked.chosen
    if split and group:
        name = "site" if split == "site" else "region"
        chosen = (*(pair for pair in chosen if pair[0] != name), (name, group))
    return asked.address(query=query, since=first, until=last, chosen=chosen)


def _largest(series: list[Series]) -> list[Series]:
    """The groups with the most articles for the first query."""
    first = [each for each in series if each.query == series[0].query and each.group is not None]
    first.sort(key=lambda each: (-sum(point.articles or 0 for point in each.points), str(each.group)))
    return [each for each in first if any(point.articles for point in each.points)][:MAX_GROUPS]


def _rows(series: Iterable[Series]) -> Iterable[dict[str, Any]]:
    for each in series:
        for point in each.points:
            yield {
                "query": each.query, "group": each.group, "period": point.period, "articles": point.articles, "of_all": point.of_all,
                "share": None if point.share is None else round(point.share, 6), "papers": point.papers, "days": point.days,
                "covered": point.covered,
            }  # fmt: skip


def _one_of(request: Request, name: str, values: Iterable[str]) -> Any:
    value = request.args.get(name) or ""
    if value not in ("", *values):
        raise ValueError(value[:40])
    return value
