"""Archives by date: the URL of a day's index, the day of an index's URL, and where an index ends."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.dates import date_in_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DAY = timedelta(days=1)
_DAY_IN_QUERY = re.compile(
    r"[?&](?:date|tanggal|tgl|t)=(?:(?P<year>(?:19|20)\d{2})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<us_month>\d{1,2})(?:/|%2F)(?P<us_day>\d{1,2})(?:/|%2F)(?P<us_year>(?:19|20)\d{2}))(?:&|$)",
    re.IGNORECASE,
)
# WordPress answers for the posts "before" a moment: the day that midnight ends.
_BEFORE = re.compile(r"[?&]before=((?:19|20)\d{2})-(\d{2})-(\d{2})T00:00:00(?:&|$)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY_IN_WORDS = re.compile(rf"=([0-9]{{1,2}})(?:%20|\+)({'|'.join(_MONTHS)})(?:%20|\+)((?:19|20)[0-9]{{2}})")
_PLACEHOLDER = re.compile(r"\{(\w++)(?::[^{}]*+)?\}")
_PARTS = {"host": "[^/?#]+(?:/[^?#]+?)?", "month_name": "[A-Za-z]+", "eve": "[0-9-]+", "morrow": "[0-9-]+"}
_DAY_IN_PATH = re.compile(r"/(?:19|20)\d{2}/\d{1,2}/\d{1,2}(?=/|$)")


def index_pages(pattern: str, host: str, since: date, until: date, first: int = 1) -> Iterator[tuple[date, str]]:
    """The first page of a site's index for each day, newest day first: (day, URL)."""
    for ordinal in range(until.toordinal(), since.toordinal() - 1, -1):
        day = date.fromordinal(ordinal)
        yield day, index_page(pattern, host, day, first)


def index_page(pattern: str, host: str, day: date, page: int) -> str:
    """One page of a site's index by date (see Discovery.by_date).

    `{month}` is un-padded, `{month:02d}` padded, `{month_name}` English; `{eve}` and `{morrow}` are the
    days around it, as 2019-10-06, for sites that want two bounds.
    """
    return pattern.format(
        host=host,
        year=day.year,
        month=day.month,
        month_name=_MONTHS[day.month - 1],
        day=day.day,
        page=page,
        eve=day - _DAY if day > date.min else day,
        morrow=day + _DAY if day < date.max else day,
    )


def page_in(pattern: str, url: str) -> int | None:
    """The number that a page of an index by date has for `{page}`; None for a URL that is not of this pattern."""
    match = _match(pattern, url)
    return int(match["page"]) if match is not None else None


def page_after(pattern: str, url: str, step: int = 1) -> str | None:
    """The page after one of an index by date; None for a URL that is not of this pattern."""
    match = _match(pattern, url)
    if match is None:
        return None
    return f"{url[: match.start('page')]}{int(match['page']) + step}{url[match.end('page') :]}"


def _match(pattern: str, url: str) -> re.Match[str] | None:
    """The URL as this pattern makes it, its `{page}` as a group; None also for a pattern without one."""
    parts = _PLACEHOLDER.split(pattern)
    if parts[1::2].count("page") != 1:
        return None
    return re.fullmatch(
        "".join(
            re.escape(part)
            if place % 2 == 0
            else "(?P<page>[0-9]{1,6})"
            if part == "page"
            else _PARTS.get(part, "[0-9]+")
            for place, part in enumerate(parts)
        ),
        url,
    )


def listed_day(url: str) -> datetime | None:
    """The end of the day that an index by date lists, in UTC; None for a URL that names no day.

    Forms seen: date=2019-10-7 (tribunnews.com), date=2019-10-07 (kompas.com),
    date=10/07/2019 (detik.com), daterange=14%20February%202025%20-… (Promedia), t=2026-07-24 (sindonews.com), /2026/7/24/ (okezone.com),
    before=2019-10-08T00:00:00 (the REST interface of WordPress).
    """
    day = _named_day(url)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC) if day else None


def _named_day(url: str) -> date | None:
    match = _DAY_IN_QUERY.search(url)
    try:
        if match is not None:
            numbers = (
                match["year"] or match["us_year"],
                match["month"] or match["us_month"],
                match["day"] or match["us_day"],
            )
            return date(*(int(number) for number in numbers))
        if words := _DAY_IN_WORDS.search(url):
            return date(int(words[3]), _MONTHS.index(words[2]) + 1, int(words[1]))
        if before := _BEFORE.search(url):
            return date(int(before[1]), int(before[2]), int(before[3])) - _DAY
    except ValueError:
        return None
    return date_in_url(url)


def source_key(url: str) -> str:
    """What a listing's rhythm is kept under: its URL, with a star for the day, since each day's index is a new URL."""
    if listed_day(url) is None:
        return url
    for pattern in (_DAY_IN_QUERY, _DAY_IN_WORDS, _BEFORE, _DAY_IN_PATH):
        if pattern.search(url):
            return pattern.sub("*", url, count=1)
    return url


STRAYS = 2  # links of a page that any page may have, new each time: an advertisement, a random recommendation


def paging_ends(urls: Iterable[str], before: Iterable[str]) -> bool:
    """Whether an index is at its end: its page is empty, or shows hardly more than the page before showed.

    Sites answer a page past the last one with an empty list or with the last
    page again (seen on www.tribunnews.com, 2026: from page 11 on), and some put
    a random link on either.
    """
    now = set(urls)
    fresh = len(now.difference(before))
    return fresh == 0 or (fresh <= STRAYS and 2 * fresh < len(now))


def is_short(listed: int, before: int) -> bool:
    """Whether a page of an index is its last by its length: a link or two after a page of many, as the midst of a walk never has."""
    return listed <= STRAYS and before > 2 * STRAYS


def brings_more(listed: int, new: int, *, page: int) -> bool:
    """Whether a walk for what is newest goes on behind a page: it brought something new, on a later page more than strays."""
    return new > 0 and (page == 1 or new > STRAYS or 4 * new >= listed)
