"""Charts as SVG, drawn on the server: no script, no request, readable in light and dark (colours are the stylesheet's). Pure.

Every chart has a title for those who cannot see it; the page gives the same figures as a table.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 720, 160
_FOOT = 18  # for the labels of the first and last bar
_CELL, _GAP = 11, 2
MAX_BARS = 400
MAX_BAR = 40  # wide

# Where each province stands in a map of tiles, (column, row): its code is Kemendagri's. Neighbours stay neighbours as far as a grid can.
TILES = {
    "11": (0, 0), "12": (1, 1), "14": (2, 1), "21": (3, 1), "13": (1, 2), "15": (2, 2), "19": (3, 2), "17": (1, 3), "16": (2, 3), "18": (2, 4),
    "36": (2, 5), "31": (3, 5), "32": (3, 6), "33": (4, 6), "34": (4, 7), "35": (5, 6), "51": (6, 7), "52": (7, 7), "53": (8, 7),
    "65": (6, 0), "61": (5, 2), "62": (5, 3), "63": (6, 3), "64": (6, 2), "71": (9, 1), "75": (8, 2), "72": (8, 3), "76": (7, 4), "73": (8, 5),
    "74": (9, 4), "82": (10, 2), "81": (10, 4), "96": (11, 2), "92": (12, 2), "91": (14, 2), "94": (13, 3), "95": (14, 3), "93": (14, 4),
}  # fmt: skip
_TILE = 52
_SHORT = {
    "11": "Aceh", "12": "Sumut", "13": "Sumbar", "14": "Riau", "15": "Jambi", "16": "Sumsel", "17": "Bengkulu", "18": "Lampung", "19": "Babel",
    "21": "Kepri", "31": "Jakarta", "32": "Jabar", "33": "Jateng", "34": "DIY", "35": "Jatim", "36": "Banten", "51": "Bali", "52": "NTB", "53": "NTT",
    "61": "Kalbar", "62": "Kalteng", "63": "Kalsel", "64": "Kaltim", "65": "Kaltara", "71": "Sulut", "72": "Sulteng", "73": "Sulsel", "74": "Sultra",
    "75": "Gorontalo", "76": "Sulbar", "81": "Maluku", "82": "Malut", "91": "Papua", "92": "Pabar", "93": "Pasel", "94": "Pateng", "95": "Papeg",
    "96": "Pabarda",
}  # fmt: skip


def by_day(points: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Figures per day ("2019-10-07") with the days between that there are none of: a gap is seen as one."""
    found = {date.fromisoformat(day): number for day, number in points if _is_day(day)}
    if not found:
        return []
    first, last = min(found).toordinal(), max(found).toordinal()
    days = (date.fromordinal(ordinal) for ordinal in range(max(first, last - MAX_BARS + 1), last + 1))
    return [(day.isoformat(), found.get(day, 0)) for day in days]


