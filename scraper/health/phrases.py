"""An alarm in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.health.baseline import Departure

_SAYINGS = {
    "fetched": "article pages that could be fetched",
    "read": "pages that were read as articles",
    "complete": "articles that are complete (date, text, all pages)",
    "blocked": "requests refused (block page, 401, 403, 429)",
    "listing": "looks at feeds and indexes that were answered",
    "missed": "looks at feeds and indexes where everything was new, so that older articles may have been missed",
    "generic": "articles that no layout of the site reads any more",
    "filled": "articles with {field}",
    "short": "bodies shorter than the shortest tenth used to be: a part of the text may be lost",
    "repeated": "articles with the same {field} as another one just before",
    "wrong": "articles whose date is days off from what revealed them",
    "fallback": "articles whose {field} the layout did not find, so that it comes from elsewhere on the page",
    "warning": "articles with the warning {field}",
}


def said(kind: str, name: str, departure: Departure) -> str:
    """One line: what is unusual, since when, and what was usual."""
    span = "the last day" if departure.days == 1 else f"the last {departure.days} days"
    if kind == "discovered":
        return f"{departure.observed:.0f} new articles in {span}, {departure.expected:.0f} expected"
    if kind == "stale":
        return f"no new article in {name} in {span}, {departure.expected:.0f} expected: it answers, and does not change"
    what = _SAYINGS[kind].format(field=name)
    return f"{departure.observed:.0%} {what} in {span} ({departure.cases} cases), {departure.expected:.0%} before"
