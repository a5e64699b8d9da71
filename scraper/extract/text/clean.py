"""Raw blocks → body, byline, dateline, related links, sign-off: what the text itself says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.extract.text.credits import Byline, parse_credit, parse_head, parse_source, split_running_on
from scraper.extract.text.dateline import split_dateline
from scraper.extract.text.furniture import (
    NO_WORDS,
    is_line_of,
    known_note,
    line_rules,
    syndicated_from,
    without_tail,
)
from scraper.extract.text.judge import is_sentence, judge_line
from scraper.extract.text.lines import PageLines, is_date_line
from scraper.extract.text.people import names_above, names_line, signature_below
from scraper.extract.text.related import is_related_block, related_of, set_apart
from scraper.extract.text.sign_off import is_sign_off_line, split_sign_off
from scraper.extract.trace import Removal
from scraper.records import Author, Block, Dateline, RelatedLink
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.extract.trace import Sign
    from scraper.language import Vocabulary
    from scraper.records import BlockKind

MANY_HEADINGS = 3
MAX_BEHIND_CREDIT = 0.5  # of the words above an editor's credit that ends the article may be below it
MIN_BEFORE_END = 100  # words of text above readers' comments
_HEAD_BLOCKS = 3  # a byline precedes the text or is not one
_TAIL_BLOCKS = 4
_EDITOR = re.compile(r"(?:editor|redaktur|penulis|pewarta|reporter)\s*(?:\|\s*)?:", re.IGNORECASE)
_ABOVE_BLOCKS = 4
_LONGEST_ABOVE = 600  # characters of a summary above the dateline
_LONGEST_BEHIND = 200  # characters of promotion after a sign-off
_SUBHEADING_WORDS = 14  # words in the longest bold line that is a sub-heading, not an emphasised sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanBody:
    """The body without everything that does not belong in the record's body, and what was found instead."""

    body: tuple[Block, ...]
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    head_names: tuple[str, ...] = ()  # from a plain "By …" line: authors if nothing else names any
    editors: tuple[str, ...] = ()
    source_credit: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    related_links: tuple[RelatedLink, ...] = ()
    removed: tuple[Removal, ...] = ()
    doubts: tuple[Removal, ...] = ()  # the blocks of the body against which only one sign speaks
    is_doubtful: bool = False  # whether there are any, or a rule was undone
    words: int = 0  # in the body


# The rules that may have removed the story itself if nothing is left: they are undone one by one.
_UNDONE = frozenset(
    {
        "end",
        "after the end",
        "furniture",
        "note",
        "caption",
        "above the dateline",
        "behind the sign-off",
    }
)


def _read(lines: PageLines, headline: str, undone: frozenset[str]) -> _Draft:
    """Judge all blocks; the rules in `undone` remove nothing."""
    draft = _Draft()
    for place, block in enumerate(lines.blocks):
        _take(draft, lines, place, block, undone)
    _take_names_above(draft, headline)
    _finish(draft, undone)
    return draft


@dataclass(slots=True)
class _Draft:
    body: list[Block] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    credits: list[Byline] = field(default_factory=list)
    source: str | None = None
    dateline: Dateline | None = None
    sign_off: str | None = None
    removed: list[Removal] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the raw blocks from which those of the body come
    head_names: tuple[str, ...] = ()
    related_urls: set[str] = field(default_factory=set)
    doubts: list[Removal] = field(default_factory=list)
    is_dated: bool = False  # whether a dateline, or an outlet alone, opened the text
    is_over: bool = False  # what is below the editor's credit no longer belongs to the article

    @property
    def words(self) -> int:
        """Words in the body so far."""
        return sum([word_count(block.text) for block in self.body])

    def remove(self, rule: str, block: RawBlock, *signs: Sign) -> None:
        """Record the removal of a block."""
        self.removed.append(Removal(rule, block.text, block.number, signs))

    def loses_text(self, undone: set[str]) -> str | None:
        """The rule that removed most of the sentences, among those that may be undone; None if they removed none."""
        lost: Counter[str] = Counter()
        for removal in self.removed:
            if removal.rule in _UNDONE and removal.rule not in undone and is_sentence(removal.text):
                lost[removal.rule] += len(removal.text)
        return max(lost, key=lost.__getitem__, default=None)

    def add(self, kind: BlockKind, text: str, number: int) -> None:
        """Add a text to the body."""
        self.body.append(Block(kind=kind, text=text))
        self.numbers.append(number)

    def take_back(self, rule: str, place: int, *signs: Sign) -> None:
        """Remove a block from the body again."""
        self.removed.append(Removal(rule, self.body.pop(place).text, self.numbers.pop(place), signs))


