"""Rules for the headline, one after the other: the printed one with which the page's own titles agree, without the
site's name.

The result of a rule is one sign among others (fields/headline.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.html import prose
from scraper.text import collapse, fold, word_count

if TYPE_CHECKING:
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Node, Tree

_SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|·•»«:~]|-{1,2}|–|—|::|\|\|)\s++")
_HEADING_NOISE = re.compile(r"^(?:home|news|blog|search|menu|404|error)$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Classes of kickers above a headline, in the languages of the data.
_KICKER = re.compile(
    r"kicker|overline|topline|roofline|dachzeile|eyebrow|spitzmarke|pre-?title|super-?title|over-?title|antetitulo|sobretitulo|surtitre|occhiello|chapeu|kop-?boven|vignette",
    re.IGNORECASE,
)
MAX_KICKER_WORDS = 6
MAX_PLAIN_KICKER_WORDS = 4  # in a kicker that only its element sets apart
_BEHIND = re.compile(r"(?<!\s)\s++(?:[|•·»]\s|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}\b)")  # the site's name, a date
_GOES_ON = re.compile(r"(?:\s++\w|: \w|,? (?:&|[-–—]) \w)")  # what follows the words of a title
_BLOCKS = frozenset({"div", "p", "small", "h2", "h3", "h4"})
_TEXT = "-text"
_KICKER_AND_HEADLINE = 2
_PAGE = re.compile(
    r"(?<!\s)\s++[-–—|(]\s?(?:halaman|hal\.?|page|seite|página|pagina|strona) \d{1,3}\)?$", re.IGNORECASE
)  # in an article with several pages
MIN_AGREEMENT = 0.75  # share of the shorter title's words that the longer one has
MAX_H1 = 12
MAX_BELOW = 3  # headings below it that may be the printed headline
MIN_SHARED, MAX_SMALL = 2, 3  # words in common; letters in words that any text has
_HEADLINE_NAME = re.compile(
    r"(?:^|\s)(?:(?:entry|post|article|news|story|content)[-_]{1,2}(?:title|headline)|headline)(?:\s|$)", re.IGNORECASE
)
MIN_HEADLINE_WORDS = 3  # with fewer it may be the name of the site or of a section


def by_rule(tree: Tree, metadata: PageMetadata) -> tuple[str, str, str] | None:
    """(headline, provenance, rule) from the first rule that applies; None if nothing on the page is a title."""
    titles = [title for title in _titles(metadata) if title[0]]
    texts = [title for title, _ in titles]
    nodes = {
        text: node for node in tree.tagged("h1")[:MAX_H1] if (text := prose(node)) and not _HEADING_NOISE.match(text)
    }
    names = _site_names(metadata)
    headings = [without_site(text, names, by_shape=False) for text in nodes]
    if printed := _printed(tree, nodes, headings, titles):
        return printed
    titled = _titled(headings, metadata)
    if best := titled or _agreeing(headings, texts):
        if titled is None and _differs_from_all(best, texts) and _is_glued(best, texts[0]):
            # All the page's own titles agree: what is printed has a kicker or a label in it.
            return (*titles[0], "glued")
        return _without_kicker(best, texts, nodes.get(best)), "generic:h1", "titled" if titled else "agreeing"
    if below := _below_h1(tree, headings, titles, metadata.title or ""):
        return below
    if (best := _lone(headings)) and metadata.text("headline") is None:
        # The printed one, since titles in the data are often worded for search engines.
        return _without_kicker(best, texts, nodes.get(best)), "generic:h1", "lone"
    return (*titles[0], "unprinted") if titles else None


def _printed(
    tree: Tree, nodes: dict[str, Node], headings: list[str], titles: list[tuple[str, str]]
) -> tuple[str, str, str] | None:
    """A title that an h2 prints, or the h1 that continues it; the h2 comes first if it is only the title."""
    below = _printed_below(tree, headings, titles)
    is_alone = below is not None and any(prose(node) == below for node in tree.tagged("h2")[:MAX_BELOW])
    if not is_alone and (longer := _going_on(nodes, titles)):
        return longer, "generic:h1", "going on"
    return (below, "generic:h2", "printed below") if below else None


def _lone(headings: list[str]) -> str | None:
    """The only h1 with enough words for a headline: a word or two are the site's name."""
    lone = {text for text in headings if word_count(text) >= MIN_HEADLINE_WORDS}
    return lone.pop() if len(lone) == 1 else None


def _is_glued(heading: str, title: str) -> bool:
    """Whether a heading and a title are the same except for what is above or below one of them: a kicker, a label, a
    standfirst.
    """
    whole, part = _letters(heading), _letters(title)
    if not whole or not part:
        return False
    return whole.endswith(part) or part.endswith(whole) or whole.startswith(part) or whole == part


