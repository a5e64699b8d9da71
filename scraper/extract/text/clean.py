"""Raw blocks → body, byline, dateline, related links, sign-off: what the text itself says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.dates import beside_date
from scraper.extract.text.captions import is_caption
from scraper.extract.text.credits import Byline, parse_credit, parse_head, parse_source, split_running_on
from scraper.extract.text.dateline import split_dateline
from scraper.extract.text.furniture import (
    is_boilerplate,
    is_end,
    is_line_of,
    is_note,
    line_rules,
    syndicated_from,
    without_tail,
)
from scraper.extract.text.people import is_person, names_above, people_in
from scraper.extract.text.related import is_related_block, related_of
from scraper.extract.text.sign_off import split_sign_off
from scraper.extract.trace import Removal
from scraper.records import Author, Block, Dateline, RelatedLink
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extract.language.rules import LineRules
    from scraper.extract.structure.blocks import RawBlock
    from scraper.extract.trace import Sign
    from scraper.language import Vocabulary
    from scraper.records import BlockKind

MANY_HEADINGS = 3
MIN_BEFORE_END = 100  # words of text above readers' comments
_LONGEST_NAMES_LINE = 90  # characters
_HEAD_BLOCKS = 3  # a byline stands before the text or it is none
_TAIL_BLOCKS = 4
_LONGEST_DATE_LINE = 70
_EDITOR = re.compile(r"(?:editor|redaktur|penulis|pewarta|reporter)\s*(?:\|\s*)?:", re.IGNORECASE)
_DIGITS = re.compile(r"\d\d|\d[./]")  # what every printed date has
_FEWEST_NAMES, _MOST_NAMES = 2, 4  # words of a name that stands alone
_ABOVE_BLOCKS = 4
_LONGEST_ABOVE = 600  # characters of a summary above the dateline
_LONGEST_BEHIND = 200  # characters of promotion behind a sign-off
_SUBHEADING_WORDS = 14  # longest bold line that is a sub-heading, not an emphasised sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanBody:
    """The body without everything that RECORD keeps out of it, and what was found in its place."""

    body: tuple[Block, ...]
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    head_names: tuple[str, ...] = ()  # of a plain "By …" line: authors where nothing else names any
    editors: tuple[str, ...] = ()
    source_credit: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    removed: tuple[Removal, ...] = ()
    words: int = 0  # in the body


@dataclass(slots=True)
class _Draft:
    vocabulary: Vocabulary
    body: list[Block] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    credits: list[Byline] = field(default_factory=list)
    source: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    removed: list[Removal] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the raw blocks that those of the body are from
    head_names: tuple[str, ...] = ()
    site_lines: LineRules | None = None
    is_dated: bool = False  # whether a dateline, or an outlet alone, opened the text
    is_over: bool = False  # what stands below the editor's credit is no longer the article

    @property
    def words(self) -> int:
        """Words of the body so far."""
        return sum(word_count(block.text) for block in self.body)

    def remove(self, rule: str, block: RawBlock, *signs: Sign) -> None:
        """Write down that a block goes."""
        self.removed.append(Removal(rule, block.text, block.number, signs))

    def add(self, kind: BlockKind, text: str, number: int) -> None:
        """Take a text into the body."""
        self.body.append(Block(kind=kind, text=text))
        self.numbers.append(number)

    def take_back(self, rule: str, place: int, *signs: Sign) -> None:
        """Take a block out of the body again."""
        self.removed.append(Removal(rule, self.body.pop(place).text, self.numbers.pop(place), signs))


def clean_blocks(
    blocks: Sequence[RawBlock],
    *,
    base_url: str | None,
    headline: str | None,
    vocabulary: Vocabulary,
    ledes: Iterable[str | None] = (),
    lines: tuple[str, ...] = (),
) -> CleanBody:
    """Tell body from what is around it, block by block, in reading order.

    `ledes` are standfirst lines printed above the text: as the first block
    they are not body (as a later one, the sentence was quoted on purpose).
    `lines` are patterns of whole lines, in lower case, that the site sets into its texts.
    """
    draft = _Draft(vocabulary=vocabulary, site_lines=line_rules(lines) if lines else None)
    title = fold(headline or "")
    standfirst = {fold(lede) for lede in ledes if lede}
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        _take(draft, block, title, standfirst, seen, base_url, left=len(blocks) - number)
    _take_names_above(draft, headline or "")
    _finish(draft)
    first = draft.bylines[0] if draft.bylines else None
    everyone = [*draft.bylines, *draft.credits]
    return CleanBody(
        body=tuple(draft.body),
        byline=first.text if first else None,
        authors=tuple(dict.fromkeys(author for byline in everyone for author in byline.authors)),
        editors=tuple(dict.fromkeys(name for byline in everyone for name in byline.editors)),
        source_credit=draft.source,
        head_names=draft.head_names,
        dateline=draft.dateline,
        sign_off=draft.sign_off,
        related_links=tuple(draft.related),
        removed=tuple(draft.removed),
        words=sum(word_count(block.text) for block in draft.body),
    )


def _take(
    draft: _Draft,
    block: RawBlock,
    title: str,
    standfirst: set[str],
    seen: set[str],
    base_url: str | None,
    *,
    left: int,
) -> None:
    """Judge one block, of `left` with those after it: a related link, a line of the paper's, a credit, or text."""
    text = block.text
    is_tail, is_last = left <= _TAIL_BLOCKS, left == 1
    is_head = len(draft.body) < _HEAD_BLOCKS
    if is_related_block(block):
        for link in related_of(block, base_url):
            if link.url not in seen:
                seen.add(link.url)
                related = RelatedLink(label=link.label, text=link.text, url=link.url, after_block=len(draft.body))
                draft.related.append(related)
        draft.remove("related", block, "words" if block.links else "place", "markup")
    elif is_end(text) and draft.words >= MIN_BEFORE_END:
        draft.is_over = True
        draft.remove("end", block, "words", "place")
    elif draft.site_lines is not None and is_line_of(draft.site_lines, text):
        draft.remove("line of the site", block, "words", "repetition")
    elif is_boilerplate(text):
        draft.source = draft.source or syndicated_from(text)
        draft.remove("furniture", block, "words")
    elif rule := _repeats(draft, block, title, standfirst, is_first=not draft.body, is_head=is_head):
        draft.remove(rule, block, "words", "place")
    elif is_note(block, is_edge=is_head or is_tail):
        draft.remove("note", block, "words")
    elif block.kind == "paragraph" and is_caption(text):
        draft.remove("caption", block, "words")
    elif (is_head or is_tail or _EDITOR.match(text)) and _is_credit(draft, block, is_head=is_head, is_last=is_last):
        draft.remove("credit", block, "words", "place")
    elif draft.is_over:
        draft.remove("after the end", block, "place")
    else:
        _keep(draft, block, without_tail(text))


