"""The article record as a table: what each field means, how the archive stores it, who exports it and who monitors it.
Pure.

A field's type, and whether it may be None, is that of `Article` in records.py; everything else about it is defined
here, once. schemas/article.schema.json and the columns of `articles` in schemas/README.md are generated from this
(`python -m tools.record`); it controls how rows of the archive are read and written, and exports, pages and meters use
it.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scraper.records import Article, Author, Block, Dateline, Image, RelatedLink

if TYPE_CHECKING:
    from collections.abc import Mapping

# How the archive stores a field: unchanged in the column of its name; as ISO 8601 with its offset; as JSON; in columns
# and tables that archive/file/articles.py writes and archive/file/lookup.py reads; or not at all, since it follows from others.
Storage = Literal["plain", "moment", "json", "apart", "none"]
# What health measures about a field: how often it is filled, whether it is always the same, whether a layout still
# gives it.
Meter = Literal["filled", "repeated", "fallback"]
ColumnType = Literal["integer", "string", "date", "datetime", "list", "objects"]


class Column(NamedTuple):
    """A column of a table: "list" holds strings, "objects" holds objects with the keys in `members` (strings except for
    `integers`).
    """

    name: str
    type: ColumnType
    description: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the record.

    `meaning` is for the JSON schema, `brief` says the same in a phrase, for columns. `limits` are JSON Schema keywords
    for the value, `item` those for the elements of a list. `since` is the archive format that introduced the field: a
    field newer than format 4 counts in a digest only where it is filled. `is_column`: exported tables have it under its
    name. `label`: readers see the text on a line of its own after this label. `is_lasting`: a redesigned page that does
    not show it has not withdrawn it.
    """

    meaning: str
    brief: str = ""
    storage: Storage = "plain"
    limits: Mapping[str, Any] = field(default_factory=dict)
    item: Mapping[str, Any] = field(default_factory=dict)
    since: int = 1
    is_column: bool = True
    label: str | None = None
    is_lasting: bool = False
    meters: frozenset[Meter] = frozenset()


_TEXT = {"minLength": 1}
_WARNINGS = (
    "What a careful reader should know. author_is_editor: the structured data names the editor as author. authors_weak, date_weak,"
    " headline_weak: from a source that is wrong more than one time in four. block_doubtful: a line that may not be the article's is"
    " in the body, since only one sign speaks against it. body_empty, body_short: little or no text. charset_guessed: nothing"
    " declared the charset. date_after_capture: the page is dated after it was fetched. date_only: the page gives a day without a"
    " time. dates_disagree: the day printed beside the headline is neither that of the data nor that of a change. json_ld_broken:"
    " structured data had to be repaired or skipped. layout_missed: the site is known, but none of its layouts read the page."
    " lede_truncated: a cut-off description was refused as lede. paging_unread: the page shows that its article has more pages, and"
    " no link to them could be followed. replacement_characters: bytes that are not in the charset. text_cut: the text is longer"
    " than a record may be, and what stands behind the cut is in the capture only. weekday_disagrees: the printed weekday is not that"
    " of the date. zone_assumed: the time has no zone and the site is unknown."
)

