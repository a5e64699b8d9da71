"""A search as an Atom feed (RFC 4287). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from scraper.text import terminal_safe

if TYPE_CHECKING:
    from collections.abc import Sequence


_NO_XML = re.compile("[\ufffe\uffff]")  # XML 1.0 §2.2 does not allow them


class AtomEntry(NamedTuple):
    """One article: `url` is the publisher's, `page` ours; `updated` is ISO 8601 with offset."""

    url: str
    page: str
    title: str
    summary: str
    updated: str
    authors: tuple[str, ...] = ()


def atom(title: str, own: str, entries: Sequence[AtomEntry], *, updated: str) -> str:
    """The feed; `own` is its address, `updated` the time to give if no entry has a date."""
    newest = max((entry.updated for entry in entries), default=updated)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(title)}</title><id>{_text(own)}</id><link rel='self' href={quoteattr(own)}/><updated>{newest}</updated>",
        "<generator>kliping</generator>",
    ]
    for entry in entries:
        names = "".join(f"<author><name>{_text(name)}</name></author>" for name in entry.authors or ("–",))
        lines.append(
            f"<entry><title>{_text(entry.title)}</title><id>{_text(entry.url)}</id><link href={quoteattr(entry.page)}/>"
            f"<link rel='via' href={quoteattr(entry.url)}/><updated>{entry.updated}</updated>{names}"
            f"<summary>{_text(entry.summary)}</summary></entry>"
        )
    return "\n".join([*lines, "</feed>", ""])


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", terminal_safe(text)))
