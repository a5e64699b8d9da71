"""The command as a newcomer meets it: help in groups, typing mistakes, completion, the manual."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli import COMMANDS, GROUPS, cli
from scraper.cli.demo import demo_command
from scraper.cli.health import HEADINGS
from scraper.text import counted
from tests.archive.made import article, opened, save


def test_every_command_stands_in_one_group_and_has_an_example() -> None:
    assert sum(map(len, GROUPS.values())) == len(COMMANDS)
    for name, (_, line) in COMMANDS.items():
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert "Example:" in (command.help or ""), name
        assert line.endswith((".", "?")), name


@pytest.mark.parametrize(("typed", "meant"), [("serach", "search"), ("revision", "revisions"), ("helth", "health")])
def test_a_mistyped_command_names_the_nearest(typed: str, meant: str) -> None:
    done = CliRunner().invoke(cli, [typed, "x"])
    assert done.exit_code != 0
    assert f"Did you mean {meant}" in done.stderr
    assert "Did you mean" not in CliRunner().invoke(cli, ["zzzz"]).stderr


def test_a_site_that_there_is_not_is_said(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Jembatan di Ketapang dibuka pagi ini."))
    asked = ["search", "jembatan", "--archive", str(tmp_path / "a.db"), "--site"]
    done = CliRunner().invoke(cli, [*asked, "tribun-pontianka"])
    assert "did you mean tribun-pontianak" in done.stderr
    assert "is a network: name its sites (tribun" in CliRunner().invoke(cli, [*asked, "tribun"]).stderr
    for command in (["export", "csv", "--to", str(tmp_path / "x.csv")], ["clusters"], ["trends"], ["words"], ["names"]):
        done = CliRunner().invoke(cli, [*command, "--archive", str(tmp_path / "a.db"), "--site", "tribun-pontianka"])
        assert "did you mean tribun-pontianak" in done.stderr, command
    known = CliRunner().invoke(cli, [*asked, "tribun-pontianak"])
    assert known.stderr.splitlines()[-1] == "nothing found"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["search", "x", "--count", "mont"], "Did you mean month?"),
        (["search", "x", "--authr", "x"], "Did you mean '--author'?"),
        (["trends", "x", "--split", "provinces"], "Did you mean province?"),
        (["sample", "--stratify", "site,mnth", "--to", "x.csv"], "Did you mean month?"),
        (["export", "cvs", "--to", "x"], "Did you mean csv?"),
        (["alert", "add", "x", "--every", "weak"], "Did you mean week?"),
    ],
)
def test_a_mistyped_option_or_column_names_the_nearest(typed: list[str], meant: str) -> None:
    done = CliRunner().invoke(cli, typed)
    assert done.exit_code == 2
    assert meant in done.stderr


def test_messages_name_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    run = [sys.executable, "-m", "scraper"]
    where = ["--archive", str(path)]
    none = subprocess.run([*run, "search", "x", *where], capture_output=True, text=True, check=False)
    assert none.returncode == 65
    assert "`kliping crawl`" in none.stderr
    assert "`kliping demo --keep`" in none.stderr
    with opened(path):
        pass
    assert "kliping crawl SITE" in CliRunner().invoke(cli, ["search", "x", *where]).stderr
    assert "--update" in CliRunner().invoke(cli, ["clusters", *where]).stderr


def test_the_headings_of_health_are_explained() -> None:
    shown = CliRunner().invoke(cli, ["health", "--help"]).stdout
    for name, meaning in HEADINGS.items():
        assert name in shown
        assert meaning in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes(shell: str) -> None:
    script = CliRunner().invoke(cli, ["completion", shell]).stdout
    assert "_KLIPING_COMPLETE" in script
    words = {"COMP_WORDS": "kliping rev", "COMP_CWORD": "1" if shell != "fish" else "rev"}
    env = {"_KLIPING_COMPLETE": f"{shell}_complete", **words}
    assert "revisions" in CliRunner(env=env).invoke(cli, [], prog_name="kliping").stdout


def test_the_manual_is_a_page_of_man() -> None:
    page = CliRunner().invoke(cli, ["manual"]).stdout
    for name in COMMANDS:
        assert f'.SH "KLIPING {name.upper()}"' in page
    assert all(line.split()[0] in {".TH", ".SH", ".nf", ".fi"} for line in page.splitlines() if line.startswith("."))
    if groff := shutil.which("groff"):
        done = subprocess.run([groff, "-man", "-ww", "-Tutf8"], input=page, capture_output=True, text=True, check=True)
        assert "kliping search" in done.stdout


@given(st.integers(0, 10**9))
def test_what_is_counted_agrees_with_its_number(number: int) -> None:
    text = counted(number, "reply")
    assert int(text.split()[0].replace(",", "")) == number
    assert text.endswith(" reply") is (number == 1)


def test_a_mistyped_site_is_named_and_no_archive_is_made(tmp_path: Path) -> None:
    where = tmp_path / "kliping.db"
    done = CliRunner().invoke(cli, ["crawl", "tribun-pontianakk", "--archive", str(where)])
    assert done.exit_code != 0
    assert "did you mean tribun-pontianak" in f"{done.stderr}{done.exception}"
    assert not where.exists()


def test_the_demo_is_kept_where_one_looks_for_an_archive() -> None:
    kept = [demo_command.make_context("demo", typed).params["keep"] for typed in (["--keep"], ["--keep", "a.db"], [])]
    assert kept == [Path("kliping.db"), Path("a.db"), None]
