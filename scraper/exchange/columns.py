"""An article as one flat row: what CSV, Parquet and the table schema of a data package have in common. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from scraper.archive import StoredArticle

ColumnType = Literal["integer", "string", "date", "datetime", "list", "objects"]


class Column(NamedTuple):
    """A column: "list" holds strings, "objects" holds what `members` names (all strings but `integers`)."""

    name: str
    type: ColumnType
    description: str
    members: tuple[str, ...] = ()


COLUMNS = (
    Column("article_id", "integer", "Number of the article in the archive"),
    Column("url", "string", "Canonical URL"),
    Column("site", "string", "Slug of the portal; empty for a site without rules"),
    Column("kind", "string", "article, gallery, video, live, index"),
    Column("headline", "string", "Headline as printed"),
    Column("kicker", "string", "Short line above the headline"),
    Column("lede", "string", "The standfirst"),
    Column("byline", "string", "The byline as printed"),
    Column("authors", "objects", "Who wrote or reported it", ("name", "role", "affiliation")),
    Column("editors", "list", "Who edited it"),
    Column("source_credit", "string", "Outlet or agency named as source"),
    Column("dateline_place", "string", "Where it was written, by its dateline"),
    Column("region_code", "string", "Official code of the region it is from; empty where that is not certain"),
    Column("region", "string", "Name of that province, regency or city"),
    Column("province", "string", "Name of its province"),
    Column("region_source", "string", "What says so: dateline, or portal (only the paper's own province)"),
    Column("published_at", "string", "Publication, ISO 8601 with the paper's offset"),
    Column("published_utc", "datetime", "The same moment in UTC"),
    Column("day", "date", "Day of publication in the paper's zone"),
    Column("month", "string", "Month of publication in the paper's zone, YYYY-MM"),
    Column("modified_at", "string", "Last change by the publisher's word, with offset"),
    Column("text", "string", "The body, blocks parted by an empty line"),
    Column("words", "integer", "Words of the body"),
    Column("body", "objects", "The body block by block", ("kind", "text")),
    Column("sign_off", "string", "Code or signature at the end"),
    Column("related_links", "objects", "Links set into the text", ("label", "text", "url", "after_block")),
    Column("image_url", "string", "The lead picture"),
    Column("image_caption", "string", "Its caption"),
    Column("image_credit", "string", "Its photographer, agency or source"),
    Column("tags", "list", "Topic tags"),
    Column("section", "list", "Breadcrumb, widest first"),
    Column("language", "string", "BCP 47 tag that the page declares"),
    Column("page_count", "integer", "Pages the article has"),
    Column("access", "string", "free, metered, premium, unknown"),
    Column("layout", "string", "Rules that read it"),
    Column("warnings", "list", "Doubts of the reader (closed list in article.schema.json)"),
    Column("first_seen_at", "datetime", "First time it was read, UTC"),
    Column("last_seen_at", "datetime", "Last time it was seen, UTC"),
    Column("revision", "integer", "1 + number of earlier versions"),
)
INTEGER_MEMBERS = frozenset({"after_block"})


def row_of(stored: StoredArticle) -> dict[str, Any]:
    """The values of COLUMNS, None where the page does not say; datetimes are aware, lists are lists."""
    record, region = stored.record, stored.region
    image = record["image"] or {}
    texts = [block["text"] for block in record["body"]]
    text = "\n\n".join(texts)
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
        "text": text,
        "words": len(text.split()),
        "image_url": image.get("url"),
        "image_caption": image.get("caption"),
        "image_credit": image.get("credit"),
        "first_seen_at": stored.first_seen_at,
        "last_seen_at": stored.last_seen_at,
        "revision": stored.revision,
    }
    return {column.name: special[column.name] if column.name in special else record[column.name] for column in COLUMNS}
