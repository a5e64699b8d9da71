"""What a package says about itself: one version, and a readme whose links work outside a checkout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import scraper
from tools.metadata import readme, urls

ROOT = Path(__file__).parent.parent
LONGEST_CELL = 300  # characters: two sentences; what is longer is a paragraph under the table
RELATIVE = re.compile(r"\]\((?!https?:|mailto:|#)")


def test_the_citation_and_the_changelog_name_the_version_of_the_package() -> None:
    assert f"\nversion: {scraper.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(rf"(?m)^## \[{re.escape(scraper.__version__)}\]", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert scraper.__version__ not in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("home", ["", "https://code.example/kliping"])
def test_no_link_of_the_readme_is_lost_on_a_package_index(home: str) -> None:
    own = (ROOT / "README.md").read_text("utf-8")
    told = readme(own, home)
    assert RELATIVE.search(own)
    assert not RELATIVE.search(told)
    assert told.count(f"]({home}/") == len(RELATIVE.findall(own)) if home else "](docs/" not in told
    assert set(urls(home)) == ({"Homepage", "Documentation", "Changelog", "Issues", "Source"} if home else set())


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_a_cell_of_a_table_holds_a_sentence_and_not_a_paragraph(page: Path) -> None:
    prose = re.sub(r"(?ms)^```.*?^```", "", page.read_text("utf-8"))
    rows = re.findall(r"(?m)^\|.*$", prose)
    cells = [cell.strip() for row in rows for cell in re.split(r"(?<!\\)\|", row)]
    assert [cell for cell in cells if len(cell) > LONGEST_CELL] == []
