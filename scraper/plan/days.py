"""Archives by date: the URL of a day's index, the day of an index's URL, and where an index ends."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.dates import date_in_url
from scraper.template import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DAY = timedelta(days=1)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_YEAR, _MONTH, _DAY_OF = r"(?P<year>(?:19|20)\d{2})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_ENDS = r"(?:&|(?=[/?])|$)"
# How an index names its day, or the first day of a range; the first form that matches applies.
_DAYS = tuple(
    re.compile(form + _ENDS, re.IGNORECASE)
    for form in (
        rf"[?&](?:date|start_date|tanggal|tgl|[dt])={_YEAR}(?:-|/|%2F){_MONTH}(?:-|/|%2F){_DAY_OF}(?:&end_date=[^&]*)?",
        rf"[?&](?:date|tanggal|tgl|t)={_MONTH}(?:/|%2F){_DAY_OF}(?:/|%2F){_YEAR}",
        rf"={_DAY_OF}(?:%20|\+)(?P<name>{'|'.join(_MONTHS)})(?:%20|\+){_YEAR}(?:(?:%20|\+)-[^&]*)?",
        # WordPress returns the posts "before" a moment: the day that ends at that midnight.
        rf"[?&](?:after=[^&]*&)?(?P<before>before)={_YEAR}-{_MONTH}-{_DAY_OF}T00:00:00",
        # Three consecutive parameters: tanggal=2&bulan=5&tahun=2024, d=2&m=5&y=2024.
        rf"[?&](?:tanggal|d)={_DAY_OF}&(?:bulan|m)={_MONTH}&(?:tahun|y)={_YEAR}",
        rf"/{_YEAR}/{_MONTH}/{_DAY_OF}",
        rf"/{_DAY_OF}-{_MONTH}-{_YEAR}",
        rf"/{_YEAR}-{_MONTH}-{_DAY_OF}",
    )
)
_PLACEHOLDER = re.compile(r"\{(\w++)(?::[^{}]*+)?\}")
_PARTS = {"host": "[^/?#]+(?:/[^?#]+?)?", "month_name": "[A-Za-z]+", "eve": "[0-9-]+", "morrow": "[0-9-]+"}


def index_pages(pattern: str, host: str, since: date, until: date, first: int = 1) -> Iterator[tuple[date, str]]:
    """The first page of a site's index for each day, newest day first: (day, URL)."""
    for ordinal in range(until.toordinal(), since.toordinal() - 1, -1):
        day = date.fromordinal(ordinal)
        yield day, index_page(pattern, host, day, first)


def index_page(pattern: str, host: str, day: date, page: int) -> str:
    """One page of a site's index by date (see Discovery.by_date).

    `{month}` is not padded, `{month:02d}` is, `{month_name}` is English; `{eve}` and `{morrow}` are the days around it,
    as 2019-10-06, for sites that want two bounds.
    """
    values = {
        "host": host,
        "year": day.year,
        "month": day.month,
        "month_name": _MONTHS[day.month - 1],
        "day": day.day,
        "page": page,
        "eve": day - _DAY if day > date.min else day,
        "morrow": day + _DAY if day < date.max else day,
    }
    return filled(pattern, values)


def page_in(pattern: str, url: str) -> int | None:
    """The number that a page of an index by date has for `{page}`; None for a URL that does not match this pattern."""
    match = _match(pattern, url)
    return int(match["page"]) if match is not None else None


def page_after(pattern: str, url: str, step: int = 1) -> str | None:
    """The page after one of an index by date; None for a URL that does not match this pattern."""
    match = _match(pattern, url)
    if match is None:
        return None
    return f"{url[: match.start('page')]}{int(match['page']) + step}{url[match.end('page') :]}"


def is_of(pattern: str, url: str) -> bool:
    """Whether a URL is one that a pattern of an index by date makes."""
    return bool(_made(pattern, url))


def lists_other_days(day: date, listed: Iterable[date | None]) -> bool:
    """Whether an index requested for a day lists others: none of the links whose day is known is from it or a day next
    to it.
    """
    known = [each for each in listed if each is not None]
    return len(known) >= ENOUGH_DAYS and all(abs((each - day).days) > 1 for each in known)


