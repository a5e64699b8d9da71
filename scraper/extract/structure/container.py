"""The elements that hold a page's text, without site rules and without a language.

Text mass is passed up from paragraphs to their ancestors; the element that directly holds most of it is the start, and
is widened as long as it gains text of the same sort. The position of the headline distinguishes a text from a widget's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from scraper.extract.structure.classes import holds_text
from scraper.extract.structure.mass import STOPS, Mass, mass_of, weigh
from scraper.html import LINE_BREAK, ancestor, is_child, is_within, path, prose
from scraper.text import collapse, fold, telling_words

if TYPE_CHECKING:
    from scraper.html import Node, Tree

NAMED = 1.3  # weight of a text in an element whose name says that it holds one
WHOLE_TEXT = 1_200  # characters; with the headline beside it, nothing is missing
MIN_LINKED = 500  # characters of links that make a sidebar
MIN_ARTICLE = 400  # characters of text in the article of the headline
MIN_OWN = 200  # characters of text in each of several whole articles
FEW_CHARACTERS = 1_000  # of text; with less, a widget's may be the longest on the page
MIN_AROUND = 120  # characters around the headline that may be the text
MIN_BESIDE = 0.6  # of the longest text elsewhere
MIN_ADDED = 0.5  # of the text found: the additional text that an element named after the text must hold
MIN_ABOUT = 0.34  # of the headline's words that its text has
MIN_WITNESS = 60  # characters in a description that no other text has by chance
MAX_UP = 6  # levels between a text and the element named after it
_ARTICLES = frozenset(
    {"article", "artikel", "berita", "entry", "hentry", "post", "story"}
)  # classes of a whole article
_OWN = ("article", "main")
_PLACE = re.compile(r"(?:^|[-_])(?:first|last|odd|even|\d+)$", re.IGNORECASE)
MIN_SHARE = 0.4  # of the text around the headline that the boxes found must hold
# With more, nothing is missing; with as few links around them, the surroundings are text.
MAX_SHARE, MAX_LINKED = 0.7, 0.08
MIN_FILLED = 0.8  # of the text around the pieces of one body is theirs
WIDEN_GAIN = 1.08  # a wider element must add 8 % more text to be worth its furniture


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where the text of a page is.

    `boxes` are the elements that hold it (a split body has several), `core` the one with most of it, `title` the
    heading that prints the headline, `masses` all elements that hold text. () and None if nothing was found.
    """

    boxes: tuple[Node, ...] = ()
    core: Node | None = None
    title: Node | None = None
    masses: tuple[Mass, ...] = ()


def find_text(tree: Tree, headline: str | None, texts: dict[int, str], *, witness: str | None = None) -> TextPlace:
    """Find the elements with the article's text; `texts` receives the paragraphs' text on one line, by `mem_id`.

    `witness` is the page's own description of its text: it distinguishes the text beside the headline from a longer one
    elsewhere.
    """
    title = _title_of(tree, headline)
    above = frozenset(node.mem_id for node in path(title)) if title is not None else frozenset()
    masses = weigh(tree, texts, above=above)
    article = ancestor(title, ("article",)) if title is not None else None
    best = _beside_title(title, _best(masses, article), masses, above, witness or "")
    if best is None:
        return TextPlace(title=title)
    own, others = _own_article(title, masses)
    if own is not None and not is_within(best.node, own.node):
        is_others = any(best is other or is_within(best.node, other.node) for other in others)
        best, own = (own, own) if is_others else (best, None)
    chosen = _or_all_around(_chunks(_widen(best, masses, above), masses, article), masses, above)
    boxes = tuple(mass.node for mass in chosen)
    if own is not None:
        boxes = tuple(box for box in boxes if is_within(box, own.node)) or (own.node,)
    return TextPlace(boxes=boxes, core=best.node, title=title, masses=tuple(masses.values()))


def _own_article(title: Node | None, masses: dict[int, Mass]) -> tuple[Mass | None, list[Mass]]:
    """(the element with the headline and its text, similar elements that follow), if these are whole articles with
    headlines of their own; otherwise (None, []).
    """
    for node in path(title) if title is not None else ():
        if node.tag in ("body", "html", "main"):
            break
        own = masses.get(node.mem_id)
        if own is not None and own.whole >= MIN_OWN and (others := _others(own, masses)):
            return own, others
    return None, []


