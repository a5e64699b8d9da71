"""The packs used to read a page, as one table per section, compiled when a page first needs it."""

from __future__ import annotations

import re
from collections import ChainMap
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from scraper.language.line_patterns import PLAIN_HEAD, LineRules, is_open, split_alternatives
from scraper.language.pack import NEUTRAL, Calendar, PackLine, is_pattern, languages, read_head, read_pack
from scraper.text import ascii_small

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.language.pack import Pack

_SIGNS = " \t\n*-–—>•↓\"'"  # around a line; a pattern sees what is left
_MORE_SIGNS = _SIGNS + ":：.!…«»‹›<|/+►▶→➜↓▼＞“”„「」『』【】[]()（）#=_~·■□◆●▲"  # around plain words
_LEAD = re.compile(
    "[\\s>•*\\-–—►▶→➡»›|+#■□◆●▲▼【\\[(（「『\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]*"
)  # the last three are signs such as a pointing hand
_BEHIND = re.compile(r"\s*+\.?\s*+[】\])）」』]?(?:\s*+[:：=]|(?<=[】\]]))\s*+")
_LABEL = 60  # characters in a line that is hardly more than a label
_MAX_ANY, _MAX_NUMBER = 160, 6  # characters that "…" and "#" stand for
_SPECIAL = re.compile(r"[.\\+*?\[\]^$(){}|]")
# Scripts without blanks between words: a label may touch what follows.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]$")
_CASELESS = re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\u2e80-\ud7af]")
_DATED = re.compile(r"[\s,(–—-]*[^:：!?\n]{1,40}[:：]")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTICLE = 3  # letters in the words between the parts of a date: "vom 3. Mai", "3 May, 10:20 am"
_PARTICLES = frozenset(
    "von van de der den del della di da dos das du la le el al bin binti ibn ter ten zu zur af av and und et y e en dan ve och og oraz i ja a și si и і та και và kaj eta"
    " with mit avec con para per für for dkk"
    " dpa epd sid kna ots afp apa sda ansa efe tass ap rtr".split()  # agencies that sign with people
)
_AUTHORS = frozenset({"writer", "reporter", "contributor", "citizen_reporter"})
_MAX_NAMES, _MAX_NAMES_UNSPACED = 90, 24  # characters in a list of names
_MAX_NAME_WORDS = 14
_HEAD = 2  # characters at the beginning of a line that exclude most rules
_MAX_HEADS = 10_000
_UNSURE = frozenset("\u0130\u0307\u03a3")  # their lower-case form depends on what follows
_SENTENCE_ENDS = frozenset(".!?。！？,")


class Opening(NamedTuple):
    """A label that opens a text: its entry, how it is printed, where what it introduces begins, and whether a colon
    separates them.
    """

    entry: PackLine
    label: str
    end: int
    has_colon: bool


def small(text: str) -> str:
    """Text in lower case, of unchanged length, with plain apostrophes: the form in which entries are compared."""
    lower = text.lower()
    if lower.isascii():
        return lower
    return lower.replace("i̇", "i").replace("’", "'").replace("\xa0", " ")


def pattern_of(form: str) -> str:
    """A form as a regular expression: "…" stands for any words, "#" for a number; /…/ already is an expression."""
    if is_pattern(form):
        return form[1:-1]
    plain = _SPECIAL.sub(r"\\\g<0>", form)
    return plain.replace("…", f".{{0,{_MAX_ANY}}}").replace("#", rf"\d{{1,{_MAX_NUMBER}}}")


