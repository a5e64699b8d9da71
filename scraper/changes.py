"""What changed between two versions of an article: the words that were removed and added, and what kind of change it
is.

Pure. White space, case, the shape of quotes and dashes, and invisible characters do not count as changes (text.fold),
nor do counters that a site prints into its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from scraper.language import languages, vocabulary
from scraper.text import fold
from scraper.worddiff import aligned, is_break

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.language import Vocabulary

Kind = Literal[
    "headline", "lede", "byline", "typo", "number", "quote", "wording", "addition", "deletion", "moved",
    "correction", "withdrawn", "silent", "reverted", "coarse",
]  # fmt: skip
# The order in which kinds are listed.
KINDS: tuple[Kind, ...] = (
    "withdrawn", "correction", "headline", "lede", "byline", "number", "quote", "wording", "typo", "addition", "deletion",
    "moved", "reverted", "silent", "coarse",
)  # fmt: skip
Coming = Literal["new", "return", "flip"]

LONG_EDIT = 5  # words: that many more or fewer make an addition or deletion rather than a rewording
MAX_TYPO_WORDS = 3
COUNTER_WORDS = 8
_COUNTER_CHARS = 200
GONE_WORDS = 80
REST = timedelta(days=3)  # between two returns to earlier versions for both to count

# A notice at the head of a block (Ralat: …, Catatan Redaksi: …) or a sentence that says so (artikel ini telah diralat).
_CORRECTION = re.compile(
    r"^\W*(?:ralat|koreksi|pembetulan|klarifikasi redaksi|catatan redaksi|hak jawab|hak koreksi|permintaan maaf|"
    r"correction|corrections|editor['’]s note|erratum|update koreksi)\b\s*(?:[:\-–—(]|redaksi|berita|$)"
    r"|\b(?:berita|artikel|tulisan|naskah|judul) ini (?:telah |sudah )?(?:di)?(?:ralat|koreksi|perbaiki)\b"
    r"|\b(?:telah|sudah) (?:diralat|dikoreksi)\b"
    r"|\b(?:redaksi|kami) (?:memohon|meminta|mohon) maaf atas (?:kesalahan|kekeliruan)\b"
    r"|\bthis (?:article|story) (?:has been|was) (?:corrected|amended)\b",
    re.IGNORECASE,
)
# Counters and clocks that a body rule did not remove: "Dibaca 1.204 kali", "12 Komentar", "5 menit lalu".
_COUNTER = re.compile(
    r"(?:(?<![\d.,])[.,]*+\d[\d.,]*+\s*+(?:rb|jt|k|ribu|juta)?\+?\s*+"
    r"(?:kali|x|views?|hits?|dilihat|dibaca|pembaca|pengunjung|komentar|comments?|shares?|likes?|suka|"
    r"(?:detik|menit|jam|hari|minggu|minutes?|hours?|days?)\s++(?:(?:yang\s++)?lalu|ago)))"
    r"|(?:(?:dibaca|dilihat|views?|hits?|komentar|share|pembaca)\s*+:?\s*+\d)",
    re.IGNORECASE,
)
_NUMBER_WORDS = frozenset(
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus seribu ribu juta"
    " miliar milyar triliun sejuta setengah separuh".split()
)
_MARKS = ".,;:!?()[]\"'“”‘’…-–—"
_QUOTES = re.compile('["“”]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article; `blocks` are the texts of its body, `modified_at` is the page's own time of change."""

    headline: str
    lede: str | None = None
    byline: str | None = None
    blocks: tuple[str, ...] = ()
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Words of the earlier version that became others, and whether they are in a quotation or cross a paragraph's end."""

    out: tuple[str, ...]
    into: tuple[str, ...]
    is_quoted: bool
    has_break: bool


def is_same(before: Version, after: Version) -> bool:
    """Whether both read the same. Only headline, lede, byline and body make a revision; counters and clocks do not."""
    return _essence(before) == _essence(after)


def _essence(version: Version) -> tuple[str, ...]:
    texts = (version.headline, version.lede or "", version.byline or "", *version.blocks)
    return tuple(fold(text) for text in texts[:3]) + tuple(fold(text) for text in texts[3:] if not is_counter(text))


def is_older(versions: Sequence[tuple[bytes, datetime]], content: bytes) -> bool:
    """Whether a page's content is a version from before the current one (`versions` as for coming_of)."""
    first: dict[bytes, datetime] = {}
    for each, since in versions:
        first.setdefault(each, since)
    current = versions[-1][0]
    return content != current and content in first and first[content] < first[current]


