"""One chain per field: site layout, then structured data, then what the page shows. docs/extraction.md gives the order and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.extract.fields.authors import People, read_people
from scraper.extract.fields.dates import Published, read_published
from scraper.extract.fields.headline import UNLIKELY, Ranked, rank_headlines
from scraper.extract.fields.page_numbers import read_page_numbers
from scraper.extract.fields.picture import read_picture
from scraper.extract.fields.unseen import (
    agree_in_part,
    is_same_line,
    is_sure,
    is_unseen,
    surer,
    surer_people,
    surer_picture,
)
from scraper.extract.sources.article_nodes import types_of
from scraper.extract.sources.metadata import PageMetadata, as_text
from scraper.extract.sources.paper import read_paper
from scraper.extract.structure.headline_lines import place_headline
from scraper.extract.structure.marks import breadcrumbs, tag_links
from scraper.records import WEB_YEARS
from scraper.text import collapse, fold
from scraper.urls import absolute, article_url, canonical_url, same_domain, without_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.html import Tree
    from scraper.language import Vocabulary
    from scraper.records import Access, Author, Image, Warning_

MAX_HEADLINE = 1000
MAX_TAGS = 50
MAX_CRUMBS = 6  # with more links it is a menu
UNSURE = " (unsure)"  # appended to the provenance of a value with little evidence
MIN_WORDS_AS_TAGS, NEARLY_ALL_WORDS = 5, 0.8
_TOLD = re.compile(r"\w+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_HOME = frozenset(
    {"home", "beranda", "homepage", "startseite", "start", "inicio", "accueil", "início", "strona główna", "index"}
)
_ACCESS: dict[str, Access] = {
    "free": "free",
    "metered": "metered",
    "locked": "premium",
    "premium": "premium",
    "paid": "premium",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known about a page before its fields are read; `zone` is the site's, or None if no site is known.

    `vocabulary` is that of the page's languages; `has_all_pages` says that the later pages of the article are in this
    one. `markup` is the page before parsing.
    """

    url: str | None
    fetched_at: datetime | None
    zone: tzinfo | None
    vocabulary: Vocabulary
    reading: LayoutReading | None = None
    has_all_pages: bool = False
    markup: bytes | str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Everything in an Article except what its body text says (text.clean.CleanBody) and its layout."""

    url: str
    people: People
    kicker: str | None = None
    source_credit: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_raw: str | None = None
    image: Image | None = None
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: str | None = None
    page: int = 1
    page_count: int = 1
    next_page: str | None = None
    access: Access = "unknown"
    provenance: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Warning_, ...] = ()

    @property
    def authors(self) -> list[Author]:
        """Authors that the page credits outside its text."""
        return self.people.authors


def check_moment(fetched_at: datetime | None) -> None:
    """Raise ValueError for a moment at which no page can have been fetched, or that has no time zone."""
    if fetched_at is not None and (fetched_at.tzinfo is None or fetched_at.year not in WEB_YEARS):
        raise ValueError(f"fetched_at: {fetched_at.isoformat()} has no time zone, or is from a year before the web")


def chosen_headline(
    tree: Tree, metadata: PageMetadata, context: Context
) -> tuple[tuple[str, str] | None, tuple[Ranked, ...]]:
    """((headline, provenance) or None, what it was chosen from); needed before the body is looked for."""
    reading = context.reading
    ranked = rank_headlines(tree, metadata, context.url) if reading is None or is_unseen(reading) else ()
    found: tuple[str, str] | None = None
    if ranked:
        best = ranked[0]
        # A <title> that no heading and no other title confirms is as often the site's.
        is_unsure = best.chance < UNLIKELY or best.candidate.source == "title"
        found = best.candidate.text, f"{best.candidate.source}{UNSURE}" if is_unsure else best.candidate.source
    if reading is not None:
        own = reading.headline
        agree = found is None or is_same_line(own.text, found[0])
        if found is None or agree or not is_sure("headline", found[1]):
            found, ranked = (own.text, own.source), ()
    return ((found[0][:MAX_HEADLINE], found[1]) if found else None), ranked


def url_of(metadata: PageMetadata, url: str | None) -> tuple[str, str]:
    """(canonical URL, provenance): the page's own if it is on the fetched URL's registrable domain, or else the fetched
    one.
    """
    own = metadata.canonical or ""
    og = metadata.first("og:url")
    for value, source in ((own, "link:canonical"), (og[0] if og else "", "meta:og:url")):
        found = canonical_url(value, url) if value else None
        if found and (url is None or same_domain(found, url)) and not _is_front_page(found, url):
            return without_page(found), source
    return (article_url(canonical_url(url) or url), "url") if url else ("", "url")


def _is_front_page(found: str, url: str | None) -> bool:
    """Whether a canonical URL names the site instead of the article: a mistake that would merge all its pages."""
    return url is not None and found.rstrip("/").count("/") <= 2 < url.rstrip("/").count("/")


def read_fields(tree: Tree, metadata: PageMetadata, context: Context, headline: str) -> Fields:
    """Run every field's chain except headline, lede and body; dates and names are looked for beside the headline ("" if
    there is none).
    """
    reading = context.reading
    place_headline(tree, headline)
    url, url_from = url_of(metadata, context.url)
    base = url or context.url
    marked = _marked(tree, metadata, context, base)
    published = read_published(
        tree,
        metadata,
        url=context.url or url,
        zone=context.zone,
        fetched_at=context.fetched_at,
        reading=reading,
        vocabulary=context.vocabulary,
        markup=context.markup,
        headline=headline,
    )
    language, language_from = next(languages_of(metadata), (None, None))
    canonical = metadata.canonical and absolute(metadata.canonical, base)
    named = tuple(each for each in (context.url, canonical) if each) or (url,)
    paging, count, next_page, pages_from = read_page_numbers(tree, metadata, reading, named if url else (), base or "")
    if context.has_all_pages:
        paging, next_page = replace(paging, is_unread=False), None
    if paging.first is not None and (first := canonical_url(paging.first)):
        url = without_page(first)
    access, access_from = _access(metadata)
    sources = {
        "url": url_from,
        **_printed_from(reading, marked.people, published),
        "image": marked.image[1],
        "tags": marked.tags[1],
        "section": marked.section[1],
        "language": language_from,
        "page": "url" if paging.page > 1 else None,
        "page_count": pages_from or ("url" if paging.page > 1 else None),
        "next_page": pages_from if next_page else None,
        "access": access_from,
    }
    return Fields(
        url=url,
        people=marked.people,
        kicker=reading.kicker.text if reading and reading.kicker else None,
        source_credit=_source_credit(reading),
        published_at=published.published_at,
        modified_at=published.modified_at,
        published_raw=published.published_raw,
        image=marked.image[0],
        tags=marked.tags[0],
        section=marked.section[0],
        language=language,
        page=paging.page,
        page_count=count,
        next_page=next_page,
        access=access,
        provenance={name: source for name, source in sources.items() if source},
        warnings=_warnings(metadata, marked.people, published, is_unread=paging.is_unread),
    )


class _Marked(NamedTuple):
    """What a layout may mark, each with its provenance; for a layout that was never seen, the more certain of two
    readings.
    """

    people: People
    image: tuple[Image | None, str | None]
    tags: tuple[tuple[str, ...], str | None]
    section: tuple[tuple[str, ...], str | None]


def _marked(tree: Tree, metadata: PageMetadata, context: Context, base: str | None) -> _Marked:
    paper = read_paper(metadata, context.url)

    def read(reading: LayoutReading | None) -> _Marked:
        return _Marked(
            read_people(tree, metadata, reading, context.vocabulary, url=context.url),
            read_picture(tree, metadata, base_url=base, reading=reading, paper=paper, vocabulary=context.vocabulary),
            _tags(tree, metadata, reading),
            _section(tree, metadata, reading),
        )

    own = read(context.reading)
    if not is_unseen(context.reading):
        return own
    other = read(None)
    agree = agree_in_part(own.section[0], other.section[0]) or len(other.section[0]) < len(own.section[0])
    return _Marked(
        surer_people(own.people, other.people),
        surer_picture(own.image, other.image, metadata),
        surer("tags", own.tags, other.tags, agree=agree_in_part(own.tags[0], other.tags[0])),
        surer("section", own.section, other.section, agree=agree),
    )


def _printed_from(reading: LayoutReading | None, people: People, published: Published) -> dict[str, str | None]:
    """The provenance of what is printed beside the headline."""
    return {
        "authors": people.authors_from,
        "editors": people.editors_from,
        "kicker": reading.kicker.source if reading and reading.kicker else None,
        "source_credit": reading.source_credit.source if reading and reading.source_credit else None,
        "published_at": published.published_from,
        "published_raw": published.published_from,
        "modified_at": published.modified_from,
    }


def _warnings(metadata: PageMetadata, people: People, published: Published, *, is_unread: bool) -> tuple[Warning_, ...]:
    found = list(published.warnings)
    if people.author_is_editor:
        found.append("author_is_editor")
    if metadata.is_broken:
        found.append("json_ld_broken")
    if is_unread:
        found.append("paging_unread")
    return tuple(found)


def _source_credit(reading: LayoutReading | None) -> str | None:
    if reading is None or reading.source_credit is None:
        return None
    return re.sub(r"^\s*(?:sumber|source)\s*[:：]\s*", "", reading.source_credit.text, flags=re.IGNORECASE) or None


def _tags(tree: Tree, metadata: PageMetadata, reading: LayoutReading | None) -> tuple[tuple[str, ...], str | None]:
    if reading is not None and reading.tags:
        texts = [
            part
            for found in reading.tags
            for part in (found.text.split("|") if found.source.startswith("layout:data:") else [found.text])
        ]
        return tuple(text.lstrip("#").strip() for text in texts)[:MAX_TAGS], reading.tags[0].source
    found = list(_named_tags(metadata))
    if found:
        # One tag, usually the section's name, says less than the list that contains it.
        first = found[0]
        longer = (each for each in found[1:] if len(first[0]) == 1 and set(first[0]) < set(each[0]))
        return next(longer, first)
    linked = [collapse(node.text()) for node in islice(tag_links(tree), MAX_TAGS)]
    return (_unique(linked), "generic:a[rel~=tag]") if linked else ((), None)


def _named_tags(metadata: PageMetadata) -> Iterator[tuple[tuple[str, ...], str]]:
    """(tags, provenance) of each source in the page's data, the best first, unless they are only the words of its
    description.
    """
    if values := [value for value in metadata.meta.get("article:tag", ()) if value]:
        yield _unique(part for value in values for part in value.split(",")), "meta:article:tag"
    for name in ("news_keywords", "parsely-tags", "sailthru.tags", "keywords"):
        if named := metadata.first(name):
            tags = _unique(re.split("[,;]", named[0]))
            if tags and not _are_words_of(tags, metadata):
                yield tags, f"meta:{name}"
    for value in metadata.values("keywords"):
        texts = value if isinstance(value, list) else (as_text(value) or "").split(",")
        if tags := _unique(text for each in texts if (text := as_text(each))):
            yield tags, "json-ld:keywords"


def _are_words_of(tags: tuple[str, ...], metadata: PageMetadata) -> bool:
    """Whether keywords are only the single words of headline and description, as some systems fill them in
    (merdeka.com, KapanLagi).
    """
    if len(tags) < MIN_WORDS_AS_TAGS or any(" " in tag for tag in tags):
        return False
    told = set(_TOLD.findall(fold(" ".join((metadata.title or "", *metadata.meta.get("description", ())[:1])))))
    return sum(fold(tag) in told for tag in tags) >= NEARLY_ALL_WORDS * len(tags)


def _unique(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in texts if 0 < len(text := collapse(each).lstrip("#")) <= 100))[:MAX_TAGS]


def _section(tree: Tree, metadata: PageMetadata, reading: LayoutReading | None) -> tuple[tuple[str, ...], str | None]:
    if reading is not None and reading.section:
        names = [found.text for found in reading.section if fold(found.text) not in _HOME]
        if names:
            return tuple(names), reading.section[0].source
    headline = fold(metadata.text("headline") or metadata.title or "")
    for node in metadata.nodes:
        if "BreadcrumbList" in types_of(node) and isinstance(items := node.get("itemListElement"), list):
            names = [
                text
                for item in items
                if (text := _crumb(item)) and fold(text) not in _HOME and fold(text) not in headline
            ]
            if names:
                return _unique(names), "json-ld:BreadcrumbList"
    if printed := _printed_crumbs(tree, headline):
        return printed, "generic:breadcrumb"
    if found := metadata.first(
        "article:section", "parsely-section", "sailthru.section", "section", "dtk:kanal", "content_category"
    ):
        return _unique(found[0].split(",")), f"meta:{found[1]}"
    for value in metadata.values("articleSection"):
        texts = value if isinstance(value, list) else [value]
        if sections := _unique(text for each in texts if (text := as_text(each))):
            return sections, "json-ld:articleSection"
    return (), None


def _printed_crumbs(tree: Tree, headline: str) -> tuple[str, ...]:
    """The links in the first element called a breadcrumb, without the home page and the headline."""
    for node in breadcrumbs(tree):
        links = [collapse(link.text()) for link in ([node] if node.tag == "a" else node.css("a[href]"))]
        kept = [text for text in links if fold(text) not in _HOME and fold(text) not in headline]
        if kept and len(links) <= MAX_CRUMBS:
            return _unique(kept)
    return ()


def _crumb(item: Any) -> str | None:
    return (as_text(item.get("name")) or as_text(item.get("item"))) if isinstance(item, dict) else None


def languages_of(metadata: PageMetadata) -> Iterator[tuple[str, str]]:
    """(language tag, provenance) of each language that a page declares, the best source first."""
    for value, source in (
        (metadata.language, "html:lang"),
        (metadata.text("inLanguage"), "json-ld:inLanguage"),
        ((metadata.first("og:locale") or (None,))[0], "meta:og:locale"),
        ((metadata.first("content-language", "language") or (None,))[0], "meta:content-language"),
    ):
        tag = (value or "").strip().replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            yield tag, source


def _access(metadata: PageMetadata) -> tuple[Access, str | None]:
    for value in metadata.values("isAccessibleForFree"):
        if str(value).lower() in ("true", "http://schema.org/true", "1"):
            return "free", "json-ld:isAccessibleForFree"
        if str(value).lower() in ("false", "http://schema.org/false", "0"):
            return "premium", "json-ld:isAccessibleForFree"
    if (found := metadata.first("article:content_tier", "article:access")) and found[0].lower() in _ACCESS:
        return _ACCESS[found[0].lower()], f"meta:{found[1]}"
    return "unknown", None