def _others(own: Mass, masses: dict[int, Mass]) -> list[Mass]:
    """Elements after an article, or after an element named as one, with the same tag and such a name, that begin with a
    heading: systems that build a page from sections give each of them a heading too, but no such name.
    """
    found: list[Mass] = []
    sibling = own.node.next
    while sibling is not None:
        other = masses.get(sibling.mem_id)
        if other is not None and other.tag == own.tag and other.whole >= MIN_OWN:
            names = _kinds(own.attributes.get("class") or "") & _kinds(other.attributes.get("class") or "")
            heading = sibling.css_first("h1, h2")
            is_article = own.tag == "article" or not _ARTICLES.isdisjoint(names)
            if is_article and heading is not None and prose(sibling).startswith(prose(heading)):
                found.append(other)
        sibling = sibling.next
    return found


def _title_of(tree: Tree, headline: str | None) -> Node | None:
    """The heading that prints the headline."""
    title = fold(headline or "")
    return next((node for node in tree.tagged("h1", "h2")[:30] if fold(node.text()) == title), None) if title else None


def _best(masses: dict[int, Mass], article: int | None) -> Mass | None:
    """The element that directly holds most text; inside the article that contains the headline, if that has some."""

    outer = masses.get(article) if article is not None else None
    if outer is None or outer.whole < MIN_ARTICLE:
        return max(masses.values(), key=_score, default=None)
    ranked = sorted(masses.values(), key=_score, reverse=True)
    return next((each for each in ranked if each is outer or is_within(each.node, outer.node)), None)


def _score(mass: Mass) -> float:
    is_named = holds_text(mass.names) or mass.attributes.get("itemprop") == "articleBody"
    return mass.direct * (NAMED if is_named else 1.0)


def _beside_title(
    title: Node | None, best: Mass | None, masses: dict[int, Mass], above: frozenset[int], witness: str
) -> Mass | None:
    """The text around the headline instead of one elsewhere: instead of a widget's that is hardly longer on a page with
    little text, or of any longer one if a second sign favours the headline (the page's description, the name of an
    element).
    """
    if title is None or best is None:
        scope = _around(title) if title is not None else None
        return (masses.get(scope.mem_id) or mass_of(scope)) if scope is not None else best
    scope = None if _is_with(best.node, above) else _around(title)
    if scope is None or scope.mem_id == best.node.mem_id or is_within(best.node, scope):
        return best
    near = masses.get(scope.mem_id) or mass_of(scope)
    is_long = _plain_size(scope) - len(title.text()) >= MIN_BESIDE * best.whole
    if best.whole < FEW_CHARACTERS and is_long and not holds_text(best.names):
        return near
    if best.whole < 2 * FEW_CHARACTERS and not _is_about(best.node, title) and _has_sign(scope, best, masses, witness):
        inside = (mass for mass in masses.values() if is_within(mass.node, scope))
        return max(inside, key=lambda mass: mass.direct, default=near)
    return best


def _has_sign(scope: Node, best: Mass, masses: dict[int, Mass], witness: str) -> bool:
    """Whether the description, the page's markup, or the name of an element, says that the text is in `scope` and not in the longest one."""
    if _is_told_by(scope, witness):
        return not _is_told_by(best.node, witness)
    if ancestor(scope, _OWN) is not None and ancestor(best.node, _OWN) is None:
        return True
    return not holds_text(best.names) and any(_is_named_text(mass, scope) for mass in masses.values())


def _is_about(node: Node, title: Node) -> bool:
    """Whether a text has some of the headline's words: a text elsewhere with next to none is about something else."""
    words = telling_words(title.text())
    return not words or len(words & telling_words(prose(node))) >= MIN_ABOUT * len(words)


def _is_with(node: Node, above: frozenset[int]) -> bool:
    """Whether a text and the headline (whose ancestors are `above`) are in one article or main, or the headline is in
    the text's own element.
    """
    common = next((each for each in chain([node], path(node)) if each.mem_id in above), None)
    return common is None or common.tag in ("article", "main") or common.mem_id == node.mem_id