def coming_of(versions: Sequence[tuple[bytes, datetime]], content: bytes, *, now: datetime) -> Coming:
    """Whether a page's content is new to it, returns after a change, or flips to and fro (an advertisement, two
    servers).

    `versions` holds the content hash of each version and when it was first seen as such, the current one last. Going
    back once is an editor's decision; going to and fro within days is not, and would make a revision at every look.
    Among versions that alternate, the one that appeared last should stay: an old copy returns from a cache for an hour,
    and then the newer text comes back.
    """
    if content not in {each for each, _ in versions[:-1]}:
        return "new"
    if not is_older(versions, content):
        return "return"
    seen: set[bytes] = set()
    returned_at: datetime | None = None
    for each, since in versions:
        if each in seen:
            returned_at = since
        seen.add(each)
    return "flip" if returned_at is not None and now - returned_at < REST else "return"


def is_counter(text: str) -> bool:
    """Whether a block is a counter or clock that a site prints into its text ("Dibaca 1.204 kali", "5 menit lalu")."""
    return len(text) <= _COUNTER_CHARS and len(text.split()) <= COUNTER_WORDS and _COUNTER.search(text) is not None


def kinds_of(before: Version, after: Version, *, is_return: bool = False) -> tuple[Kind, ...]:
    """The kinds of change that lead from one version to the next, in the order of KINDS; () if they read the same.

    `is_return` says that the version had been there before. "silent" means that the text changed, but the page's own
    time of change, which both versions state, did not.
    """
    if is_same(before, after):
        return ()
    found: set[Kind] = set()
    fields: tuple[tuple[Kind, str | None, str | None], ...] = (
        ("headline", before.headline, after.headline),
        ("lede", before.lede, after.lede),
        ("byline", before.byline, after.byline),
    )
    found.update(kind for kind, a, b in fields if fold(a or "") != fold(b or ""))
    found.update(_kinds_of_body(before.blocks, after.blocks))
    found.update(_notices(before, after))
    if is_return:
        found.add("reverted")
    if before.modified_at is not None and before.modified_at == after.modified_at:
        found.add("silent")
    return tuple(kind for kind in KINDS if kind in found)


def has_changed_between_designs(before: Version, after: Version, before_page: str, after_page: str) -> bool:
    """Whether the publisher changed an article whose two versions were read from pages of different designs.

    The pages are given with all their text. A text that one reading has and the other lacks is our doing if the other
    page contains it too. A headline, lede or byline is compared only if both readings have one. New text counts if it
    is between paragraphs that both versions have: at the edges (`added_at_edges`) it may belong to the new design.
    """
    pages = letters(before_page), letters(after_page)
    for a, b in ((before.headline, after.headline), (before.lede, after.lede), (before.byline, after.byline)):
        if a and b and not (letters(a) in pages[1] or letters(b) in pages[0]):
            return True
    texts = [letters(" ".join(version.blocks)) for version in (before, after)]
    old = [letters(block) for block in before.blocks if not is_counter(block)]
    new = [letters(block) for block in after.blocks if not is_counter(block)]
    if any(block not in texts[1] and block not in pages[1] for block in old):
        return True
    shared = [place for place, block in enumerate(new) if block and block in texts[0]]
    within = new[shared[0] : shared[-1]] if shared else []
    return any(block not in texts[0] and block not in pages[0] for block in within)


def added_at_edges(before: Version, after: Version, before_page: str) -> tuple[str, ...]:
    """Blocks before or after everything that both versions share, on a page of another design, that the earlier page
    had nowhere.

    () if the versions share nothing, since then the edges are unknown.
    """
    old, page = letters(" ".join(before.blocks)), letters(before_page)
    new = [(block, letters(block)) for block in after.blocks if not is_counter(block)]
    shared = [place for place, (_, key) in enumerate(new) if key and key in old]
    edges = [*new[: shared[0]], *new[shared[-1] + 1 :]] if shared else []
    return tuple(
        block for block, key in edges if len(block.split()) >= LONG_EDIT and key not in old and key not in page
    )


def letters(text: str) -> str:
    """Letters and digits alone: designs differ in punctuation, blanks and case."""
    return "".join(char for char in fold(text) if char.isalnum())


def _notices(before: Version, after: Version) -> Iterator[Kind]:
    """The paper's notices that the later version has and the earlier one does not."""
    known = {fold(block) for block in before.blocks}
    new = [block for block in (after.headline, after.lede or "", *after.blocks) if fold(block) not in known]
    old_top = {fold(before.headline), fold(before.lede or "")}
    new = [text for text in new if text and fold(text) not in old_top]
    words_of = _all_languages()
    if any(_CORRECTION.search(text) or words_of.correction_label(text) for text in new):
        yield "correction"
    words = sum(len(block.split()) for block in after.blocks)
    # A version does not know its language; but what says this in one language is not said in any other.
    if words <= GONE_WORDS and new and any(words_of.withdrawn.find(text) for text in new):
        yield "withdrawn"


