"""CSS selectors taken apart, so that a page's index can answer the common ones without a walk through the whole page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Operator = Literal["", "=", "~=", "*=", "^=", "$="]

_TOKEN = re.compile(
    r"(?P<between>\s*(?P<child>>)\s*|\s+)"
    r"|(?P<tag>[a-z][a-z0-9]*)"
    r"|#(?P<id>[A-Za-z_][\w-]*)"
    r"|\.(?P<token>[A-Za-z_][\w-]*)"
    r"|\[(?P<name>[a-z][a-z-]*)"
    r"(?:(?P<operator>[~*^$]?=)(?:(?P<quote>[\"'])(?P<quoted>[^\"'\\]+)(?P=quote)|(?P<bare>[\w-]+))(?P<caseless> i)?)?\]"
)
# HTML compares the values of these without regard to case.
_CASELESS = frozenset(
    "accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction"
    " disabled enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap"
    " readonly rel rev rules scope scrolling selected shape target text type valign valuetype vlink".split()
)


class Test(NamedTuple):
    """A condition on an attribute; `wanted` is in lower case if case does not matter."""

    name: str
    operator: Operator
    wanted: str
    is_caseless: bool


@dataclass(frozen=True, slots=True)
class Compound:
    """Conditions on one element: `text` as written; `tag` and `id` are None if they do not matter."""

    text: str
    tag: str | None
    id: str | None
    tests: tuple[Test, ...]  # a class is one of them
    is_child: bool  # whether it must be a child, not any descendant, of the element of the previous compound

    def accepts(self, attributes: Mapping[str, str | None]) -> bool:
        """Whether attributes match; the tag is not checked."""
        if self.id is not None and attributes.get("id") != self.id:
            return False
        for test in self.tests:  # noqa: SIM110  (a generator would cost as much as the test)
            if not _fits(attributes, test):
                return False
        return True


def _fits(attributes: Mapping[str, str | None], test: Test) -> bool:
    name, operator, wanted, is_caseless = test
    if not operator:
        return name in attributes
    value = attributes.get(name)
    if not value:
        return False
    if is_caseless:
        value = value.lower()
    if operator == "~=":
        return wanted in value.split()
    if operator == "=":
        return value == wanted
    if operator == "*=":
        return wanted in value
    return value.startswith(wanted) if operator == "^=" else value.endswith(wanted)


@lru_cache(maxsize=2048)
def compounds(selector: str) -> tuple[Compound, ...] | None:
    """The compounds of a selector, outermost first; None for one with a list, a pseudo-class or anything else that is
    rare.
    """
    found: list[Compound] = []
    position = start = 0
    tag: str | None = None
    own: str | None = None
    is_child = False
    tests: list[Test] = []
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
        elif match is None or (own and match["id"]) or not _take(match, tests, is_first=position == start):
            return None
        else:
            tag, own = match["tag"] or tag, match["id"] or own
        position = match.end()
    return tuple(found)


@lru_cache(maxsize=2048)
def alternatives(selector: str) -> tuple[Compound, ...] | None:
    """The selectors of a list, each for one element by its tag and attributes; None if one asks for more.

    Whether case matters in a class or an id depends on the page's doctype: a list with "#name" is left to the engine,
    and one with ".name" on a page that has the class in other letters.
    """
    found: list[Compound] = []
    for text in selector.split(","):  # a comma inside a value leaves what is not a selector
        parts = compounds(text)
        if parts is None or len(parts) > 1 or "#" in text:
            return None
        found += parts
    return tuple(found)


def _take(match: re.Match[str], tests: list[Test], *, is_first: bool) -> bool:
    """Add the condition in a part of a compound; False if it cannot be answered here."""
    if match["tag"]:
        return is_first
    if match["token"]:
        tests.append(Test("class", "~=", match["token"], is_caseless=False))
    elif match["name"]:
        value = match["quoted"] or match["bare"] or ""
        operator: Operator = match["operator"] or ""  # type: ignore[assignment]
        if operator == "~=" and " " in value:
            return False
        is_caseless = match["caseless"] is not None or match["name"] in _CASELESS
        tests.append(Test(match["name"], operator, value.lower() if is_caseless else value, is_caseless))
    return True
