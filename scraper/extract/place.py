"""Where elements stand to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.html import Node


def path(node: Node) -> Iterator[Node]:
    """The ancestors of an element, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def is_within(node: Node, outer: Node) -> bool:
    """Whether an element is below another one."""
    key = outer.mem_id
    return any(each.mem_id == key for each in path(node))


def is_child(node: Node, outer: Node) -> bool:
    """Whether an element is right below another one."""
    parent = node.parent
    return parent is not None and parent.mem_id == outer.mem_id


def ancestor(node: Node, tags: tuple[str, ...]) -> int | None:
    """The mem_id of the nearest of an element and its ancestors with one of these tags."""
    if node.tag in tags:
        return node.mem_id
    return next((each.mem_id for each in path(node) if each.tag in tags), None)