ARTICLE: Mapping[str, Field] = {
    "url": Field(
        meaning="Canonical URL: the page's own (rel=canonical, then og:url) if on the same registrable domain as the URL fetched,"
        " else the URL fetched. Without tracking parameters, fragment and page number. Empty only when neither is known (a page read"
        " from a file without --url).",
        brief="canonical URL, without tracking and page number",
        limits={"maxLength": 2048},
    ),
    "site": Field(
        meaning="Slug of the portal in the site catalogue, e.g. tribun-pontianak (`kliping sites`); null if the page is of no known"
        " site.",
        brief="slug of the portal, as in `sites`; empty for a site without rules",
        limits={"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    ),
    "kind": Field(
        meaning="What sort of page it is: article (running text), gallery (pictures with captions), video, live (a log of timed"
        " posts), index (a list of articles; only where one is kept on purpose).",
        brief="article, gallery, video, live, index",
    ),
    "headline": Field(
        meaning="The article's own headline as printed, without the site's suffix.",
        brief="the headline as printed, without the site's suffix",
        limits={"minLength": 1, "maxLength": 1000},
        meters=frozenset({"repeated", "fallback"}),
    ),
    "kicker": Field(
        meaning="Short line above the headline.",
        brief="short line above the headline",
        limits={"minLength": 1, "maxLength": 1000},
        is_lasting=True,
    ),
    "lede": Field(
        meaning="The standfirst that the page carries for this article; if it shows none, its meta description when that is a whole"
        " sentence and no cut-off copy of the body.",
        brief="the standfirst",
        limits=_TEXT,
        is_lasting=True,
        meters=frozenset({"filled", "repeated", "fallback"}),
    ),
    "byline": Field(
        meaning="The byline printed at the head of the text (role line, organisation, name), parts joined by a comma; where there is"
        " none, the writer's credit without its label.",
        brief="the byline as printed; people are in `bylines`",
        limits={"minLength": 1, "maxLength": 500},
        is_lasting=True,
        meters=frozenset({"filled", "repeated"}),
    ),
    "authors": Field(
        meaning="Who wrote or reported it, in the order printed. Never the editor, never a desk.",
        brief="who wrote or reported it",
        storage="apart",
        is_lasting=True,
        meters=frozenset({"fallback"}),
    ),
    "editors": Field(
        meaning="Printed editors (Editor, Redaktur, Red), in the order printed.",
        brief="who edited it",
        storage="apart",
        item={"minLength": 1, "maxLength": 500},
        meters=frozenset({"fallback"}),
    ),
    "source_credit": Field(
        meaning='The outlet or agency the page names as its source ("Sumber: …", a syndication note), without the label.',
        brief="outlet or agency named as source",
        limits=_TEXT,
        label="Source",
        is_lasting=True,
    ),
    "dateline": Field(
        meaning="The place line that opens the text. It is taken off the first body block.",
        brief="place line as printed (PONTIANAK); NULL where only the outlet is named",
        storage="apart",
        is_column=False,
        meters=frozenset({"filled"}),
    ),
    "published_at": Field(
        meaning="When it was first published, with the offset: an explicit one, else that of the zone printed (WIB +07:00, WITA +08:00,"
        " WIT +09:00), else the site's zone (warning zone_assumed when no site is known). Noon with warning date_only when the page"
        " gives a day only: no change of zone makes another day of it.",
        brief="publication, ISO 8601 with the paper's offset",
        storage="moment",
        is_lasting=True,
        meters=frozenset({"filled", "repeated", "fallback"}),
    ),
    "modified_at": Field(
        meaning="When the publisher says it was last changed; with the offset, by the same rule.",
        brief="last change according to the publisher, with offset",
        storage="moment",
    ),
    "published_raw": Field(
        meaning="The string that published_at was read from, as printed.",
        brief="the string published_at was read from",
        limits=_TEXT,
        is_column=False,
    ),
    "body": Field(
        meaning="The text in reading order, without headline, lede line, byline, dateline prefix, captions, related links, ads, share"
        " lines, syndication notes, page markers, tags, comments and sign-off.",
        brief="the text block by block",
        storage="apart",
        meters=frozenset({"filled"}),
    ),
    "sign_off": Field(
        meaning="The code or signature at the end of the text, e.g. (ant/jpnn) or (*).",
        brief="code or signature at the end",
        limits=_TEXT,
    ),
    "correction_notice": Field(
        meaning="What the paper prints of a correction of this article (Ralat, Koreksi, Correction, Berichtigung …) at the head or foot"
        " of the text or in an element of its own, with its label. Where it is part of the text it is in `body` as well, since it is"
        " what readers were shown.",
        brief="the paper's notice that it corrected the article, with its label",
        limits=_TEXT,
        since=5,
        label="Correction",
    ),
    "related_links": Field(
        meaning="Links to other articles set into the text (Baca, Baca juga, Simak, Lihat juga …), in order.",
        brief="links set into the text",
        storage="apart",
    ),
    "image": Field(
        meaning="The lead picture.",
        storage="apart",
        is_column=False,
        is_lasting=True,
        meters=frozenset({"filled", "repeated", "fallback"}),
    ),
    "images": Field(
        meaning="The other pictures of the article, in order.", storage="apart", is_column=False, is_lasting=True
    ),
    "tags": Field(
        meaning="Topic tags as printed.",
        brief="topic tags",
        storage="apart",
        item=_TEXT,
        is_lasting=True,
        meters=frozenset({"filled", "fallback"}),
    ),
    "section": Field(
        meaning="Breadcrumb from the widest to the narrowest section, without the home page.",
        brief="breadcrumb as a list, widest section first",
        storage="json",
        item=_TEXT,
        is_lasting=True,
        meters=frozenset({"filled", "fallback"}),
    ),
    "language": Field(
        meaning="BCP 47 language tag that the page declares, e.g. id.",
        brief="BCP 47 tag the page declares",
        limits={"minLength": 2},
    ),
    "page": Field(
        meaning="Which page of the article this is; 1 for a single page and for a joined article.",
        brief="1 for a joined article",
        limits={"minimum": 1},
        is_column=False,
    ),
    "page_count": Field(
        meaning="Number of pages the article has.", brief="pages the article has", limits={"minimum": 1}
    ),
    "next_page": Field(
        meaning="Absolute URL of the next page; null on the last, and for a joined article.",
        brief="URL of the page that is not here yet; NULL when whole",
        limits={"maxLength": 2048},
        is_column=False,
    ),
    "access": Field(
        meaning="Whether the text is open to everyone: free, metered, premium (behind a paywall), or unknown (the page does not say).",
        brief="free, metered, premium, unknown",
    ),
    "layout": Field(
        meaning="The rules that read the page: a site layout such as tribun/2019, or generic/1.",
        brief="rules that read it, e.g. tribun/2019; generic/1 without site rules",
        limits={"pattern": "^[a-z0-9-]+/[a-z0-9.-]+$"},
    ),
    "provenance": Field(
        meaning="For every field that is not null or empty, where it came from: layout:SELECTOR, json-ld:PROPERTY, meta:NAME,"
        " datalayer:KEY, microdata:PROPERTY, url, text, generic; earlier: kept from the version before, since a page in a new design no"
        " longer gives it.",
        brief="{field: where it came from}",
        storage="json",
        item=_TEXT,
        is_column=False,
    ),
    "confidence": Field(
        meaning="How often what comes from a field's source was right on pages with truth, from 0 to 1 (confidence.toml), for the"
        " fields that truths could be held against; a field is right as a whole: every author, the day of the date, nine tenths of"
        " the text.",
        storage="none",
        item={"minimum": 0, "maximum": 1},
        is_column=False,
    ),
    "warnings": Field(
        meaning=_WARNINGS,
        brief="list of the reader's doubts (closed list in article.schema.json)",
        storage="json",
        limits={"uniqueItems": True},
    ),
}
# The fields that are judged as a whole against truths (confidence.toml), and the fields that do not stand for a value
# on the page.
_JUDGED = ("headline", "authors", "published_at", "body")
_UNSOURCED = frozenset({"layout", "provenance", "confidence", "warnings"})
# The parts of the records inside an article: meaning, and JSON Schema keywords for the value.
PARTS: Mapping[type, Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    Author: {
        "name": ("Name as printed, with titles that are part of it.", {"minLength": 1, "maxLength": 500}),
        "role": ("How the page credits the person; writer where it only gives a name.", {}),
        "affiliation": (
            "Organisation printed with the name, e.g. the press office a citizen reporter writes for.", _TEXT,
        ),
    },
    Dateline: {
        "text": ("The place as printed, e.g. PONTIANAK; the brand as printed where only a brand stands there.", _TEXT),
        "place": ("The place in title case, e.g. Pontianak; null where only a brand is printed.", _TEXT),
        "brand": ("The outlet's token, e.g. TRIBUNPONTIANAK.CO.ID.", _TEXT),
    },
    Block: {
        "kind": ("What sort of block it is.", {}),
        "text": ("The block's text: white space collapsed to single blanks, otherwise as printed.", _TEXT),
    },
    RelatedLink: {
        "label": ("The label as printed, without the colon; null for a bare link.", _TEXT),
        "text": ("The link's text.", _TEXT),
        "url": ("Absolute URL.", {"minLength": 1, "maxLength": 2048}),
        "after_block": ("How many body blocks stand before it; 0 = before the first.", {"minimum": 0}),
    },
    Image: {
        "url": ("Absolute URL of the picture.", {"maxLength": 2048}),
        "caption": ("Caption without the credit.", _TEXT),
        "credit": ("Photographer, agency or source.", _TEXT),
    },
}  # fmt: skip

ORDER: tuple[str, ...] = tuple(each.name for each in fields(Article))
FIRST_FORMAT = 4  # archives of this format have digests in which a field counts even if it is None


def stored_as(*storages: Storage) -> tuple[str, ...]:
    """The fields that the archive stores in one of these ways, in order."""
    return tuple(name for name in ORDER if ARTICLE[name].storage in storages)


def watched(meter: Meter) -> tuple[str, ...]:
    """The fields for which health measures this, in order."""
    return tuple(name for name in ORDER if meter in ARTICLE[name].meters)


LASTING: tuple[str, ...] = tuple(name for name in ORDER if ARTICLE[name].is_lasting)
LABELS: Mapping[str, str] = {name: label for name in ORDER if (label := ARTICLE[name].label)}
LATER: tuple[str, ...] = tuple(name for name in ORDER if ARTICLE[name].since > FIRST_FORMAT)


def field_columns() -> dict[str, Column]:
    """The fields that are columns of tables, by name, in order."""
    return {name: _column(name) for name in ORDER if ARTICLE[name].is_column}


def _column(name: str) -> Column:
    brief = ARTICLE[name].brief
    description = brief[:1].upper() + brief[1:]
    kind = _bare(_hints(Article)[name])
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None
    if inner is None:
        return Column(name, "integer" if kind is int else "string", description)
    if isinstance(inner, type) and is_dataclass(inner):
        return Column(name, "objects", description, tuple(each.name for each in fields(inner)))
    return Column(name, "list", description)


def json_schema() -> dict[str, Any]:
    """The content of schemas/article.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:kliping:schema:article:1",
        "title": "Article",
        "description": "What one news page says, field by field. `kliping extract` prints one such object a line; the archive stores it."
        " null and [] mean that the page does not say. Text is NFC as printed, on one line, without control characters.",
        "type": "object",
        "additionalProperties": False,
        "required": list(ORDER),
        "properties": {name: _property(name) for name in ORDER},
    }


def _property(name: str) -> dict[str, Any]:
    own = ARTICLE[name]
    kind = _hints(Article)[name]
    found = {"description": own.meaning, **_value(kind, own.item), **own.limits}
    if typing.get_origin(kind) is dict:
        named = _JUDGED if name == "confidence" else tuple(each for each in ORDER if each not in _UNSOURCED)
        found["propertyNames"] = {"enum": list(named)}
    return found


def _value(kind: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema for a type in the records."""
    bare = _bare(kind)
    if bare is not kind:
        inner = _value(bare, item)
        return inner | {"type": [inner["type"], "null"]}
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0], {}) | dict(item)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(arguments[1], {}) | dict(item)}
    if isinstance(kind, type) and is_dataclass(kind):
        parts = PARTS[kind]
        return {
            "type": "object",
            "additionalProperties": False,
            "required": list(parts),
            "properties": {
                name: {"description": meaning, **_value(_hints(kind)[name], {}), **limits}
                for name, (meaning, limits) in parts.items()
            },
        }
    return dict(_PLAIN[kind])


_PLAIN: Mapping[type, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
}


def _bare(kind: Any) -> Any:
    """A type without None."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    (found,) = (each for each in typing.get_args(kind) if each is not type(None))
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _check() -> None:
    """Raise TypeError if the table does not have the same fields as the records."""
    for kind, names in ((Article, ARTICLE), *PARTS.items()):
        own = [each.name for each in fields(kind)]
        if own != list(names):
            raise TypeError(f"{kind.__name__} has the fields {own}, the table {list(names)}")
    if needed := [each.name for each in fields(Article) if ARTICLE[each.name].since > 1 and each.default is MISSING]:
        raise TypeError(f"records of earlier versions do not have {needed}: a later field needs a default")


_check()
