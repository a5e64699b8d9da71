"""Searches saved by name, in a TOML file beside the archive: `kliping.db` has `kliping.searches.toml`.

The file is for people and for version control: a new search is appended, and nothing in it is ever rewritten.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.filters import ALL, Filter
from scraper.errors import SearchError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[^\W_][\w-]{0,59}\Z")
_HEAD = """\
# Searches of {archive}, by name: `kliping search @NAME`, and so in every command that takes a query.
# query: words as `kliping search` takes them. The rest narrows it down: exact, sites, regions (codes), since, until, authors,
# tags, sections, kinds, months.
"""
_PLAIN = ("query", "exact")
_FILTER = tuple(field.name for field in fields(Filter))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A query ("" if the filter alone selects) with its filter; `exact` excludes other forms of words."""

    query: str = ""
    wanted: Filter = ALL
    exact: bool = False


def is_search_name(text: str) -> bool:
    """Whether a search may be saved under this name."""
    return bool(_NAME.match(text))


def searches_file(archive: Path) -> Path:
    """Where the searches of an archive are kept."""
    return archive.with_name(f"{archive.stem}.searches.toml")


def saved_searches(archive: Path) -> dict[str, SavedSearch]:
    """All saved searches by name, in the order of the file; empty if there is no file. Raises SearchError with the file and the name."""
    file = searches_file(archive)
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SearchError(f"{file}: {error}") from error
    return {name: _read(file, name, value) for name, value in found.items()}


def saved_search(archive: Path, name: str) -> SavedSearch:
    """The search of this name. Raises SearchError, which names the existing ones."""
    found = saved_searches(archive)
    if name not in found:
        others = f"saved are: {', '.join(f'@{each}' for each in found)}" if found else "none is saved"
        raise SearchError(f"{searches_file(archive)}: there is no search {name!r}; {others}")
    return found[name]


def save_search(archive: Path, name: str, search: SavedSearch) -> Path:
    """Add a search to the file, which it returns. Raises SearchError for a name that is invalid or taken."""
    file = searches_file(archive)
    if not is_search_name(name):
        raise SearchError(
            f"{name!r} cannot name a search: letters, digits, - and _, at most 60, a letter or digit first"
        )
    if name in saved_searches(archive):
        raise SearchError(f"{file}: {name!r} is saved already; choose another name, or edit the file")
    old = file.read_text("utf-8") if file.exists() else _HEAD.format(archive=archive.name)
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        made.write_text(f"{old.rstrip()}\n\n{_written(name, search)}", "utf-8")
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)
    return file


def narrowed(search: SavedSearch, wanted: Filter) -> Filter:
    """The filter of a saved search, in which explicitly given choices replace the saved ones."""
    given = {name: value for name in _FILTER if (value := getattr(wanted, name))}
    return replace(search.wanted, **given)


def _read(file: Path, name: str, value: Any) -> SavedSearch:
    where = f"{file}: search {name!r}"
    if not isinstance(value, dict):
        raise SearchError(f"{where} is not a table: [{name}], then query = '…'")
    if strays := sorted(set(value) - {*_PLAIN, *_FILTER}):
        raise SearchError(f"{where} has {strays[0]!r}; known are {', '.join((*_PLAIN, *_FILTER))}")
    query, exact = value.get("query", ""), value.get("exact", False)
    if not isinstance(query, str) or not isinstance(exact, bool):
        raise SearchError(f"{where}: query must be a text, and exact true or false")
    chosen: dict[str, Any] = {}
    for key in _FILTER:
        if key not in value:
            continue
        if key in ("since", "until"):
            if type(value[key]) is not date:
                raise SearchError(f"{where}: {key} must be a day, such as 2019-10-07 without quotes")
            chosen[key] = value[key]
        elif isinstance(value[key], list) and all(isinstance(each, str) for each in value[key]):
            chosen[key] = tuple(value[key])
        else:
            raise SearchError(f"{where}: {key} must be a list of texts, such as ['…']")
    try:
        return SavedSearch(query=query, wanted=Filter(**chosen), exact=exact)
    except ValueError as error:
        raise SearchError(f"{where}: {error}") from error


def _written(name: str, search: SavedSearch) -> str:
    lines = [f"[{name if name.isascii() else _text(name)}]", f"query = {_text(search.query)}"]
    lines += ["exact = true"] * search.exact
    for key in _FILTER:
        value = getattr(search.wanted, key)
        if isinstance(value, date):
            lines.append(f"{key} = {value.isoformat()}")
        elif value:
            lines.append(f"{key} = [{', '.join(map(_text, value))}]")
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are valid in TOML, except that TOML also wants DEL escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