def by_month(points: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The same per month ("2019-10")."""
    found = {_month_number(month): number for month, number in points if _is_day(f"{month}-01")}
    if not found:
        return []
    last = max(found)
    return [
        (f"{at // 12:04d}-{at % 12 + 1:02d}", found.get(at, 0))
        for at in range(max(min(found), last - MAX_BARS + 1), last + 1)
    ]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def bars(points: Sequence[tuple[str, float]], title: str, *, unit: str = "") -> Markup:
    """A bar for each (label, value), labels at both ends; with more than MAX_BARS the first ones are left out."""
    shown = list(points)[-MAX_BARS:]
    if not shown:
        return Markup("")
    top = max(value for _, value in shown) or 1
    step = min(WIDTH / len(shown), MAX_BAR)
    end = step * len(shown)
    marks = [
        f'<rect x="{at * step:.1f}" y="{HEIGHT - value / top * HEIGHT:.1f}" width="{max(step - 1, 0.6):.1f}" height="{value / top * HEIGHT:.1f}">'
        f"<title>{escape(label)}: {value:g}{escape(unit)}</title></rect>"
        for at, (label, value) in enumerate(shown)
    ]
    ends = (
        f'<text x="0" y="{HEIGHT + 14}">{escape(shown[0][0])}</text>'
        f'<text x="{max(end, 130):.0f}" y="{HEIGHT + 14}" text-anchor="end">{escape(shown[-1][0]) if len(shown) > 1 else ""}</text>'
        f'<text x="{WIDTH}" y="10" text-anchor="end">{top:g}{escape(unit)}</text>'
    )
    return _svg("bars", title, WIDTH, HEIGHT + _FOOT, "".join(marks) + ends)


def calendar(days: Sequence[tuple[str, int]], title: str) -> Markup:
    """A square for each day of the last year there are figures of, weeks as columns; the darker the more, none is an outline."""
    found = {date.fromisoformat(day): number for day, number in days if _is_day(day)}
    if not found:
        return Markup("")
    last = max(found)
    first = last - timedelta(days=370)
    first -= timedelta(days=first.weekday())
    top = max(found.values())
    cells = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        week, weekday = divmod(ordinal - first.toordinal(), 7)
        number = found.get(day, 0)
        cells.append(
            f'<rect class="{_shade(number, top)}" x="{week * (_CELL + _GAP)}" y="{weekday * (_CELL + _GAP)}" width="{_CELL}" height="{_CELL}">'
            f"<title>{day.isoformat()}: {number}</title></rect>"
        )
    weeks = (last.toordinal() - first.toordinal()) // 7 + 1
    return _svg("calendar", title, weeks * (_CELL + _GAP), 7 * (_CELL + _GAP), "".join(cells))


def province_map(provinces: Sequence[tuple[str, str, int]], title: str) -> Markup:
    """A tile for each province, (code, name, number), that links to its page: every one as large as the next, at home without the internet."""
    top = max((number for _, _, number in provinces), default=0)
    tiles = []
    for code, name, number in provinces:
        if code not in TILES:
            continue
        column, row = TILES[code]
        x, y = column * _TILE, row * _TILE
        tiles.append(
            f'<a href="/regions/{escape(code)}"><title>{escape(name)}: {number}</title><rect class="{_shade(number, top)}" x="{x}" y="{y}" width="{_TILE - 3}"'
            f' height="{_TILE - 3}" rx="4"/><text class="{_shade(number, top)}" x="{x + _TILE / 2 - 1.5}" y="{y + 22}" text-anchor="middle">{escape(_SHORT[code])}</text>'
            f'<text class="{_shade(number, top)}" x="{x + _TILE / 2 - 1.5}" y="{y + 38}" text-anchor="middle">{number}</text></a>'
        )
    width, height = (max(TILES.values())[0] + 1) * _TILE, (max(row for _, row in TILES.values()) + 1) * _TILE
    return _svg("map", title, width, height, "".join(tiles), is_image=False)


def network(lines: Sequence[tuple[str | None, str | None, int]], title: str) -> Markup:
    """Papers on a circle, a line for each (from, to, number): the thicker the more."""
    names = list(dict.fromkeys(name or "–" for first, second, _ in lines for name in (first, second)))
    if len(names) < 2:
        return Markup("")
    middle, radius = 360.0, 230.0
    places = {
        name: (
            middle + radius * math.cos(2 * math.pi * at / len(names)),
            300 + radius * math.sin(2 * math.pi * at / len(names)),
        )
        for at, name in enumerate(names)
    }
    top = max(number for _, _, number in lines)
    parts = []
    for first, second, number in lines:
        (x1, y1), (x2, y2) = places[first or "–"], places[second or "–"]
        parts.append(
            f'<path d="M{x1:.0f} {y1:.0f} Q{middle:.0f} 300 {x2:.0f} {y2:.0f}" stroke-width="{0.8 + 5 * number / top:.1f}">'
            f"<title>{escape(first or '–')} → {escape(second or '–')}: {number}</title></path>"
        )
    for name, (x, y) in places.items():
        anchor = "start" if x > middle + 20 else "end" if x < middle - 20 else "middle"
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4"/><text x="{x + (8 if anchor == "start" else -8 if anchor == "end" else 0):.0f}"'
            f' y="{y + (16 if y > 300 and anchor == "middle" else 4):.0f}" text-anchor="{anchor}">{escape(name)}</text>'
        )
    return _svg("network", title, 720, 600, "".join(parts))


def _shade(number: int, top: int) -> str:
    """One of five classes, by the square root, so that small numbers are seen beside large ones."""
    return f"s{math.ceil(4 * math.sqrt(number / top))}" if number and top else "s0"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except (ValueError, TypeError):
        return False
    return True


def _svg(kind: str, title: str, width: float, height: float, inner: str, *, is_image: bool = True) -> Markup:
    """The drawing; one with links in it is no image to a screen reader, but a group of them."""
    role = "img" if is_image else "group"
    return Markup(  # noqa: S704  (every value in it is escaped where it is put in)
        f'<svg class="chart {kind}" viewBox="0 0 {width:.0f} {height:.0f}" role="{role}" aria-label="{escape(title)}">{inner}</svg>'
    )
