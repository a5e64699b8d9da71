"""A layout as the TOML of a site definition. Pure."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from scraper.typed import changed_fields, field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sites import Layout


def as_toml(layout: Layout, *, site: str) -> str:
    """A file for --sites: the catalogue's site with this layout before its own."""
    lines = [f"extends = {_toml(site)}", "", "[[layouts]]"]
    lines += [f"{name} = {_toml(value)}" for name, value in _values(layout)]
    return "\n".join(lines) + "\n"


def _values(layout: Layout) -> Iterator[tuple[str, Any]]:
    own = {"name": layout.name, "body": layout.body, "confidence": layout.confidence, **changed_fields(layout)}
    return ((name, own[name]) for name in field_names(type(layout)) if name in own)


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
