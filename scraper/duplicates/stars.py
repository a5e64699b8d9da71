"""Clusters that do not chain: every text in one is a copy of the text at its centre.

The "star" cover of a graph (J. Aslam, E. Pelekhov, D. Rus, The Star Clustering Algorithm, 2004): the text of which the
most others are copies, and the closest ones, is the centre of the first cluster, then the next one that is not yet a
copy of any centre. A text that is a copy of several centres belongs to the one it resembles most. Pure; it depends on
the texts alone, not on the order in which they are given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True, kw_only=True)
class Vertex:
    """A text: `articles` have it, the first at `order` (a unique key); `like` maps other texts to how much they are
    like it.
    """

    order: tuple[object, ...]
    articles: int
    like: dict[bytes, float] = field(default_factory=dict)


def stars(texts: Mapping[bytes, Vertex]) -> dict[bytes, list[bytes]]:
    """The texts of each cluster, keyed by its centre (which is among them); a text that is like no other is a cluster
    of its own.
    """
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
        # min() takes the first of those that are equally alike, since they are in order.
        middles = sorted(found.keys() & like.keys(), key=lambda each: texts[each].order)
        found[min(middles, key=lambda each: -like[each])].append(key)
    return found
