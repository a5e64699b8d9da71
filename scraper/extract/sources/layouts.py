"""Site layouts: raw strings and containers read with a site's own selectors."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from scraper.embedded import find
from scraper.extract.sources.editor_blocks import to_markup
from scraper.extract.sources.metadata import as_text
from scraper.extract.structure.blocks import is_hidden
from scraper.extract.structure.left_out import selector_of
from scraper.html import css, css_first, parse, prepare, prose, split_selector
from scraper.sites.registry import find_portal
from scraper.sites.validation import DATA
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree
    from scraper.sites import Embedded, Layout, Portal, Site

_YEAR = timedelta(days=366)
_OFFSET = re.compile(r"(?<!\s)\s*+(?:Z|[+-]\d{2}:?\d{2})$")


Missing = Literal["signature", "headline", "body"]  # what a layout that does not fit could not find


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutValue:
    """A raw value and where it was: `source` is the provenance, e.g. "layout:#arttitle"."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutReading:
    """What a layout's selectors matched, as printed; None or () if nothing matched."""

    layout: Layout
    headline: LayoutValue
    containers: tuple[Node, ...]
    related: frozenset[int]
    kicker: LayoutValue | None = None
    lede: LayoutValue | None = None
    dateline: LayoutValue | None = None
    published: LayoutValue | None = None
    modified: LayoutValue | None = None
    bylines: tuple[LayoutValue, ...] = ()
    editors: tuple[LayoutValue, ...] = ()
    source_credit: LayoutValue | None = None
    image_url: LayoutValue | None = None
    caption: LayoutValue | None = None
    credit: LayoutValue | None = None
    tags: tuple[LayoutValue, ...] = ()
    section: tuple[LayoutValue, ...] = ()
    pages: tuple[LayoutValue, ...] = ()
    next_page: LayoutValue | None = None
    dropped: tuple[tuple[str, str], ...] = ()  # (why, text as it is in the markup) of removed elements
    # Number of pages that the page announces, possibly in an element that the layout drops.
    announced: int | None = None
    parts: int = 0  # pages of the article in this page, if the layout knows their elements


@dataclass(frozen=True, slots=True)
class _Page:
    """What selectors are applied to: the prepared tree, and the layout's data ("data:" selectors)."""

    tree: Tree
    data: Any = None
    body: Node | None = None  # of a body that was data: what the page itself lacks is looked for there

    def values(self, selector: str) -> Iterator[str]:
        """The non-empty values of a selector, in page order."""
        if selector.startswith(DATA):
            for value in find(self.data, selector[len(DATA) :]):
                for each in value if isinstance(value, list) else [value]:
                    if text := as_text(each):
                        yield text
            return
        plain, attribute = split_selector(selector)
        nodes = self.tree.search(plain) or (css(self.body, plain) if self.body is not None else [])
        for node in nodes:
            if text := _value(node, attribute):
                yield text

    def has(self, selector: str) -> bool:
        """Whether a selector matches anything."""
        if selector.startswith(DATA):
            return next(self.values(selector), None) is not None
        return bool(self.tree.search(selector))

    def one(self, selectors: tuple[str, ...]) -> LayoutValue | None:
        """The value of the first match, selectors in order of preference."""
        for selector in selectors:
            if selector.startswith(DATA):
                text = next(self.values(selector), "")
            else:
                plain, attribute = split_selector(selector)
                node = next(iter(self.tree.search(plain)), None)
                if node is None and self.body is not None:
                    node = css_first(self.body, plain)
                text = _value(node, attribute) if node is not None else ""
            if text:
                return LayoutValue(text=text, source=f"layout:{selector}")
        return None

    def all(self, selectors: tuple[str, ...]) -> tuple[LayoutValue, ...]:
        """All values of the first selector that gives any."""
        for selector in selectors:
            if found := list(dict.fromkeys(self.values(selector))):
                return tuple(LayoutValue(text=text, source=f"layout:{selector}") for text in found)
        return ()

    def containers(self, selectors: tuple[str, ...]) -> list[Node]:
        """The elements that hold the body: those of the first selector that has any; data becomes markup."""
        for selector in selectors:
            if selector.startswith(DATA):
                markup = "".join(to_markup(value) for value in find(self.data, selector[len(DATA) :]))
                nodes = [_fragment(markup)] if markup.strip() else []
            else:
                nodes = self.tree.search(selector)
            if nodes:
                return [node for node in nodes if not any(_holds(other, node) for other in nodes)]
        return []


