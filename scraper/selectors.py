"""CSS selectors taken apart, so that a page's index can answer the common ones without a walk through the whole page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Operator = Literal["", "=", "~=", "*=", "^=", "$="]

_TOKEN = re.compile(
    r"(?P<between>\s*(?P<child>>)\s*|\s+)"
    r"|(?P<tag>[a-z][a-z0-9]*)"
    r"|#(?P<id>[A-Za-z_][\w-]*)"
    r"|\.(?P<token>[A-Za-z_][\w-]*)"
    r"|\[(?P<name>[a-z][a-z-]*)(?:(?P<operator>[~*^$]?=)(?:(?P<quote>[\"'])(?P<quoted>[^\"'\\]+)(?P=quote)|(?P<bare>[\w-]+)))?\]"
)
# HTML says of these that their values are compared without regard to case.
_CASELESS = frozenset(
    {"type", "lang", "dir", "method", "media", "target", "hreflang", "http-equiv", "charset", "align", "rel"}
)


@dataclass(frozen=True, slots=True)
class Compound:
    """What one element must be: `text` is it as written; `tag` and `id` None where they do not matter."""

    text: str
    tag: str | None
    id: str | None
    tests: tuple[tuple[str, Operator, str], ...]  # (attribute, operator, value); a class is one of them
    is_child: bool  # whether it must be a child, not any descendant, of what the compound before it means

    def accepts(self, attributes: Mapping[str, str | None]) -> bool:
        """Whether attributes fit; the tag is not looked at."""
        if self.id is not None and attributes.get("id") != self.id:
            return False
        return all(_fits(attributes, test) for test in self.tests)


def _fits(attributes: Mapping[str, str | None], test: tuple[str, Operator, str]) -> bool:
    name, operator, wanted = test
    if not operator:
        return name in attributes
    value = attributes.get(name)
    if not value:
        return False
    if operator == "~=":
        return wanted in value.split()
    if operator == "=":
        return value == wanted
    if operator == "*=":
        return wanted in value
    return value.startswith(wanted) if operator == "^=" else value.endswith(wanted)


@lru_cache(maxsize=2048)
def compounds(selector: str) -> tuple[Compound, ...] | None:
    """The compounds of a selector, outermost first; None for one with a list, a pseudo-class or anything else that is rare."""
    found: list[Compound] = []
    position = start = 0
    tag: str | None = None
    own: str | None = None
    is_child = False
    tests: list[tuple[str, Operator, str]] = []
    text = selector.strip()
    while position <= len(text):
        match = _TOKEN.match(text, position)
        if position == len(text) or (match and match["between"]):
            if position == start:
                return None
            found.append(Compound(text[start:position], tag, own, tuple(tests), is_child))
            if match is None:
                break
            start = match.end()
            tag, own, tests, is_child = None, None, [], match["child"] is not None
        elif match is None or not _take(match, tests, is_first=position == start):
            return None
        else:
            tag, own = match["tag"] or tag, match["id"] or own
        position = match.end()
    return tuple(found)


def _take(match: re.Match[str], tests: list[tuple[str, Operator, str]], *, is_first: bool) -> bool:
    """Add what a part of a compound asks for; False if it cannot be answered here."""
    if match["tag"]:
        return is_first
    if match["token"]:
        tests.append(("class", "~=", match["token"]))
    elif match["name"]:
        value = match["quoted"] or match["bare"] or ""
        operator: Operator = match["operator"] or ""  # type: ignore[assignment]
        if (operator and match["name"] in _CASELESS) or (operator == "~=" and " " in value):
            return False
        tests.append((match["name"], operator, value))
    return True
