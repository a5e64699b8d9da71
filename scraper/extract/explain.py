"""Why a page was read as it was: layouts tried, candidates for the body with their scores, what was dropped by which rule.

Reads the page again with the same functions as extract(), which therefore need not carry a log of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.embedded import read_embedded
from scraper.extract.fields.body import find_body
from scraper.extract.fields.chains import Context, check_moment, headline_of
from scraper.extract.sources.layouts import candidates, choose_layout, missing_in, site_of
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.structure.blocks import read_blocks
from scraper.extract.structure.left_out import describe, left_out
from scraper.extract.text.clean import clean_blocks
from scraper.html import parse, prepare, prose, readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.extract.structure.blocks import RawBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a page was read.

    `layouts` has (name, what it did not find; None for the one taken) in the
    order they were tried. `candidates` are the generic reader's, as (selector,
    score, characters of text in it); () when a layout was taken. `containers`
    are the elements that were read. `dropped` has (rule, text) of everything
    in them that is not in the body.
    """

    headline: tuple[str, str] | None
    site: str | None
    layouts: tuple[tuple[str, str | None], ...]
    candidates: tuple[tuple[str, float, float], ...]
    containers: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]


def explain(
    html: bytes | str, *, url: str | None = None, fetched_at: datetime | None = None, charset: str | None = None
) -> Explanation:
    """Explain how extract() reads a page; also one that it refuses.

    Raises ExtractError for markup that cannot be parsed, and ValueError like extract().
    """
    check_moment(fetched_at)
    tree = parse(html if isinstance(html, str) else readable(html, charset), url=url)
    metadata = read_metadata(tree)
    site, portal = site_of(tree, metadata, url)
    embedded = read_embedded(tree, (layout.embedded for layout in site.layouts)) if site else {}
    prepare(tree)
    tried = []
    for layout in candidates(site.layouts, fetched_at) if site else ():
        missing = missing_in(tree, layout, embedded.get(layout.embedded) if layout.embedded else None)
        tried.append((layout.name, missing))
        if missing is None:
            break
    reading = choose_layout(tree, site, fetched_at, embedded) if site else None
    context = Context(url=url, fetched_at=fetched_at, zone=ZoneInfo(portal.zone) if portal else None, reading=reading)
    headline = headline_of(tree, metadata, context)
    title = headline[0] if headline else None
    dropped: list[tuple[str, str]] = []
    weighed: tuple[tuple[str, float, float], ...] = ()
    if reading is not None:
        boxes = reading.containers
        blocks: Sequence[RawBlock] = [block for box in boxes for block in read_blocks(box, related=reading.related)]
    else:
        body = find_body(tree, headline=title)
        boxes, weighed, blocks = body.found.boxes, body.candidates(), body.blocks
        dropped += [
            (f"element {describe(node)}", text)
            for box in boxes
            for node in left_out(box, body.kept)
            if (text := prose(node))
        ]
        kept = {id(block) for block in blocks}
        dropped += [("links, doubles, headings of nothing", block.text) for block in body.raw if id(block) not in kept]
    dropped += clean_blocks(blocks, base_url=url, headline=title).dropped
    return Explanation(
        headline=headline,
        site=portal.slug if portal else None,
        layouts=tuple(tried),
        candidates=weighed,
        containers=tuple(describe(box) for box in boxes),
        dropped=tuple(dropped),
    )
