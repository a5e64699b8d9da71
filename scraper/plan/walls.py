"""Whether a page that answered for an article is that article: what speaks against it, and what follows. Pure.

A wall is a page that stands in the place of an article with status 200: a login, a consent form, maintenance, "too many
requests", a CAPTCHA, the start page. No words identify it, in any language; it is recognised by what it has in common
with other answers and by what it lacks of this one. No single sign decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from scraper.plan.evidence import OTHER_DAY
from scraper.text import fold, unspaced_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Verdict = Literal["page", "suspect", "wall"]
Sign = Literal[
    "same_text", "same_headline", "same_address", "start_page", "form", "foreign_headline", "other_text", "shrunk",
    "little_text", "unclaimed", "older",
]  # fmt: skip

LITTLE_WORDS = 60  # of text: what a wall says, or a caption
TEASER_WORDS = 150  # in the beginning of a text that is sold
GROWN_WORDS = 60  # a first version shorter than this is a story that is still being written
WHOLE_WORDS = 80  # in a version that can be said to have shrunk
SHRUNK = 0.5
SAME_SHARE = 0.8  # of a text: a page with this much of it has that text
KEPT_SHARE = 0.5  # of the earlier text: with less of it, most of it was replaced
MANY = 2  # other URLs that had the same text, or ended at the same address
CONFIRMED_AFTER = timedelta(hours=6)  # between the first look at a suspect version and the one that confirms it
STEADY = timedelta(
    days=3
)  # the same text at the same URL for so long is its page, if only its poverty speaks against it
_SHINGLE = 10  # characters
_MAX_CHARS = 60_000  # of a text that is compared
_STEM = 5  # letters by which words are equal: inflections differ at the end
_SHORT = 4  # letters: shorter words say nothing
_WORD = re.compile(r"[^\W\d_]+")
# Scripts without blanks between words: pairs of letters stand for words. Words that any two headlines may share.
_COMMON = frozenset(
    "yang untuk dari dengan pada oleh akan tidak telah sudah dalam adalah agar kepada karena bisa saat usai hari para juga lebih"
    " anda kami ini itu news berita artikel article story post html index detail read baca page"
    " this that with from have been will your they their about after into over more what when were"
    " para como este esta pour dans avec sont nach eine einer nicht wird".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallEvidence:
    """What is known about an answer for an article's URL, and about what was there before.

    `headline_fits`: it shares words with the title that a listing gave, with the slug or with the previous version
    (True), or with none of them (False); None if there is nothing to compare or it cannot be said. `words` of the text
    that was read (of all text if nothing was); `is_claimed`: the page itself says that it is an article (a date that is
    not from the URL, an author, its site's layout). `same_text`, `same_headline` and `same_address` count other URLs of
    the host that gave the same text or headline, or whose redirects ended at the same address. `before_words` and
    `kept_share` (the share of the earlier text that is still there) are None without an earlier version. `same_since`
    is how long this URL has been giving this text, `suspected_since` how long this version has been waiting for a
    second look. `is_older`: it is a version that a newer one has replaced, or says itself that it is older than the
    stored one (a cache's copy), and nothing says that an editor went back to it.
    """

    words: int
    headline_fits: bool | None = None
    is_claimed: bool = False
    has_form: bool = False
    same_text: int = 0
    same_headline: int = 0
    same_address: int = 0
    is_start_page: bool = False
    before_words: int | None = None
    was_claimed: bool = True
    kept_share: float | None = None
    same_since: timedelta | None = None
    suspected_since: timedelta | None = None
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with the signs on which it is based, in the order of Sign; `detail` names them for people, "" if
    there are none.
    """

    verdict: Verdict
    signs: tuple[Sign, ...] = ()
    detail: str = ""


def judge(evidence: WallEvidence) -> Judgement:
    """A page is a wall on two independent signs, one of them more than poverty; suspect if it replaces most of what was
    there.
    """
    signs = signs_of(evidence)
    detail = "; ".join(_told(sign, evidence) for sign in signs)
    if _is_wall(evidence, set(signs)):
        return Judgement("wall", signs, detail)
    if (is_replaced := _is_replaced(evidence, set(signs))) or "older" in signs:
        waited = evidence.suspected_since
        # A version that says less than before may be a teaser or a one-day notice, so it must last longer. A cache
        # gives its old copy for hours.
        is_less = is_replaced and {"shrunk", "little_text"} & set(signs)
        needed = STEADY if is_less else OTHER_DAY if "older" in signs else CONFIRMED_AFTER
        if waited is None or waited < needed:
            return Judgement("suspect", signs, detail)
        return Judgement("page", signs, f"confirmed after {_hours(waited)}: {detail}")
    return Judgement("page", signs)


def was_wall(
    *,
    words: int,
    is_claimed: bool,
    headline_fits: bool | None,
    was_expected: bool | None,
    kept_share: float | None,
    whole_share: float = 1.0,
) -> bool:
    """Whether a URL's answer before its article was a wall that had passed for one, when nothing showed it.

    It said nothing about itself, its headline is not the article's (`headline_fits`: one word in common may be chance),
    and either it was poor and nothing of its text is left, or its headline had nothing in common with what was
    announced and the slug (`was_expected`) and most of its blocks are gone: a start page has a sentence of each
    article.
    """
    if is_claimed or headline_fits or kept_share is None:
        return False
    return (words < LITTLE_WORDS and kept_share == 0) or (whole_share < KEPT_SHARE and not was_expected)


def is_completed(*, words: int, before_words: int, kept_share: float | None) -> bool:
    """Whether a version may be the complete text that the previous one began: it contains all of that, and much more.

    A story that is still being written grows like that too; the second sign is that its page offered the rest for sale.
    """
    is_all_kept = kept_share is not None and kept_share >= SAME_SHARE
    return is_all_kept and before_words < TEASER_WORDS and words >= 2 * before_words


def signs_of(evidence: WallEvidence) -> tuple[Sign, ...]:
    """What speaks against a page."""
    is_foreign = evidence.headline_fits is False
    before = evidence.before_words
    found: dict[Sign, bool] = {
        "same_text": evidence.same_text >= MANY or (evidence.same_text > 0 and is_foreign),
        "same_headline": is_foreign and evidence.same_headline > 0,  # a column may have the same headline every day
        "same_address": evidence.same_address >= MANY,
        "start_page": evidence.is_start_page,
        "form": evidence.has_form and evidence.words < LITTLE_WORDS,
        "foreign_headline": is_foreign,
        "other_text": evidence.kept_share is not None and evidence.kept_share < KEPT_SHARE,
        "shrunk": before is not None and before >= WHOLE_WORDS and evidence.words < SHRUNK * before,
        "little_text": evidence.words < LITTLE_WORDS,
        "unclaimed": not evidence.is_claimed and (before is None or evidence.was_claimed),
        "older": evidence.is_older
        and not (before or 0) < GROWN_WORDS <= evidence.words,  # the text is back after a notice
    }
    return tuple(sign for sign, is_there in found.items() if is_there)


def _is_wall(evidence: WallEvidence, signs: set[Sign]) -> bool:
    if evidence.headline_fits:  # whatever it lacks, it is about what was requested
        return False
    elsewhere = signs & {"same_address", "start_page"}
    strange = signs & {"foreign_headline", "other_text"}
    if "same_text" in signs and (elsewhere or signs & {"form", "foreign_headline", "unclaimed"}):
        return True
    if elsewhere and (strange or signs & {"form", "unclaimed", "little_text"}):
        return True
    if "form" in signs and strange:
        return True
    if "unclaimed" in signs and ("same_headline" in signs or {"foreign_headline", "other_text"} <= signs):
        return True
    # Only poverty and strangeness (maintenance, "too many requests"): three signs, and it must not last.
    is_steady = evidence.same_since is not None and evidence.same_since >= STEADY
    is_poor = bool(signs & {"shrunk", "little_text"})
    return "foreign_headline" in signs and "unclaimed" in signs and is_poor and not is_steady


def _is_replaced(evidence: WallEvidence, signs: set[Sign]) -> bool:
    before = evidence.before_words
    if before is None or "other_text" not in signs:
        return False
    if before < GROWN_WORDS <= evidence.words and evidence.is_claimed:
        return False
    return bool(signs - {"other_text", "little_text", "older"})


def _told(sign: Sign, evidence: WallEvidence) -> str:
    share = round(100 * (evidence.kept_share or 0))
    return {
        "same_text": f"{evidence.same_text} other URLs gave the same text",
        "same_headline": f"{evidence.same_headline} other URLs gave the same headline",
        "same_address": f"{evidence.same_address} other URLs ended at the same address",
        "start_page": "it leads to the start page",
        "form": "it asks for a password, a code or a choice instead of giving a text",
        "foreign_headline": "its headline has nothing in common with what was announced or was there before",
        "other_text": f"{share} % of the earlier text is left",
        "shrunk": f"{evidence.words} words in the place of {evidence.before_words}",
        "little_text": f"{evidence.words} words",
        "unclaimed": "nothing on the page says that it is an article",
        "older": "it is older than the version that is kept",
    }[sign]


def _hours(waited: timedelta) -> str:
    hours = round(waited.total_seconds() / 3600)
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def headline_fits(headline: str, expected: Iterable[str | None], *, url: str) -> bool | None:
    """Whether a headline is about what was expected (titles, earlier headlines) or what the URL's slug says.

    None if it cannot be said: nothing to compare with, another script, or only one word in common.
    """
    own = _stems(headline) - _stems(urlsplit(url).hostname or "")
    others, answers = [], []
    for text in (*expected, slug_of(url)):
        if text:
            others.append(_stems(text))
            answers.append(_is_like(own, others[-1]))
            if answers[-1]:
                return True
    if any(own & other for other in others):
        return None
    return False if False in answers else None


def is_name_of_host(headline: str, url: str) -> bool:
    """Whether a headline consists of words in the host's name: the paper's name, as on its start page."""
    own = _stems(headline)
    return bool(own) and own <= _stems(urlsplit(url).hostname or "")


def _is_like(own: frozenset[str], other: frozenset[str]) -> bool | None:
    """True with two words in common or half of them, False with none; only words in the same script can be compared."""
    if len(own & other) > 1:  # true for most; each is in one script, and counts
        return True
    pairs = [pair for pair in zip(_by_script(own), _by_script(other), strict=True) if all(pair)]
    mine = {stem for pair in pairs for stem in pair[0]}
    theirs = {stem for pair in pairs for stem in pair[1]}
    shared = len(mine & theirs)
    if not mine or len(theirs) < 2:
        return True if shared else None
    if shared >= 2 or shared >= 0.5 * min(len(mine), len(theirs)):
        return True
    return None if shared else False


def _by_script(stems: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    latin = frozenset(stem for stem in stems if stem.isascii())
    return latin, stems - latin


def slug_of(url: str) -> str:
    """The words in a URL's path, without numbers and the ending; "" if there are none."""
    path = unquote(urlsplit(url).path)
    stem, dot, ending = path.rpartition(".")
    return " ".join(_WORD.findall(stem if dot and "/" not in ending else path))


@lru_cache(maxsize=512)  # hosts recur with every page, and a headline is compared with several
def _stems(text: str) -> frozenset[str]:
    """The key for comparing two headlines: the beginnings of their longer words, without accents."""
    found: set[str] = set()
    plain = fold(text)
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    for word in _WORD.findall(plain):
        if unspaced_count(word):
            found.update(word[place : place + 2] for place in range(max(1, len(word) - 1)))
        elif len(word) >= (_SHORT if word.isascii() else 2) and word not in _COMMON:
            found.add(word[:_STEM])
    return frozenset(found)


def kept_share(before: Sequence[str], after: Sequence[str]) -> float | None:
    """How much of an earlier text (its blocks) is still in a later one, 0 to 1; None if there was none to speak of.

    Runs of letters are compared, so that it also works for scripts without blanks.
    """
    earlier = _runs(before)
    if not earlier:
        return None
    return len(earlier & _runs(after)) / len(earlier)


def whole_share(before: Sequence[str], after: Sequence[str]) -> float:
    """How much of an earlier text is in blocks that survive whole in a later one, by words, 0 to 1; 1 if there was
    none.
    """
    later = _letters(after)
    sizes = [(len(block.split()), _letters([block]) in later) for block in before]
    total = sum(size for size, _ in sizes)
    return sum(size for size, is_there in sizes if is_there) / total if total else 1.0


def _letters(blocks: Sequence[str]) -> str:
    return "".join(char for char in fold(" ".join(blocks))[:_MAX_CHARS] if char.isalnum())


def _runs(blocks: Sequence[str]) -> set[str]:
    text = _letters(blocks)
    return {text[place : place + _SHINGLE] for place in range(len(text) - _SHINGLE + 1)}
