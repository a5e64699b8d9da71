"""The rooms of the package and who may import whom, as docs/design.md shows them.

python -m tools.house          # writes the list into docs/design.md
python -m tools.house --check  # says whether it is as the code has it
"""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

from tests.test_imports import LEVELS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "design.md"
BEGIN, END = "<!-- rooms: python -m tools.house -->\n", "<!-- end of rooms -->\n"


def rooms() -> str:
    """A table with a row for each room and its purpose, from those that import to those that are imported."""
    lines = ["| | room | what it is for |", "|---|---|---|"]
    for number, level in enumerate(LEVELS, start=1):
        for name in sorted(level):
            path = ROOT / "scraper" / name
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            if file.exists():
                lines.append(f"| {number} | `{name}{'/' if path.is_dir() else ''}` | {_purpose(file)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """docs/design.md with the list from the code."""
    text = PAGE.read_text("utf-8")
    head, rest = text.split(BEGIN)
    return head + BEGIN + rooms() + END + rest.split(END)[1]


def _purpose(file: Path) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n", 1)[0].split()).split(". ", 1)[0].rstrip(".").replace("|", "\\|")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true")
    if options.parse_args().check:
        sys.exit(0 if page() == PAGE.read_text("utf-8") else "docs/design.md: its rooms are out of date")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
