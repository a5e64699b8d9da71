"""From a parsed page to an Article: layouts by evidence, field chains, body, warnings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from scraper.confidence import confidence_of, weak_fields
from scraper.embedded import read_embedded
from scraper.errors import ExtractError, Reason
from scraper.extract.fields.authors import is_paper
from scraper.extract.fields.body import read_body
from scraper.extract.fields.chains import UNSURE, Context, Fields, chosen_headline, languages_of, read_fields
from scraper.extract.fields.kind import page_kind
from scraper.extract.fields.lede import read_lede
from scraper.extract.fields.pictures import read_pictures
from scraper.extract.fields.unseen import (
    is_guessed,
    is_half_of,
    is_printed_instead,
    is_unseen,
    leaves_prose,
    without_own_labels,
)
from scraper.extract.sources.layouts import choose_layout, site_of_page
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.sources.paper import read_paper
from scraper.extract.structure.paging import show_parts
from scraper.extract.text.correction import correction_in, marked_correction
from scraper.extract.text.dateline import title_case
from scraper.extract.verdict import refuse_no_article
from scraper.html import prepare
from scraper.language import host_language, page_languages, vocabulary
from scraper.records import Article, Author, Dateline
from scraper.sites.registry import is_other_url
from scraper.text import fold
from scraper.urls import host_of

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.extract.fields.body import ArticleBody
    from scraper.extract.fields.byline_choice import RankedByline
    from scraper.extract.fields.headline import Ranked
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.sources.paper import Paper
    from scraper.extract.text.clean import CleanBody
    from scraper.html import Tree
    from scraper.language import Vocabulary
    from scraper.records import Image, PageKind, Warning_
    from scraper.sites import Portal, Site

GENERIC_LAYOUT = "generic/1"
TEXT = "text"  # the provenance of what the article's own text says
_ZONE_LANGUAGES = dict.fromkeys(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), "id")
PROSE, ENOUGH_PROSE = 60, 800  # characters in a line that is not a label, and in a text that shows its language
# Words in a text that is an article's even without a title, and the number of its first words that replace one.
LONG_WORDS, FIRST_WORDS = 100, 12
SHORT_BODY_WORDS = 40  # shorter than any whole news text in the fixtures


@dataclass(slots=True, kw_only=True)
class Reading:
    """How a page was read, as far as the reading got.

    `layouts` has (name, what it did not find; None for the chosen one) in the order in which they were tried. `titles`
    are the most likely headlines and `bylines` the most likely bylines, if they were weighed. `article` is None for a
    page that was refused.
    """

    site: str | None = None
    layouts: tuple[tuple[str, str | None], ...] = ()
    headline: tuple[str, str] | None = None
    titles: tuple[Ranked, ...] = ()
    bylines: tuple[RankedByline, ...] = ()
    body: ArticleBody | None = None
    article: Article | None = None


def assemble(
    found: Reading,
    tree: Tree,
    markup: bytes | str,
    *,
    url: str | None,
    fetched_at: datetime | None,
    embeds: bool = False,
) -> None:
    """Read a parsed page (`markup` is the page before parsing), and record in `found` how.

    With `embeds`, posts of social networks count as quotes. Raises ExtractError if it is not an article.
    """
    metadata = read_metadata(tree, url)
    site, portal = site_of_page(tree, metadata, url)
    found.site = portal.slug if portal else None
    embedded = read_embedded(tree, (layout.embedded for layout in site.layouts)) if site else {}
    prepare(tree)
    if parts := show_parts(tree):
        tree.changed()
    reading, found.layouts = choose_layout(tree, site, fetched_at, embedded) if site else (None, ())
    context = Context(
        url=url,
        fetched_at=fetched_at,
        zone=ZoneInfo(portal.zone) if portal else None,
        vocabulary=vocabulary_of(tree, metadata, url, zone=portal.zone if portal else None),
        reading=reading,
        has_all_pages=parts > 0,
        markup=markup,
    )
    found.headline, found.titles = chosen_headline(tree, metadata, context)
    headline = found.headline
    correction = marked_correction(tree, markup, context.vocabulary)
    fields = read_fields(tree, metadata, context, headline[0] if headline else "")
    found.bylines = fields.people.bylines
    found.body = body = _body(tree, metadata, context, fields, headline[0] if headline else "", site, embeds=embeds)
    if headline is None:
        headline = found.headline = _first_words(body, url)
    shown = _Shown.of(tree, metadata, context, fields, body)
    refuse_no_article(
        metadata,
        fields,
        context.vocabulary,
        kind=shown.kind,
        words=body.clean.words,
        headline=headline[0],
        url=url,
        has_layout=reading is not None,
        is_other=is_other_url(url, metadata.canonical),
    )
    article = _article(tree, metadata, context, headline, fields, body, shown, site=site, portal=portal)
    found.article = _with_correction(article, body.clean, correction, context.vocabulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What kind of page it is, and the pictures in its text: determined once the text is known."""

    kind: PageKind
    images: tuple[Image, ...]
    provenance: dict[str, str]

    @classmethod
    def of(cls, tree: Tree, metadata: PageMetadata, context: Context, fields: Fields, body: ArticleBody) -> Self:
        """Determine both."""
        images = read_pictures(
            body.boxes,
            tree,
            lead=fields.image,
            base_url=fields.url or context.url,
            paper=read_paper(metadata, context.url),
            vocabulary=context.vocabulary,
        )
        kind, kind_from = page_kind(metadata, context.reading, context.url or fields.url, images, body.clean.words)
        found = {"kind": kind_from, "images": "generic:figure" if images else None}
        return cls(kind=kind, images=images, provenance={name: source for name, source in found.items() if source})