def clean_blocks(
    blocks: Sequence[RawBlock],
    *,
    base_url: str | None,
    headline: str | None,
    vocabulary: Vocabulary,
    ledes: Iterable[str | None] = (),
    site_lines: tuple[str, ...] = (),
) -> CleanBody:
    """Separate the body from what is around it, block by block, in reading order.

    `ledes` are standfirst lines printed above the text: as the first block they are not body (as a later one, the
    sentence was quoted on purpose). `site_lines` are patterns for whole lines, in lower case, that the site puts into
    its texts.
    """
    found = PageLines(
        blocks=set_apart(blocks, base_url, vocabulary),
        base_url=base_url,
        title=fold(headline or ""),
        standfirst=frozenset(fold(lede) for lede in ledes if lede),
        site_lines=line_rules(site_lines) if site_lines else None,
        vocabulary=vocabulary,
    )
    draft = _read(found, headline or "", frozenset())
    undone: set[str] = set()
    while not draft.body and (rule := draft.loses_text(undone)):
        undone.add(rule)
        draft = _read(found, headline or "", frozenset(undone))
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
        doubts=tuple(draft.doubts),
        is_doubtful=bool(draft.doubts or undone),
        words=draft.words,
    )


def _take(draft: _Draft, lines: PageLines, place: int, block: RawBlock, undone: frozenset[str]) -> None:
    """Judge one block: a related link, a line of the paper's, a credit, or text."""
    text = block.text
    is_head, is_tail = len(draft.body) < _HEAD_BLOCKS, lines.behind[place] < _TAIL_BLOCKS
    if is_related_block(block, lines.vocabulary):
        for link in related_of(block, lines.base_url, lines.vocabulary):
            if link.url not in draft.related_urls:
                draft.related_urls.add(link.url)
                related = RelatedLink(label=link.label, text=link.text, url=link.url, after_block=len(draft.body))
                draft.related.append(related)
        draft.remove("related", block, "words", "markup")
    elif lines.site_lines is not None and is_line_of(lines.site_lines, text):
        draft.remove("line of the site", block, "words", "repetition")
    elif _is_known(draft, lines, place, undone, is_edge=is_head or is_tail):
        pass
    elif is_head and (rule := _repeats(block, lines, is_first=not draft.body)):
        draft.remove(rule, block, "words", "place")
    elif (is_head or is_tail or (_EDITOR.match(text) and not is_sentence(text))) and _is_credit(
        draft, lines, place, is_head=is_head
    ):
        draft.remove("credit", block, "words", "place" if is_head or is_tail else "markup")
    elif draft.is_over and "after the end" not in undone:
        draft.remove("after the end", block, "words", "place")
    else:
        _keep(draft, block, _without_tail(draft, block, is_edge=is_head or is_tail))


def _is_known(draft: _Draft, lines: PageLines, place: int, undone: frozenset[str], *, is_edge: bool) -> bool:
    """Remove a line that a rule recognises by its words, if another sign also speaks against it; returns whether it was
    removed.
    """
    block = lines.blocks[place]
    known = lines.known[place] or (known_note(block, lines.vocabulary) if is_edge else None)
    if known is None or known.rule in undone:
        return False
    if known.rule == NO_WORDS:
        draft.remove(known.rule, block, "words", "markup")
        return True
    is_edge = is_edge or lines.heads_nothing(place)
    if known.rule == "end" and draft.words >= MIN_BEFORE_END and lines.words_behind(place) <= draft.words:
        draft.is_over = True
        draft.remove("end", block, "words", "place")
        return True
    verdict = judge_line(known, block, lines.blocks, is_edge=is_edge, is_beside=lines.is_beside(place))
    if verdict.is_removed:
        draft.source = draft.source or (syndicated_from(block.text) if known.rule == "furniture" else None)
        draft.remove(known.rule, block, *verdict.signs)
    else:
        draft.doubts.append(Removal(known.rule, block.text, block.number, verdict.signs))
    return verdict.is_removed


def _without_tail(draft: _Draft, block: RawBlock, *, is_edge: bool) -> str:
    """A block's text without the promotional sentence at its end, if it is at the edge of the text or links confirm it."""
    rest = without_tail(block.text)
    if rest == block.text:
        return rest
    if not (is_edge or block.links):
        draft.doubts.append(Removal("promotion at the end", block.text, block.number, ("words",)))
        return block.text
    signs: tuple[Sign, ...] = ("words", "place") if is_edge else ("words", "markup")
    draft.removed.append(Removal("promotion at the end", block.text[len(rest) :].strip(), block.number, signs))
    return rest