def _letters(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


def _going_on(nodes: dict[str, Node], titles: list[tuple[str, str]]) -> str | None:
    """The h1 of which a title in the data is the beginning, if no element ends with it: the data shortens it."""
    for title, _ in titles:
        if len(title.split()) < MIN_HEADLINE_WORDS or title in nodes:
            return None
        for text, node in nodes.items():
            if fold(text).startswith(fold(title)) and _GOES_ON.match(text[len(title) :]):
                return text if len(_lines(node)) == 1 else None
    return None


def _lines(node: Node) -> list[str]:
    return [line for part in node.text(separator="\n").split("\n") if (line := collapse(part))]


def _printed_below(tree: Tree, headings: list[str], titles: list[tuple[str, str]]) -> str | None:
    """A title in the page's data that an h2 prints below an h1 with other words, alone or after a kicker.

    Some papers word their h1, like their <title>, for search engines, and put the headline that readers see in the h2.
    """
    known = {fold(text) for text in headings}
    said = [title for title, source in titles if source != "title" and fold(title) not in known]
    if not said or not headings:
        return None
    for node in tree.tagged("h2")[:MAX_BELOW]:
        text = prose(node)
        for title in said:
            words = len(title.split())
            is_end = words >= MIN_HEADLINE_WORDS and fold(text).endswith(fold(title))
            if is_end and len(text.split()) - words <= MAX_KICKER_WORDS:
                return text[-len(title) :] if fold(text[-len(title) :]) == fold(title) else title
    return None


def _differs_from_all(heading: str, titles: list[str]) -> bool:
    """Whether three titles agree on something other than the heading, and not merely with fewer signs (some systems
    strip them).
    """
    if len(titles) < 3 or {fold(title) for title in titles} != {fold(titles[0])} or fold(titles[0]) == fold(heading):
        return False
    has_more_signs = len(heading) > len(titles[0]) and _WORD.findall(fold(titles[0])) == _WORD.findall(fold(heading))
    return not has_more_signs


def _below_h1(
    tree: Tree, headings: list[str], titles: list[tuple[str, str]], whole: str
) -> tuple[str, str, str] | None:
    """The headline if no h1 agrees with the page's titles: the h1 may be the site's name, and the headline an h2.

    `whole` is the unchanged <title>, whose first part may be the site's ("Site » Archive » Headline").
    """
    texts = [title for title, _ in titles]
    nodes = {text: node for node in tree.tagged("h2", "h3")[:MAX_H1] if (text := prose(node))}
    subheadings = list(nodes)
    parts = {fold(part) for title in (*texts, whole) for part in _SEPARATOR.split(title) if len(part.split()) > 1}
    longest = max(parts, key=len, default="")
    if best := next((text for text in subheadings if fold(text) in parts and len(text) * 2 >= len(longest)), None):
        return best, "generic:h2", "title part"
    if named := _named(tree, headings, texts):
        return (*named, "named")
    if headings and all(source == "title" for _, source in titles) and len(set(headings)) == 1:
        # Only a <title>, which may be the site's.
        return _without_kicker(headings[0], texts, None), "generic:h1", "only title"
    if (best := _agreeing(subheadings, texts)) and len(best.split()) > 3:
        return _without_kicker(best, texts, nodes.get(best)), "generic:h2", "agreeing below"
    return None


def _named(tree: Tree, headings: list[str], titles: list[str]) -> tuple[str, str] | None:
    """The one heading whose class calls it the headline, if nothing in the titles is printed in an h1.

    Small papers have the same <title> on every page, and their slogan in the h1.
    """
    if any(_shares_words(heading, titles) for heading in headings):
        return None
    found = {
        text: node.tag or "h2"
        for node in tree.tagged("h1", "h2", "h3")[: MAX_H1 * 2]
        if _HEADLINE_NAME.search(node.attributes.get("class") or "")
        and len((text := prose(node)).split()) >= MIN_HEADLINE_WORDS
    }
    return (next(iter(found)), f"generic:named {next(iter(found.values()))}") if len(found) == 1 else None


def _shares_words(heading: str, titles: list[str]) -> bool:
    """Whether a heading and one of the titles share two words or more that are not in every text."""
    words = {word for word in _WORD.findall(fold(heading)) if len(word) > MAX_SMALL}
    return any(len(words & set(_WORD.findall(fold(title)))) >= MIN_SHARED for title in titles)


def _titled(headings: list[str], metadata: PageMetadata) -> str | None:
    """The h1 that equals one of the page's titles, dashes and all, or with which a <title> of two parts begins."""
    first = metadata.first("og:title", "twitter:title")
    whole = {fold(text) for text in (metadata.text("headline"), first and first[0], metadata.title) if text}
    if best := next((text for text in headings if fold(text) in whole), None):
        return best
    # "Headline – Site": but the first part of "Site » Archive » Headline" would be the site's name.
    title = metadata.title or ""
    parts = _SEPARATOR.split(title)
    known = {fold(text): text for text in headings}
    for cut in _SEPARATOR.finditer(title) if len(headings) > 1 else ():
        if fold(title[cut.end() :]) in known and (best := known.get(fold(title[: cut.start()]))):
            return best  # both are printed: the headline, and the site's name, which may contain a dash
    return next((text for text in headings if len(parts) == 2 and fold(text) == fold(parts[0]) and " " in text), None)


def _site_names(metadata: PageMetadata) -> list[str]:
    return [
        value for name in ("og:site_name", "application-name", "twitter:site") for value in metadata.meta.get(name, ())
    ]


def _without_kicker(heading: str, titles: list[str], node: Node | None) -> str:
    """A heading without the kicker in the same element: as its markup shows, or as the page's titles have it."""
    for title in titles:
        words = len(title.split())
        is_end = words >= MIN_HEADLINE_WORDS and heading != title and heading.endswith(title)
        if is_end and len(heading[: -len(title)].split()) <= MAX_KICKER_WORDS:
            return title
        rest = heading[len(title) :] if words >= MIN_HEADLINE_WORDS and heading.startswith(title) else ""
        if _BEHIND.match(rest) or (rest and node is not None and _lines(node)[0] == title):
            return title  # the site's name, a date, a standfirst follows
    if any(fold(title) == fold(heading) for title in titles):
        return heading  # the kicker is part of it, according to the page
    parts = (
        [(child, text) for child in node.iter(include_text=True) if _WORD.search(text := prose(child))]
        if node is not None
        else []
    )
    if len(parts) != _KICKER_AND_HEADLINE:
        return heading
    (first, kicker), (second, rest) = parts
    words = len(kicker.split())
    is_named = _KICKER.search(first.attributes.get("class") or "") is not None
    # A word in a span may well begin a sentence that continues outside it.
    is_apart = second.tag != _TEXT or first.tag in _BLOCKS
    if (is_named and words <= MAX_KICKER_WORDS) or (is_apart and words <= MAX_PLAIN_KICKER_WORDS < len(rest.split())):
        return rest
    return heading


def _titles(metadata: PageMetadata) -> list[tuple[str, str]]:
    """The page's own titles without the site's name, best source first."""
    site = _site_names(metadata)
    found = []
    if text := metadata.text("headline"):
        found.append((text, "json-ld:headline"))
    if first := metadata.first("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "title"):
        found.append((first[0], f"meta:{first[1]}"))
    if metadata.title:
        found.append((metadata.title, "title"))
    return [(_PAGE.sub("", without_site(text, site)), source) for text, source in found]


def without_site(title: str, site_names: list[str], *, by_shape: bool = True) -> str:
    """A title without the site's name at its end or beginning; by that name, or else by the length of what would
    remain.

    A printed heading may contain a dash or a bar of its own: only a known name is cut off (`by_shape` False).
    """
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    # Some pages give their own title as the site's name.
    names = {fold(name).lstrip("@").replace(" ", "") for name in site_names if name and fold(name) != fold(title)}
    cuts = list(_SEPARATOR.finditer(title))
    tail, head = fold(parts[-1]).replace(" ", ""), fold(parts[0]).replace(" ", "")
    if any(tail == name or (len(name) > 3 and (name in tail or tail in name)) for name in names):
        return without_site(title[: cuts[-1].start()], site_names, by_shape=by_shape)
    if any(head == name for name in names):
        return title[cuts[0].end() :]
    if not by_shape:
        return title
    if cuts[-1][0].strip() in ("|", "·", "•", "»", "::", "||") or (
        len(parts[-1].split()) <= 3 and len(parts[-1]) < len(title) * 0.35
    ):
        return title[: cuts[-1].start()]
    return title


def _agreeing(headings: list[str], titles: list[str]) -> str | None:
    """The heading that shares the most words with one of the titles, if it shares enough."""
    best, best_score = None, MIN_AGREEMENT
    folded = [(other, set(_WORD.findall(other))) for title in titles if (other := fold(title))]
    for heading in headings:
        same = fold(heading)
        words = set(_WORD.findall(same))
        for title, others in folded:
            if not words or not others:
                continue
            score = len(words & others) / max(len(words), min(len(others), len(words) + 2))
            if same == title:
                score = 2.0
            elif len(words) >= MIN_HEADLINE_WORDS and title.startswith(f"{same} ("):
                score = max(score, 1.0)  # "The Headline (Name of the Site)"
            if score > best_score:
                best, best_score = heading, score
    return best
