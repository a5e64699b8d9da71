"""Figures over time as SVG, drawn on the server, with axes, gaps and links. Pure.

A drawing has no viewBox: positions along the axes are percentages, so that it fills its place, and its letters are as
large as those of the page, even on a phone or at 200 %. A bar is a link for the mouse; the table under each drawing has
the same links for the keyboard.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_MARKS = 400
MAX_LINES = 5  # in one drawing
_TOP, _BASE = 12.0, 84.0  # per cent of the height: the positions of the highest value and of zero
_SMALL = 4  # with this few marks a drawing need not be large
_MARK_REM = 2.0  # the maximum width of a bar
_STEPS = (1, 2, 2.5, 5, 10)


class Mark(NamedTuple):
    """A period and its value; None is a gap: nobody looked, which is not 0. `href` leads to what was counted, None if
    there is no such page.
    """

    key: str
    value: float | None
    href: str | None = None


def bars(
    marks: Sequence[Mark],
    title: str,
    *,
    label: Callable[[str], str] = str,
    tick: Callable[[str], str] = str,
    number: Callable[[float], str] = "{:g}".format,
    gap: str = "",
    top: float | None = None,
    names: int = 4,
) -> Markup:
    """A bar for each mark, the last MAX_MARKS of them. `label` names a period in full, `tick` along the axis, `number`
    formats a value.

    `gap` says what a gap means; `top` is the highest value if several drawings share one scale; `names` is the number
    of names along the axis.
    """
    shown = list(marks)[-MAX_MARKS:]
    if not any(mark.value is not None for mark in shown):
        return Markup("")
    ticks = scale(max(top or 0, *(mark.value or 0 for mark in shown)))
    step = 100 / len(shown)
    inner = [*_grid(ticks), *_axis([mark.key for mark in shown], tick, step, names)]
    for at, mark in enumerate(shown):
        x = at * step
        if mark.value is None:
            inner.append(_gap(x, step, f"{label(mark.key)}: {gap}"))
            continue
        high = mark.value / ticks[-1] * (_BASE - _TOP)
        bar = (
            f'<rect class="hit" x="{x:.3f}%" y="{_TOP}%" width="{step:.3f}%" height="{_BASE - _TOP}%"/>'
            f'<rect class="bar" x="{x + step * 0.08:.3f}%" y="{_BASE - high:.2f}%" width="{step * 0.84:.3f}%" height="{high:.2f}%"/>'
        )
        inner.append(_linked(mark, bar, f"{label(mark.key)}: {number(mark.value)}"))
    inner += [*_values(ticks, number), _peak(shown, step, ticks, number)]
    return _figure("bars", title, inner, len(shown))


def line_plot(
    series: Sequence[tuple[str, Sequence[Mark]]],
    title: str,
    *,
    label: Callable[[str], str] = str,
    tick: Callable[[str], str] = str,
    number: Callable[[float], str] = "{:g}".format,
    gap: str = "",
) -> Markup:
    """The first MAX_LINES series over the same periods, each a line with its own colour and dashes, broken where there
    is a gap.
    """
    shown = [(name, list(marks)[-MAX_MARKS:]) for name, marks in series[:MAX_LINES]]
    values = [mark.value for _, marks in shown for mark in marks if mark.value is not None]
    if not values:
        return Markup("")
    ticks = scale(max(values))
    keys = [mark.key for mark in shown[0][1]]
    step = 100 / len(keys)
    inner = [*_grid(ticks), *_axis(keys, tick, step, 4)]
    inner += [
        _gap(at * step, step, f"{label(key)}: {gap}")
        for at, key in enumerate(keys)
        if all(marks[at].value is None for _, marks in shown)
    ]
    paths, points = [], []
    for line, (name, marks) in enumerate(shown):
        heights = [None if mark.value is None else mark.value / ticks[-1] for mark in marks]
        for is_gap, run in groupby(enumerate(heights), key=lambda pair: pair[1] is None):
            if not is_gap:
                way = " ".join(f"{(at + 0.5) * step * 10:.1f},{100 - (high or 0) * 100:.2f}" for at, high in run)
                paths.append(f'<polyline class="line q{line}" points="{way}"/>')
        for at, (mark, height) in enumerate(zip(marks, heights, strict=True)):
            if height is not None and mark.value is not None:
                dot = f'<circle class="dot q{line}" cx="{(at + 0.5) * step:.3f}%" cy="{_BASE - height * (_BASE - _TOP):.2f}%" r="3"/>'
                points.append(_linked(mark, dot, f"{name}, {label(mark.key)}: {number(mark.value)}"))
    inner.append(
        f'<svg x="0" y="{_TOP}%" width="100%" height="{_BASE - _TOP}%" viewBox="0 0 1000 100" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )
    legend = "".join(
        f'<li><svg class="swatch" width="32" height="10" aria-hidden="true"><path class="line q{line}" d="M0 5H32"/></svg> <bdi>{escape(name)}</bdi></li>'
        for line, (name, _) in enumerate(shown)
    )
    drawn = _figure("lines", title, [*inner, *points, *_values(ticks, number)], 2 * len(keys))
    return Markup(f'<ul class="legend">{legend}</ul>{drawn}')  # noqa: S704  (escaped above)


def _gap(x: float, step: float, said: str) -> str:
    return f'<rect class="gap" x="{x:.3f}%" y="{_TOP}%" width="{step:.3f}%" height="{_BASE - _TOP}%"><title>{escape(said)}</title></rect>'


def scale(top: float) -> list[float]:
    """Round values for an axis, from 0 to the first that is not below `top`: two to five steps."""
    if top <= 0:
        return [0, 1]
    raw = top / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(each * power for each in _STEPS if each * power >= raw * 0.999)
    if top >= 1 and step < 1:
        step = 1.0
    return [round(step * at, 10) for at in range(math.ceil(top / step - 1e-9) + 1)]


def _grid(ticks: list[float]) -> list[str]:
    """A line for each value of the axis."""
    heights = [(at, _height(value, ticks)) for at, value in enumerate(ticks)]
    return [
        f'<line class="{"grid" if at else "base"}" x1="0" x2="100%" y1="{y:.2f}%" y2="{y:.2f}%"/>' for at, y in heights
    ]


def _values(ticks: list[float], number: Callable[[float], str]) -> list[str]:
    """The values above their lines, every other one if there are many; to be drawn last, over the bars."""
    every = 2 if len(ticks) > 4 else 1
    shown = [value for at, value in enumerate(ticks) if at and (len(ticks) - 1 - at) % every == 0]
    return [f'<text x="2" y="{_height(value, ticks) - 1.5:.2f}%">{escape(number(value))}</text>' for value in shown]


def _height(value: float, ticks: list[float]) -> float:
    """The position of a value, in per cent from the top."""
    return _BASE - value / ticks[-1] * (_BASE - _TOP)


def _axis(keys: list[str], tick: Callable[[str], str], step: float, names: int) -> list[str]:
    """The names of some periods, few enough that they do not touch on a phone."""
    count = min(len(keys), names)
    places = sorted({round(at * (len(keys) - 1) / max(count - 1, 1)) for at in range(count)})
    found = []
    for at in places:
        x = (at + 0.5) * step
        anchor, x = ("start", at * step) if x < 12 and len(keys) > 1 else ("end", (at + 1) * step) if x > 88 and len(keys) > 1 else ("middle", x)  # fmt: skip
        found.append(f'<text x="{x:.2f}%" y="97%" text-anchor="{anchor}">{escape(tick(keys[at]))}</text>')
    return found


def _peak(shown: list[Mark], step: float, ticks: list[float], number: Callable[[float], str]) -> str:
    """The highest value, written at its position."""
    at, mark = max(enumerate(shown), key=lambda pair: pair[1].value or 0)
    if not mark.value:
        return ""
    x = (at + 0.5) * step
    anchor = "start" if x < 8 else "end" if x > 92 else "middle"
    y = _height(mark.value, ticks) - 1.5
    return f'<text class="peak" x="{x:.2f}%" y="{y:.2f}%" text-anchor="{anchor}">{escape(number(mark.value))}</text>'


def _linked(mark: Mark, drawn: str, said: str) -> str:
    titled = f"<title>{escape(said)}</title>"
    if mark.href is None:
        return f"<g>{titled}{drawn}</g>"
    return f'<a href="{escape(mark.href)}" tabindex="-1" aria-label="{escape(said)}">{titled}{drawn}</a>'


def _figure(kind: str, title: str, inner: Sequence[str], count: int) -> Markup:
    width = f"{max(count * _MARK_REM, 8):g}rem" if count * _MARK_REM < 44 else "100%"
    small = " small" if count <= _SMALL else ""
    hatch = '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6"/></pattern></defs>'
    drawing = f'<svg class="plot {kind}{small}" width="{width}" role="group" aria-label="{escape(title)}">{hatch}{"".join(inner)}</svg>'
    return Markup(f'<div class="figure">{drawing}</div>')  # noqa: S704  (every value in it is escaped where it is put in)
