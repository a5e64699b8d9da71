"""What is looked for on every page by its attributes, as one list: separate searches would each walk through the whole
page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.html import Node, Tree

_MARKS = "[hidden], [style*=none i], [style*=hidden i], [class*=pag], [class~=detail__multiple], a[rel~=tag], [class*=breadcrumb i]"
# Names that dates have, and so have many other things: used if nothing else gives the date.
_DATE_NAMES = "[class*=dat i], [class*=time i], [class*=publish i], [class*=meta i], [class*=byline i]"
_DATES = "[id*=date], [itemprop*=datePublished], [property*=date i], [property~='dc:created']"


def marked(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """Every element with a mark for pages, tags, breadcrumbs or hiding, with its attributes."""
    return tree.marked(_MARKS)


def hidden(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """Elements hidden by their own attributes, with those."""
    return [each for each in marked(tree) if "hidden" in each[1] or "none" in (each[1].get("style") or "")]


def with_class_containing(tree: Tree, names: frozenset[str]) -> Iterator[Node]:
    """Elements with one of these classes, each of which contains "pag" or "detail__multiple"."""
    for node, given in marked(tree):
        if (own := given.get("class")) and not names.isdisjoint(own.split()):
            yield node


def tag_links(tree: Tree) -> Iterator[Node]:
    """Links to other articles with the same tag, according to rel=tag, except those to its categories."""
    for node, given in marked(tree):
        if (rel := given.get("rel")) and node.tag == "a":
            kinds = rel.lower().split()
            if "tag" in kinds and "category" not in kinds:
                yield node


def breadcrumbs(tree: Tree) -> Iterator[Node]:
    """Elements with a class that calls them a breadcrumb."""
    for node, given in marked(tree):
        if (names := given.get("class")) and "breadcrumb" in names.lower():
            yield node


def dated(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """Elements whose id, itemprop or property may call them the date, with their attributes."""
    return tree.marked(_DATES)


def dated_by_class(tree: Tree) -> list[tuple[Node, Mapping[str, str | None]]]:
    """Elements whose classes may call them the date, with their attributes."""
    return tree.marked(_DATE_NAMES)
