"""Generates from the record's table (scraper/schema.py): article.schema.json, and the columns of `articles` in
README.md.

python -m tools.record          # writes both python -m tools.record --check  # says which is out of date
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from scraper.schema import ARTICLE, ORDER, json_schema, stored_as

SCHEMAS = Path(__file__).parent.parent / "schemas"
SECTION = "\n## articles\n"
_SHORT = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]")
# Columns that store a field differently from exported tables, and how.
_OTHERWISE = {
    "body": "the text, blocks joined by an empty line",
    "dateline": ARTICLE["dateline"].brief,
}


def schema_text() -> str:
    """article.schema.json, lists of words on one line."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    return _SHORT.sub(lambda found: "[" + " ".join(found[1].split()) + "]", text) + "\n"


def dictionary_text(page: str) -> str:
    """schemas/README.md with a row for each field that is a column of `articles`, as the table words it; other rows
    stay.
    """
    head, rest = page.split(SECTION)
    section, mark, tail = rest.partition("\n## ")
    lines = section.splitlines(keepends=True)
    before = 0
    for name, brief in _briefs().items():
        line = f"| `{name}` | {'JSON: ' if name in _JSON else ''}{brief} |\n"
        place = next((number for number, each in enumerate(lines) if each.startswith(f"| `{name}` |")), None)
        if place is None:
            lines.insert(before + 1, line)
        else:
            lines[place] = line
        before = lines.index(line)
    return head + SECTION + "".join(lines) + mark + tail


_JSON = frozenset(stored_as("json"))


def _briefs() -> dict[str, str]:
    own = stored_as("plain", "moment", "json")
    return {name: _OTHERWISE.get(name, ARTICLE[name].brief) for name in ORDER if name in own or name in _OTHERWISE}


def pages() -> dict[Path, str]:
    """The contents that the files should have."""
    dictionary = SCHEMAS / "README.md"
    return {
        SCHEMAS / "article.schema.json": schema_text(),
        dictionary: dictionary_text(dictionary.read_text("utf-8")),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true")
    stale = {path: text for path, text in pages().items() if path.read_text("utf-8") != text}
    if options.parse_args().check:
        sys.exit(f"out of date: {', '.join(path.name for path in stale)}" if stale else 0)
    for path, text in stale.items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
