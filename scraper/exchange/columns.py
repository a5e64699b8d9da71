"""An article as one flat row: what CSV, Parquet and the table schema of a data package have in common. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from scraper.schema import Column, field_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.archive.file.lookup import StoredArticle

_FIRST = (Column("article_id", "integer", "Number of the article in the archive"),)
# Columns derived from a field come after the column of that name.
_DERIVED: Mapping[str, tuple[Column, ...]] = {
    "source_credit": (
        Column("dateline_place", "string", "Where it was written, by its dateline"),
        Column("region_code", "string", "Official code of the region it is from; empty where that is not certain"),
        Column("region", "string", "Name of that province, regency or city"),
        Column("province", "string", "Name of its province"),
        Column("region_source", "string", "What says so: dateline, or portal (only the paper's own province)"),
    ),
    "published_at": (
        Column("published_utc", "datetime", "The same moment in UTC"),
        Column("day", "date", "Day of publication in the paper's zone"),
        Column("month", "string", "Month of publication in the paper's zone, YYYY-MM"),
    ),
    "modified_at": (
        Column("text", "string", "The body, blocks parted by an empty line"),
        Column("words", "integer", "Words of the body"),
    ),
    "related_links": (
        Column("image_url", "string", "The lead picture"),
        Column("image_caption", "string", "Its caption"),
        Column("image_credit", "string", "Its photographer, agency or source"),
    ),
}
_LAST = (
    Column("first_seen_at", "datetime", "First time it was read, UTC"),
    Column("last_seen_at", "datetime", "Last time it was seen, UTC"),
    Column("revision", "integer", "1 + number of earlier versions"),
)


def _columns() -> Iterator[Column]:
    yield from _FIRST
    for name, column in field_columns().items():
        yield column
        yield from _DERIVED.get(name, ())
    yield from _LAST


COLUMNS = tuple(_columns())
INTEGER_MEMBERS = frozenset({"after_block"})


def row_of(stored: StoredArticle) -> dict[str, Any]:
    """The values of COLUMNS, along with the rest of the record; None if the page does not say; datetimes are aware,
    lists are lists.
    """
    record, region = stored.record, stored.region
    image = record["image"] or {}
    special: dict[str, Any] = {
        "article_id": stored.article_id,
        "dateline_place": (record["dateline"] or {}).get("place"),
        "region_code": region.code if region else None,
        "region": region.name if region else None,
        "province": region.province if region else None,
        "region_source": region.source if region else None,
        "published_utc": stored.published_utc,
        "day": date.fromisoformat(stored.day) if stored.day else None,
        "month": stored.day[:7] if stored.day else None,
        "text": stored.text,
        "words": stored.words,
        "image_url": image.get("url"),
        "image_caption": image.get("caption"),
        "image_credit": image.get("credit"),
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
        "revision": stored.revision,
    }
    return {**record, **special}


def table_schema(columns: Sequence[Column], *, is_text: bool) -> dict[str, Any]:
    """The Frictionless table schema of an export; `is_text` for CSV, where lists are text."""
    types = {"list": "string" if is_text else "array", "objects": "string" if is_text else "array"}
    return {
        "fields": [
            {"name": column.name, "type": types.get(column.type, column.type), "description": column.description}
            for column in columns
        ],
        "primaryKey": "article_id",
        "missingValues": [""],
    }