def could_be_names(text: str) -> bool:
    """Whether words may be a list of names: capitals and small particles, or a short run in a script without capitals;
    not a sentence.
    """
    text = text.strip()
    if not text or len(text) > _MAX_NAMES or text[-1] in "!?。！？،؟" or not text[0].isalpha():
        return False
    if _CASELESS.match(text):
        return len(text) <= (_MAX_NAMES_UNSPACED if _UNSPACED.search(text[:1]) else _MAX_NAMES // 2) and text[-1] != "."
    words = text.split()
    return len(words) <= _MAX_NAME_WORDS and all(
        word[0].isupper() or not word[0].isalpha() or word.strip(",;").lower() in _PARTICLES for word in words
    )


@lru_cache(maxsize=1024)  # a line is compared with several tables, and occurs on many pages of a site
def _bare(text: str) -> tuple[str, str]:
    """A line in lower case without the signs around it, and the same without any more signs."""
    line = small(text).strip(_SIGNS)
    return line, line.strip(_MORE_SIGNS)


class Wholes:
    """Entries that are whole lines."""

    def __init__(self, entries: Iterable[PackLine]) -> None:
        self._plain: dict[str, PackLine] = {}
        closed: list[tuple[str, PackLine]] = []
        free: list[tuple[str, PackLine]] = []
        for entry in entries:
            for form in entry.forms:
                if is_pattern(form) or "…" in form or "#" in form:
                    for each in split_alternatives(pattern_of(form)):
                        (free if is_open(each) else closed).append((each, entry))
                else:
                    self._plain.setdefault(form.strip(_MORE_SIGNS) or form, entry)
        self._closed, self._open = LineRules(closed, are_whole=True), LineRules(free, are_whole=True)
        self._hints = tuple(dict.fromkeys((*self._closed.hints, *self._open.hints)))
        self._window = max(self._closed.window, self._open.window) + len(_UNSURE)
        self._is_plain = all(hint.isascii() for hint in self._hints)
        self._by_head: dict[str, tuple[str, ...] | None] = {}

    def hints_in(self, text: str) -> tuple[str, ...]:
        """The hints that lines of a text may contain, searched for once in a page instead of in each of its lines."""
        if not self._is_plain or "\xa0" in text:
            return self._hints
        lower = ascii_small(text)
        return tuple([hint for hint in self._hints if hint in lower])

    def _is_dull(self, text: str, hints: tuple[str, ...]) -> bool:
        """Whether the beginning of a line shows that it is none of these, as it does for most."""
        head = text[:_HEAD]
        beginnings = self._by_head.get(head, ())
        if not beginnings and head not in self._by_head:
            if len(self._by_head) >= _MAX_HEADS:
                self._by_head.clear()
            beginnings = self._by_head[head] = self._beginnings(head)
        if beginnings is None:
            return False
        if not beginnings and not hints:
            return True
        if beginnings and small(text[: PLAIN_HEAD + len(_UNSURE)]).startswith(beginnings):
            return False
        if not hints:
            return True
        start = text[: self._window]
        start = ascii_small(start) if self._is_plain and "\xa0" not in start else small(start)
        for hint in hints:  # noqa: SIM110  (a generator would cost as much as the test)
            if hint in start:
                return False
        return True

    def _beginnings(self, head: str) -> tuple[str, ...] | None:
        """How the entries begin, for lines with these two first characters; None if those do not tell."""
        lower = small(head)
        is_sure = (
            len(head) == _HEAD and _UNSURE.isdisjoint(head) and not (lower[0] in _MORE_SIGNS or lower[0].isspace())
        )
        closed, free = (rules.beginnings(lower) if is_sure else None for rules in (self._closed, self._open))
        if closed is None or free is None or lower[0] in self._plain:
            return None
        return (*closed, *free, *(form[:PLAIN_HEAD] for form in self._plain if form.startswith(lower)))

    def fit(self, text: str) -> PackLine | None:
        """The entry that a whole line matches; None if it matches none."""
        found = self.known(text)
        return found[0] if found is not None else None

    def known(self, text: str, hints: tuple[str, ...] | None = None) -> tuple[PackLine, bool] | None:
        """(the entry that a whole line matches, whether its form leaves most of the words open); None if it matches
        none. `hints` are those in the text that the line is part of (hints_in), None where nobody looked.
        """
        if self._is_dull(text, self._hints if hints is None else hints):
            return None
        line, bare = _bare(text)
        entry = (
            self._plain.get(bare)
            or self._closed.fit(line)
            or (self._closed.fit(bare) if len(line) <= _LABEL and bare != line else None)
        )
        if entry is not None:
            return entry, False
        return (entry, True) if (entry := self._open.fit(line)) else None


class Labels:
    """Entries that open a line."""

    def __init__(self, entries: Iterable[PackLine]) -> None:
        self.rules = LineRules([(_label(form), entry) for entry in entries for form in entry.forms])
        self._by_head: dict[str, tuple[str, ...] | None] = {}

    def opening(self, text: str) -> Opening | None:
        """The label that opens a text; None if there is none."""
        if self._is_dull(text):
            return None
        line = small(text)
        if len(line) != len(text):  # a capital whose lower-case form has two characters: nothing can be cut by position
            text = line
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        found = self.rules.opening(line, start)
        if found is None:
            return None
        entry, end = found
        behind = _BEHIND.match(text, end)
        rest = behind.end() if behind else end + (text[end : end + 1] == " ")
        return Opening(entry, text[start:end], rest, behind is not None)

    def _is_dull(self, text: str) -> bool:
        """Whether the beginning of a text shows that no label opens it, as it does for most."""
        head = text[:_HEAD]
        beginnings = self._by_head.get(head, ())
        if not beginnings and head not in self._by_head:
            if len(self._by_head) >= _MAX_HEADS:
                self._by_head.clear()
            is_sure = len(head) == _HEAD and head.isalpha() and _UNSURE.isdisjoint(head)
            beginnings = self._by_head[head] = self.rules.beginnings(small(head)) if is_sure else None
        if not beginnings:
            return beginnings is not None
        return not small(text[: PLAIN_HEAD + len(_UNSURE)]).startswith(beginnings)


def _label(form: str) -> str:
    whole = pattern_of(form)
    if _UNSPACED.search(whole):
        return whole
    return (f"(?:{whole})" if is_pattern(form) else whole) + r"(?!\w)"


class Words:
    """Entries that are words or phrases within a text."""

    def __init__(self, entries: Iterable[PackLine]) -> None:
        self._forms = [(form, entry) for entry in entries for form in entry.forms]
        alike = groupby((_word(form) for form, _ in self._forms), key=itemgetter(0))
        # What must stand before the words is tested once at each position of the text, not once for each of them.
        whole = "|".join(f"{before}(?:{'|'.join(f'({words})' for _, words in run)})" for before, run in alike)
        self._pattern = re.compile(whole) if whole else None

    def find(self, text: str) -> PackLine | None:
        """The first entry whose words occur in a text; None if none does."""
        match = self._pattern.search(small(text)) if self._pattern is not None else None
        return self._forms[(match.lastindex or 1) - 1][1] if match else None

    def places(self, text: str) -> list[int]:
        """Where in a text, in lower case, the words begin."""
        return [match.start() for match in self._pattern.finditer(small(text))] if self._pattern is not None else []

    def opens(self, text: str) -> bool:
        """Whether a text begins with one of the words."""
        return self._pattern is not None and self._pattern.match(small(text)) is not None


def _word(form: str) -> tuple[str, str]:
    """(what must stand before a form, the form) for whole words; a form that ends in "…" is the beginning of a word
    ("aktualis…").
    """
    is_stem = form.endswith("…") and not is_pattern(form)
    whole = pattern_of(form.removesuffix("…") if is_stem else form)
    before = "" if _UNSPACED.search(form[:1]) else r"(?<!\w)"
    behind = "" if is_stem or _UNSPACED.search(form) else r"(?!\w)"
    return before, f"(?:{whole}){behind}"


class Vocabulary:
    """What some languages call the parts of a page; the first language takes precedence where they disagree."""

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self._packs = packs
        self.languages = tuple(pack.language for pack in packs)

    def __repr__(self) -> str:
        return f"Vocabulary({', '.join(self.languages)})"

    def entries(self, *sections: str) -> Iterator[PackLine]:
        """The entries of sections, language by language."""
        for pack in self._packs:
            for section in sections:
                yield from pack.entries[section]

    @cached_property
    def furniture(self) -> Wholes:
        """Whole lines that papers put into any text."""
        return Wholes(self.entries("furniture"))

    @cached_property
    def notes(self) -> Wholes:
        """Whole lines that a story may contain too: a second sign must show that this one is the paper's."""
        return Wholes(self.entries("note"))

    @cached_property
    def ends(self) -> Wholes:
        """Headings of what follows a text: readers' comments, a note on the author."""
        return Wholes(self.entries("end"))

    @cached_property
    def gone(self) -> Wholes:
        """Titles of pages that say that there is no such page."""
        return Wholes(self.entries("gone"))

    @cached_property
    def withdrawn(self) -> Words:
        """What a paper says in place of an article that it withdrew."""
        return Words(self.entries("withdrawn"))

    @cached_property
    def _corrections(self) -> Labels:
        return Labels(self.entries("correction"))

    def correction_label(self, text: str) -> str | None:
        """The words that open a text as a paper's own correction; None if it opens otherwise.

        A label needs a colon, brackets, or a day and a colon after it ("Correction, May 3:"), or must be the whole
        text.
        """
        found = self._corrections.opening(text)
        if found is None:
            return None
        rest = text[found.end :]
        is_label = found.has_colon or found.entry.is_bare or not rest.strip(_MORE_SIGNS)
        return found.label if is_label or self._is_dated(rest) else None

    def _is_dated(self, rest: str) -> bool:
        """Whether a text continues with a day and a colon."""
        match = _DATED.match(rest)
        if match is None or not any(char.isdecimal() for char in match[0]):
            return False
        named = {*self.calendar.months, *self.calendar.weekdays, *self.calendar.clock}
        return all(len(word) <= _PARTICLE or word in named for word in _LETTERS.findall(small(match[0])))

    @cached_property
    def fronts(self) -> Wholes:
        """Titles of pages that list others."""
        return Wholes(self.entries("front"))

    @cached_property
    def desks(self) -> Wholes:
        """Whole labels in the place of a name that are not people: desks, roles, accounts."""
        return Wholes(self.entries("desk"))

    @cached_property
    def walls(self) -> Words:
        """What a page says that demands a check, a login or a script before it shows anything."""
        return Words(self.entries("wall"))

    @cached_property
    def paywalls(self) -> Words:
        """What a page says whose text is for subscribers."""
        return Words(self.entries("paywall"))

    @cached_property
    def updated(self) -> Words:
        """Words beside the date of a change."""
        return Words(self.entries("updated"))

    @cached_property
    def published(self) -> Words:
        """Words beside the date of publication."""
        return Words(self.entries("published"))

    @cached_property
    def events(self) -> Words:
        """Words beside the date of an event, a deadline or today, rather than of the article."""
        return Words(self.entries("event"))

    @cached_property
    def credits(self) -> Words:
        """Words that make brackets below a picture a credit: agencies, "handout"."""
        return Words(self.entries("credit"))

    @cached_property
    def captions(self) -> Labels:
        """Labels before a caption or a picture's credit."""
        return Labels(self.entries("caption"))

    @cached_property
    def class_names(self) -> frozenset[str]:
        """Words in class names that mark an element as not text; two words are separated by a blank."""
        return frozenset(form for entry in self.entries("class") for form in entry.forms)

    @cached_property
    def _related(self) -> Labels:
        return Labels(self.entries("related"))

    @cached_property
    def _related_headings(self) -> Wholes:
        return Wholes(entry for entry in self.entries("related") if _is_bare(entry))

    @cached_property
    def _bylines(self) -> Labels:
        return Labels(self.entries("byline"))

    def related_label(self, text: str) -> Opening | None:
        """The label with a colon that opens a line about another article; None if there is none."""
        found = self._related.opening(text)
        return found if found is not None and found.has_colon else None

    def bare_related_label(self, text: str) -> Opening | None:
        """The same without a colon: a label only if nothing but links follow it."""
        found = self._related.opening(text)
        return found if found is not None and (found.has_colon or _is_bare(found.entry)) else None

    def related_heading(self, text: str) -> PackLine | None:
        """The entry of a line that is only such a label: the heading of a list of links."""
        return self._related_headings.fit(text)

    def byline(self, text: str) -> Opening | None:
        """The label that opens a line of names: with a colon, or one that needs none; None if no names follow."""
        found = self._bylines.opening(text)
        if found is None or not (found.has_colon or found.entry.is_bare) or not could_be_names(text[found.end :]):
            return None
        return found

    @cached_property
    def signature_heads(self) -> frozenset[str] | None:
        """How lines that match `signature` begin, which excludes most lines; None if it may be anything."""
        return self._signatures.rules.heads()

    @cached_property
    def _signatures(self) -> Labels:
        return Labels(entry for entry in self.entries("byline") if entry.role in _AUTHORS)

    def signature(self, text: str) -> Opening | None:
        """The label that opens a line about the writer ("By NAME", "Autor: NAME"), or is the line; None if it opens
        otherwise.
        """
        found = self._signatures.opening(text)
        if found is None:
            return None
        rest = text[found.end :]
        if not rest:
            is_label = found.entry.is_bare or small(found.label) in found.entry.forms[:1]
            return found if is_label and found.entry.role == "writer" else None
        name, _, post = rest.partition(",")  # "By Ann Lee, head of the office"
        is_name = could_be_names(rest) or (" " in name and could_be_names(name) and post[-1:] not in _SENTENCE_ENDS)
        return found if found.has_colon or is_name else None

    def is_writer_label(self, text: str) -> bool:
        """Whether a text is only the label of the writer ("Written by", "Escrito por")."""
        found = self._signatures.opening(f"{text}:")
        return found is not None and found.entry.role == "writer" and not text[found.end :].strip()

    @cached_property
    def _people(self) -> Labels:
        return Labels(self.entries("byline"))

    def is_credit_part(self, text: str) -> bool:
        """Whether a text is a label of anybody's part in an article, alone or followed by a name ("Fact-checked by Tom
        Lee").
        """
        found = self._people.opening(text) or self._people.opening(f"{text}:")
        if found is None:
            return False
        name = text[found.end :].partition(",")[0]
        return not name.strip() or could_be_names(name)

    @cached_property
    def calendar(self) -> Calendar:
        """Days and times in all the languages; order and era are those of the first."""
        own = [pack.calendar for pack in self._packs if pack.calendar.months or pack.calendar.weekdays]
        every = [pack.calendar for pack in self._packs]
        zones = ChainMap(*(dict(each.zones) for each in every))
        common = read_head(self.languages[0]).stopwords  # "et" is French, and a zone of New York
        return Calendar(
            order=own[0].order if own else "dmy",
            month_first=own[0].month_first if own else frozenset(),
            months=dict(ChainMap(*(dict(each.months) for each in every))),
            weekdays=dict(ChainMap(*(dict(each.weekdays) for each in every))),
            ago=tuple(dict.fromkeys(each for calendar in every for each in calendar.ago)),
            days=dict(ChainMap(*(dict(each.days) for each in every))),
            am=tuple(dict.fromkeys(each for calendar in every for each in calendar.am)),
            pm=tuple(dict.fromkeys(each for calendar in every for each in calendar.pm)),
            zones={name: zone for name, zone in zones.items() if name not in common or name in every[0].zones},
            parts=tuple(dict.fromkeys(each for calendar in every for each in calendar.parts)),
            solar_months=own[0].solar_months if own else {},
            clock=tuple(dict.fromkeys(each for calendar in every for each in calendar.clock)),
            years_ahead=own[0].years_ahead if own else 0,
        )


def _is_bare(entry: PackLine) -> bool:
    """Whether a related label is used without a colon: it says so, or has more than one word."""
    return entry.is_bare or " " in entry.forms[0] or _UNSPACED.search(entry.forms[0]) is not None


@lru_cache(maxsize=128)
def vocabulary(*names: str) -> Vocabulary:
    """The vocabulary of some languages, with the lines that are in no language; a language without a pack is left out."""
    known = [name for name in dict.fromkeys(names) if name in languages()]
    return Vocabulary(tuple(read_pack(name) for name in (*known, NEUTRAL)))
