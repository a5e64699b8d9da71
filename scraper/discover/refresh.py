"""The target of a page that only redirects its readers (<meta http-equiv=refresh>)."""

from __future__ import annotations

import re

from scraper.charsets import readable
from scraper.html import parse, prose
from scraper.urls import absolute, canonical_url

MAX_DELAY_S = 10  # a front page that reloads itself waits for minutes
MAX_WORDS = 80  # "You are being redirected, click here if nothing happens"
_REFRESH = re.compile(r"\s*(\d{1,9})[\d.]{0,9}\s*[;,]?\s*(?:url\s*=\s*)?([\"']?)(.*)", re.IGNORECASE | re.DOTALL)


def refresh_of(body: bytes, url: str, charset: str | None = None) -> str | None:
    """The URL to which a page redirects at once (HTML standard, §4.2.5.3); None if it is a page in its own right.

    A page with a text of its own is not left, whatever its refresh says, and neither is one whose refresh is only for
    browsers without scripts. Raises ExtractError for markup over the limits of a parse.
    """
    tree = parse(readable(body, charset), url=url)
    for node in tree.css("noscript, template, script, style"):
        node.decompose()
    base_node = tree.css_first("base[href]")
    base = absolute(base_node.attributes.get("href") or "", url) if base_node is not None else None
    for node in tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(node.attributes.get("content") or "")
        if found is None or int(found[1]) > MAX_DELAY_S:
            continue
        raw = found[3].partition(found[2])[0] if found[2] else found[3]
        target = absolute(raw.strip(), base or url) if raw.strip() else None
        if target is None or canonical_url(target) == canonical_url(url):
            continue
        text = prose(tree.body) if tree.body is not None else ""
        return target if len(text.split()) <= MAX_WORDS and len(text) <= 8 * MAX_WORDS else None
    return None
