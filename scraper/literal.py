"""A tolerant reader of JavaScript object literals as pages print them ({'penulis': 'X', tags: [1, 2,],})."""

from __future__ import annotations

import re
from typing import Any

_SPACE = re.compile(
    r"(?:\s|//[^\n]*\n|/\*(?:[^*]|\*(?!/))*+\*/)*+"
)  # possessive: no backtracking, so no page can make it slow
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d+)?")
_STRINGS = {quote: re.compile(rf"{quote}((?:[^{quote}\\\n]|\\.)*){quote}", re.DOTALL) for quote in "'\"`"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "0": ""}
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
MAX_CHARS = 200_000
MAX_DEPTH = 12


def json_number(digits: str) -> int | str:
    """An integer of JSON; one with too many digits stays text, since Python may take minutes to convert it."""
    return int(digits) if len(digits) < 19 else digits


class _NoLiteral(Exception):
    pass


def read_literal(text: str, start: int = 0) -> Any:
    """The literal at `start`; None if there is none, or none that consists of data only.

    An expression as a value ("document.title") gives None for that key.
    """
    try:
        return _value(text[start : start + MAX_CHARS], 0, 0)[0]
    except _NoLiteral:
        return None


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    at = _skip(text, at)
    if at >= len(text) or depth > MAX_DEPTH:
        raise _NoLiteral
    char = text[at]
    if char == "{":
        return _object(text, at + 1, depth)
    if char == "[":
        return _array(text, at + 1, depth)
    if char in _STRINGS:
        return _string(text, at)
    if match := _NUMBER.match(text, at):
        return (float(match[0]) if "." in match[0] else int(match[0])), match.end()
    if (match := _WORD.match(text, at)) and match[0] in _CONSTANTS:
        return _CONSTANTS[match[0]], match.end()
    return None, _expression(text, at)


def _expression(text: str, at: int) -> int:
    """The end of an expression that is not a literal: the next comma or closing bracket at its level."""
    depth = 0
    for position in range(at, min(len(text), at + 2000)):
        char = text[position]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                return position
            depth -= 1
        elif char == "," and depth == 0:
            return position
    raise _NoLiteral


def _string(text: str, at: int) -> tuple[str, int]:
    match = _STRINGS[text[at]].match(text, at)
    if match is None:
        raise _NoLiteral

    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] in "ux" and len(code) > 1 else _NAMED.get(code, code)

    return _ESCAPE.sub(one, match[1]), match.end()


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while True:
        at = _skip(text, at)
        if at >= len(text):
            raise _NoLiteral
        if text[at] == "}":
            return found, at + 1
        if text[at] == ",":
            at += 1
            continue
        if text[at] in _STRINGS:
            key, at = _string(text, at)
        elif match := _WORD.match(text, at) or _NUMBER.match(text, at):
            key, at = match[0], match.end()
        else:
            raise _NoLiteral
        at = _skip(text, at)
        if at >= len(text) or text[at] != ":":
            raise _NoLiteral
        found[key], at = _value(text, at + 1, depth + 1)


def _array(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while True:
        at = _skip(text, at)
        if at >= len(text):
            raise _NoLiteral
        if text[at] == "]":
            return found, at + 1
        if text[at] == ",":
            at += 1
            continue
        start = at
        value, at = _value(text, at, depth + 1)
        if at == start:  # a bracket that closes nothing
            raise _NoLiteral
        found.append(value)
