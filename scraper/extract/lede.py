"""The lede: the standfirst of a layout, the one that is printed, else what the page says that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.text import collapse, fold
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.layouts import LayoutReading
    from scraper.extract.metadata import PageMetadata
    from scraper.records import Block

_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_OTHER_SCRIPT = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u9fff\uac00-\ud7af]")
MIN_SLOGAN_WORDS = 4  # longer ones of a site's slogan
MAX_SHARED = 0.15  # of them that an article may have by chance
_SAME_HEAD = 30  # characters by which two copies of a description are known as such
MIN_LEDE_WORDS = 5
MIN_LABEL = 4  # characters of a host name that tell it from an ordinary word
_TAIL_WORDS = 8
_WORD = re.compile(r"\w+")
_WHOLE_SENTENCE = re.compile(r"[.!?…\"”'’)»]$")
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
    """(lede, provenance, whether a cut-off one was refused).

    The standfirst of the layout, else the one that is printed between headline
    and text; else the meta description, unless it is the
    body's beginning cut off (a whole sentence may be both), the headline
    again, the lead picture's caption, or the site's own slogan.
    """
    if reading is not None and reading.lede is not None:
        if not _CUT_OFF.search(reading.lede.text):
            return reading.lede.text, reading.lede.source, False
        return None, None, True
    if standfirst and not _repeats_caption(standfirst, caption) and not _CUT_OFF.search(standfirst):
        return standfirst, "generic:standfirst", False
    text, source = _description(metadata)
    repeats = fold(text) == fold(headline) or _repeats_caption(text, caption)
    if len(text.split()) < MIN_LEDE_WORDS or " | " in text or repeats:
        return None, None, False
    if _CUT_OFF.search(text) or _is_cut_off(text, body):
        return None, None, True
    return (None, None, False) if _is_slogan(text, headline, body) else (collapse(text), source, False)


def _is_slogan(text: str, headline: str, body: Sequence[Block]) -> bool:
    """Whether a description is about the site: hardly one of its longer words comes in headline or text.

    Languages that join or bend their words so that they look different each time are not judged.
    """
    words = set(_LONG_WORD.findall(fold(text)))
    if len(words) < MIN_SLOGAN_WORDS or not text.isprintable() or _OTHER_SCRIPT.search(text):
        return False
    told = fold(" ".join((headline, *(block.text for block in body))))
    return bool(body) and sum(word in told for word in words) < MAX_SHARED * len(words)


def _repeats_caption(text: str, caption: str | None) -> bool:
    return bool(caption) and fold(text).startswith(fold(caption or "")[:60])


def _description(metadata: PageMetadata) -> tuple[str, str]:
    """(the page's description, provenance): the first one, or another copy of it that is a whole sentence; ("", …) if there is none."""
    found = [
        (_without_section(value, metadata), f"meta:{name}")
        for name in ("description", "og:description", "twitter:description")
        for value in metadata.meta.get(name, ())[:1]
        if value
    ]
    if not found:
        return _without_section(metadata.text("description") or "", metadata), "json-ld:description"
    head = fold(found[0][0])[:_SAME_HEAD]
    whole = (each for each in found if _is_whole(each[0]) and fold(each[0]).startswith(head))
    return next(whole, found[0])


def _is_whole(text: str) -> bool:
    return _WHOLE_SENTENCE.search(text) is not None and _CUT_OFF.search(text) is None


def _is_cut_off(text: str, body: Sequence[Block]) -> bool:
    """Whether a description is the body's words, cut off without a mark: they go on there in the same sentence."""
    if _WHOLE_SENTENCE.search(text):
        return False
    tail = r"\W+".join(re.escape(word) for word in _WORD.findall(fold(text))[-_TAIL_WORDS:])
    behind = (
        re.search(rf"{tail}(?P<behind>\w|\W{{0,3}})", fold(" ".join(block.text for block in body))) if tail else None
    )
    return behind is not None and not re.match(r"[\"')]*[.!?]|$", behind["behind"])


def _without_section(text: str, metadata: PageMetadata) -> str:
    """A description without the section and the site's name that some systems put behind it (" - Health - okezone")."""
    label = host_of(metadata.canonical or "").removeprefix("www.").rpartition(".")[0].rpartition(".")[2]
    parts = text.split(" - ")
    if len(parts) < 2 or len(label) < MIN_LABEL or label not in fold(parts[-1]):
        return text
    parts.pop()
    if len(parts) > 1 and len(parts[-1].split()) <= 2:
        parts.pop()
    return " - ".join(parts)
