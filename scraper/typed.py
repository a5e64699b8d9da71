"""Data from files, checked against the types it should have: an unknown, missing or ill-typed value is named by its
place.
"""

from __future__ import annotations

import dataclasses
import re
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(?P<place>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_CHOICE = re.compile(r"Invalid enum value (?P<value>.+)")
_EXPECTED = re.compile(r"Expected `(?P<kind>[^`]*)`")
_KINDS = {
    "str": 'a text in quotes: "…"',
    "array": 'a list: ["…"]',
    "object": "a table: { … }",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a day without quotes: 2024-05-02",
}


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable data that a file may hold: its fields are the keys, and any other key is an error."""


class Struct(msgspec.Struct, frozen=True):
    """Immutable named values, for those that are numerous or often created: a dataclass takes twenty times as long to
    create or change, and does the same.
    """


class Misfit(ValueError):
    """A value that does not fit its type. `place` is where it is ("layouts[0].body", "" for the whole), `why` what is
    wrong with it.
    """

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}" if place else why)
        self.place, self.why = place, why


def convert(value: Any, kind: type[T]) -> T:
    """A value from a file (tables, lists, texts, numbers, days) as `kind`; patterns are compiled. Raises Misfit."""
    try:
        return msgspec.convert(value, kind, dec_hook=_pattern)
    except msgspec.ValidationError as error:
        text = str(error)
        place = at["place"] if (at := _PLACE.search(text)) else ""
        raise _misfit(_PLACE.sub("", text), place, kind) from error


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8, as json.dumps makes it, in a third of the time. Raises ValueError for text that is not
    valid Unicode.
    """
    return msgspec.json.encode(value)


def json_value(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError if it is not JSON, TypeError if it is not text, RecursionError if it
    is nested too deeply.
    """
    return msgspec.json.decode(text)


def replace(value: T, **changes: Any) -> T:
    """The same data, or record (a dataclass), with some fields changed."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]


def field_names(kind: type[Data]) -> tuple[str, ...]:
    """The names of a type's fields, in order."""
    return kind.__struct_fields__


def changed_fields(value: Data) -> dict[str, Any]:
    """The fields that differ from their defaults, in order, including all fields without a default."""
    return {
        field.name: mine
        for field in msgspec.structs.fields(value)
        if (mine := getattr(value, field.name)) != field.default
    }


def plain(value: Any) -> Any:
    """Data as dicts, lists and texts, as in JSON."""
    return msgspec.to_builtins(value, enc_hook=lambda other: other.pattern)


def _pattern(kind: type, value: Any) -> Any:
    """A regular expression from its text; msgspec knows all other types."""
    if getattr(kind, "__origin__", kind) is not re.Pattern:
        raise NotImplementedError(kind)
    if not isinstance(value, str):
        raise ValueError("Expected `str`")  # noqa: TRY004  (msgspec adds the place to this one)
    try:
        return re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from error


def _misfit(text: str, place: str, kind: type) -> Misfit:
    if found := _UNKNOWN.match(text):
        near = get_close_matches(found["key"], [each.name for each in _type_at(kind, place).fields], n=1)
        return Misfit(
            _join(place, found["key"]), "there is no such key" + (f" (did you mean {near[0]}?)" if near else "")
        )
    if found := _MISSING.match(text):
        return Misfit(_join(place, found["key"]), "it is missing")
    if found := _EXPECTED.match(text):
        names = [each.strip() for each in found["kind"].split("|")]
        return Misfit(place, "it must be " + " or ".join(_KINDS.get(each, each) for each in names if each != "null"))
    if found := _CHOICE.match(text):
        return Misfit(place, f"{found['value']} is none of {', '.join(map(str, _type_at(kind, place).values))}")
    return Misfit(place, text[:1].lower() + text[1:])


def _type_at(kind: type, place: str) -> Any:
    """msgspec's description of the type that belongs at a place, reached by following its names."""
    here: Any = msgspec.inspect.type_info(kind)
    for name in re.findall(r"[^.]+", re.sub(r"\[[^\[\]]*+\]", "", place)):
        here = next(field.type for field in here.fields if field.name == name)
        while not (hasattr(here, "fields") or hasattr(here, "values")):
            inner = (here.item_type,) if hasattr(here, "item_type") else here.types
            here = next(each for each in inner if not isinstance(each, msgspec.inspect.NoneType))
    return here


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