def _repeats(
    draft: _Draft, block: RawBlock, title: str, standfirst: set[str], *, is_first: bool, is_head: bool
) -> str | None:
    """The rule that a block falls under which only repeats what stands above the text; None for any other."""
    text = block.text
    if not (is_first or is_head or len(text) <= _LONGEST_DATE_LINE):
        return None
    if is_first and block.link_share > 0.95 and len(text.split()) <= 6:
        return "topic link"  # "Berita Gresik" above the dateline, seen on surabaya.tribunnews.com
    is_like_title = len(text) <= 2 * len(title) + 20 or (is_first and bool(standfirst))  # folding costs more than this
    if (is_first or is_head) and is_like_title:
        folded = fold(text)
        if folded and (folded == title or (is_first and folded in standfirst)):
            return "headline or lede"
    return (
        "date"
        if len(text) <= _LONGEST_DATE_LINE
        and _DIGITS.search(text)
        and _is_date_line(text, draft.vocabulary, is_head=is_head)
        else None
    )


def _is_credit(draft: _Draft, block: RawBlock, *, is_head: bool, is_last: bool) -> bool:
    """Take a block that credits people or a source into the draft; whether it is one."""
    text = block.text
    if is_head and (byline := parse_head(block.lines)):
        if split_running_on(text):
            return False
        draft.bylines.append(byline)
    elif (is_head and (names := _names_line(text, draft.vocabulary))) or (is_last and (names := _signature(block))):
        draft.head_names = draft.head_names or names
    elif source := parse_source(text):
        draft.source = draft.source or source
    elif credit := parse_credit(text):
        draft.credits.append(credit)
        draft.is_over = not is_head
    else:
        return False
    return True


def _is_date_line(text: str, vocabulary: Vocabulary, *, is_head: bool) -> bool:
    """Whether a block is nothing but a date and perhaps a label ("Stand: 08.07.2026 05:00 Uhr"), or a counter above the text."""
    rest = beside_date(text, vocabulary.calendar)
    if rest is None:
        return False
    words = [word for word in rest.split() if not is_head or any(char.isalpha() for char in word)]
    return sum(char.isalpha() for char in rest) <= 16 and len(words) <= 3


