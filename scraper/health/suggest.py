"""A new layout for a site whose template changed: known values of its articles, looked up in the new markup. Pure.

What an article says is known from an earlier capture of the same URL, read by the layout that still fitted, or else
from the new page's structured data and its text according to the generic reader. Names, sections and tags that the
paper used before are also known. A selector is proposed if it gives those values across the pages, and measured on
pages it was not made from.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from scraper.dates import parse_date
from scraper.errors import ExtractError
from scraper.extract import extract_capture
from scraper.health.template_names import page_of, template_names
from scraper.html import prepare, prose, split_selector
from scraper.sites import Layout
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from scraper.html import Node, Tree
    from scraper.records import Article, Capture

    _Check = Callable[
        [Article, "TemplatePage", list[str]], bool | None
    ]  # whether these values are the wanted ones; None: unknown

MAX_DEPTH = 4  # ancestors that a selector may name
MAX_TRIED = 60  # selectors for a field, those with the most pages
_DATA = ("json", "meta", "link")  # provenances of structured data
FEW = 3
MAX_CHOSEN = 3
ENOUGH = 0.5  # of the pages: a selector that gives less is not a rule
SLACK = 40  # characters around a name ("Penulis: …")
_NAME = re.compile(r"[A-Za-z][\w-]*")
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"\d{3,}")
_TEXT_TAGS = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "p", "span", "div", "time", "a", "b", "strong", "li", "figcaption", "em", "i", "td"}
)
_MANY = frozenset({"tags", "section", "byline", "editors"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePage:
    """One page of the new template, and what is known about its article."""

    capture: Capture
    truth: Article
    is_paired: bool  # read from an earlier capture, by a layout


@dataclass(slots=True)
class _Parsed:
    page: TemplatePage
    tree: Tree
    texts: dict[str, list[Node]] = field(default_factory=dict)  # keyed by folded text


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A layout to accept or reject. `agreement` are (agreeing, known) for each field on pages it was not made from, if
    there are enough.
    """

    layout: Layout
    agreement: dict[str, tuple[int, int]]
    pages: int
    paired: int
    is_measured_apart: bool


def known_page(capture: Capture, earlier: Capture | None) -> TemplatePage | None:
    """What is known about a new page; None if neither it nor its earlier capture can be read."""
    if earlier is not None:
        try:
            article = extract_capture(earlier)
        except ExtractError:
            pass
        else:
            if not article.layout.startswith("generic/"):
                return TemplatePage(capture=capture, truth=article, is_paired=True)
    try:
        return TemplatePage(capture=capture, truth=_said_in_data(extract_capture(capture)), is_paired=False)
    except ExtractError:
        return None


def _said_in_data(article: Article) -> Article:
    """Only what a page says about itself in structured data: a guessed date or name would teach the guess."""
    empty: dict[str, Any] = {
        "published_at": None,
        "lede": None,
        "authors": (),
        "editors": (),
        "image": None,
        "tags": (),
        "section": (),
    }
    guessed = {name for name in empty if not article.provenance.get(name, "").startswith(_DATA)}
    return replace(article, **{name: value for name, value in empty.items() if name in guessed})


def suggest(
    pages: Sequence[TemplatePage], before: Sequence[Article], old_names: set[str], *, name: str, zone: str
) -> Layout | None:
    """A layout for these pages; None if no selector gives the headline or the body.

    `before` are articles of the old template, `old_names` its classes and ids (vocabulary.template_names).
    """
    parsed = [each for page in pages if (each := _parsed(page)) is not None]
    if not parsed:
        return None
    found: dict[str, Any] = {}
    for key, wanted in _wanted(before, zone).items():
        if chosen := _chosen(parsed, key, wanted):
            found[key] = chosen
    body = _body(parsed)
    if not body or "headline" not in found:
        return None
    signature = tuple(each for each in (*body, *found["headline"]) if _is_new(each, old_names))[:1]
    return Layout(name=name, body=body, signature=signature, drop=_drops(parsed, body), **found)


def _parsed(page: TemplatePage) -> _Parsed | None:
    try:
        tree = page_of(page.capture)
    except ExtractError:
        return None
    prepare(tree)
    parsed = _Parsed(page, tree)
    for node in tree.css(", ".join(sorted(_TEXT_TAGS))):
        text = prose(node)
        if text and len(text) < 500:
            parsed.texts.setdefault(fold(text), []).append(node)
    return parsed


