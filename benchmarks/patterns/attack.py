"""How the work of one pattern grows with inputs made from it: what it repeats, what leads there, near misses."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from benchmarks.patterns.matcher import BUDGET, Counter, OverBudget, accepted

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from benchmarks.patterns.find import Found

LIMIT = 1.5  # bounded repeats look a little worse than 1 at the sizes tried; quadratic ones have 1.9 and more
# Patterns that may take more, because their input is short, or ours. Name: (maximum exponent, why it does no harm).
ALLOWED = {
    "scraper.extract.fields.picture._SIZE": (2.1, "the file name of a URL, which has at most 2,048 characters"),
    "scraper.extract.text.people._CUT": (math.inf, "a name out of a line of at most 400 characters, blanks collapsed"),
    "scraper.language.pack._CUT": (2.1, "a language pack, a file of our own"),
    "scraper.literal._STRINGS": (2.1, "is matched where a quote stands, never searched"),
}
FIRST, SIZES = (
    (32, 64),
    (200, 400, 800),
)  # characters of an input: a first try, and a second one if that was not linear, as far as necessary
SUSPICIOUS = 1.2
_LONGEST = 60  # characters of an example of what is repeated
MANY = 16  # fewer repeats are not growth


@dataclass(frozen=True, slots=True)
class Growth:
    """The worst input found: `exponent` is inf if the budget was exceeded."""

    found: Found
    exponent: float
    attack: str


@dataclass(slots=True)
class Shape:
    """The elements of a pattern: characters that distinguish its parts, and for each repeat what leads there and what
    it repeats.
    """

    letters: list[str] = field(default_factory=list)
    repeats: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    eaten: list[Callable[[str], bool]] = field(
        default_factory=list
    )  # for each repeat: the characters that it can pass over
    whole: tuple[str, ...] = ()

    def can_grow(self, piece: str) -> bool:
        """Whether one repeat can pass over this text, repeated: otherwise each try ends after a piece or two."""
        return any(all(map(eats, piece)) for eats in self.eaten)


_POOL = [*map(chr, range(0x20, 0x7F)), "\n", "\t", "\0", "é", "Ä", "–", "漢", "٣", "”"]


def shape_of(pattern: re.Pattern[Any]) -> Shape:  # noqa: C901  (one case for each kind of element)
    """The parts of a pattern, as far as they make inputs."""
    shape = Shape()
    parsed = sre_parser.parse(pattern.pattern, pattern.flags)
    sets: list[Callable[[str], bool]] = []
    is_bytes = isinstance(pattern.pattern, bytes)
    pool = [char for char in _POOL if not is_bytes or ord(char) < 256]

    def example(accepts: Callable[[str], bool]) -> str:
        return next((char for char in ("a", "1", " ", "A", *pool) if accepts(char)), "")

    def walk(items: Any, flags: int, lead: str) -> tuple[str, ...]:
        """Some texts that a sequence matches; each repeated part is kept with what precedes it."""
        texts: tuple[str, ...] = ("",)
        for op, argument in items:
            ways = of(op, argument, flags, lead + texts[0])
            texts = tuple(dict.fromkeys(first + second for first, second in product(texts[:4], ways)))[:8]
        return texts

    def of(op: Any, argument: Any, flags: int, lead: str) -> tuple[str, ...]:  # noqa: PLR0911
        accepts = accepted(op, argument, flags)
        if accepts is not None:
            sets.append(accepts)
            if op is sre.LITERAL:
                return (chr(argument),)
            return (example(accepts),)
        if op is sre.BRANCH:
            return tuple(dict.fromkeys(text for way in argument[1] for text in walk(way, flags, lead)[:2]))[:12]
        if op is sre.SUBPATTERN:
            return walk(argument[3], (flags | argument[1]) & ~argument[2], lead)
        if op is sre.ATOMIC_GROUP:
            return walk(argument, flags, lead)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = argument
            before = len(sets)
            texts = walk(inner, flags, lead)
            if high is sre.MAXREPEAT or int(high) >= MANY:
                shape.repeats.append((lead, texts))
                within = sets[before:]
                shape.eaten.append(lambda char: any(accepts(char) for accepts in within))
            return tuple(dict.fromkeys(((texts[0] * max(low, 1))[:_LONGEST], (texts[0] * low)[:_LONGEST], *texts[1:4])))
        if op in (sre.ASSERT, sre.ASSERT_NOT):
            walk(argument[1], flags, lead)
        if op in (sre.GROUPREF, sre.GROUPREF_EXISTS):
            sets.append(lambda _: True)  # whatever the group contains
        return ("",)

    shape.whole = walk(parsed, pattern.flags, "")
    by_parts: dict[tuple[bool, ...], str] = {}
    for char in ("a", "1", " ", "A", *pool):
        by_parts.setdefault(tuple(accepts(char) for accepts in sets[:60]), char)
    shape.letters = [char for char in by_parts.values() if shape.can_grow(char)][:24]
    return shape


def attacks(shape: Shape) -> Iterator[tuple[str, str, str]]:
    """Inputs as (lead, what is repeated, end)."""
    seen: set[tuple[str, str]] = set()

    def fresh(lead: str, piece: str) -> Iterator[tuple[str, str, str]]:
        if piece and (lead, piece) not in seen and shape.can_grow(piece):
            seen.add((lead, piece))
            yield lead, piece, ""
            yield lead, piece, "\0"

    leads = list(dict.fromkeys(["", *(lead for lead, _ in shape.repeats)]))[:6]
    for lead in leads:
        for letter in shape.letters:
            yield from fresh(lead, letter)
    for lead, texts in shape.repeats:
        for text in texts[:4]:
            yield from fresh(lead, text)
            yield from fresh("", lead + text)
            yield from fresh("", lead + text * 3)
    for text in shape.whole[:6]:
        yield from fresh("", text)
        yield from fresh("", text[:-1])
        yield from fresh("", text[:-1] + " ")
    for lead in leads:
        yield from fresh("", lead)
    for first, second in product(shape.letters[:5], repeat=2):
        if first != second:
            yield from fresh("", first + second)


def allowed(found: Found) -> float:
    """The exponent that a pattern may have."""
    return next((most for name, (most, _) in ALLOWED.items() if found.name.startswith(name)), LIMIT)


def growth(found: Found, *, enough: float = math.inf) -> Growth:
    """The worst exponent over all inputs that could be made; the search ends at one over `enough`."""
    shape = shape_of(found.pattern)
    worst = Growth(found, 1.0 if "search" in found.ways else 0.0, "")
    if not shape.repeats:
        return worst
    counter = Counter(found.pattern)
    seen: set[tuple[str, int, tuple[int, ...]]] = set()
    for attack, way in product(attacks(shape), found.ways):
        steps = _steps(counter, way, attack, FIRST)
        ratio = _exponent(steps)
        if (alike := (way, len(attack[1]), steps)) in seen:  # to the step: letters of the same kind
            continue
        seen.add(alike)
        if ratio <= max(SUSPICIOUS, worst.exponent):
            if min(ratio, 1.0) > worst.exponent:
                worst = Growth(found, min(ratio, 1.0), "")
            continue
        ratio = _exponent(_steps(counter, way, attack, SIZES))
        if ratio > worst.exponent:
            lead, piece, end = attack
            worst = Growth(found, ratio, f"{way}: {lead!r} + {piece!r}… + {end!r}")
        if worst.exponent >= enough:
            break
    return worst


def _steps(counter: Counter, way: str, attack: tuple[str, str, str], sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The steps for each size, as far as the budget allows and the growth has not proved linear."""
    lead, piece, end = attack
    steps: list[int] = []
    counter.budget = BUDGET if sizes is SIZES else BUDGET // 8
    for size in sizes:
        if len(steps) > 1 and _exponent(tuple(steps)) <= SUSPICIOUS:
            break
        try:
            steps.append(counter.run(lead + piece * max(size // len(piece), size // 8) + end, way))
        except (OverBudget, RecursionError):
            break
    return tuple(steps)


def _exponent(steps: tuple[int, ...]) -> float:
    """The exponent between the last two sizes; inf if even the second one exceeds the budget."""
    return math.log2(steps[-1] / steps[-2]) if len(steps) >= 2 else math.inf