def is_past(since: date, listed: Iterable[date | None], before: Iterable[date | None]) -> bool:
    """Whether a list that goes back in time has left a range of days behind, so that its next pages hold nothing of it.

    Every day known on this page has to be earlier, and the page before has to have been newer: a list that goes
    forward in time begins with days before the range, and one pinned story says nothing about the others.
    """
    now, earlier = [each for each in listed if each], [each for each in before if each]
    return goes_back(now, earlier) and max(now) < since - _DAY and min(now) < min(earlier)


def goes_back(listed: Iterable[date | None], before: Iterable[date | None]) -> bool:
    """Whether a page of a list, by the days that it names, is older than the page before it, or as old."""
    now, earlier = [each for each in listed if each], [each for each in before if each]
    return len(now) >= ENOUGH_DAYS and bool(earlier) and max(now) <= max(earlier)


def is_not_yet_past(since: date | None, listed: Iterable[date | None]) -> bool:
    """Whether a page names days in a range or later, so that a list that goes back in time may hold more of it."""
    known = [each for each in listed if each]
    return len(known) >= ENOUGH_DAYS and (since is None or max(known) >= since - _DAY)


def _match(pattern: str, url: str) -> re.Match[str] | None:
    """The URL as this pattern makes it, with its `{page}` as a group; also None for a pattern without one."""
    return _made(pattern, url) if _PLACEHOLDER.findall(pattern).count("page") == 1 else None


def _made(pattern: str, url: str) -> re.Match[str] | None:
    parts = _PLACEHOLDER.split(pattern)
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

    Forms seen: date=2019-10-7 (tribunnews.com), date=2019-10-07 (kompas.com), date=10/07/2019 (detik.com),
    daterange=14%20February%202025%20-… (Promedia), t=2026-07-24 (sindonews.com), /2026/7/24/ (okezone.com),
    before=2019-10-08T00:00:00 (the REST interface of WordPress), date=2024/05/02 (cnnindonesia.com),
    start_date=2024-05-02 (tempo.co), tanggal=2&bulan=5&tahun=2024 (kontan.co.id), d=2&m=5&y=2024 (jpnn.com),
    /02-05-2024/ (antaranews.com), /2024-05-02/ (inews.id).
    """
    day = _named_day(url)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC) if day else None


def _named_day(url: str) -> date | None:
    match = _day_in(url)
    if match is None:
        return date_in_url(url)
    found = match.groupdict()
    month = _MONTHS.index(found["name"].title()) + 1 if found.get("name") else int(found["month"])
    try:
        day = date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None
    return day - _DAY if found.get("before") else day


def _day_in(url: str) -> re.Match[str] | None:
    return next((match for form in _DAYS if (match := form.search(url))), None)


def source_key(url: str) -> str:
    """The key under which a listing's rhythm is stored: its URL, with a star for the day, since each day's index is a
    new URL.
    """
    match = _day_in(url)
    if match is None or listed_day(url) is None:
        return url
    return f"{url[: match.start()]}*{url[match.end() :]}"


ENOUGH_DAYS = 3  # links needed to say that an index lists other days than the one requested
STRAYS = 2  # links that any page may have, new each time: an advertisement, a random recommendation


def paging_ends(urls: Iterable[str], before: Iterable[str]) -> bool:
    """Whether an index is at its end: its page is empty, or shows hardly more than the page before.

    Sites answer a page past the last one with an empty list or with the last page again (seen on www.tribunnews.com,
    2026: from page 11 on), and some put a random link on either.
    """
    now = set(urls)
    fresh = len(now.difference(before))
    return fresh == 0 or (fresh <= STRAYS and 2 * fresh < len(now))


def is_short(listed: int, before: int) -> bool:
    """Whether the length of an index page shows that it is the last: a link or two after a page of many, unlike any
    page in mid-walk.
    """
    return listed <= STRAYS and before > 2 * STRAYS


def brings_more(listed: int, new: int, *, page: int) -> bool:
    """Whether a walk through the newest articles continues after a page: it had something new, on a later page more
    than strays.
    """
    return new > 0 and (page == 1 or new > STRAYS or 4 * new >= listed)
