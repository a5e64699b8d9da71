"""From an archive to a suggested layout: which pages, what is known about them, and how well the suggestion reads
others.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.archive.ask import templates
from scraper.archive.file import lookup
from scraper.errors import ExtractError, SiteError
from scraper.extract import extract_capture
from scraper.health.field_agreement import field_agreement
from scraper.health.suggest import Suggestion, TemplatePage, known_page, suggest
from scraper.health.template_names import Moved, moved, page_of, template_names
from scraper.sites.registry import by_slug, own_sites, use_sites
from scraper.typed import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.archive.file.library import Archive
    from scraper.records import Capture
    from scraper.sites import Portal, Site

PAGES = 40
APART = 8  # pages; from this many on, a layout is measured on other pages than those it was made from


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """Captures before and after a change, each of the newest pages; those after it with an earlier capture of their
    URL.
    """

    before: list[Capture]
    after: list[tuple[Capture, Capture | None]]


def portal_of(slug: str) -> tuple[Site, Portal]:
    """The site and the one portal of a slug. Raises SiteError."""
    found = by_slug(slug)
    if found is None or len(found[1]) != 1:
        raise SiteError(f"{slug!r} is not a portal of the catalogue (`kliping sites` lists them)")
    return found[0], found[1][0]


def halves(db: Archive, slug: str, since: datetime | None, *, limit: int = PAGES) -> Halves:
    """The pages of a portal before and after `since`; without it, those that its layouts read, and those that none
    reads.
    """
    if since is not None:
        before = templates.site_pages(db, slug, until=since, limit=limit)
        after = templates.site_pages(db, slug, since=since, limit=limit)
    else:
        after = templates.site_pages(db, slug, is_generic=True, limit=limit)
        until = min((datetime.fromisoformat(each.captured_at) for each in after), default=None)
        before = templates.site_pages(db, slug, is_generic=False, until=until, limit=limit)
    return Halves(
        before=[lookup.capture(db, each.capture_id) for each in before],
        after=[
            (lookup.capture(db, each.capture_id), lookup.capture(db, each.earlier_id) if each.earlier_id else None)
            for each in after
        ],
    )


def template_change(found: Halves) -> list[Moved]:
    """What was removed and added in the classes and ids of a site."""
    return moved(_vocabularies(found.before), _vocabularies([capture for capture, _ in found.after]))


def _vocabularies(captures: Sequence[Capture]) -> list[set[str]]:
    found = []
    for capture in captures:
        with contextlib.suppress(ExtractError):
            found.append(template_names(page_of(capture)))
    return found


def healed(slug: str, found: Halves) -> Suggestion | None:
    """A layout for the pages after a change, measured; None if none can be found."""
    site, portal = portal_of(slug)
    before = []
    for capture in found.before:
        with contextlib.suppress(ExtractError):
            before.append(extract_capture(capture))
    old_names = set[str]().union(*_vocabularies(found.before))
    pages = _known(site, found)
    paired = [page for page in pages if page.is_paired]
    # What a layout read is more certain than what the new page says about itself.
    sure = paired if len(paired) >= APART else pages
    is_apart = len(sure) >= APART
    measured = sure[1::2] if is_apart else sure
    learned = [page for page in pages if page not in measured] if is_apart else pages
    first = min((page.capture.fetched_at for page in pages), default=datetime.now(UTC))
    layout = suggest(learned, before, old_names, name=f"{site.name}/{_unused(site, first)}", zone=portal.zone)
    if layout is None:
        return None
    layout = replace(
        layout,
        since=first.date() - timedelta(days=1),
        confidence="inferred",
        source=f"{len(learned)} stored pages of {portal.hosts[0]}",
        checked=max(page.capture.fetched_at for page in pages).date(),
    )
    with using(replace(site, layouts=(layout, *site.layouts))):
        measure = field_agreement(measured)
    return Suggestion(
        layout=layout,
        agreement=measure,
        pages=len(measured),
        paired=len(paired),
        is_measured_apart=is_apart,
    )


def _known(site: Site, found: Halves) -> list[TemplatePage]:
    """What is known about the new pages: from the layouts for the earlier captures, else without a layout, since one
    may misread them.
    """
    paired = [known_page(capture, earlier) for capture, earlier in found.after if earlier is not None]
    kept = [page for page in paired if page is not None and page.is_paired]
    done = {page.capture.final_url for page in kept}
    with using(replace(site, layouts=())):
        others = [known_page(capture, None) for capture, _ in found.after if capture.final_url not in done]
    return [*kept, *(page for page in others if page is not None)]


def _unused(site: Site, first: datetime) -> str:
    taken = {layout.name for layout in site.layouts}
    return next(
        name
        for name in (f"{first:%Y}", f"{first:%Y-%m}", f"{first:%Y-%m-%d}", "new")
        if f"{site.name}/{name}" not in taken
    )


@contextlib.contextmanager
def using(*sites: Site) -> Iterator[None]:
    """Use these definitions instead of those with the same names, for the length of the block. Raises SiteError."""
    before = own_sites()
    names = {site.name for site in sites}
    use_sites((*(site for site in before if site.name not in names), *sites), instead=True)
    try:
        yield
    finally:
        use_sites(before, instead=True)


__all__ = ["Halves", "TemplatePage", "halves", "healed", "portal_of", "template_change", "using"]
