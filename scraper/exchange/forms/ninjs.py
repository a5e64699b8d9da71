"""An article as IPTC ninjs 2.1 (https://iptc.org/std/ninjs/), the news industry's JSON. Pure."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from scraper.exchange.export import export_lines, json_line
from scraper.exchange.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.file.lookup import StoredArticle

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_2.1.json#"
_TYPES = {"article": "text", "gallery": "picture", "video": "video", "live": "text", "index": "composite"}
_TAGS = {"paragraph": "p", "subheading": "h2", "list_item": "li", "quote": "blockquote", "table_row": "p"}


def ninjs(stored: StoredArticle) -> dict[str, Any]:
    """The item; properties that the page does not give are left out, as the standard requires."""
    record = stored.record
    plain = stored.text
    item: dict[str, Any] = {
        "uri": record["url"],
        "standard": {"name": "ninjs", "version": "2.1", "schema": SCHEMA},
        "type": _TYPES[record["kind"]],
        "representationtype": "full" if record["next_page"] is None else "partial",
        "version": str(stored.revision),
        "firstcreated": record["published_at"],
        "versioncreated": record["modified_at"] or record["published_at"] or stored.last_seen_at.isoformat(),
        "language": record["language"],
        "headlines": [{"role": "main", "contenttype": "text/plain", "value": record["headline"]}],
        "descriptions": [
            {"role": role, "contenttype": "text/plain", "value": record[name]}
            for role, name in (("summary", "lede"), ("correction", "correction_notice"))
            if record[name]
        ],
        "bodies": [
            {
                "role": "main",
                "contenttype": "text/plain",
                "charcount": len(plain),
                "wordcount": stored.words,
                "value": plain,
            },
            {"role": "main", "contenttype": "text/html", "value": "\n".join(_html(record["body"]))},
        ],
        "by": record["byline"] or ", ".join(author["name"] for author in record["authors"]) or None,
        "located": (record["dateline"] or {}).get("place"),
        "people": [
            {"name": name, "rel": rel, "literal": name}
            for name, rel in (
                *((author["name"], author["role"]) for author in record["authors"]),
                *((name, "editor") for name in record["editors"]),
            )
        ],
        "subjects": [{"name": tag, "rel": "about", "literal": tag} for tag in record["tags"]]
        + [{"name": name, "rel": "section", "literal": name} for name in record["section"]],
        "infosources": [{"name": record["source_credit"]}] if record["source_credit"] else [],
        "associations": [*_pictures(record), *_links(record)],
        "altids": [{"role": "kliping", "value": str(stored.article_id)}],
    }
    return {name: value for name, value in item.items() if value not in (None, [])}


def _html(blocks: list[dict[str, Any]]) -> Iterable[str]:
    """The blocks as HTML; consecutive list items become one list."""
    is_list = False
    for block in blocks:
        tag = _TAGS[block["kind"]]
        if (tag == "li") != is_list:
            is_list = not is_list
            yield "<ul>" if is_list else "</ul>"
        yield f"<{tag}>{escape(block['text'], quote=False)}</{tag}>"
    if is_list:
        yield "</ul>"


def _pictures(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for number, image in enumerate(filter(None, (record["image"], *record["images"]))):
        if image["url"] is None:
            continue
        item = {
            "name": "lead picture" if number == 0 and record["image"] else f"picture {number + 1}",
            "uri": image["url"],
            "type": "picture",
            "by": image["credit"],
            "descriptions": [{"role": "caption", "value": image["caption"]}] if image["caption"] else None,
            "renditions": [{"name": "original", "href": image["url"]}],
        }
        yield {name: value for name, value in item.items() if value is not None}


def _links(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for number, link in enumerate(record["related_links"], 1):
        yield {
            "name": f"related {number}",
            "uri": link["url"],
            "type": "text",
            "headlines": [{"value": link["text"]}],
        }


FORM = Form(
    media="application/x-ndjson", file="articles.ninjs.jsonl", export=partial(export_lines, line=json_line(ninjs))
)
