"""How far coders agree: Krippendorff's alpha. Pure.

K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), by the matrix of coincidences: any number of
coders, missing values, four levels of measurement. Written out here because the well-kept library for it (krippendorff)
is under the GPL and needs numpy; tests compare with the examples in that paper.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Literal, get_args

from scraper.errors import CodingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff, Content Analysis (2004), p. 241


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement on one variable. `alpha` is 1 if all agree, 0 if agreement is by chance, and None if it says
    nothing: fewer than two values per unit, or one value only.

    `units` were coded by two or more, `values` are theirs; `alike` is the share of those units on which all their
    coders agree.
    """

    variable: str
    level: Level
    alpha: float | None
    units: int
    coders: int
    values: int
    alike: float | None

    @property
    def verdict(self) -> str:
        """What may be concluded, in Krippendorff's words: "reliable", "tentative", "unreliable", "undefined"."""
        if self.alpha is None:
            return "undefined"
        return "reliable" if self.alpha >= RELIABLE else "tentative" if self.alpha >= TENTATIVE else "unreliable"


def agreement(
    variable: str, units: Iterable[Mapping[str, str]], *, level: Level = "nominal", order: Sequence[str] = ()
) -> Agreement:
    """The agreement over units (coder → value, without missing ones). `order` ranks ordinal values (otherwise they are
    numbers).

    Raises CodingError for a value that must be a number and is not.
    """
    coded = [unit for unit in units if len(unit) > 1]
    return Agreement(
        variable=variable,
        level=level,
        alpha=alpha([list(unit.values()) for unit in coded], level=level, order=order),
        units=len(coded),
        coders=len({coder for unit in coded for coder in unit}),
        values=sum(map(len, coded)),
        alike=sum(len(set(unit.values())) == 1 for unit in coded) / len(coded) if coded else None,
    )


def alpha(units: Iterable[Sequence[str]], *, level: Level = "nominal", order: Sequence[str] = ()) -> float | None:
    """Krippendorff's alpha of units, each with the values it was given; None if it is undefined."""
    together: defaultdict[tuple[str, str], float] = defaultdict(float)
    for values in units:
        for pair in permutations(values, 2):
            together[pair] += 1 / (len(values) - 1)
    margins: Counter[str] = Counter()
    for (one, _), count in together.items():
        margins[one] += count  # type: ignore[assignment]  # (shares of counts)
    distance = _distance(level, order, margins)
    total = sum(margins.values())
    observed = sum(count * distance(one, other) for (one, other), count in together.items() if one != other)
    expected = sum(
        margins[one] * margins[other] * distance(one, other) for one in margins for other in margins if one != other
    )
    return 1 - (total - 1) * observed / expected if expected else None


def _distance(level: Level, order: Sequence[str], margins: Mapping[str, float]) -> Callable[[str, str], float]:
    """The function for the squared difference of two values, at each level."""
    if level == "nominal":
        return lambda _one, _other: 1.0
    if level == "ordinal":
        ranked = [value for value in order if value in margins]
        if len(ranked) < len(margins):
            ranked = sorted(margins, key=_number)
        place = {value: at for at, value in enumerate(ranked)}

        def ordinal(one: str, other: str) -> float:
            first, last = sorted((place[one], place[other]))
            between = sum(margins[value] for value in ranked[first : last + 1])
            return float((between - (margins[one] + margins[other]) / 2) ** 2)

        return ordinal
    numbers = {value: _number(value) for value in margins}
    if level == "interval":
        return lambda one, other: (numbers[one] - numbers[other]) ** 2

    def ratio(one: str, other: str) -> float:
        both = numbers[one] + numbers[other]
        return ((numbers[one] - numbers[other]) / both) ** 2 if both else 0.0

    return ratio


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise CodingError(f"{value!r} is not a number, as this level of measurement requires") from error


def majority(values: Iterable[str]) -> str | None:
    """The value that more than half gave; None if there is none."""
    counts = Counter(values)
    if not counts:
        return None
    value, count = counts.most_common(1)[0]
    return value if count * 2 > counts.total() else None
