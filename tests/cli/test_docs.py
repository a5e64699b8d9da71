"""The documents: every command line in them uses commands and options that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from scraper.cli import cli
from tools import house

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# In a block of code, after a prompt or other commands; in a line of text, between backticks.
_LINE = re.compile(r"(?:^|[\s|;&(`\"'/])kliping ([a-z]+(?![\w-])[^`;&)]*)")


def command_lines(page: Path) -> Iterator[str]:
    """What stands behind "kliping" wherever code does, without what follows a pipe, a comment or a redirection."""
    is_block = False
    for line in re.sub(r"\\\n\s*", " ", page.read_text("utf-8")).split("\n"):
        if line.lstrip().startswith("```"):
            is_block = not is_block
            continue
        for code in [line] if is_block else re.findall(r"`([^`]+)`", line):
            yield from (re.split(r"\s[#>|]|…", found)[0] for found in _LINE.findall(code))


def wrong(line: str) -> str | None:
    """What a command line names that there is not."""
    command: click.Command = cli
    context = click.Context(cli)
    names: list[str] = []
    for word in line.split():
        for name in word.split("|") if re.fullmatch(r"[a-z]+(\|[a-z]+)+", word) else [word]:
            if isinstance(command, click.Group) and (found := command.get_command(context, name)) is not None:
                command = found
                names.append(name)
        if word.startswith("--") and not any(word.partition("=")[0] in each.opts for each in command.params):
            return f"`kliping {' '.join(names)}` has no {word}"
    return None if names else f"no command in {line!r}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_in_the_documents_exist(page: Path) -> None:
    assert [found for line in command_lines(page) if (found := wrong(line))] == []


def test_something_is_looked_at() -> None:
    assert sum(1 for page in PAGES for _ in command_lines(page)) > 200
    assert wrong("serach banjir") == "no command in 'serach banjir'"
    assert wrong("search banjir --no-such") == "`kliping search` has no --no-such"


def test_the_documented_rooms_are_those_of_the_code() -> None:
    assert house.page() == house.PAGE.read_text("utf-8"), "python -m tools.house writes them anew"


def test_each_name_stands_for_one_thing() -> None:
    """A file, public function or class has a name of its own; tools/house.py lists the exceptions with their reasons."""
    assert house.repeated_names() == {"file": {}, "function": {}, "class": {}}


_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of them where pages of this kind are shown."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(page.read_text("utf-8")))
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "SECURITY.md", ROOT / "schemas" / "README.md"], ids=lambda page: page.name
)
def test_links_between_the_documents_lead_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", page.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(target)
    assert dead == []
