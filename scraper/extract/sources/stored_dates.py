"""When an article was published according to the state that a page keeps for its scripts: JSON in a script that is not
schema.org data.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKUP = 4 << 20  # characters of a page that are searched
_NEAR = 3000  # characters between the date and the headline in one object
MIN_HEADLINE = 12  # characters in a headline whose occurrence in a page is not an accident
_KEY_LENGTH = 200  # characters in a key with its date, at most
_MOST = 400  # dates on one page that are examined
_KEY = re.compile(
    r'\\?"(?:(?:first|original)?_?(?:date)?_?publi(?:sh(?:ed)?|cation)_?(?:at|on|date|time|datetime)?|date_?published|pub_?date)\\?"'
    r'\s{0,2}:\s{0,2}\\?"?(?P<value>(?:19|20)\d\d-\d\d-\d\d(?:[T ][\d:.]{5,12}(?:Z|[+-]\d\d:?\d\d)?)?|1\d{9}(?:\d{3})?)(?=[\\",}\s])',
    re.IGNORECASE,
)


def stored_date(markup: bytes | str, headline: str) -> str | None:
    """The date with a key like "publishedAt" nearest to the page's own headline; None if none is near, or if dates of
    several days are.

    Two signs: what the key says, and whose object it is in.
    """
    if len(markup) > MAX_MARKUP or len(headline) < MIN_HEADLINE:
        return None
    page = markup if isinstance(markup, str) else markup.decode("utf-8", "replace")
    places = [place for form in _forms(headline) for place in _places(page, form)]
    if not places:
        return None
    found: dict[str, int] = {}
    for match in _keys(page, places):
        if match is None:
            return None
        distance = min(abs(match.start() - place) for place in places)
        if distance <= _NEAR:
            value = match["value"]
            found[value] = min(distance, found.get(value, _NEAR))
    if len({value[:10] for value in found}) != 1:
        return None
    return max(found, key=len)


def _keys(page: str, places: list[int]) -> Iterator[re.Match[str] | None]:
    """The keys with a date near these positions; None at last if a page has too many. Only a page that may have too
    many is searched as a whole: each key contains "pub".
    """
    if page.lower().count("pub") >= _MOST:
        for number, match in enumerate(_KEY.finditer(page)):
            yield match if number < _MOST else None
        return
    at = 0
    for place in sorted(places):
        start, end = max(at, place - _NEAR - _KEY_LENGTH), place + _NEAR + _KEY_LENGTH
        for match in _KEY.finditer(page, start, end):
            at = match.end()
            yield match
        at = max(at, end - _KEY_LENGTH)


def _forms(headline: str) -> set[str]:
    """A headline as the value of a key, with its letters as they are or escaped, within JSON or within a string of
    JSON.
    """
    plain = (json.dumps(headline), json.dumps(headline, ensure_ascii=False))
    return {form for text in plain for form in (f":{text}", f": {text}", json.dumps(f":{text}")[1:-1])}


def _places(page: str, form: str) -> list[int]:
    places: list[int] = []
    at = page.find(form)
    while at >= 0 and len(places) < _MOST:
        places.append(at)
        at = page.find(form, at + 1)
    return places
