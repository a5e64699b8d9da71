"""Site layouts: raw strings and containers read by a site's own selectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.html import css, css_first, parse, prose

if TYPE_CHECKING:
    from scraper.html import Node, Tree
    from scraper.sites import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A raw value and where it was: `source` is the provenance, e.g. "layout:#arttitle"."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutReading:
    """What a layout's selectors matched, as printed; None or () where nothing matched."""

    layout: Layout
    headline: Found
    containers: tuple[Node, ...]
    related: frozenset[int]
    kicker: Found | None = None
    lede: Found | None = None
    published: Found | None = None
    modified: Found | None = None
    bylines: tuple[Found, ...] = ()
    editors: tuple[Found, ...] = ()
    source_credit: Found | None = None
    image_url: Found | None = None
    caption: Found | None = None
    credit: Found | None = None
    tags: tuple[Found, ...] = ()
    section: tuple[Found, ...] = ()
    pages: tuple[Found, ...] = ()
    next_page: Found | None = None


def read_layout(tree: Tree, layout: Layout) -> LayoutReading | None:
    """Read a prepared page by a layout; None if its headline or its body is not there.

    Takes the layout's `drop` elements out of the tree once it has matched.
    """
    if layout.signature and not any(css_first(tree, selector) is not None for selector in layout.signature):
        return None
    headline = _one(tree, layout.headline)
    if headline is None:
        return None
    containers = next((nodes for selector in layout.body if (nodes := css(tree, selector))), [])
    containers = [node for node in containers if not any(_holds(other, node) for other in containers)]
    if not containers:
        return None
    reading = LayoutReading(
        layout=layout,
        headline=headline,
        containers=tuple(containers),
        related=frozenset(
            node.mem_id for selector in layout.related for box in containers for node in css(box, selector)
        ),
        kicker=_one(tree, layout.kicker),
        lede=_one(tree, layout.lede),
        published=_one(tree, layout.published),
        modified=_one(tree, layout.modified),
        bylines=_all(tree, layout.byline),
        editors=_all(tree, layout.editors),
        source_credit=_one(tree, layout.source_credit),
        image_url=_one(tree, layout.image),
        caption=_one(tree, layout.caption),
        credit=_one(tree, layout.credit),
        tags=_all(tree, layout.tags),
        section=_all(tree, layout.section),
        pages=_all(tree, layout.pages),
        next_page=_one(tree, layout.next_page),
    )
    for selector in layout.drop:
        for box in containers:
            for node in css(box, selector):
                if node.mem_id not in reading.related:
                    node.decompose()
    return reading


def check_layout(layout: Layout) -> list[str]:
    """The layout's selectors that do not compile, as "field: selector"."""
    problems = []
    empty = parse("<p></p>")
    for field in SELECTOR_FIELDS:
        for selector in getattr(layout, field):
            try:
                css(empty, _plain(selector)[0])
            except ValueError:
                problems.append(f"{field}: {selector}")
    return problems


SELECTOR_FIELDS = (
    "body", "headline", "signature", "kicker", "lede", "published", "modified", "byline", "editors", "source_credit", "image", "caption",
    "credit", "tags", "section", "related", "pages", "next_page", "drop",
)  # fmt: skip


def _plain(selector: str) -> tuple[str, str | None]:
    """A selector and the attribute it asks for: "img.lead@src" → ("img.lead", "src"); None means the text."""
    head, mark, attribute = selector.rpartition("@")
    return (head, attribute) if mark and attribute.replace("-", "").isalnum() else (selector, None)


def _value(node: Node, attribute: str | None) -> str:
    return (node.attributes.get(attribute) or "").strip() if attribute else prose(node)


def _one(tree: Tree, selectors: tuple[str, ...]) -> Found | None:
    """The first non-empty value, selectors in order of preference."""
    for selector in selectors:
        plain, attribute = _plain(selector)
        node = css_first(tree, plain)
        if node is not None and (text := _value(node, attribute)):
            return Found(text=text, source=f"layout:{selector}")
    return None


def _all(tree: Tree, selectors: tuple[str, ...]) -> tuple[Found, ...]:
    """All values of the first selector that gives any."""
    for selector in selectors:
        plain, attribute = _plain(selector)
        found = [text for node in css(tree, plain) if (text := _value(node, attribute))]
        if found:
            return tuple(Found(text=text, source=f"layout:{selector}") for text in dict.fromkeys(found))
    return ()


def _holds(outer: Node, inner: Node) -> bool:
    """Whether a container is inside another: its text would be read twice."""
    node = inner.parent
    while node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False
