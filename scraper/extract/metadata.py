"""What a page says of itself in machine form: JSON-LD, OpenGraph, meta, microdata, dataLayer literals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.html import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """`meta` has lower-cased name/property → contents in page order; `articles` the JSON-LD nodes that are news articles."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    articles: tuple[dict[str, Any], ...] = ()
    title: str | None = None
    canonical: str | None = None
    language: str | None = None

    def first(self, *names: str) -> str | None:
        """The first non-empty content among these meta names, in the order given."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value.strip():
                    return value.strip()
        return None


def read_metadata(tree: Tree) -> PageMetadata:
    """Gather every machine-readable source once."""
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name:
            meta.setdefault(name.lower(), []).append(attributes.get("content") or "")
    articles = []
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text())
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else [data]
        articles += [each for each in nodes if isinstance(each, dict) and "headline" in each]
    title = tree.css_first("title")
    canonical = tree.css_first('link[rel="canonical"]')
    root = tree.root
    return PageMetadata(
        meta=meta,
        articles=tuple(articles),
        title=title.text() if title else None,
        canonical=canonical.attributes.get("href") if canonical else None,
        language=root.attributes.get("lang") if root else None,
    )