def _repeats(block: RawBlock, lines: PageLines, *, is_first: bool) -> str | None:
    """The rule for a block near the beginning that only repeats what is above the text; None for any other block."""
    text, title = block.text, lines.title
    if is_first and block.kind == "paragraph" and block.link_share > 0.95 and len(text.split()) <= 6:
        return "topic link"  # "Berita Gresik" above the dateline
    # Folding costs more than this.
    if len(text) <= 2 * len(title) + 20 or (is_first and lines.standfirst):
        folded = fold(text)
        if folded and (folded == title or (is_first and folded in lines.standfirst)):
            return "headline or lede"
    return "date" if is_date_line(text, lines.vocabulary.calendar, is_head=True) else None


def _is_credit(draft: _Draft, lines: PageLines, place: int, *, is_head: bool) -> bool:
    """Add a block that credits people or a source to the draft; returns whether it is one."""
    block = lines.blocks[place]
    text, is_last = block.text, place == len(lines.blocks) - 1
    if is_head and (byline := parse_head(block.lines)):
        if split_running_on(text):
            return False
        draft.bylines.append(byline)
    elif (is_head and (names := names_line(text, lines.vocabulary))) or (is_last and (names := signature_below(block))):
        draft.head_names = draft.head_names or names
    elif source := parse_source(text):
        draft.source = draft.source or source
    elif credit := parse_credit(text):
        draft.credits.append(credit)
        draft.is_over = not is_head and lines.words_behind(place) <= MAX_BEHIND_CREDIT * draft.words
    else:
        return False
    return True


def _keep(draft: _Draft, block: RawBlock, text: str) -> None:
    """Keep a block as body, without its dateline and attached byline if it is the first."""
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
    """A paragraph near the beginning without the byline and the dateline that open the text.

    Short texts above a dateline that names its outlet are a summary box or a standfirst, and are removed (Tribun's
    "Ringkasan Berita", Suara's "baca 10 detik").
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
    # An outlet's name alone is removed from the text, but names no place: it is not a dateline.
    draft.dateline = split.dateline if split.dateline.place else None
    return split.rest


def _bold_line(block: RawBlock, text: str) -> str | None:
    """The bold first line of a paragraph that continues below it: a sub-heading that only a <br> sets apart."""
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
    """Remove the names that sign a text above it from the body."""
    found = names_above(draft.body, headline)
    if found is None:
        return
    place, names = found
    draft.head_names = draft.head_names or names
    draft.take_back("byline", place, "words", "place")
    draft.related = [replace(link, after_block=link.after_block - (link.after_block > place)) for link in draft.related]


def _finish(draft: _Draft, undone: frozenset[str]) -> None:
    """Handle the sign-off at the end, what may follow it, and sub-headings without text."""
    if "behind the sign-off" not in undone:
        _cut_behind_sign_off(draft)
    headings = next((place for place, block in enumerate(reversed(draft.body)) if block.kind != "subheading"), 0)
    # Many in a row, and hardly anything else, are the text of an article of pictures (seen on liputan6.com, 2024).
    is_of_pictures = headings >= max(MANY_HEADINGS, len(draft.body) - headings)
    while not is_of_pictures and draft.body and draft.body[-1].kind == "subheading":
        draft.take_back("last sub-heading", -1, "markup", "place")
    _take_sign_offs(draft)
    if not draft.body:
        return
    last = draft.body[-1]
    rest, code = split_sign_off(last.text)
    if code is not None:
        draft.sign_off = code
        draft.body[-1:] = [Block(kind=last.kind, text=rest)] if rest else []
    for position, link in enumerate(draft.related):
        if link.after_block > len(draft.body):
            draft.related[position] = RelatedLink(
                label=link.label, text=link.text, url=link.url, after_block=len(draft.body)
            )


def _take_sign_offs(draft: _Draft) -> None:
    """Remove lines that are only a sign-off from the body: each part of an article may have one, and more may follow."""
    for place in range(len(draft.body) - 1, 0, -1):
        block = draft.body[place]
        if block.kind == "paragraph" and is_sign_off_line(block.text, is_last=place == len(draft.body) - 1):
            draft.sign_off = draft.sign_off or block.text
            draft.take_back("sign-off", place, "words", "markup")
            draft.related = [
                replace(link, after_block=link.after_block - (link.after_block > place)) for link in draft.related
            ]


def _cut_behind_sign_off(draft: _Draft) -> None:
    """Remove short blocks after a sign-off that has a block of its own."""
    for position in range(len(draft.body) - 2, max(len(draft.body) - _TAIL_BLOCKS - 1, _HEAD_BLOCKS), -1):
        rest, code = split_sign_off(draft.body[position].text)
        behind = draft.body[position + 1 :]
        if code and not rest and code[0] == "(" and sum(len(block.text) for block in behind) <= _LONGEST_BEHIND:
            for _ in behind:
                draft.take_back("behind the sign-off", position + 1, "words", "place")
            return
