"""Clusters that do not chain: every text of one is a copy of the text in its middle.

The "star" cover of a graph (J. Aslam, E. Pelekhov, D. Rus, The Star Clustering Algorithm, 2004): the text that most others are
copies of, and the closest ones, is the middle of the first cluster, then the next one that is a copy of no middle so far. A text
that is a copy of several middles belongs to the one it is most alike. Pure; it depends on the texts alone, not on the order they
are given in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True, kw_only=True)
class Vertex:
    """A text: `articles` have it, the first at `order` (a key that no other text has); `like` is how much, by other text."""

    order: tuple[object, ...]
    articles: int
    like: dict[bytes, float] = field(default_factory=dict)


def stars(texts: Mapping[bytes, Vertex]) -> dict[bytes, list[bytes]]:
    """The texts of each cluster, by the one in its middle (which is among them); a text that is like no other is one of its own."""
    degree = {
        key: text.articles + fsum(much * texts[other].articles for other, much in text.like.items())
        for key, text in texts.items()
    }
    found: dict[bytes, list[bytes]] = {}
    for key in sorted(texts, key=lambda each: (-degree[each], texts[each].order)):
        if found.keys().isdisjoint(texts[key].like):
            found[key] = [key]
    for key in sorted(texts.keys() - found.keys(), key=lambda each: texts[each].order):
        like = texts[key].like
        # The first of those that are equally alike: min() takes it, since they are in order.
        middles = sorted(found.keys() & like.keys(), key=lambda each: texts[each].order)
        found[min(middles, key=lambda each: -like[each])].append(key)
    return found