def _wanted(before: Sequence[Article], zone: str) -> dict[str, _Check]:
    """For each field, whether values are the wanted ones for an article; None if that is not known."""
    names = {fold(author.name) for article in before for author in article.authors}
    editors = {fold(name) for article in before for name in article.editors} - names
    sections = {fold(each) for article in before for each in article.section}
    tags = {fold(each) for article in before for each in article.tags} - sections

    def same(value: Callable[[Article], str | None]) -> _Check:
        return lambda truth, _, found: fold(found[0]) == fold(wanted) if (wanted := value(truth)) else None

    def people(known: set[str], of: Callable[[Article], Iterable[str]]) -> _Check:
        def check(truth: Article, page: TemplatePage, found: list[str]) -> bool | None:
            wanted = {fold(each) for each in of(truth)} if page.is_paired else known
            text = fold(" ".join(found))
            there = [each for each in wanted if each in text]
            if not wanted:
                return None
            is_all = len(there) == len(wanted) if page.is_paired else bool(there)
            return is_all and len(text) <= sum(map(len, there)) + SLACK

        return check

    def several(known: set[str], of: Callable[[Article], Iterable[str]]) -> _Check:
        def check(truth: Article, page: TemplatePage, found: list[str]) -> bool | None:
            values = {fold(each) for each in found}
            wanted = {fold(each) for each in of(truth)}
            if wanted:
                return len(values & wanted) >= 0.6 * len(values | wanted)
            return None if page.is_paired or not known else len(values & known) >= 0.5 * len(values)

        return check

    def published(truth: Article, _: TemplatePage, found: list[str]) -> bool | None:
        if truth.published_at is None:
            return None
        moment = parse_date(found[0], zone=ZoneInfo(zone)) if len(found[0]) < 120 else None
        return moment is not None and abs((moment.value - truth.published_at).total_seconds()) < 60

    def image(truth: Article, page: TemplatePage, found: list[str]) -> bool | None:
        wanted = truth.image.url if truth.image else None
        return urljoin(page.capture.final_url, found[0]) == wanted if wanted else None

    return {
        "headline": same(lambda truth: truth.headline),
        "kicker": same(lambda truth: truth.kicker),
        "lede": same(lambda truth: truth.lede),
        "published": published,
        "byline": people(names, lambda truth: (author.name for author in truth.authors)),
        "editors": people(editors, lambda truth: truth.editors),
        "image": image,
        "caption": same(lambda truth: truth.image.caption if truth.image else None),
        "credit": same(lambda truth: truth.image.credit if truth.image else None),
        "tags": several(tags, lambda truth: truth.tags),
        "section": several(sections, lambda truth: truth.section),
    }


def _chosen(pages: Sequence[_Parsed], key: str, wanted: _Check) -> tuple[str, ...]:
    """The selectors that give a field's values on most pages: the best one, then those that help where it gives
    nothing.
    """
    tried: Counter[str] = Counter()
    for page in pages:
        tried.update(set(_candidates(page, key, wanted)))
    scores: dict[str, set[int]] = {}
    lengths: dict[str, int] = {}
    known = [number for number, page in enumerate(pages) if _is_known(page, wanted)]
    paired = [number for number in known if pages[number].page.is_paired]
    # What a layout read is more certain than what a page says about itself.
    known = paired if len(paired) >= FEW else known
    for selector, _ in sorted(tried.items(), key=lambda item: (-item[1], len(item[0]), item[0]))[:MAX_TRIED]:
        values = {number: found for number in known if (found := _values(pages[number].tree, selector, key))}
        verdicts = {
            number: wanted(pages[number].page.truth, pages[number].page, found) for number, found in values.items()
        }
        good = {number for number, verdict in verdicts.items() if verdict}
        if good and len(good) >= 0.9 * len(verdicts):  # one that often gives something else is not a rule
            scores[selector] = good
            lengths[selector] = sum(len(each) for number in good for each in values[number])
    chosen: list[str] = []
    covered: set[int] = set()
    while scores and len(chosen) < MAX_CHOSEN:
        selector = max(scores, key=lambda each: (len(scores[each] - covered), -lengths[each], -len(each), each))
        if len(scores[selector] - covered) < max(2, 0.1 * len(known)) and (chosen or len(known) > 2):
            break
        chosen.append(selector)
        covered |= scores.pop(selector)
    return tuple(chosen) if len(covered) >= ENOUGH * len(known) else ()


def _is_known(page: _Parsed, wanted: _Check) -> bool:
    return wanted(page.page.truth, page.page, ["-"]) is not None


def _candidates(page: _Parsed, key: str, wanted: _Check) -> Iterator[str]:
    """Selectors for the elements of one page that hold a value of a field."""
    truth = page.page.truth
    if key == "image":
        for node in page.tree.tagged("img"):
            for attribute in ("src", "data-src", "data-original"):
                if (value := node.attributes.get(attribute)) and wanted(truth, page.page, [value]):
                    yield from (f"{selector}@{attribute}" for selector in _selectors(node))
        return
    if key == "published":
        for node in page.tree.css("[datetime]"):
            if (value := node.attributes.get("datetime")) and wanted(truth, page.page, [value]):
                yield from (f"{selector}@datetime" for selector in _selectors(node))
    has_digits = key == "published"
    many = {fold(each) for each in (truth.tags if key == "tags" else truth.section if key == "section" else ())}
    for text, nodes in page.texts.items():
        if has_digits and not _DIGIT.search(text):
            continue
        is_one = text in many if many else None
        for node in nodes:
            if is_one or (is_one is None and wanted(truth, page.page, [prose(node)])):
                yield from _selectors(node)