def _is_named_text(mass: Mass, scope: Node) -> bool:
    return holds_text(mass.names) and mass.whole >= MIN_AROUND and is_within(mass.node, scope)


def _is_told_by(node: Node, witness: str) -> bool:
    """Whether an element's text contains the beginning of a description."""
    begin = fold(witness)[:MIN_WITNESS]
    return len(begin) >= MIN_WITNESS // 2 and begin in fold(prose(node))


def _around(title: Node) -> Node | None:
    """The nearest ancestor of the headline that also holds some plain text."""
    least = len(title.text()) + MIN_AROUND
    for node in path(title):
        if node.tag in ("body", "html"):
            return None
        text = node.text()
        if len(text) >= least and _has_plain(node, text, least):
            return node
    return None


def _plain_size(node: Node) -> int:
    """Characters of an element that are in no link."""
    return len(prose(node)) - sum(len(prose(anchor)) for anchor in node.css("a"))


def _has_plain(node: Node, text: str, least: int) -> bool:
    """Whether at least that many characters of an element, given with its text, are in no link.

    Links are first measured with their white space, which takes half the time, and compared with the beginning of a
    long text, which is usually enough.
    """
    linked = _link_size(node)
    beginning = text[: 2 * (least + linked)].replace(LINE_BREAK, " ")
    return len(collapse(beginning)) - linked >= least or _plain_size(node) >= least


def _widen(best: Mass, masses: dict[int, Mass], above: frozenset[int]) -> Mass:
    """The widest ancestor that still gains text of the same sort; a text of some length only as far as its headline.

    `above` are the ancestors of the headline.
    """
    current = _named(best, masses)
    average = best.whole / max(1, best.paragraphs)
    node = current.node
    for _ in range(6):
        if node.tag in ("article", "main", "body") or holds_text(current.names):
            break
        parent = node.parent
        if (
            node.mem_id in above
            and current.whole >= WHOLE_TEXT
            and (parent is None or parent.tag not in ("article", "main"))
        ):
            break
        mass = masses.get(parent.mem_id) if parent is not None else None
        if parent is None or mass is None or parent.tag in STOPS:
            break
        node = parent
        gained = mass.whole - current.whole
        count = mass.paragraphs - current.paragraphs
        is_beside = mass.own >= average and is_child(
            current.node, node
        )  # paragraphs that only a wall or an advert separates
        if gained < current.whole * (WIDEN_GAIN - 1) and not is_beside:
            continue
        if count and gained / count >= average * 0.45 and not _is_mostly_furniture(current, mass):
            current = mass
        else:
            break
    return current


def _named(best: Mass, masses: dict[int, Mass]) -> Mass:
    """The element around the text whose name says that it holds the text, if its additional content is not mostly
    links.
    """
    if holds_text(best.names):
        return best
    node = best.node.parent
    for _ in range(MAX_UP):
        mass = masses.get(node.mem_id) if node is not None else None
        if node is None or mass is None or mass.tag in ("article", "main", "body"):
            return best
        if holds_text(mass.names):
            return mass if _adds_text(best, mass) else best
        node = node.parent
    return best


def _adds_text(inner: Mass, outer: Mass) -> bool:
    """Whether a wider element adds a good deal of text, and more than links."""
    # Settled sooner, white space and all.
    if len(outer.node.text()) - len(inner.node.text()) <= MIN_ADDED * inner.whole:
        return False
    size = len(prose(inner.node))
    added = len(prose(outer.node)) - size
    linked = _link_size(outer.node) - _link_size(inner.node)
    return added > MIN_ADDED * size and linked < 0.5 * added


def _is_mostly_furniture(inner: Mass, outer: Mass) -> bool:
    """Whether the additional content of a wider element is links more than text: a sidebar with a paragraph in it."""
    linked = _link_size(outer.node) - _link_size(inner.node)
    return linked > MIN_LINKED and linked > 0.5 * (len(outer.node.text()) - len(inner.node.text()))


def _link_size(node: Node) -> int:
    return sum(len(anchor.text()) for anchor in node.css("a"))


