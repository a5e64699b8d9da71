"""Whether a page was sent to its end: how a body ends, and how the site's other pages end. Pure, in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Capture

SAME_ENDING = 3  # other URLs of a host that end with the very same characters: the site always ends so
_TAIL = 4_096  # bytes: what follows </html> on real pages (comments of caches, trackers) is shorter
_ENDING = 32  # characters of it that are kept
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|article|div|p|h1)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a body without `</html>` ends: its last characters, and what it breaks off inside of (None: between two
    elements).
    """

    text: str
    inside: str | None


def ending_of(body: bytes) -> Ending | None:
    """The ending of a page that has no `</html>` near its end; None for one that has, and for what is not markup."""
    tail = body[-_TAIL:]
    if b"</html" in tail.lower() or not _MARKUP.search(body[:_TAIL]):
        return None
    if (body[:2] in (b"\xff\xfe", b"\xfe\xff")) or b"\0" in tail:  # UTF-16 is not examined
        return None
    text = " ".join(tail.decode("latin-1").split())[-_ENDING:]
    return Ending(text=text, inside=_inside(body))


def _inside(body: bytes) -> str | None:
    lower = body.lower()
    if lower.rfind(b"<!--") > lower.rfind(b"-->"):
        return "a comment"
    for name in (b"script", b"style"):
        if lower.rfind(b"<" + name) > lower.rfind(b"</" + name):
            return f"a {name.decode()}"
    at = lower.rfind(b"<")
    is_tag = at > lower.rfind(b">") and lower[at + 1 : at + 2].strip(b" =0123456789") != b""
    return "a tag" if is_tag else None


def is_open_ended(capture: Capture) -> bool:
    """Whether only the closing of the connection marked the end of the body: no length, no chunks, no compressed
    stream.
    """
    names = {name for name, value in capture.headers if value.strip()}
    packed = dict(capture.headers).get("content-encoding", "").strip().lower() not in ("", "identity", "none")
    return bool(capture.headers) and not packed and not names & {"content-length", "transfer-encoding"}


def why_cut(capture: Capture, ending: Ending | None, *, same_ending: int, is_all_there_is: bool) -> str | None:
    """Why a page is considered truncated, in words; None if it is complete, or its site always ends so.

    `same_ending` is the number of other URLs of the host that end with the same characters; `is_all_there_is`: nothing
    better is stored, and another request brought the same or is not possible.
    """
    if is_all_there_is or (ending is None and capture.truncated is None):
        return None
    if capture.truncated is None and same_ending >= SAME_ENDING:
        return None
    signs = []
    if capture.truncated is not None:
        signs.append(f"marked as cut ({capture.truncated})")
    if ending is not None:
        signs.append(f"it ends inside {ending.inside}" if ending.inside else "it has no </html>")
        if is_open_ended(capture):
            signs.append("only the closing of the connection ended it")
    is_cut = len(signs) > 1 or capture.truncated is not None or (ending is not None and ending.inside is not None)
    return "; ".join(signs) if is_cut else None