def _with_correction(article: Article, clean: CleanBody, marked: str | None, vocabulary: Vocabulary) -> Article:
    """The article with the paper's notice of a correction, marked by its element (`marked`) or by its place in the
    text.
    """
    notice = correction_in(clean.body, clean.removed, vocabulary) or marked
    if notice is None:
        return article
    source = "generic:[class*=correction]" if notice == marked else TEXT
    return replace(article, correction_notice=notice, provenance={**article.provenance, "correction_notice": source})


def _first_words(body: ArticleBody, url: str | None) -> tuple[str, str]:
    """How the text of a page without any title or heading begins, with its provenance: a fragment of a page, as some
    servers send and some archives keep. Raises ExtractError if the text is too short or in no element: that is not a
    page.
    """
    is_marked = any(box.tag != "body" for box in body.boxes) or any(block.box for block in body.judged)
    if body.clean.words < LONG_WORDS or not is_marked:
        raise ExtractError(url, Reason.NOT_ARTICLE, "no headline")
    words = body.clean.body[0].text.split()
    return " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else ""), f"{TEXT}{UNSURE}"


def _body(
    tree: Tree,
    metadata: PageMetadata,
    context: Context,
    fields: Fields,
    headline: str,
    site: Site | None,
    *,
    embeds: bool,
) -> ArticleBody:
    """The body by the layout, if there is one; if nobody has seen that layout on a page, only what the generic reader
    confirms.
    """
    read = partial(
        read_body,
        tree,
        context.markup,
        metadata,
        headline=headline,
        base_url=fields.url or context.url,
        vocabulary=context.vocabulary,
        site_lines=site.lines if site else (),
        embeds=embeds,
    )
    reading = context.reading
    body = read(reading)
    if is_unseen(reading) and leaves_prose(body.clean, tree) and is_half_of(body.clean, (other := read(None)).clean):
        return other
    if is_guessed(reading):
        return replace(body, clean=without_own_labels(body.clean, read(None).clean))
    return body


