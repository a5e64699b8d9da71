"""One walk through a parsed page for every question about it as a whole: separate searches would each walk it again.

This one asks the parser's binding for every element; scraper/native/_walk.pyx has the same class compiled.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import Any, Protocol

from scraper.text import collapse, size

# Stands for <br> in the text of a prepared tree; as a control character it cannot be part of a page's words.
LINE_BREAK = "\x1f"
Node = Any  # scraper.html.Node


class Walk(Protocol):
    """The elements of a page in document order, as they were when this was made."""

    def __len__(self) -> int: ...

    def tagged(self, tag: str) -> list[Node]:
        """The elements with a tag, except those inside what is never text (<svg>, <noscript>)."""
        ...

    def take(self, tag: str) -> list[Node]:
        """The same, for callers that remove them from the page: none are left here."""
        ...

    def links(self) -> list[tuple[Node, str]]:
        """All <a> with an address that is not empty, each with its address."""
        ...

    def loose(self, tags: tuple[str, ...], least: int, most: int) -> list[tuple[Node, int, int]]:
        """(element, size of its own text, number of its LINE_BREAKs) of those among the first `most` elements with these tags,
        tag by tag, whose own text on one line has at least the size `least` (scraper.text.size).
        """
        ...

    def by_id(self) -> dict[str, list[Node]]:
        """The elements with an id, even inside what is never text, keyed by it; an id without a value is ""."""
        ...

    def matching(self, selector: str, root: Node | None = None) -> list[Node] | None:
        """The elements that match a selector, of the whole page or of one and its descendants; twice if two selectors
        of a list match, as the engine gives them. None if the engine has to be asked.
        """
        ...

    def inside(self, nodes: list[Node]) -> dict[str, set[int]] | None:
        """The mem_ids of some elements and all their descendants, by tag; None if a new walk is faster than removing
        them.
        """
        ...

    def leave_out(self, gone: dict[str, set[int]]) -> None:
        """Forget elements that were removed from the page."""
        ...


class PlainWalk:
    """A walk that asks the binding for each element."""

    def __init__(self, tree: Any, holders: frozenset[int], few: int) -> None:
        self._tree, self._few = tree, few
        nodes = tree.tags("*")
        self._count = len(nodes)
        by_number: dict[int, list[Node]] = {}
        walk = iter(nodes)
        for node in walk:
            number = node.tag_id
            alike = by_number.get(number)
            if alike is None:  # a defaultdict would take longer
                by_number[number] = [node]
            else:
                alike.append(node)
            if number in holders and node.first_child is not None:  # nothing in it is text
                held = len(node.css("*")) - 1
                next(islice(walk, held, held), None)
        self._by_tag: dict[str, list[Node]] = {alike[0].tag or "": alike for alike in by_number.values()}

    def __len__(self) -> int:
        return self._count

    def tagged(self, tag: str) -> list[Node]:
        return self._by_tag.get(tag) or []

    def take(self, tag: str) -> list[Node]:
        return self._by_tag.pop(tag, [])

    def links(self) -> list[tuple[Node, str]]:
        return [(node, href) for node in self.tagged("a") if (href := node.attrs.get("href"))]

    def loose(self, tags: tuple[str, ...], least: int, most: int) -> list[tuple[Node, int, int]]:
        found = []
        for node in list(chain.from_iterable(map(self.tagged, tags)))[:most]:
            text = node.text(deep=False)
            if not text.isspace() and (length := size(collapse(text))) >= least:
                found.append((node, length, text.count(LINE_BREAK)))
        return found

    def by_id(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self._tree.css("[id]"):
            found.setdefault(node.id or "", []).append(node)
        return found

    def matching(self, selector: str, root: Node | None = None) -> None:  # noqa: ARG002
        return None

    def inside(self, nodes: list[Node]) -> dict[str, set[int]] | None:
        if len(nodes) > self._few:
            return None
        gone: dict[str, set[int]] = {}
        for node in nodes:
            for each in node.css("*"):
                gone.setdefault(each.tag or "", set()).add(each.mem_id)
        return gone

    def leave_out(self, gone: dict[str, set[int]]) -> None:
        for tag, keys in gone.items():
            self._by_tag[tag] = [node for node in self.tagged(tag) if node.mem_id not in keys]