def _names_line(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The people of a block that is nothing but a labelled list of them ("Von Nina Magoley", "By A and B"); () if it is not."""
    label = vocabulary.signature(text) if len(text) <= _LONGEST_NAMES_LINE else None
    rest = text[label.end :] if label is not None and text[-1] not in "!?" else ""
    return people_in(rest) if "|" not in rest and ":" not in rest else ()


def _signature(block: RawBlock) -> tuple[str, ...]:
    """The person of a block that is nothing but a name in bold, as papers without a byline sign below the text."""
    text = block.text
    words = text.split()
    if block.kind != "paragraph" or not (_FEWEST_NAMES <= len(words) <= _MOST_NAMES) or fold(block.bold) != fold(text):
        return ()
    is_name = all(word[0].isupper() and word.strip("'’-").isalpha() for word in words)
    return people_in(text) if is_name and is_person(text) else ()


def _keep(draft: _Draft, block: RawBlock, text: str) -> None:
    """Take a block as body, its dateline and glued byline off if it is the first."""
    kind = block.kind
    if kind == "paragraph" and not draft.is_dated and len(draft.body) <= _ABOVE_BLOCKS:
        text = _open_text(draft, block, text)
        if not text:
            return
    if kind == "paragraph" and (head := _bold_line(block, text)):
        draft.add("subheading", head, block.number)
        text = text[len(head) :].lstrip()
    elif (
        kind == "paragraph"
        and text == block.text
        and block.bold
        and fold(block.bold) == fold(text)
        and len(text.split()) <= _SUBHEADING_WORDS
        and text[-1] not in ".,;\"”'…"
        and text[0] != "("  # a sign-off
        and len(block.lines) == 1
    ):
        kind = "subheading"
    if text:
        draft.add(kind, text, block.number)


def _open_text(draft: _Draft, block: RawBlock, text: str) -> str:
    """A paragraph near the head without the byline and the dateline that open the text.

    Short texts that stand above a dateline which names its outlet are a summary
    box or a standfirst, and go (Tribun's "Ringkasan Berita", Suara's "baca 10 detik").
    """
    is_first = all(each.kind not in ("paragraph", "list_item", "quote") for each in draft.body)
    if is_first:
        text = _without_glued_byline(draft, block, text)
    split = split_dateline(text, bold=block.bold if text.startswith(block.bold) else "")
    if split is None:
        return text
    if not is_first:
        is_short = sum(len(each.text) for each in draft.body) <= _LONGEST_ABOVE
        if not (is_short and split.dateline.brand and "." in split.dateline.brand):
            return text
        while draft.body:
            draft.take_back("above the dateline", 0, "words", "place")
        draft.related = [replace(link, after_block=0) for link in draft.related]
    draft.is_dated = True
    # An outlet's name alone is taken off the text, but says no place: no dateline.
    draft.dateline = split.dateline if split.dateline.place else None
    return split.rest


def _bold_line(block: RawBlock, text: str) -> str | None:
    """The bold first line of a paragraph that goes on below it: a sub-heading that only a <br> sets apart."""
    head = block.lines[0]
    is_heading = (
        len(block.lines) > 1
        and head == block.bold
        and text.startswith(head)
        and len(head.split()) <= _SUBHEADING_WORDS
        and head[-1] not in ".,;:\"”'…)-–—"
    )
    return head if is_heading else None


def _without_glued_byline(draft: _Draft, block: RawBlock, text: str) -> str:
    """A byline that shares the first paragraph with the text, on lines of its own above it."""
    for count in range(min(3, len(block.lines) - 1), 0, -1):
        if byline := parse_head(block.lines[:count]):
            draft.bylines.append(byline)
            draft.removed.append(Removal("byline", " ".join(block.lines[:count]), block.number, ("words", "place")))
            return text[len(" ".join(block.lines[:count])) :].strip()
    if (parts := split_running_on(text)) and (byline := parse_head((parts[0],))):
        draft.bylines.append(byline)
        draft.removed.append(Removal("byline", parts[0], block.number, ("words", "place")))
        return parts[1]
    return text


def _take_names_above(draft: _Draft, headline: str) -> None:
    """Take the names that sign a text above it out of the body."""
    found = names_above(draft.body, headline)
    if found is None:
        return
    place, names = found
    draft.head_names = draft.head_names or names
    draft.take_back("byline", place, "words", "place")
    draft.related = [replace(link, after_block=link.after_block - (link.after_block > place)) for link in draft.related]


def _finish(draft: _Draft) -> None:
    """The sign-off at the end and what may stand behind it, sub-headings that head nothing."""
    _cut_behind_sign_off(draft)
    headings = next((place for place, block in enumerate(reversed(draft.body)) if block.kind != "subheading"), 0)
    # Many in a row, and hardly anything else, are what an article of pictures has for a text (seen on liputan6.com, 2024).
    is_of_pictures = headings >= max(MANY_HEADINGS, len(draft.body) - headings)
    while not is_of_pictures and draft.body and draft.body[-1].kind == "subheading":
        draft.take_back("last sub-heading", -1, "markup", "place")
    if not draft.body:
        return
    last = draft.body[-1]
    rest, draft.sign_off = split_sign_off(last.text)
    if draft.sign_off is not None:
        draft.body[-1:] = [Block(kind=last.kind, text=rest)] if rest else []
    for position, link in enumerate(draft.related):
        if link.after_block > len(draft.body):
            draft.related[position] = RelatedLink(
                label=link.label, text=link.text, url=link.url, after_block=len(draft.body)
            )


def _cut_behind_sign_off(draft: _Draft) -> None:
    """Take away short blocks that stand behind a sign-off with a block of its own."""
    for position in range(len(draft.body) - 2, max(len(draft.body) - _TAIL_BLOCKS - 1, _HEAD_BLOCKS), -1):
        rest, code = split_sign_off(draft.body[position].text)
        behind = draft.body[position + 1 :]
        if code and not rest and code[0] == "(" and sum(len(block.text) for block in behind) <= _LONGEST_BEHIND:
            for _ in behind:
                draft.take_back("behind the sign-off", position + 1, "words", "place")
            return
