"""Raw blocks → body, byline, dateline, related links, sign-off: what the text itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.records import Author, Block, Dateline, RelatedLink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.body import RawBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanBody:
    """The body without everything that RECORD.md keeps out of it, and what was found in its place."""

    body: tuple[Block, ...]
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()
    source_credit: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()  # (rule, text), for --explain


def clean_blocks(
    blocks: Sequence[RawBlock], *, base_url: str | None, headline: str | None, lede: str | None = None, brands: Sequence[str] = ()
) -> CleanBody:
    """Tell body from boilerplate, block by block."""
    return CleanBody(body=tuple(Block(kind=block.kind, text=block.text) for block in blocks))
