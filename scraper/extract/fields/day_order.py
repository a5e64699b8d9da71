"""Whether 5/2/2024 is the 5th of February: judged by the page itself, then by its origin."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.dates import date_in_url, parse_date
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree
    from scraper.language import Vocabulary

_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_HALF_DAY = re.compile(r"/(?:19|20)\d\d,?\W{0,3}(?:at )?\d{1,2}(?::\d\d){0,2}\s?[ap]\.?m\b", re.IGNORECASE)
_CENTURIES = ("/20", "/19")
_MAX_TIMES = 12
_MONTHS = 12
_COUNTRY = 2  # letters of a country's domain
# Country domains that sites of any country use.
_EVERYBODYS = frozenset({"ai", "cc", "co", "fm", "gg", "io", "is", "it", "la", "ly", "me", "ms", "to", "tv", "ws"})
_AHEAD = timedelta(days=1)


def is_day_first(
    tree: Tree, metadata: PageMetadata, vocabulary: Vocabulary, url: str | None, fetched_at: datetime | None
) -> bool:
    """Whether a page's numeric dates have the day first, as everywhere except in the countries that write 5/31/2024.

    The page's own dates outrank its language's country: many a paper has left its system set to American English.
    """
    told = _of_time_elements(tree)
    if told is not None:
        return told
    month_first = vocabulary.calendar.month_first
    territory = _territory(metadata) or _country(url)
    is_open = territory in month_first or (territory is None and vocabulary.languages[0] == "en")
    if not is_open:
        return True
    words = tree.words()
    if not any(century in words for century in _CENTURIES):
        return territory not in month_first
    told = _of_printed(words, set(_known_days(metadata, url)), fetched_at)
    if told is not None:
        return told
    return territory not in month_first and _HALF_DAY.search(words) is None


def _of_time_elements(tree: Tree) -> bool | None:
    """The order in which the page's own <time> elements show their days."""
    for node in tree.tagged("time")[:_MAX_TIMES]:
        stands, shown = node.attributes.get("datetime") or "", _NUMERIC.match(node.text().strip())
        if shown is not None and (day := _ISO_DAY.match(stands)) and shown[1] != shown[2] and shown[3] == day[1]:
            numbers = (int(shown[1]), int(shown[2]))
            if numbers in ((int(day[2]), int(day[3])), (int(day[3]), int(day[2]))):
                return numbers == (int(day[3]), int(day[2]))
    return None


def _of_printed(words: str, known: set[date], fetched_at: datetime | None) -> bool | None:
    """The order on which the page's dates with slashes agree, judging by those that only one order makes a valid day, a
    day in the page's data or address, or a day before the page was fetched. None if none shows it, or if they disagree.
    """
    votes: set[bool] = set()
    for match in _SLASHED.finditer(words):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        days = {order: _day(year, month, day) for order, day, month in ((True, first, second), (False, second, first))}
        if first == second:
            continue
        last = (fetched_at + _AHEAD).date() if fetched_at is not None else None
        fit = {
            order
            for order, day in days.items()
            if day is not None and (last is None or day <= last or days[not order] is None)
        }
        if len(fit) == 1:
            votes |= fit
        else:
            votes |= {order for order, day in days.items() if day in known and days[not order] not in known}
    return votes.pop() if len(votes) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _known_days(metadata: PageMetadata, url: str | None) -> Iterator[date]:
    """The days that the page's address and data give in an unambiguous order."""
    if day := date_in_url(metadata.canonical or url or ""):
        yield day
    for raw in (metadata.text("datePublished"), metadata.text("dateModified")):
        if raw and _ISO_DAY.match(raw) and (moment := parse_date(raw, zone=UTC)):
            yield moment.value.date()


def _territory(metadata: PageMetadata) -> str | None:
    locale = (metadata.first("og:locale") or ("", ""))[0]
    tags = (tag.replace("_", "-").partition("-") for tag in (metadata.language or "", locale))
    return next((rest.rpartition("-")[2].upper() for _, _, rest in tags if rest), None)


def _country(url: str | None) -> str | None:
    """The country of a host's domain in capitals; None if it is not a country's, or is used by anybody."""
    end = host_of(url or "").rpartition(".")[2].lower()
    return end.upper() if len(end) == _COUNTRY and end.isalpha() and end not in _EVERYBODYS else None
