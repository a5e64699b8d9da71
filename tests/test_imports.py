"""Import directions are a rule of the project, so they are a test."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import scraper

ROOT = Path(scraper.__file__).parent

ONLY_IMPORTER = {
    "selectolax": {"html"},
    "webencodings": {"charsets"},
    "httpx": {"fetch"},
    "h11": {"fetch"},
    "tenacity": {"fetch"},
    "protego": {"fetch"},
    "sqlite3": {"archive"},
    "sqlite_utils": {"archive"},
    "zstandard": {"archive"},
    "defusedxml": {"discover"},
    "publicsuffixlist": {"urls"},
    "msgspec": {"typed"},
    "Sastrawi": {"indonesian"},
    "datasketch": {"duplicates"},
    "numpy": {"duplicates"},
    "pyarrow": {"exchange/forms/parquet"},
    "pandas": {"api/table"},
    "polars": {"api/table"},
    "openpyxl": {"exchange/sheets"},
    "warcio": {"exchange/warcfile"},
    "fastwarc": {"exchange/warcread"},
    "distributed": {"cluster"},
    "dask": {"cluster"},
    "prometheus_client": {"schedule"},
    "datasette": {"serve"},
    "jinja2": {"serve"},
    "uvicorn": {"serve"},
    "markupsafe": {"serve"},
    "click": {"cli"},
    "rich": {"cli"},
}

# Each room may import from the rooms in its row, and from the rows below; rooms of one row do not know each other.
LEVELS = (
    {"__main__"},
    {"cli"},
    {"demo", "schedule", "serve"},
    {"api", "reading"},
    {"alerts", "exchange", "alone"},  # an import is a crawl whose pages come from files
    {"crawl", "warc", "health", "fixtures", "duplicates", "analysis"},
    {"worker", "cluster", "notify"},
    {"fetch", "archive", "extract", "discover", "plan"},
    {"atom", "embedded", "sight", "discreet"},
    {"sites"},
    {"html", "charsets", "urls", "dates", "regions", "indonesian", "changes"},
    {"language"},
    {"worddiff", "walk"},
    {"text", "selectors", "literal", "bombs", "markup", "processes", "template", "installed"},
    {"errors", "clock", "openings", "confidence", "interrupts", "native", "schema"},
    {"records"},
    {"reasons", "lazy", "typed"},
)
# The same inside extract/, whose rooms are folders: what looks at the words of a block stands on what knows markup only.
EXTRACT_LEVELS = (
    {"__init__"},
    {"entry"},
    {"explain"},
    {"assemble"},
    {"verdict"},
    {"fields"},
    {"sources"},
    {"text"},
    {"structure"},
    {"language", "multipage", "trace"},
)
# And inside archive/: what is kept of it, and what is asked of it and written into it, stand on the file.
ARCHIVE_LEVELS = (
    {"__init__"},
    {"keep"},
    {"ask"},
    {"write"},
    {"file"},
    {"migrations"},
)
PURE = {
    "atom",
    "changes",
    "worddiff",
    "fixtures",
    "markup",
    "extract",
    "discover",
    "plan",
    "embedded",
    "literal",
    "sight",
    "sites",
    "typed",
    "html",
    "charsets",
    "urls",
    "dates",
    "regions",
    "indonesian",
    "language",
    "text",
    "selectors",
    "bombs",
    "openings",
    "records",
    "errors",
    "reasons",
    "schema",
}
IMPURE_MODULES = {
    "asyncio",
    "os",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
}


def room(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def is_importer(path: Path, places: set[str]) -> bool:
    """Whether a file is one of these rooms, or one of these modules of a room."""
    return room(path) in places or path.relative_to(ROOT).with_suffix("").as_posix() in places


@cache
def imported(path: Path) -> set[str]:
    """Dotted names of all modules a file imports, also inside functions and TYPE_CHECKING blocks."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def test_each_dependency_has_one_importer() -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in FILES
        for name in sorted(imported(path))
        if (top := name.split(".")[0]) in ONLY_IMPORTER and not is_importer(path, ONLY_IMPORTER[top])
    ]
    assert not strays


def upward_imports(package: Path, levels: tuple[set[str], ...]) -> list[str]:
    """The imports within a package that do not lead to a lower level."""
    prefix = ["scraper", *package.relative_to(ROOT).parts]
    level = {name: depth for depth, names in enumerate(levels) for name in names}
    strays = []
    for path in (each for each in FILES if package in each.parents):
        own = path.relative_to(package).with_suffix("").parts[0]
        assert own in level, f"{own} has no place in the levels of {package.name}"
        for name in sorted(imported(path)):
            parts = name.split(".")
            if parts[: len(prefix)] != prefix or len(parts) == len(prefix):
                continue
            other = parts[len(prefix)]
            if other in level and other != own and level[other] <= level[own]:
                strays.append(f"{path.relative_to(ROOT)} imports {name}")
    return strays


def test_imports_point_down() -> None:
    assert not upward_imports(ROOT, LEVELS)


def test_imports_inside_the_reader_point_down() -> None:
    """Between its rooms, and without a circle between files of one room."""
    assert not upward_imports(ROOT / "extract", EXTRACT_LEVELS)
    modules = {"scraper." + ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
    reader = {name: path for name, path in modules.items() if name.startswith("scraper.extract.")}
    TopologicalSorter({name: imported(path) & set(reader) for name, path in reader.items()}).prepare()


def test_imports_inside_the_archive_point_down() -> None:
    assert not upward_imports(ROOT / "archive", ARCHIVE_LEVELS)


def test_pure_rooms_have_no_clock_no_io_and_no_chance() -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in FILES
        if room(path) in PURE
        for name in sorted(imported(path) & IMPURE_MODULES)
    ]
    strays += [
        f"{path.relative_to(ROOT)} reads the clock"
        for path in FILES
        if room(path) in PURE
        and any(word in path.read_text("utf-8") for word in ("datetime.now(", "utcnow(", "date.today("))
    ]
    assert not strays


def test_tests_share_makers_and_not_one_another() -> None:
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        modules = {f"{node.module}.{each.name}" for node in nodes for each in node.names if node.module}
        wrong = [each for each in modules if each.startswith("tests.") and ".test_" in each]
        assert not wrong, f"{path}: what two modules of tests use belongs to the makers of their room"
