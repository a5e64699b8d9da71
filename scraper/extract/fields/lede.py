"""The lede: the layout's standfirst, the one printed between headline and text, or else the page's own description."""

from __future__ import annotations

import html
import re
from datetime import UTC
from functools import partial
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from scraper.dates import parse_date
from scraper.extract.structure.blocks import is_hidden, read_blocks
from scraper.extract.structure.classes import is_furniture
from scraper.extract.structure.left_out import picture_boxes
from scraper.extract.text.captions import is_caption
from scraper.extract.text.credits import parse_credit, parse_head
from scraper.extract.text.dateline import split_dateline
from scraper.extract.text.furniture import known_furniture, known_note, without_tail
from scraper.html import path
from scraper.text import collapse, fold
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.structure.blocks import RawBlock
    from scraper.html import Node
    from scraper.language import Vocabulary
    from scraper.records import Block

_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_OTHER_SCRIPT = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u9fff\uac00-\ud7af]")
MIN_SLOGAN_WORDS = 4  # longer words in a site's slogan
MAX_SHARED = 0.15  # of them that an article may have by chance
_SAME_HEAD = 30  # characters by which two copies of a description are recognised
MIN_LEDE_WORDS = 5
MIN_LABEL = 4  # characters in a host name that distinguish it from an ordinary word
_TAIL_WORDS = 8
_WORD = re.compile(r"\w+")
_WHOLE_SENTENCE = re.compile(r"[.!?…\"”'’)»]$")
_MARKUP = re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Tags after a description, joined by commas without a blank: one after a full stop, three if there is none.
_GLUED = re.compile(r"(?:(?<=[.!?\"”’')])(?:,(?=\S)[^,!?]{2,40}){1,30}|(?:,(?=[^\s\d])[^,!?]{2,40}){3,30})$")
_JOINED = re.compile(r"(?=(?<!\w)(\w+) ([A-ZÀ-Þ]\w*))")  # a capitalised word after another
_ESCAPED = re.compile(r"&(?:[a-z]{2,6}|#\d{1,5});")
_BEHIND = re.compile(r"#[^\W\d]\w*|https?://\S+")  # hashtags and addresses that end a description
_LISTED = re.compile(r"(?<=[.!?\"”’')]),?\s(?P<tags>[^,.!?]{2,40}(?:,[^,.!?]{2,40}){1,30})$")
_CUT_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")


def read_lede(
    metadata: PageMetadata,
    reading: LayoutReading | None,
    body: Sequence[Block],
    *,
    headline: str,
    caption: str | None,
    standfirst: str | None = None,
) -> tuple[str | None, str | None, bool]:
    """(lede, provenance, whether a truncated one was rejected).

    The standfirst of the layout, or else the one printed between headline and text; or else the meta description,
    unless it is the body's beginning cut off (a whole sentence may be both), the headline again, the lead picture's
    caption, or the site's own slogan.
    """
    if reading is not None and reading.lede is not None:
        if not _CUT_OFF.search(reading.lede.text):
            return reading.lede.text, reading.lede.source, False
        return None, None, True
    if standfirst and not _repeats_caption(standfirst, caption) and not _CUT_OFF.search(standfirst):
        return standfirst, "generic:standfirst", False
    text, source = _description(metadata)
    text = _without_opening(text, headline)
    repeats = fold(text) == fold(headline) or _repeats_caption(text, caption)
    if len(text.split()) < MIN_LEDE_WORDS or " | " in text or repeats:
        return None, None, False
    if _CUT_OFF.search(text) or _is_cut_off(text, body) or _has_lost_marks(text, body):
        return None, None, True
    return (None, None, False) if _is_slogan(text, headline, body) else (collapse(text), source, False)


def _without_behind(text: str) -> str:
    """A description without the hashtags and addresses at its end."""
    rest = text.rstrip()
    while (parts := rest.rpartition(" "))[1] and _BEHIND.fullmatch(parts[2]):
        rest = text = parts[0].rstrip()
    return text


