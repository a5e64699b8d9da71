"""A layout as text: the dataclass of the catalogue, and the TOML of --sites. Pure."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sites import Layout


def as_toml(layout: Layout, *, site: str) -> str:
    """A file for --sites: the site of the catalogue with this layout before its own."""
    lines = [f"extends = {_toml(site)}", "", "[[layouts]]"]
    lines += [f"{name} = {_toml(value)}" for name, value in _values(layout)]
    return "\n".join(lines) + "\n"


def as_python(layout: Layout) -> str:
    """The layout as the modules of scraper/sites write it."""
    lines = [f"    {name}={_python(value)}," for name, value in _values(layout)]
    return "\n".join(["Layout(", *lines, ")"]) + "\n"


def _values(layout: Layout) -> Iterator[tuple[str, Any]]:
    for each in fields(layout):
        value = getattr(layout, each.name)
        if value != each.default or each.name in ("name", "body", "confidence"):
            yield each.name, value


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _python(value: Any) -> str:
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, tuple):
        inner = ", ".join(map(_python, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
