"""What a page says about itself in machine form: JSON-LD, meta, microdata times, dataLayer literals."""

from __future__ import annotations

import html as entities
import json
import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from scraper.extract.sources.article_nodes import OwnPage, article_nodes
from scraper.html import has_text
from scraper.literal import json_number, read_literal
from scraper.text import collapse, storable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.html import Node, Tree

Json = dict[str, Any]

# docs/contract.md promises it.
MAX_JSON_LD_CHARS = 1 << 20
MAX_JSON_LD_BLOCKS = 50
MAX_JSON_LD_DEPTH = 64
MAX_NODES = 2_000
MAX_TAGS = 2_000  # of <meta>, and of <link>
MAX_TITLE = 2_000  # characters
MAX_HEADINGS = 3  # of the first level
_DECODER = json.JSONDecoder(strict=False, parse_int=json_number)
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_CONTROL = re.compile(r"[\x00-\x1f]")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_COMMENT = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.*?\*/|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*+;?\s*+$", re.DOTALL)
_DATA_LAYER = re.compile(
    r"dataLayer(?:\s*(?:=\s*\[|\.push\s*\()|_content\s*=)\s*(?=\{)"
)  # the last one is from the plugin GTM4WP


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """`meta` maps lower-case names to contents in page order; `nodes` are all JSON-LD objects, `articles` those of
    articles.

    `data_layer` is the page's first dataLayer object; `is_broken` says that a JSON-LD block had to be repaired or
    skipped.
    """

    meta: dict[str, list[str]] = field(default_factory=dict)
    nodes: tuple[Json, ...] = ()
    articles: tuple[Json, ...] = ()
    data_layer: Json = field(default_factory=dict)
    title: str | None = None
    canonical: str | None = None
    next_page: str | None = None
    language: str | None = None
    is_broken: bool = False

    def first(self, *names: str) -> tuple[str, str] | None:
        """(content, name) of the first non-empty meta among these, in the order given."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value, name
        return None

    def values(self, key: str) -> Iterator[Any]:
        """The values of a property in the article nodes, best node first."""
        for node in self.articles:
            if node.get(key) not in (None, "", [], {}):
                yield node[key]

    def text(self, key: str) -> str | None:
        """The first string value of a property in the article nodes."""
        for value in self.values(key):
            if text := as_text(value):
                return text
        return None


def read_metadata(tree: Tree, url: str | None = None) -> PageMetadata:
    """Collect every machine-readable source of the page fetched at `url`; must run before the tree is prepared, which
    drops the scripts.
    """
    meta: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    for node in tree.tagged("link")[:MAX_TAGS]:
        attributes = node.attributes
        rel = (attributes.get("rel") or "").lower()
        if ("canonical" in rel or "next" in rel) and "href" in attributes:
            for relation in rel.split():
                links.setdefault(relation, attributes["href"] or "")
    for node in tree.tagged("meta")[:MAX_TAGS]:
        attributes = node.attributes
        name = (
            attributes.get("property")
            or attributes.get("name")
            or attributes.get("itemprop")
            or attributes.get("http-equiv")
        )
        held = attributes.get("content", attributes.get("value"))  # many a template writes value= instead of content=
        if name and held is not None:
            value = held
            if not value.isprintable() or "&" in value or "  " in value:
                value = entities.unescape(collapse(storable(value)))
            meta.setdefault(name.strip().lower(), []).append(value.strip())
    title = next(iter(tree.tagged("title")), None)
    nodes, is_broken, data_layer = _scripts(tree.tagged("script"))
    root = tree.root
    page = OwnPage.of([], [])
    if nodes:
        headings = [node.text()[:MAX_TITLE] for node in tree.tagged("h1")[:MAX_HEADINGS]]
        named = [value for name in ("og:title", "twitter:title") for value in meta.get(name, ())]
        page = OwnPage.of(
            [url, links.get("canonical"), *meta.get("og:url", ())],
            [*headings, *named, title.text() if title is not None else None],
        )
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang")) if root is not None else None
    return PageMetadata(
        meta=meta,
        nodes=tuple(nodes),
        articles=tuple(article_nodes(nodes, page)),
        data_layer=data_layer,
        title=collapse(title.text())[:MAX_TITLE] if title is not None else None,
        canonical=links.get("canonical") or None,
        next_page=links.get("next") or None,
        language=language or None,
        is_broken=is_broken,
    )


def _scripts(scripts: list[Node]) -> tuple[list[Json], bool, Json]:
    nodes: list[Json] = []
    is_broken = False
    data_layer: Json = {}
    blocks = 0
    for script in scripts:
        attributes = script.attributes
        kind = (attributes.get("type") or "").lower()
        if "ld+json" in kind:
            blocks += 1
            text = script.text()
            if blocks > MAX_JSON_LD_BLOCKS or len(text) > MAX_JSON_LD_CHARS:
                is_broken = True
                continue
            data, repaired = parse_json_ld(text)
            is_broken |= repaired
            nodes.extend(_flat(data))
        elif not data_layer and "src" not in attributes and has_text(script, b"dataLayer"):
            text = script.text()
            if found := _DATA_LAYER.search(text):
                literal = read_literal(text, found.end())
                data_layer = literal if isinstance(literal, dict) else {}
    return nodes[:MAX_NODES], is_broken, data_layer


def parse_json_ld(text: str) -> tuple[Any, bool]:
    """A JSON-LD block, and whether it had to be repaired; None if nothing could be read."""
    text = text.strip()
    if not text:
        return None, False
    try:
        return _checked(_DECODER.decode(text), text), False
    except (ValueError, RecursionError):
        pass
    mended = _repair(text)
    for repaired in (_COMMENT.sub("", text), mended, entities.unescape(mended)):
        try:
            return _checked(_DECODER.decode(repaired.strip()), repaired), True
        except (ValueError, RecursionError):
            continue
    try:  # several objects in one block, or rubbish after the first
        return _checked(json.JSONDecoder(strict=False).raw_decode(mended)[0], text), True
    except (ValueError, RecursionError):
        return _scavenge(text), True


def _repair(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", _COMMENT.sub("", text))).strip().rstrip(";")


def _checked(data: Any, text: str) -> Any:
    """The data, unless it is nested too deeply for the code that walks through it. Raises ValueError."""
    if text.count("{") + text.count("[") <= MAX_JSON_LD_DEPTH:
        return data

    level = [data] if isinstance(data, dict | list) else []
    for _ in range(MAX_JSON_LD_DEPTH):
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return data
    if any(level):
        raise ValueError("nested too deep")
    return data


_SCAVENGED = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description)"\s*:\s*"((?:[^"\\]|\\.){1,2000})"'
)
_SCAVENGED_AUTHOR = re.compile(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"([^"\\]{1,120})"')


def _scavenge(text: str) -> Json | None:
    """The plain properties of a block that is not JSON at all."""
    found: Json = {}
    for match in _SCAVENGED.finditer(text):
        found.setdefault(match[1], match[2].replace('\\"', '"').replace("\\/", "/"))
    if author := _SCAVENGED_AUTHOR.search(text):
        found["author"] = {"name": author[1]}
    return {"@type": "NewsArticle", **found} if found else None


def _flat(data: Any) -> Iterator[Json]:
    """All objects that may be an article, including those inside lists, @graph and mainEntity."""
    if isinstance(data, list):
        for each in data:
            yield from _flat(each)
    elif isinstance(data, dict):
        yield data
        for key in (
            "@graph",
            "mainEntity",
            "mainEntityOfPage",
            "hasPart",
            "itemListElement" if "@graph" in data else "mainEntity",
        ):
            inner = data.get(key)
            if isinstance(inner, list) or (isinstance(inner, dict) and len(inner) > 2):
                yield from _flat(inner)


def as_text(value: Any) -> str | None:
    """A JSON-LD value as text: a string, the first of a list, or an object's name or @value."""
    if isinstance(value, list):
        return next((text for each in value if (text := as_text(each))), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("text")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return collapse(storable(_without_markup(value))) or None


def _without_markup(text: str) -> str:
    if "&" in text:
        text = entities.unescape(entities.unescape(text))
    return _MARKUP.sub("", text) if "<" in text else text


def jsonld_names(value: Any) -> list[str]:
    """The names in a JSON-LD value: a string, an object's name or names, whole or in two parts, or a list of them."""
    if isinstance(value, list):
        return [text for each in value for text in jsonld_names(each)]
    if isinstance(value, dict):
        if isinstance(name := value.get("name"), list | dict):
            return jsonld_names(name)
        parts = [part for key in ("givenName", "familyName") if (part := as_text(value.get(key)))]
        value = value if name or not parts else " ".join(parts)
    text = as_text(value)
    return [text] if text else []
