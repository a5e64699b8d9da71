"""Where the headline is among the lines of a page: what signs and dates an article is right above or below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.html import prose
from scraper.text import fold

if TYPE_CHECKING:
    from scraper.html import Node, Tree

_MAX_PLACES = 3
_MOST_HEADINGS = 30  # examined for the one that prints the headline
_LEVELS = 4  # ancestors of a heading


def place_headline(tree: Tree, headline: str) -> None:
    """Set the headline that headline_places() looks for; without it the first h1 is used, which may be a logo."""
    tree.headline_places = _find(tree, headline)


def headline_places(tree: Tree) -> list[int]:
    """Where among the page's lines (Tree.pieces) its headline begins.

    Menus, tickers and lists may print its words too: it is where the same line follows as after the heading, or else
    one of the last three places.
    """
    if tree.headline_places is None:
        tree.headline_places = _find(tree, "")
    return tree.headline_places


def _find(tree: Tree, headline: str) -> list[int]:
    title = fold(headline)
    heading = _printing(tree, title) if title else None
    heading = heading or next(iter(tree.tagged("h1")), None)
    if heading is None and title:  # no heading at all: the line itself
        return _places(tree.pieces(), headline)[-_MAX_PLACES:]
    lines = _lines(heading) if heading is not None else []
    if heading is None or not lines:
        return []
    pieces = tree.pieces()
    places = _places(pieces, lines[0])
    if len(places) > 1 and (after := _line_behind(heading)):
        end = len(lines)
        found = [place for place in places if pieces[place + end : place + end + 1] == [after]]
        places = found or places
    return places[-_MAX_PLACES:]


def _printing(tree: Tree, title: str) -> Node | None:
    """The heading that prints a title, or else the first h1 that contains it."""
    part: Node | None = None
    for node in (*tree.tagged("h1")[:_MOST_HEADINGS], *tree.tagged("h2", "h3")[:_MOST_HEADINGS]):
        text = fold(prose(node))
        if text == title:
            return node
        if part is None and node.tag == "h1" and title in text:
            part = node
    return part


def _places(pieces: list[str], line: str) -> list[int]:
    found: list[int] = []
    for _ in range(pieces.count(line)):
        found.append(pieces.index(line, found[-1] + 1 if found else 0))
    return found


def _line_behind(heading: Node) -> str | None:
    """The line of text that follows an element."""
    node: Node | None = heading
    for _ in range(_LEVELS):
        if node is None or node.tag == "body":
            return None
        behind = node.next
        while behind is not None:
            if lines := _lines(behind):
                return lines[0]
            behind = behind.next
        node = node.parent
    return None


def _lines(node: Node) -> list[str]:
    return [line for part in node.text(separator="\n").split("\n") if (line := part.strip())]
