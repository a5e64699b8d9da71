"""The rooms of the package and who may import whom, as docs/design.md shows them; and the names that occur twice.

python -m tools.house          # writes the list into docs/design.md
python -m tools.house --check  # says whether it is as the code has it
python -m tools.house --names  # counts the names of files, public functions and classes that stand for more than one thing
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import defaultdict
from pathlib import Path

from tests.test_imports import LEVELS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "design.md"
PACKAGE = ROOT / "scraper"
# What may occur more than once, because something finds it by this name or because it is the same thing at two doors.
PROTOCOLS = {
    "diff_command": "cli finds a command by its name: `kliping diff` and `kliping sites diff`",
    "main": "what `python -m` and the command's entry point call",
    "extract": "the library's verb (scraper.extract) and the reader's, which the verb calls with a process of its own",
    "explain": "the same",
    "crawl": "the library's verb (scraper.crawl) and the crawler's, which the verb calls with an archive that it opens",
}
# Plain roles of a file within its package, and packages whose files are found by their names.
ROLES = {"definition.py", "errors.py", "run.py", "telling.py"}
NAMED_BY_WHAT_THEY_SERVE = (
    "cli/",
    "exchange/forms/",
    "archive/migrations/",
)  # a command, a format, a file as it was then
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


def repeated_names() -> dict[str, dict[str, list[str]]]:
    """The names that occur more than once by kind ("file", "function", "class"): name → files, without PROTOCOLS and ROLES."""
    found: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in ("file", "function", "class")}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if path.name != "__init__.py" and path.name not in ROLES and not place.startswith(NAMED_BY_WHAT_THEY_SERVE):
            found["file"][path.name].append(place)
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found["class"][node.name].append(place)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _counts(node):
                found["function"][node.name].append(place)
    return {kind: {name: places for name, places in names.items() if len(places) > 1} for kind, names in found.items()}


def _counts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    is_one_of_several = any("overload" in ast.dump(each) for each in node.decorator_list)
    return not (node.name.startswith("_") or node.name in PROTOCOLS or is_one_of_several)


def _purpose(file: Path) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n", 1)[0].split()).split(". ", 1)[0].rstrip(".").replace("|", "\\|")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true")
    options.add_argument("--names", action="store_true")
    given = options.parse_args()
    if given.names:
        for kind, names in repeated_names().items():
            print(f"{kind}: {len(names)} names occur more than once")
            print("".join(f"  {name}: {', '.join(places)}\n" for name, places in sorted(names.items())), end="")
        return
    if given.check:
        sys.exit(0 if page() == PAGE.read_text("utf-8") else "docs/design.md: its rooms are out of date")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
