"""Charts as SVG, drawn on the server: no script, no request, readable in light and dark (the stylesheet has the
colours). Pure.

Every chart has a title for those who cannot see it; the page gives the same figures as a table. Text under a chart is
part of the page, and so equally large on a phone and on a desktop.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from scraper.serve.request import is_day
from scraper.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CELL, _GAP, _HEAD = 11, 2, 14
_YEAR, _MONTH = 34, 20  # sizes in the coverage chart
MAX_YEARS = 30
_MIDDLE, _RADIUS, _NAME = 360, 200, 24  # sizes in the network chart; _NAME is letters of a name

# Where each province is in a map of tiles, (column, row), by its Kemendagri code. Neighbours stay neighbours as far as
# a grid allows.
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


def calendar(days: Sequence[tuple[str, int]], title: str, *, label: Callable[[str], str] = str) -> Markup:
    """A square for each day of the last year for which there are figures, weeks as columns; darker means more, an
    outline means none.
    """
    found = {date.fromisoformat(day): number for day, number in days if is_day(day)}
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
        if day.day == 1:
            cells.append(f'<text x="{week * (_CELL + _GAP)}" y="9">{escape(label(day.isoformat()[:7]))}</text>')
        cells.append(
            f'<rect class="{_shade(number, top)}" x="{week * (_CELL + _GAP)}" y="{_HEAD + weekday * (_CELL + _GAP)}" width="{_CELL}" height="{_CELL}">'
            f"<title>{day.isoformat()}: {number}</title></rect>"
        )
    weeks = (last.toordinal() - first.toordinal()) // 7 + 1
    return _svg("calendar", title, weeks * (_CELL + _GAP) + 30, _HEAD + 7 * (_CELL + _GAP), "".join(cells))


def coverage_chart(months: Sequence[dict[str, Any]], title: str) -> Markup:
    """A row for each year, a square for each month: the darker, the more of the walked days were reached; a cross where
    something stopped the walk.
    """
    found = {row["month"]: row for row in months if is_day(f"{row['month']}-01")}
    if not found:
        return Markup("")
    first, last = int(min(found)[:4]), int(max(found)[:4])
    first = max(first, last - MAX_YEARS + 1)
    cells = [f'<text x="{_YEAR + at * _MONTH + 8}" y="10" text-anchor="middle">{at + 1}</text>' for at in range(12)]
    for year in range(first, last + 1):
        y = _HEAD + (year - first) * _MONTH
        cells.append(f'<text x="0" y="{y + 13}">{year}</text>')
        for at in range(12):
            row = found.get(f"{year:04d}-{at + 1:02d}")
            x = _YEAR + at * _MONTH
            if row is None:
                cells.append(f'<rect class="s0" x="{x}" y="{y}" width="{_MONTH - 3}" height="{_MONTH - 3}"/>')
                continue
            stopped = row["blocked"] + row["failed"] + row["limited"]
            cells.append(
                f"<g><title>{row['month']}: {row['reached']}/{row['days']}</title>"
                f'<rect class="{_shade(row["reached"], row["days"])}" x="{x}" y="{y}" width="{_MONTH - 3}" height="{_MONTH - 3}"/>'
                + (f'<path class="stop" d="M{x + 4} {y + 4}l9 9m0 -9l-9 9"/>' if stopped else "")
                + "</g>"
            )
    return _svg("coverage", title, _YEAR + 12 * _MONTH, _HEAD + (last - first + 1) * _MONTH, "".join(cells))


def province_map(
    provinces: Sequence[tuple[str, str, int]], title: str, *, number: Callable[[int], str] = str
) -> Markup:
    """A tile for each province, (code, name, number), that links to its page; all tiles have the same size, and no
    outside map is needed.

    Drawn once as a whole and once in parts, one group of islands at a time, each as large as fits a phone; the
    stylesheet picks one of the two.
    """
    shown = [each for each in provinces if each[0] in TILES]
    top = max((count for _, _, count in shown), default=0)
    parts = [_tiles([each for each in shown if each[0] in codes], top, title, number) for codes in _islands()]
    return Markup('{}<div class="parts">{}</div>').format(_tiles(shown, top, title, number), Markup("").join(parts))


def map_key(provinces: Sequence[tuple[str, str, int]]) -> list[tuple[str, int, int]]:
    """What the shades of the map mean: (class, fewest, most), without shades that no number can have."""
    top = max((count for code, _, count in provinces if code in TILES), default=0)
    edges = [math.floor(top * (step / 4) ** 2) for step in range(5)]
    return [("s0", 0, 0)] + [
        (f"s{step}", edges[step - 1] + 1, edges[step]) for step in range(1, 5) if edges[step] > edges[step - 1]
    ]


def _islands() -> list[set[str]]:
    """Sumatra; Java to Timor; Kalimantan and Sulawesi; Maluku and Papua: by the first digit of the codes."""
    return [{code for code in TILES if code[0] in digits} for digits in ("12", "35", "67", "89")]


def _tiles(provinces: Sequence[tuple[str, str, int]], top: int, title: str, number: Callable[[int], str]) -> Markup:
    """These tiles, in a drawing that starts at the first column and row with a tile."""
    places = [TILES[code] for code, _, _ in provinces]
    if not places:
        return Markup("")
    left, above = min(column for column, _ in places), min(row for _, row in places)
    tiles = []
    for code, name, count in provinces:
        column, row = TILES[code]
        x, y, shade = (column - left) * _TILE, (row - above) * _TILE, _shade(count, top)
        tiles.append(
            f'<a href="/regions/{escape(code)}"><title>{escape(name)}: {number(count)}</title><rect class="{shade}" x="{x}" y="{y}" width="{_TILE - 3}"'
            f' height="{_TILE - 3}" rx="4"/><text class="{shade}" x="{x + _TILE / 2 - 1.5}" y="{y + 22}" text-anchor="middle">{escape(_SHORT[code])}</text>'
            f'<text class="{shade}" x="{x + _TILE / 2 - 1.5}" y="{y + 38}" text-anchor="middle">{number(count)}</text></a>'
        )
    width, height = (
        (max(column for column, _ in places) - left + 1) * _TILE,
        (max(row for _, row in places) - above + 1) * _TILE,
    )
    return _svg("map", title, width, height, "".join(tiles), is_image=False)


def network_chart(
    lines: Sequence[tuple[str | None, str | None, int]], title: str, *, label: Callable[[str | None], str]
) -> Markup:
    """Papers on a circle, their names outside, an arrow for each (from, to, number): thicker means more, and the two
    directions run side by side.
    """
    names = list(dict.fromkeys(name for first, second, _ in lines for name in (first, second)))
    if len(names) < 2:
        return Markup("")
    angles = {name: 2 * math.pi * at / len(names) - math.pi / 2 for at, name in enumerate(names)}
    top = max(number for _, _, number in lines)
    parts = ['<defs><marker id="arrow" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
             '<path d="M0 0L6 3L0 6z"/></marker></defs>']  # fmt: skip
    for first, second, number in sorted(lines, key=lambda line: line[2]):
        (x1, y1), (x2, y2) = _at(angles[first], _RADIUS - 6), _at(angles[second], _RADIUS - 6)
        # Bent towards the middle and a little to the left in its own direction, so that the way back is another line.
        x = (x1 + x2) / 2 * 0.3 + _MIDDLE * 0.7 + (y2 - y1) * 0.12
        y = (y1 + y2) / 2 * 0.3 + _MIDDLE * 0.7 - (x2 - x1) * 0.12
        parts.append(
            f'<path class="line" d="M{x1:.0f} {y1:.0f} Q{x:.0f} {y:.0f} {x2:.0f} {y2:.0f}" stroke-width="{1 + 5 * math.sqrt(number / top):.1f}"'
            f' marker-end="url(#arrow)"><title>{escape(label(first))} → {escape(label(second))}: {number}</title></path>'
        )
    for name, angle in angles.items():
        (x, y), is_left = _at(angle, _RADIUS), math.cos(angle) < -1e-9
        turn = math.degrees(angle) + (180 if is_left else 0)
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4"/><g transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f})">'
            f'<text x="{-9 if is_left else 9}" y="4" text-anchor="{"end" if is_left else "start"}">{escape(shorten(label(name), _NAME))}</text></g>'
        )
    return _svg("network", title, 2 * _MIDDLE, 2 * _MIDDLE, "".join(parts))


def _at(angle: float, radius: float) -> tuple[float, float]:
    return _MIDDLE + radius * math.cos(angle), _MIDDLE + radius * math.sin(angle)


def _shade(number: int, top: int) -> str:
    """One of five classes, by the square root, so that small numbers remain visible beside large ones."""
    return f"s{math.ceil(4 * math.sqrt(number / top))}" if number and top else "s0"


def _svg(kind: str, title: str, width: float, height: float, inner: str, *, is_image: bool = True) -> Markup:
    """The drawing; one that contains links is not an image to a screen reader, but a group of them."""
    role = "img" if is_image else "group"
    return Markup(  # noqa: S704  (every value in it is escaped where it is put in)
        f'<svg class="chart {kind}" width="{width:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" role="{role}" aria-label="{escape(title)}">{inner}</svg>'
    )
