"""docs/api.md, from the docstrings of what `import scraper` offers: `python -m tools.apidoc`."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import scraper
from scraper.api import choice, crawling
from scraper.api.questions import Questions
from scraper.archive.ask.search import SearchHit
from scraper.archive.ask.versions import History, StoredVersion
from scraper.archive.file.lookup import StoredArticle, Taken
from scraper.archive.write.clusters import Cluster, Member
from scraper.crawl import Summary

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
HEAD = """# The library

What `import scraper` offers, from its docstrings (`python -m tools.apidoc` writes this page). Step by step: [tutorial.md](tutorial.md).
Names that do not stand here may change without notice.
"""
FUNCTIONS = ("extract", "explain", "open", "crawl", "crawl_async")
CLASSES: dict[str, Any] = {
    "OpenArchive": scraper.OpenArchive,
    "Questions": Questions,
    "Articles": scraper.Articles,
    "Table": scraper.Table,
    "Article": scraper.Article,
}
RECORDS: dict[str, Any] = {
    "Choice": choice.Choice,
    "How": crawling.How,
    "StoredArticle": StoredArticle,
    "SearchHit": SearchHit,
    "History": History,
    "StoredVersion": StoredVersion,
    "Taken": Taken,
    "Cluster": Cluster,
    "Member": Member,
    "Summary": Summary,
}


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Functions\n"]
    parts += [_entry(f"scraper.{name}", getattr(scraper, name)) for name in FUNCTIONS]
    for name, kind in CLASSES.items():
        parts += [f"## {name}\n", f"{_text(kind)}\n"]
        parts += [_entry(f"{name}.{each}", member) for each, member in _members(kind)]
    parts.append("## What they take and give\n")
    parts += [f"### `{name}`\n\n{_text(kind)}\n\n{_fields(kind)}\n" for name, kind in RECORDS.items()]
    return "\n".join(parts)


def _members(kind: type) -> list[tuple[str, Any]]:
    return [
        (name, member)
        for name, member in vars(kind).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property | classmethod))
    ]


def _entry(name: str, member: Any) -> str:
    function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    signature = "" if isinstance(member, property) else _signature(function)
    return f"### `{name}{signature}`\n\n{_text(function)}\n"


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    parameters = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature.replace(parameters=parameters)))


def _text(what: Any) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.getdoc(what) or "")


def _fields(kind: Any) -> str:
    names = getattr(kind, "__dataclass_fields__", kind.__annotations__)
    return "Fields: " + ", ".join(f"`{name}`" for name in names if not name.startswith("_")) + "."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