def read_layout(tree: Tree, layout: Layout, data: Any = None) -> LayoutReading | Missing:
    """Read a prepared page by a layout; if its headline or its body is missing, return what is.

    `data` is what the layout's `embedded` names (sources.editor_blocks converts it to markup), None if the page has
    none. Removes the layout's `drop` elements from the tree once it has matched.
    """
    page = _Page(tree, data)
    if layout.signature and not any(page.has(selector) for selector in layout.signature):
        return "signature"
    headline = page.one(layout.headline)
    if headline is None:
        return "headline"
    containers = page.containers(layout.body)
    if not containers:
        return "body"
    if layout.embedded is not None:
        page = _Page(tree, data, containers[0])
    reading = LayoutReading(
        layout=layout,
        headline=headline,
        containers=tuple(containers),
        related=frozenset(
            node.mem_id
            for selector in layout.related
            for box in containers
            for node in css(box, selector)
            if not is_hidden(node.attributes)
        ),
        kicker=page.one(layout.kicker),
        lede=_without(page.one(layout.lede), dateline := page.one(layout.dateline)),
        dateline=dateline,
        published=_clock(layout, page.one(layout.published)),
        modified=_clock(layout, page.one(layout.modified)),
        bylines=page.all(layout.byline),
        editors=page.all(layout.editors),
        source_credit=page.one(layout.source_credit),
        image_url=page.one(layout.image),
        caption=page.one(layout.caption),
        credit=page.one(layout.credit),
        tags=page.all(layout.tags),
        section=page.all(layout.section),
        pages=page.all(layout.pages),
        next_page=page.one(layout.next_page),
        parts=max((len(tree.search(selector)) for selector in layout.parts), default=0),
    )
    dropped, lines = _drop(tree, reading) if layout.drop else ((), [])
    # Only now, since the page's lines are read again without what was dropped.
    return replace(reading, dropped=dropped, announced=announced_pages(tree, lines))


