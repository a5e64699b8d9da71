"""An article as schema.org NewsArticle in JSON-LD (https://schema.org/NewsArticle). Pure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scraper.exchange.export import export_lines, json_line
from scraper.exchange.forms import Form

if TYPE_CHECKING:
    from scraper.archive.file.lookup import StoredArticle

_TYPES = {
    "article": "NewsArticle",
    "gallery": "ImageGallery",
    "video": "NewsArticle",
    "live": "LiveBlogPosting",
    "index": "CollectionPage",
}
_FREE = {"free": True, "premium": False}  # metered is neither, and unknown is left out


def news_article(stored: StoredArticle) -> dict[str, Any]:
    """The object; properties that the page does not give are left out. Types that are not articles have no articleBody,
    so theirs is `text`.
    """
    record = stored.record
    kind = _TYPES[record["kind"]]
    is_article = kind in ("NewsArticle", "LiveBlogPosting")
    text = stored.text
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": record["url"],
        "url": record["url"],
        "headline": record["headline"],
        "alternativeHeadline": record["kicker"],
        "description": record["lede"],
        "datePublished": record["published_at"],
        "dateModified": record["modified_at"],
        "author": [_person(author["name"], author["role"], author["affiliation"]) for author in record["authors"]],
        "editor": [_person(name) for name in record["editors"]],
        "publisher": {"@type": "NewsMediaOrganization", "name": stored.publisher} if stored.publisher else None,
        "sourceOrganization": {"@type": "Organization", "name": record["source_credit"]}
        if record["source_credit"]
        else None,
        "correction": record["correction_notice"],
        "contentLocation": {"@type": "Place", "name": record["dateline"]["place"]}
        if record["dateline"] and record["dateline"]["place"]
        else None,
        "keywords": record["tags"],
        "inLanguage": record["language"],
        "isAccessibleForFree": _FREE.get(record["access"]),
        "image": [_image(image) for image in (record["image"], *record["images"]) if image and image["url"]],
        "mentions": [
            {"@type": "CreativeWork", "name": link["text"], "url": link["url"]} for link in record["related_links"]
        ],
        "version": stored.revision,
    }
    if is_article:
        item |= {
            "dateline": (record["dateline"] or {}).get("text") if kind == "NewsArticle" else None,
            "articleSection": record["section"],
            "articleBody": text,
            "wordCount": stored.words,
        }
    else:
        item |= {"text": text}
    return {name: value for name, value in item.items() if value not in (None, [])}


def _person(name: str, role: str | None = None, affiliation: str | None = None) -> dict[str, Any]:
    person = {
        "@type": "Person",
        "name": name,
        "jobTitle": role.replace("_", " ") if role else None,
        "affiliation": {"@type": "Organization", "name": affiliation} if affiliation else None,
    }
    return {key: value for key, value in person.items() if value is not None}


def _image(image: dict[str, Any]) -> dict[str, Any]:
    found = {"@type": "ImageObject", "url": image["url"], "caption": image["caption"], "creditText": image["credit"]}
    return {key: value for key, value in found.items() if value is not None}


FORM = Form(
    media="application/x-ndjson",
    file="articles.jsonld.jsonl",
    export=partial(export_lines, line=json_line(news_article)),
)