def vocabulary_of(tree: Tree, metadata: PageMetadata, url: str | None, *, zone: str | None = None) -> Vocabulary:
    """The vocabulary of a page: of the languages it declares, the language of its prose, its country's, and then
    English.

    The country is that of its host, or else of its paper's `zone`: systems declare English for papers in any language
    (merdeka.com). English always comes last: most systems that papers use are English, and so is whatever nobody
    translated.
    """
    prose: list[str] = []
    length = 0
    for piece in tree.pieces():
        if len(piece) >= PROSE:
            prose.append(piece)
            length += len(piece)
            if length >= ENOUGH_PROSE:
                break
    text = "\n".join(prose) if length >= PROSE else f"{metadata.title or ''}\n{tree.words()[:ENOUGH_PROSE]}"
    local = host_language(host_of(metadata.canonical or url or "")) or _ZONE_LANGUAGES.get(zone or "")
    return vocabulary(*page_languages((tag for tag, _ in languages_of(metadata)), text), *filter(None, [local]), "en")


def _article(
    tree: Tree,
    metadata: PageMetadata,
    context: Context,
    headline: tuple[str, str],
    fields: Fields,
    body: ArticleBody,
    shown: _Shown,
    *,
    site: Site | None,
    portal: Portal | None,
) -> Article:
    """Put the parts together; the text's own byline takes precedence over credits elsewhere on the page."""
    reading, clean = context.reading, body.clean
    lede, lede_from, is_cut = _lede(tree, metadata, reading, headline[0], fields, body)
    clean = _without_desks(clean, read_paper(metadata, context.url), context.vocabulary)
    authors, byline, signed_from = _signed(fields, clean)
    editors = tuple({fold(name): name for name in (*clean.editors, *fields.people.editors)}.values())
    found = _provenance(
        fields, clean, headline_from=headline[1], body_from=body.source, lede_from=lede_from if lede else None
    )
    site_from = {"site": "url"} if portal is not None else {}
    is_missed = site is not None and bool(site.layouts) and reading is None
    dateline, dateline_from = _dateline(clean, reading)
    provenance = found | site_from | signed_from | dateline_from | shown.provenance
    warnings = _warnings(fields, clean, is_cut=is_cut, is_missed=is_missed)
    confidence = confidence_of(provenance, warnings)
    return Article(
        url=fields.url,
        site=portal.slug if portal else None,
        kind=shown.kind,
        headline=headline[0],
        kicker=fields.kicker,
        lede=lede,
        byline=byline,
        authors=authors,
        editors=editors,
        source_credit=fields.source_credit or clean.source_credit,
        dateline=dateline,
        published_at=fields.published_at,
        modified_at=fields.modified_at,
        published_raw=fields.published_raw,
        body=clean.body,
        sign_off=clean.sign_off,
        related_links=clean.related_links,
        image=fields.image,
        images=shown.images,
        tags=fields.tags,
        section=fields.section,
        language=fields.language,
        page=fields.page,
        page_count=fields.page_count,
        next_page=None if 1 < fields.page_count <= body.hidden_parts + fields.page else fields.next_page,
        access=fields.access,
        layout=reading.layout.name if reading else GENERIC_LAYOUT,
        provenance=provenance,
        confidence=confidence,
        warnings=(*warnings, *weak_fields(confidence)),
    )


def _lede(
    tree: Tree, metadata: PageMetadata, reading: LayoutReading | None, headline: str, fields: Fields, body: ArticleBody
) -> tuple[str | None, str | None, bool]:
    """(lede, provenance, whether it is cut short); for a layout that was never seen, what the page prints instead."""
    text, caption = body.clean.body, fields.image.caption if fields.image else None
    lede, source, is_cut = read_lede(
        metadata, reading, text, headline=headline, caption=caption, standfirst=body.standfirst
    )
    if lede is not None and is_unseen(reading):
        other, other_from, _ = read_lede(metadata, None, text, headline=headline, caption=caption)
        if other is not None and is_printed_instead(other, lede, tree):
            return other, other_from, is_cut
    return lede, source, is_cut