@cache
def _all_languages() -> Vocabulary:
    return vocabulary(*languages())


def _kinds_of_body(before: Sequence[str], after: Sequence[str]) -> set[Kind]:
    before = [block for block in before if not is_counter(block)]
    after = [block for block in after if not is_counter(block)]
    a, b = [fold(block) for block in before], [fold(block) for block in after]
    if a == b:
        return set()
    if sorted(a) == sorted(b):
        return {"moved"}
    found: set[Kind] = set()
    gave_up: list[str] = []
    for hunk in _hunks("\n\n".join(before), "\n\n".join(after), gave_up):
        found.update(_kinds_of_hunk(hunk))
    if gave_up:
        found.add("coarse")
    return found or {"wording"}  # the same words, divided into paragraphs differently


def _hunks(before: str, after: str, gave_up: list[str]) -> Iterator[_Hunk]:
    """The stretches of words that differ, each with whether it is inside a quotation."""
    depth_a = depth_b = 0  # quotation marks so far: an odd number means inside a quotation
    for op, a, b in aligned(before, after, gave_up):
        if op == "changed":
            out, into = _words(a), _words(b)
            if [fold(word) for word in out] != [fold(word) for word in into]:
                inside = depth_a % 2 == 1 or depth_b % 2 == 1
                has_mark = any(_QUOTES.search(word) for word in (*out, *into))
                yield _Hunk(out, into, inside or has_mark, any(is_break(token) for token in (*a, *b)))
        depth_a = _depth(depth_a, a)
        depth_b = _depth(depth_b, b)


def _words(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if not token.isspace())


def _depth(depth: int, tokens: Sequence[str]) -> int:
    for token in tokens:
        # A paragraph ends every quotation: a missing mark must not turn the rest of the text inside out.
        depth = 0 if is_break(token) else depth + len(_QUOTES.findall(token))
    return depth


def _kinds_of_hunk(hunk: _Hunk) -> Iterator[Kind]:
    surplus = len(hunk.into) - len(hunk.out)
    if not (hunk.out and hunk.into):
        is_long = abs(surplus) >= LONG_EDIT or hunk.has_break
        yield ("addition" if surplus > 0 else "deletion") if is_long else "wording"
        return
    if abs(surplus) >= LONG_EDIT:
        yield "addition" if surplus > 0 else "deletion"
    if hunk.is_quoted:
        yield "quote"
    if _numbers(hunk.out) != _numbers(hunk.into):
        yield "number"
    out, into = _without_numbers(hunk.out), _without_numbers(hunk.into)
    if out != into and is_typo(out, into):
        yield "typo"
    elif out != into and not hunk.is_quoted:
        yield "wording"


def _numbers(words: Sequence[str]) -> list[str]:
    return [word.strip(_MARKS) for word in words if _is_number(word)]


def _without_numbers(words: Sequence[str]) -> list[str]:
    return [fold(word) for word in words if not _is_number(word)]


def _is_number(word: str) -> bool:
    return any(char.isdigit() for char in word) or fold(word).strip(_MARKS) in _NUMBER_WORDS


def is_typo(out: Sequence[str], into: Sequence[str]) -> bool:
    """Whether a few words only changed in spelling or punctuation: joined, separated, a letter or two, a mark."""
    if not (out and into) or max(len(out), len(into)) > MAX_TYPO_WORDS:
        return False
    a, b = ("".join(char for char in "".join(words) if char.isalnum()) for words in (out, into))
    if a == b:
        return True
    limit = 1 if min(len(a), len(b)) < 6 else 2
    # A short word that differs by one letter is often another word (dari, hari), a long one seldom.
    return min(len(a), len(b)) >= 5 and _distance(a, b, limit) <= limit


def _distance(a: str, b: str, limit: int) -> int:
    """How many letters must be inserted, removed, changed or swapped with their neighbour; limit + 1 for more than
    limit.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of two records (JSON values): gained (it was empty), lost (it is empty), or changed."""

    field: str
    how: Literal["gained", "lost", "changed"]
    before: Any
    after: Any


def field_changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    """The fields in which two records of an article differ, in the order of the record."""
    found = []
    for name, new in after.items():
        old = before.get(name)
        if old != new:
            how: Literal["gained", "lost", "changed"] = "gained" if not old else "lost" if not new else "changed"
            found.append(FieldChange(name, how, old, new))
    return tuple(found)
