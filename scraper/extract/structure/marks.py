"""What is looked for on every page by its attributes, as one list: each search of its own would walk through the whole page again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.html import Node, Tree

_MARKS = "[hidden], [style*=none i], [style*=hidden i], [class*=pag], .detail__multiple, a[rel~=tag]"
_DATES = "[id*=date], [itemprop*=datePublished], [property*=datePublished]"


def marked(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """Every element with a mark for pages, tags or what is hidden, with its attributes."""
    return tree.marked(_MARKS)


def hidden(tree: Tree) -> Iterator[Node]:
    """What its own attributes hide."""
    return (node for node, given in marked(tree) if "hidden" in given or "none" in (given.get("style") or ""))


def named(tree: Tree, names: frozenset[str]) -> Iterator[Node]:
    """What has one of these classes, each with "pag" in it or "detail__multiple"."""
    return (node for node, given in marked(tree) if not names.isdisjoint((given.get("class") or "").split()))


def tag_links(tree: Tree) -> Iterator[Node]:
    """Links to what else has a tag of the article, as rel=tag says; those to its categories aside."""
    for node, given in marked(tree):
        kinds = (given.get("rel") or "").lower().split()
        if "tag" in kinds and "category" not in kinds and node.tag == "a":
            yield node


def dated(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """What its id, itemprop or property may call the date, with its attributes."""
    return tree.marked(_DATES)