def _values(tree: Tree, selector: str, key: str) -> list[str]:
    plain, attribute = split_selector(selector)
    nodes = tree.search(plain)
    values = [(node.attributes.get(attribute) or "").strip() if attribute else prose(node) for node in nodes]
    kept = list(dict.fromkeys(value for value in values if value))
    return kept if key in _MANY else (values[:1] if values and values[0] else [])


def _selectors(node: Node) -> Iterator[str]:
    """Ways to select an element, on its own and below its ancestors."""
    own = list(_names(node))
    yield from own
    above, depth = node.parent, 0
    tag = node.tag or "div"
    while above is not None and depth < MAX_DEPTH and above.tag not in (None, "body", "html"):
        for name in _names(above):
            if not _is_bare(name):
                yield f"{name} {tag}"
                yield from (f"{name} {each}" for each in own[:2] if not _is_bare(each))
        above, depth = above.parent, depth + 1


def _names(node: Node) -> Iterator[str]:
    tag = node.tag or "div"
    if (number := node.attributes.get("id")) and _is_stable(number):
        yield f"{tag}#{number}"
    for name in (node.attributes.get("class") or "").split():
        if _is_stable(name):
            yield f"{tag}.{name}"
    if (value := node.attributes.get("itemprop")) and _NAME.fullmatch(value):
        yield f"{tag}[itemprop={value}]"
    if tag in ("h1", "time", "figcaption"):
        yield tag


def _is_stable(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not _NUMBERED.search(name)


def _is_bare(name: str) -> bool:
    return name.isalnum()


def _is_new(selector: str, old_names: set[str]) -> bool:
    parts = selector.partition("@")[0].split()
    return any(part not in old_names and not _is_bare(part) for part in parts)


def _body(pages: Sequence[_Parsed]) -> tuple[str, ...]:
    """The container of the text: the deepest element that holds nearly all of it, by a name that is unique on nearly
    all pages.
    """
    tried: Counter[str] = Counter()
    for page in pages:
        if (box := _box(page)) is not None:
            tried.update(set(_selectors(box)))
    best: tuple[float, int, str] | None = None
    for selector, count in tried.items():
        if count < ENOUGH * len(pages):
            continue
        score = sum(_share(page, selector) for page in pages) / len(pages)
        rank = (round(score, 3), -len(selector), selector)
        best = max(best, rank) if best else rank
    return (best[2],) if best and best[0] >= ENOUGH else ()


def _heads(page: _Parsed) -> list[str]:
    return [fold(block.text)[:60] for block in page.page.truth.body if len(block.text) > 20]


def _box(page: _Parsed) -> Node | None:
    heads, node = _heads(page), page.tree.body
    if node is None or not heads:
        return None
    while True:
        inner = None
        for child in node.iter():
            text = fold(prose(child))
            if sum(head in text for head in heads) >= 0.9 * len(heads):
                inner = child
                break
        if inner is None or inner.tag in ("p", "span", "b", "strong"):
            return node if node.tag != "body" else None
        node = inner


def _share(page: _Parsed, selector: str) -> float:
    """How well an element's text matches the article's: the harmonic mean of recall and precision."""
    heads = _heads(page)
    text = " ".join(prose(node) for node in page.tree.search(selector))
    folded = fold(text)
    wanted = sum(len(block.text) for block in page.page.truth.body)
    recall = sum(head in folded for head in heads) / max(len(heads), 1)
    precision = min(wanted * recall / max(len(text), 1), 1.0)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _drops(pages: Sequence[_Parsed], body: tuple[str, ...]) -> tuple[str, ...]:
    """Elements inside the container that never hold text of the article, by class, on several pages."""
    foreign: Counter[str] = Counter()
    own: set[str] = set()
    for page in pages:
        heads = _heads(page)
        whole = fold(" ".join(block.text for block in page.page.truth.body))
        seen: set[str] = set()
        for box in page.tree.search(body[0]):
            for node in box.css("div[class], aside[class], p[class], ul[class], section[class], blockquote[class]"):
                text = fold(prose(node))
                names = {name for name in _names(node) if "." in name}
                if any(head in text for head in heads) or (text and text in whole):
                    own |= names
                elif text:
                    seen |= names
        foreign.update(seen)
    few = max(2, len(pages) // 4)
    return tuple(name for name, count in foreign.most_common() if count >= few and name not in own)[:12]


__all__ = ["Suggestion", "TemplatePage", "known_page", "suggest", "template_names"]