def _dateline(clean: CleanBody, reading: LayoutReading | None) -> tuple[Dateline | None, dict[str, str]]:
    """(the dateline, its provenance): that of the text, or else the place that a design prints in a separate element."""
    apart = reading.dateline if reading is not None else None
    if clean.dateline is not None or apart is None:
        return clean.dateline, {}
    return Dateline(text=apart.text, place=title_case(apart.text)), {"dateline": apart.source}


def _without_desks(clean: CleanBody, paper: Paper, vocabulary: Vocabulary) -> CleanBody:
    """The text's findings without credits of the paper itself and of its desks ("Reporter: Tim Redaksi")."""
    names = [*(author.name for author in clean.authors), *clean.head_names, *clean.editors]
    nobody = {name for name in names if is_paper(name, paper, vocabulary)}
    if not nobody:
        return clean
    return replace(
        clean,
        authors=tuple(author for author in clean.authors if author.name not in nobody),
        head_names=tuple(name for name in clean.head_names if name not in nobody),
        editors=tuple(name for name in clean.editors if name not in nobody),
    )


def _signed(fields: Fields, clean: CleanBody) -> tuple[tuple[Author, ...], str | None, dict[str, str]]:
    """(the authors, the byline, the provenance of both)."""
    # The text may well repeat a byline that stands for nobody.
    unsure = {fold(author.name) for author in fields.people.unsure}
    heads = tuple(Author(name=name) for name in clean.head_names if fold(name) not in unsure)
    signed = _merged(clean.authors, fields.authors) or heads
    authors = signed or fields.people.unsure
    byline = clean.byline or fields.people.byline or ", ".join(author.name for author in authors) or None
    found = {}
    if authors and not fields.authors:
        found["authors"] = TEXT if signed else f"{fields.people.unsure_from or TEXT}{UNSURE}"
    if byline:
        found["byline"] = TEXT if clean.byline else fields.provenance.get("authors", TEXT)
    return authors, byline, found


def _provenance(
    fields: Fields, clean: CleanBody, *, headline_from: str, body_from: str, lede_from: str | None
) -> dict[str, str]:
    """The provenance of each field, except those that depend on how the sources were put together."""
    found = {"headline": headline_from, **({"body": body_from} if clean.body else {}), **fields.provenance}
    if lede_from:
        found["lede"] = lede_from
    for name, value in (
        ("authors", clean.authors),
        ("editors", clean.editors),
        ("dateline", clean.dateline),
        ("source_credit", clean.source_credit if not fields.source_credit else None),
        ("sign_off", clean.sign_off),
        ("related_links", clean.related_links),
    ):
        if value:
            found[name] = TEXT
    return found


def _warnings(fields: Fields, clean: CleanBody, *, is_cut: bool, is_missed: bool) -> tuple[Warning_, ...]:
    """The warnings for a reader of the record, each once."""
    warnings: list[Warning_] = list(fields.warnings)
    if is_cut:
        warnings.append("lede_truncated")
    if is_missed:
        warnings.append("layout_missed")
    if clean.is_doubtful:
        warnings.append("block_doubtful")
    if clean.words < SHORT_BODY_WORDS:
        warnings.append("body_short" if clean.words else "body_empty")
    return tuple(dict.fromkeys(warnings))


def _merged(first: tuple[Author, ...], second: list[Author]) -> tuple[Author, ...]:
    """Authors from the text, then those credited elsewhere who are not among them; a more specific role replaces
    "writer".
    """
    found = {fold(author.name): author for author in first}
    for author in second:
        known = found.get(fold(author.name))
        if known is None:
            found[fold(author.name)] = author
        elif known.role == "writer" and author.role != "writer":
            found[fold(author.name)] = replace(known, role=author.role)
    return tuple(found.values())