def _repaired(text: str) -> str:
    """A description without markup (today.kapanlagi.com), tags joined to its end by commas (merdeka.com, 2021),
    hashtags, addresses and calls to read on; once if it is there twice.
    """
    if "&" in text and _ESCAPED.search(text):
        text = html.unescape(text)
    if "<" in text and _MARKUP.search(text):
        text = collapse(_MARKUP.sub(" ", text))
    match = _GLUED.search(text)
    text = without_tail(_without_behind(text[: match.start()] if match else text)).lstrip("-–— ")
    first, second = text[: len(text) // 2].strip(), text[len(text) // 2 :].strip()
    return first if first == second else text


def _without_opening(text: str, headline: str) -> str:
    """A description without what some systems put before it: the headline, or a dateline with the paper's address."""
    if (split := split_dateline(text)) is not None and "." in (split.dateline.brand or ""):
        text = split.rest
    rest = text[len(headline) :] if headline and text.startswith(headline) else ""
    said = rest.lstrip(" .:|-–—")
    return said if len(said) < len(rest) and len(said.split()) >= MIN_LEDE_WORDS else text


def _without_tags(text: str, metadata: PageMetadata) -> str:
    """A description without a list after its last sentence that consists of the page's keywords."""
    match = _LISTED.search(text)
    if match is None:
        return text
    tags = {
        fold(tag)
        for name in ("keywords", "news_keywords")
        for each in metadata.meta.get(name, ())
        for tag in each.split(",")
    }
    is_tags = {fold(tag) for tag in match["tags"].split(",")} <= tags
    return text[: match.start()].rstrip(" ,") if is_tags else text


def _has_lost_marks(text: str, body: Sequence[Block]) -> bool:
    """Whether a description is an excerpt from the middle of the text from which a filter has removed the full stops
    (okezone.com, until 2023).
    """
    if "nbsp" in text:
        return True
    told = " ".join(block.text for block in body[1:])
    return any(f"{match[1]}{mark} {match[2]}" in told for match in _JOINED.finditer(text) for mark in ".!?")


def _is_slogan(text: str, headline: str, body: Sequence[Block]) -> bool:
    """Whether a description is about the site: hardly any of its longer words occur in headline or text.

    Languages that join or inflect their words so that they look different each time are not judged.
    """
    words = set(_LONG_WORD.findall(fold(text)))
    if len(words) < MIN_SLOGAN_WORDS or not text.isprintable() or _OTHER_SCRIPT.search(text):
        return False
    enough = MAX_SHARED * len(words)
    met: set[str] = set()
    for part in (headline, *(block.text for block in body)):  # the first of them settles most
        told = fold(part)
        met.update(word for word in words if word in told)
        if len(met) >= enough:
            return False
    return bool(body)


def _repeats_caption(text: str, caption: str | None) -> bool:
    return bool(caption) and fold(text).startswith(fold(caption or "")[:60])


def _description(metadata: PageMetadata) -> tuple[str, str]:
    """(the page's description, provenance): the first one, or another copy of it that is a whole sentence; ("", …) if
    there is none.
    """
    found = (
        (_without_section(_without_tags(_repaired(value), metadata), metadata), f"meta:{name}")
        for name in ("description", "og:description", "twitter:description")
        for value in metadata.meta.get(name, ())[:1]
        if value
    )
    first = next(found, None)
    if first is None:
        return _without_section(_repaired(metadata.text("description") or ""), metadata), "json-ld:description"
    if _is_whole(first[0]):
        return first
    head = fold(first[0])[:_SAME_HEAD]
    whole = (each for each in found if _is_whole(each[0]) and fold(each[0]).startswith(head))
    return next(whole, first)


def _is_whole(text: str) -> bool:
    return _WHOLE_SENTENCE.search(text) is not None and _CUT_OFF.search(text) is None


def _is_cut_off(text: str, body: Sequence[Block]) -> bool:
    """Whether a description is the body's words, cut off without a mark: there they continue in the same sentence."""
    if _WHOLE_SENTENCE.search(text):
        return False
    tail = r"\W+".join(re.escape(word) for word in _WORD.findall(fold(text))[-_TAIL_WORDS:])
    behind = (
        re.search(rf"{tail}(?P<behind>\w|\W{{0,3}})", fold(" ".join(block.text for block in body))) if tail else None
    )
    return behind is not None and not re.match(r"[\"')]*[.!?]|$", behind["behind"])


def _without_section(text: str, metadata: PageMetadata) -> str:
    """A description without the section and the site's name that some systems put after it (" - Health - okezone"), or
    before it.
    """
    signs = [sign for sign in (" - ", " | ", " – ") if sign in text]
    if not signs:
        return text
    label = host_of(metadata.canonical or "").removeprefix("www.").rpartition(".")[0].rpartition(".")[2]
    names = {_squeezed(name) for name in metadata.meta.get("og:site_name", ())}
    for sign in signs:
        parts = text.split(sign)
        if len(parts) == 1:
            continue
        last, first = _squeezed(parts[-1]), _squeezed(parts[0])
        if last in names or (len(label) >= MIN_LABEL and label in last):
            parts.pop()
            if len(parts) > 1 and len(parts[-1].split()) <= 2:
                parts.pop()
        if len(parts) > 1 and first in names:
            del parts[0]
        text = sign.join(parts)
    return text


def _squeezed(name: str) -> str:
    return "".join(fold(name).split())


MIN_LENGTH = 20  # characters; six words hardly ever have fewer
MIN_WORDS, MAX_WORDS = 6, 120
_WITHOUT_BLANKS = re.compile(
    "[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]{10}"
)  # Japanese, Chinese, Thai: words without blanks between them
_MAX_LEVELS = 60
_MAX_ELEMENTS = 60  # between headline and text that are examined
MAX_DATE_WORDS = 14  # in a line that is a date and the words around it
MIN_REPEATED = 0.8  # of the words of the headline or of the text
_OPENERS = "\"'“„«»‘’(¿¡…–-—•"
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)]*$")
MAX_LINKED = 0.3  # share of its characters that may be links
# Names that mean a standfirst, although elsewhere some of them mean a teaser.
_STANDFIRST_NAMES = re.compile(
    r"standfirst|sub-?(?:head|title|line)|\b(?:dek|deck|lede|lead|leader|intro|chapo|chapeau|abstract|excerpt|teaser|vorspann|anreisser|sommario|occhiello"
    r"|entradilla|bajada|copete|summary|synopsis|ingress|manchet|perex)\b|intro(?:duction|text)?\b|(?:teaser|lead|intro|abstract|summary)[-_]?text",
    re.IGNORECASE,
)
_NEVER_NAMES = re.compile(
    r"caption|byline|author|autor|share|social|related|breadcrumb|comment|meta\b|date\b|tags?\b", re.IGNORECASE
)
_ALONE = frozenset({"h1", "time", "address", "form", "table", "ul", "ol", "dl", "nav", "aside", "figure", "header"})


