"""The body of any news page, without site rules and without a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.body import RawBlock, read_blocks

if TYPE_CHECKING:
    from scraper.html import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericBody:
    """The blocks of the article body, and what `--explain` shows of how they were chosen."""

    blocks: tuple[RawBlock, ...]
    container: str
    explanation: tuple[str, ...] = ()


def find_body(tree: Tree, *, headline: str | None, explain: bool = False) -> GenericBody:
    """Find the article's body; `headline` (as the metadata has it) helps to know what is not body."""
    article = tree.css_first("article") or tree.body
    return GenericBody(blocks=tuple(read_blocks(article)) if article else (), container="article")