def _drop(tree: Tree, reading: LayoutReading) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Remove a layout's `drop` elements from the tree: returns (why, text) of each, and the lines that may announce
    pages.
    """
    drop = ", ".join(reading.layout.drop)  # one walk through the text instead of one for each selector
    nodes = [node for box in reading.containers for node in css(box, drop) if node.mem_id not in reading.related]
    inside: set[int] = set()
    dropped: list[tuple[str, str]] = []
    lines: list[str] = []
    for node in nodes:
        parent = node.parent  # checking all ancestors of a node would cost more than the rest
        if (parent is None or parent.mem_id not in inside) and (text := node.text().strip()):
            dropped.append((f"layout {selector_of(node)}", text))
            if _PAGES in text and node.parser is tree:  # not of a body that was data
                lines += map(str.strip, node.text(separator="\n").split("\n"))
        inside.add(node.mem_id)
    tree.remove(nodes, reading.related)
    return tuple(dropped), lines


def _without(lede: LayoutValue | None, dateline: LayoutValue | None) -> LayoutValue | None:
    """A lede without the place that opens it in a separate element, which may be joined to its first word
    (vnexpress.net).
    """
    if lede is None or dateline is None:
        return lede
    return replace(lede, text=lede.text.removeprefix(dateline.text).lstrip(" -–—,:"))


def _clock(layout: Layout, found: LayoutValue | None) -> LayoutValue | None:
    """A date without its offset if that is known to be wrong."""
    if found is None or not layout.wrong_offset:
        return found
    return LayoutValue(text=_OFFSET.sub("", found.text), source=found.source)


def _fragment(markup: str) -> Node:
    """The container of a body that was data, prepared like the page. Raises ExtractError over the limits of a parse."""
    tree = parse(f"<!DOCTYPE html><body>{markup}")
    prepare(tree)
    body = tree.body
    assert body is not None  # noqa: S101  (the parser adds what is missing)
    return body


def _value(node: Node, attribute: str | None) -> str:
    return (node.attributes.get(attribute) or "").strip() if attribute else prose(node)


def _holds(outer: Node, inner: Node) -> bool:
    """Whether a container is inside another, so that its text would be read twice."""
    node = inner.parent
    while node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


_PAGES = "alaman"  # Halaman, halaman
MAX_PAGES = 60
# As the whole text of an element (Liputan6, Tribun, Kapanlagi pages of 2015–2026): in a sentence it means something
# else.
_PAGE_MARKER = re.compile(
    r"(?P<page>\d{1,2})\s++dari\s++(?P<count>\d{1,2})\s++halaman|halaman\s*+:?\s*+(?P<page2>\d{1,2})\s*+(?:/|dari)\s*+(?P<count2>\d{1,2})",
    re.IGNORECASE,
)


def announced_pages(tree: Tree, dropped: Sequence[str] = ()) -> int | None:
    """The number of pages that a page announces for its article, in its lines or those that were dropped; None if it
    announces none.
    """
    if _PAGES not in tree.words() and not dropped:
        return None
    counts = {
        int(match["count"] or match["count2"])
        for piece in (*tree.pieces(), *dropped)
        if _PAGES in piece
        and (match := _PAGE_MARKER.fullmatch(piece))
        and int(match["page"] or match["page2"]) <= int(match["count"] or match["count2"]) <= MAX_PAGES
    }
    return counts.pop() if len(counts) == 1 else None  # one article announces one number


MAX_LINKS = 1_000
MIN_LINKS = 10  # absolute ones, to the paper's own domain


def site_of_page(tree: Tree, metadata: PageMetadata, url: str | None) -> tuple[Site, Portal] | tuple[None, None]:
    """The site and portal of a page, (None, None) for one that is not in the catalogue.

    A page that was saved without its address, and does not print it, is attributed to the paper to which most of its
    links lead.
    """
    printed = metadata.first("og:url")
    named = (url, metadata.canonical, printed[0] if printed else None)
    found = find_portal(*named)
    return found if found[0] is not None or any(named) else find_portal(_most_linked(tree))


def _most_linked(tree: Tree) -> str | None:
    """The address to which most absolute links of a page lead; None if they lead everywhere."""
    links = (node.attributes.get("href") or "" for node in tree.css('a[href^="http"]')[:MAX_LINKS])
    hosts = Counter(host for link in links if (host := host_of(link)))
    domains: Counter[str] = Counter()
    for host, count in hosts.items():
        domains[registrable_domain(host)] += count
    if not domains:
        return None
    domain, count = domains.most_common(1)[0]
    if count < MIN_LINKS or 2 * count < hosts.total():
        return None
    return f"http://{max((host for host in hosts if registrable_domain(host) == domain), key=hosts.__getitem__)}/"


def choose_layout(
    tree: Tree, site: Site, fetched_at: datetime | None, embedded: Mapping[Embedded, Any]
) -> tuple[LayoutReading | None, tuple[tuple[str, Missing | None], ...]]:
    """(the reading of the first layout that finds headline and body, the layouts tried with what each did not find).

    Layouts whose period contains the capture come first.
    """
    tried: list[tuple[str, Missing | None]] = []
    for layout in layouts_to_try(site.layouts, fetched_at):
        reading = read_layout(tree, layout, embedded.get(layout.embedded) if layout.embedded else None)
        if isinstance(reading, LayoutReading):
            return reading, (*tried, (layout.name, None))
        tried.append((layout.name, reading))
    return None, tuple(tried)


def layouts_to_try(layouts: tuple[Layout, ...], fetched_at: datetime | None) -> list[Layout]:
    """Layouts in the order to try: those whose period contains the capture, then, newest to oldest, those that only
    their own signature admits.

    A layout without a signature would read any page that has a headline and its container: it is tried only for
    captures in its period, and within a year of it, since nobody noted the day of a redesign.
    """
    if fetched_at is None:
        return list(layouts)
    day = fetched_at.date()
    return sorted(
        (layout for layout in layouts if layout.signature or layout.embedded or _holds_day(layout, day, _YEAR)),
        key=lambda layout: not _holds_day(layout, day),
    )


def _holds_day(layout: Layout, day: date, around: timedelta = timedelta()) -> bool:
    return (layout.since is None or layout.since - around <= day) and (
        layout.until is None or day <= layout.until + around
    )
