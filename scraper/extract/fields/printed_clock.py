"""The clock that a page prints beside its headline, compared with the offset in its data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

from scraper.dates import parse_date
from scraper.extract.structure.headline_lines import headline_places

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from scraper.dates import Moment
    from scraper.html import Tree
    from scraper.language import Vocabulary

_WESTMOST, _EASTMOST = 8, 13  # hours from UTC of the zones in which most papers are
LINES_ABOVE = 3  # above the headline
_LINES_TO_TIME = 25  # from the headline
MAX_DATE_LINE = 80
# Those of zones in which people live.
_OFFSETS = frozenset({*range(-11, 15), -9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5})
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_NEIGHBOURS = timedelta(hours=2)  # the offset between the zones of one country, which its papers may confuse


def as_printed(
    moment: Moment, tree: Tree, home: tzinfo, vocabulary: Vocabulary, *, is_zone_known: bool, day_first: bool
) -> Moment:
    """A moment in the zone of the clock that the page prints, if its data has the same digits with an offset from
    another part of the world.

    Some systems write the paper's own time with the offset of their server ("11:38-07:00" beside "11:38 WIB"), or that
    of UTC. The clock is believed if it names its zone, or if the site is known and the offset is far from its own.
    """
    if moment.zone_source != "offset" or not moment.has_time:
        return moment
    offset = moment.value.utcoffset() or timedelta()
    clock = moment.value.replace(tzinfo=None, second=0, microsecond=0)
    pieces = tree.pieces()
    for place in headline_places(tree):
        for line in pieces[max(0, place - LINES_ABOVE) : place + _LINES_TO_TIME]:
            if len(line) > MAX_DATE_LINE or f"{clock.minute:02}" not in line or vocabulary.updated.find(line):
                continue
            printed = parse_date(line, zone=home, day_first=day_first, calendar=vocabulary.calendar)
            if (
                printed is None
                or not printed.has_time
                or printed.value.replace(tzinfo=None, second=0, microsecond=0) != clock
            ):
                continue
            is_far = abs((printed.value.utcoffset() or timedelta()) - offset) > _NEIGHBOURS
            if is_far and (printed.zone_source != "assumed" or is_zone_known):
                return replace(
                    moment, value=moment.value.replace(tzinfo=printed.value.tzinfo), zone_source=printed.zone_source
                )
    return moment


def printed_zone(moment: Moment, tree: Tree, vocabulary: Vocabulary, *, day_first: bool) -> tzinfo | None:
    """The zone in which the page prints a moment that its data gives in UTC: the same minute at another hour beside the
    headline.

    The moment stays the same, but falls on the day that the paper's readers saw.
    """
    if not moment.has_time or moment.zone_source == "assumed" or moment.value.utcoffset():
        return None
    pieces = tree.pieces()
    # What clocks show in zones that are whole, half and quarter hours apart.
    whole, half, quarter = (f"{(moment.value.minute + shift) % 60:02}" for shift in (0, 30, 45))
    for place in headline_places(tree):
        for line in pieces[max(0, place - LINES_ABOVE) : place + _LINES_TO_TIME]:
            if len(line) > MAX_DATE_LINE or not (whole in line or half in line or quarter in line):
                continue
            printed = parse_date(line, zone=UTC, day_first=day_first, calendar=vocabulary.calendar)
            if printed is None or not printed.has_time:
                continue
            if printed.zone_source != "assumed" and abs(printed.value - moment.value) < timedelta(minutes=1):
                return printed.value.tzinfo  # it names the zone itself
            if printed.zone_source != "assumed":
                continue
            hours = (printed.value.replace(second=0) - moment.value.replace(second=0, microsecond=0)) / timedelta(
                hours=1
            )
            if hours in _OFFSETS:
                return timezone(timedelta(hours=hours)) if hours else None
    return None


def zone_of_day(moment: datetime, day: date, home: tzinfo) -> tzinfo | None:
    """A zone in which a moment in UTC is on a day that the page prints: `home`, or else the whole hours nearest to UTC;
    None if nobody's clock shows it.
    """
    if moment.astimezone(home).date() == day:
        return home
    since = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = {-1: -(since // _HOUR) - 1, 1: -((since - _DAY) // _HOUR)}.get((day - moment.date()).days)
    return timezone(timedelta(hours=hours)) if hours is not None and -_WESTMOST <= hours <= _EASTMOST else None