def _chunks(container: Mass, masses: dict[int, Mass], article: int | None) -> list[Mass]:
    """The container, and similar elements elsewhere in the same article: a body that the page splits (same tag, same
    classes).
    """
    if not container.names or container.tag in ("body", "main", "article"):
        return [container]
    least = min(200.0, container.whole * 0.1)
    alike = [
        mass
        for mass in masses.values()
        if mass.tag == container.tag and mass.whole >= least and mass is not container and _are_alike(mass, container)
    ]
    inside = [mass for mass in alike if not is_within(mass.node, container.node)]
    if not inside or any(is_within(container.node, mass.node) for mass in inside):
        return [container]
    scope = _scope(container.node, article)
    if scope is not None:
        inside = [mass for mass in inside if _scope(mass.node, article) == scope]
    is_near = scope is not None and scope == ancestor(container.node, ("article", "main"))
    if not inside or not (is_near or _fill_their_place([container, *inside], masses)):
        return [container]
    chosen = {mass.node.mem_id for mass in (container, *inside)}
    return [mass for mass in masses.values() if mass.node.mem_id in chosen]


def _or_all_around(boxes: list[Mass], masses: dict[int, Mass], above: frozenset[int]) -> list[Mass]:
    """The boxes, or the element around them and the headline if most of its text is outside of them: a text in many
    different pieces.

    One of several whole articles is not a piece, nor is the only element named after the text.
    """
    around = masses.get(_around_both(boxes[0].node, above))
    share = sum(mass.whole for mass in boxes) / around.whole if around is not None and around.whole else 1.0
    if (
        around is None
        or share >= MAX_SHARE
        or ((share >= MIN_SHARE or around.tag in STOPS) and _link_part(around, boxes) > MAX_LINKED)
    ):
        return boxes
    is_sole = holds_text(boxes[0].names) and not any(
        mass is not boxes[0] and mass.tag == boxes[0].tag and _are_alike(mass, boxes[0]) for mass in masses.values()
    )
    return boxes if is_sole else [around]


def _around_both(node: Node, above: frozenset[int]) -> int:
    """The mem_id of the nearest common ancestor of a text and the headline; of the text's article if that has its own
    headline.
    """
    nodes = [node, *path(node)]
    last = next((each for each in reversed(nodes) if each.tag in ("article", "main") and each.mem_id in above), None)
    for each in nodes:
        is_whole = each.tag in ("article", "main") and last is None
        if is_whole or each.tag == "body" or each.mem_id in above:
            return each.mem_id
    return node.mem_id


def _link_part(around: Mass, boxes: list[Mass]) -> float:
    """The share of links in the text that is around some elements but not in them."""
    size = len(around.node.text()) - sum(len(box.node.text()) for box in boxes)
    return (_link_size(around.node) - sum(_link_size(box.node) for box in boxes)) / max(1, size)


def _scope(node: Node, article: int | None) -> int | None:
    """The element that contains all pieces of a body: the article with the headline, or else the outermost article or
    main.
    """
    found = None
    for each in chain([node], path(node)):
        if each.mem_id == article:
            return article
        if each.tag in ("article", "main"):
            found = each.mem_id
    return found


def _are_alike(first: Mass, second: Mass) -> bool:
    """Whether two elements have the same classes except for their position ("box" and "box box-first"), or share one
    that means "here is text".
    """
    one, other = first.attributes.get("class") or "", second.attributes.get("class") or ""
    if one == other:
        return True
    ours, theirs = _kinds(one), _kinds(other)
    return ours == theirs or any(holds_text(name) for name in ours & theirs)


@lru_cache(maxsize=1024)
def _kinds(classes: str) -> frozenset[str]:
    """Class tokens without those that say which of several an element is ("box-first", "rich-text-2")."""
    return frozenset(kind for name in classes.split() if (kind := _PLACE.sub("", name)))


def _fill_their_place(chunks: list[Mass], masses: dict[int, Mass]) -> bool:
    """Whether the nearest common ancestor of all chunks holds hardly any text but theirs; teasers in a list are not
    pieces.
    """
    node = chunks[0].node.parent
    while node is not None and not all(is_within(mass.node, node) for mass in chunks):
        node = node.parent
    around = masses.get(node.mem_id) if node is not None else None
    if around is None or len({ancestor(mass.node, ("li",)) for mass in chunks}) > 1:
        return False
    return sum(mass.whole for mass in chunks) >= MIN_FILLED * around.whole
