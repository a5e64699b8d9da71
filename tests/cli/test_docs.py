"""The documents: every command line in them names commands and options that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from scraper.cli import cli

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