def read_standfirst(title: Node, box: Node, headline: str, vocabulary: Vocabulary) -> str | None:
    """The standfirst between the heading and the box of the text, on one line; None if nothing there is one.

    It is the first element with a sentence, or else with a line of some words, that is not a credit, caption, date or
    note; everything in the same element belongs to it.
    """
    first: str | None = None
    for element in islice(_between(title, box), _MAX_ELEMENTS):
        lines = _standfirst_lines(element, headline, vocabulary)
        if sentences := [line for line in lines if _SENTENCE_END.search(line)]:
            return _joined(sentences)
        first = first or _joined(lines)
    return first


def _standfirst_lines(element: Node, headline: str, vocabulary: Vocabulary) -> list[str]:
    """The texts of an element that can be part of a standfirst."""
    if len(element.text()) < MIN_LENGTH or _why_skipped(frozenset(), element, element.attributes):
        return []
    pictures: frozenset[int] = frozenset()
    if element.css_first("img") is not None:
        pictures = picture_boxes(element.parent or element)
        if element.mem_id in pictures:
            return []
    blocks = read_blocks(element, skip=partial(_why_skipped, pictures))
    return [block.text for block in blocks if _is_like_one(block, headline, vocabulary)]


def _joined(lines: list[str]) -> str | None:
    whole = " ".join(lines)
    return whole if whole and len(whole.split()) <= MAX_WORDS else None


def _between(title: Node, box: Node) -> Iterator[Node]:
    """The outermost elements after the heading and before the box, in document order."""
    below = _with_ancestors(title)
    around = _with_ancestors(box)
    above = {node.mem_id: place for place, node in enumerate(around)}
    turn = next((place for place, node in enumerate(below) if node.mem_id in above), None)
    if turn is None or turn == 0:  # nothing in common, or the heading is above the box's own
        return
    common = above[below[turn].mem_id]
    if common == 0:  # the heading is in the box, and so is what follows it
        return
    down = around[:common][::-1]  # down from below the common element to the box
    key = down[0].mem_id
    if all(node.mem_id != key for node in _next(below[turn - 1])):  # the box is above the heading
        return
    for node in below[:turn]:
        yield from _before(down[0], _next(node))
    for outer, inner in pairwise(down):
        yield from _before(inner, outer.iter())


def _before(end: Node, nodes: Iterator[Node]) -> Iterator[Node]:
    key = end.mem_id
    return takewhile(lambda node: node.mem_id != key, nodes)


def _with_ancestors(node: Node) -> list[Node]:
    """An element and its ancestors, nearest first."""
    return [node, *islice(path(node), _MAX_LEVELS)]


def _next(node: Node) -> Iterator[Node]:
    sibling = node.next
    while sibling is not None:
        if sibling.tag and not sibling.tag.startswith("-"):
            yield sibling
        sibling = sibling.next


def _why_skipped(pictures: frozenset[int], node: Node, attributes: Mapping[str, str | None]) -> str | None:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
    if node.tag in _ALONE or node.mem_id in pictures or is_hidden(attributes) or _NEVER_NAMES.search(names):
        return "apart"
    return "class" if names and is_furniture(names) and not _STANDFIRST_NAMES.search(names) else None


def _repeats(text: str, headline: str) -> bool:
    """Whether a text is the headline again, or most of it, with or without a kicker."""
    words, title = set(fold(text).split()), set(fold(headline).split())
    return len(words & title) >= MIN_REPEATED * min(len(words), len(title))


def _is_like_one(block: RawBlock, headline: str, vocabulary: Vocabulary) -> bool:
    text = block.text
    words = len(text.split())
    return (
        block.kind in ("paragraph", "subheading", "quote")
        and (words >= MIN_WORDS or _WITHOUT_BLANKS.search(text) is not None)
        and words <= MAX_WORDS
        and block.link_share <= MAX_LINKED
        and (text[0].isalnum() or text[0] in _OPENERS)
        and not _repeats(text, headline)
        and not (
            words <= MAX_DATE_WORDS
            and (_CLOCK.search(text) or parse_date(text, zone=UTC, calendar=vocabulary.calendar))
        )
        and not (known_furniture(text, vocabulary) or known_note(block, vocabulary) or is_caption(text, vocabulary))
        and parse_head(block.lines) is None
        and parse_credit(text) is None
    )
