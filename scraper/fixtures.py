"""Fixtures: a captured page with the record it must give. Pure: names, JSON forms and comparisons; cli/ handles the
files.

A fixture is a directory HOST/DATE-SLUG with page.html (the bytes), capture.json (the rest of the Capture) and
article.json (the record without its empty fields), or error.json ({"reason": …}) for a page that is not an article.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.errors import ExtractError
from scraper.extract import extract_capture
from scraper.records import WEB_YEARS, Article, Capture, Redirect, as_json
from scraper.text import fold
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Record = dict[str, Any]

MAX_SLUG = 60  # characters in the name of a directory
_UNKEPT = frozenset({"set-cookie", "cookie", "authorization"})
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is not read as recorded; a value is None if the field is missing altogether."""

    field: str
    expected: Any
    actual: Any


def read_record(capture: Capture, read: Callable[[Capture], Article] = extract_capture) -> Record:
    """What the reader makes of a page: the record, or {"reason": …} if it is not an article."""
    try:
        record: Record = as_json(read(capture))
    except ExtractError as error:
        return {"reason": error.reason.value}
    return record | {"confidence": {}}  # every new count of confidence.toml changes it


@cache
def empty_record() -> Record:
    """The fields of a record in order; the optional ones have the value that means "nothing known"."""
    return {each.name: as_json(_default(each)) for each in fields(Article)}


def _default(each: Field[Any]) -> Any:
    return (
        each.default
        if each.default is not MISSING
        else each.default_factory()
        if each.default_factory is not MISSING
        else None
    )


def whole(record: Record) -> Record:
    """A record from a fixture with all its fields; an error stays as it is."""
    return {**empty_record(), **record} if is_article(record) else record


def short(record: Record) -> Record:
    """A record as a fixture stores it: without empty fields, so that a new field changes no fixture."""
    empty = empty_record()
    return {name: value for name, value in record.items() if name not in empty or value != empty[name]}


def is_article(record: Record) -> bool:
    """Whether a record is an article's, rather than the reason why there is none."""
    return "headline" in record


def differences(expected: Record, actual: Record) -> list[Difference]:
    """The fields that differ, in the order of the record; only `reason` if one is an article and the other is not."""
    if is_article(expected) != is_article(actual):
        return [Difference(field="reason", expected=expected.get("reason"), actual=actual.get("reason"))]
    names = dict.fromkeys((*expected, *actual))
    return [
        Difference(field=name, expected=expected.get(name), actual=actual.get(name))
        for name in names
        if name not in expected or name not in actual or expected[name] != actual[name]
    ]


def accepted(expected: Record, actual: Record, fields: Iterable[str]) -> Record:
    """The expected record with these fields as they are read now, and all others unchanged.

    `reason` stands for the type of page: it takes over everything that is read now. Raises ValueError for an unknown
    field, or for one that cannot be taken alone because one record is an article's and the other is not.
    """
    fields = tuple(fields)
    if is_article(expected) != is_article(actual):
        if fields == ("reason",):
            return dict(actual)
        was, now = ("an article", "none") if is_article(expected) else ("no article", "one")
        raise ValueError(f"the page was recorded as {was} and is now read as {now}; only --field reason accepts that")
    for name in fields:
        if name not in expected and name not in actual:
            raise ValueError(f"{name!r} is not a field of the record")
    merged = expected | {name: actual[name] for name in fields if name in actual}
    gone = {name for name in fields if name not in actual}
    order = {name: place for place, name in enumerate(actual)}
    return {
        name: merged[name] for name in sorted(merged, key=lambda name: order.get(name, len(order))) if name not in gone
    }


def capture_facts(capture: Capture) -> Record:
    """A capture as JSON values without its body; nothing in it says who fetched the page."""
    facts: Record = as_json(capture)
    facts.pop("body", None)
    facts["headers"] = [[name, value] for name, value in capture.headers if name.lower() not in _UNKEPT]
    facts["request_headers"] = []
    return facts


# In capture.json: the page was written from notes on a design, not from a page that somebody has.
SYNTHETIC = "synthetic"


def fixture_capture(facts: Record, body: bytes) -> Capture:
    """A capture from its JSON values and its body. Raises ValueError if they are not those of a capture."""
    try:
        known = {key: value for key, value in dict(facts).items() if key != SYNTHETIC}
        known["fetched_at"] = datetime.fromisoformat(known["fetched_at"])
        for name in ("headers", "request_headers"):
            known[name] = tuple((key, value) for key, value in known.get(name, ()))
        known["redirects"] = tuple(Redirect(**hop) for hop in known.get("redirects", ()))
        capture = Capture(body=body, **known)
        _check(capture)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no capture: {error}") from error
    return capture


def _check(capture: Capture) -> None:
    """Raise ValueError for a value that no capture can have (capture.schema.json): people may have edited the files."""
    texts: list[Any] = [
        capture.url,
        capture.final_url,
        *(text for pair in (*capture.headers, *capture.request_headers) for text in pair),
    ]
    texts += [text for hop in capture.redirects for text in (hop.url, hop.location)]
    texts += [text for text in (capture.content_type, capture.charset, capture.http_version) if text is not None]
    numbers: list[Any] = [capture.status, *(hop.status for hop in capture.redirects)]
    numbers += [number for number in (capture.wire_bytes, capture.elapsed_s) if number is not None]
    if wrong := [text for text in texts if not isinstance(text, str)]:
        raise ValueError(f"{wrong[0]!r} is not a text")
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1 << 63:
            raise ValueError(f"{number!r} is not a number")
    if capture.fetched_at.year not in WEB_YEARS:
        raise ValueError(f"{capture.fetched_at}: there was no web yet")


def fixture_name(capture: Capture, record: Record, *, slug: str | None = None) -> str:
    """HOST/DATE-SLUG: the host that answered, the day of publication (or else of capture), the end of the URL's path."""
    day = str(record.get("published_at") or capture.fetched_at.date().isoformat())[:10]
    if slug is None:
        parts = [part for part in urlsplit(capture.final_url).path.split("/") if part and not part.isdigit()]
        slug = _EXTENSION.sub("", parts[-1]) if parts else ""
    return f"{host_of(capture.final_url)}/{day}-{directory_name(slug) or directory_name(str(record.get('headline') or '')) or 'page'}"


def directory_name(text: str) -> str:
    """Text as the name of a directory: small letters, digits and hyphens, cut at a word."""
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(text)))
    return slug if len(slug) <= MAX_SLUG else slug[: MAX_SLUG + 1].rpartition("-")[0] or slug[:MAX_SLUG]
