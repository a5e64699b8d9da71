"""Which of a page's JSON-LD nodes describe its own article, and which describe other stories that it lists.

A node is another story's on two signs: it gives an address that is not this page's, and a headline that is not in this
page's titles. On one sign alone it stays: addresses move, and headlines are rewritten for search engines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from scraper.text import telling_words

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]
Answer = Literal["same", "other", "unknown"]

_ARTICLE_TYPES = re.compile(
    r"(?:News|Reportage|Analysis|Opinion|Background|Review|AskPublicNews|Satirical|Scholarly|Tech|LiveBlog|Blog|SocialMedia)?(?:Article|Posting|BlogPost|Report)$"
)
_TEMPLATE = re.compile(
    r"^\s*(?:\{\{?[^{}]*\}?\}|\[[a-z_ ]+\]|%[a-z_]+%|<%.*%>|headline|title|undefined|null)\s*$", re.IGNORECASE
)
_AMP = re.compile(r"/amp/?$|\.amp(?=\.html$|$)|^/amp(?=/)")
_SCRIPT = re.compile(r"\.(?:php|aspx?|jsp|cgi|cfm)$")  # may distinguish its stories by the query alone

SHARED = 0.34  # of the words of the shorter of two headlines: with fewer in common they are about different stories


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What identifies a page: its addresses (where it was fetched, canonical, og:url) and its titles."""

    addresses: frozenset[str]
    titles: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, addresses: Iterable[str | None], titles: Iterable[str | None]) -> OwnPage:
        """Created from whatever the page gives; None and addresses without a path are ignored."""
        return cls(
            frozenset(key for each in addresses if each and (key := _address(each))),
            tuple(words for each in titles if each and (words := _words(each))),
        )

    def about(self, node: Json) -> tuple[Answer, Answer]:
        """Whether a node has this page's address, and its headline."""
        given = {key for each in _addresses(node) if (key := _address(each))}
        address: Answer = "unknown"
        if given and self.addresses:
            address = "other" if given.isdisjoint(self.addresses) else "same"
        words = _words(str(node.get("headline") or ""))
        if not words or not self.titles:
            return address, "unknown"
        shared = max(len(words & title) / min(len(words), len(title)) for title in self.titles)
        return address, "same" if shared >= 1 - SHARED else "other" if shared < SHARED else "unknown"


def article_nodes(nodes: Iterable[Json], page: OwnPage) -> list[Json]:
    """The article nodes that may be this page's: those with its address or headline first, then those with a headline
    and a date.
    """
    found = {id(node): node for node in nodes if any(_ARTICLE_TYPES.search(kind) for kind in types_of(node))}
    about = {key: page.about(node) for key, node in found.items()}
    is_told = any("same" in answers for answers in about.values())
    kept = [
        node
        for key, node in found.items()
        if about[key] != ("other", "other") and not (is_told and "same" not in about[key] and "other" in about[key])
    ]

    def rank(node: Json) -> int:
        is_own = "same" in about[id(node)]
        return -(4 * is_own + ("headline" in node) + ("datePublished" in node))

    return sorted(kept, key=rank)


def types_of(node: Json) -> list[str]:
    """The schema.org types of a node, without their address prefix."""
    value = node.get("@type")
    kinds = value if isinstance(value, list) else [value]
    return [kind.rpartition("/")[2] for kind in kinds if isinstance(kind, str)]


def is_template(text: str) -> bool:
    """Whether a value is what a system writes when it has none: "{{ title }}", "Headline"."""
    return _TEMPLATE.match(text) is not None


def _addresses(node: Json) -> list[str]:
    found: list[str] = []
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            found += [inner for key in ("@id", "url") if isinstance(inner := value.get(key), str)]
    return found


def _address(url: str) -> str | None:
    """The part of an address that distinguishes stories; None for a front page or what is not an address."""
    try:
        parts = urlsplit(url.strip())
        query = parts.query
    except ValueError:
        return None
    path = _AMP.sub("", parts.path).rstrip("/").lower()
    if parts.scheme not in ("http", "https") or (not path and not query):
        return None
    return f"{path}?{query}" if query and (not path or _SCRIPT.search(path)) else path


@lru_cache(maxsize=256)  # a page states its headline in many places
def _words(text: str) -> frozenset[str]:
    """The words by which two headlines are compared; none for what a system writes when it has no headline."""
    return frozenset() if is_template(text) else telling_words(text)
