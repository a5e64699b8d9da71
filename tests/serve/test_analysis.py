"""Every question in docs/analysis.md, asked of one archive with each tool as written there: all tools give the same
answer.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text("utf-8")
BLOCK = re.compile(r"^```([a-z ]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BEFORE, *QUESTIONS = re.split(r"^## (?=\d\. )", PAGE.partition("## Further")[0], flags=re.MULTILINE)
Rows = list[tuple[Any, ...]]


@pytest.fixture
def here(archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the archive in it, where one works."""
    shutil.copy(archive_path, tmp_path / "kliping.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(text: str) -> dict[str, str]:
    return dict(BLOCK.findall(text))


def in_sql(sql: str) -> Rows:
    with closing(sqlite3.connect("file:kliping.db?mode=ro", uri=True)) as db:
        return ordered(db.execute(sql).fetchall())


def in_python(tool: str, code: str) -> Rows:
    names: dict[str, Any] = {}
    exec(blocks(BEFORE)[f"python {tool}"], names)  # noqa: S102  (the page's own code)
    exec(code, names)  # noqa: S102
    answer = names["answer"]
    if "db" in names:
        names["db"].close()
    return ordered(answer.astype(object).where(answer.notna(), None).itertuples(index=False, name=None))


def ordered(rows: Any) -> Rows:
    """Rows as plain values, in an order of their own: the tools sort where they like."""
    plain = [tuple(int(value) if hasattr(value, "__index__") else value for value in row) for row in rows]
    return sorted(plain, key=repr)


def test_the_page_has_five_questions_in_five_ways() -> None:
    assert len(QUESTIONS) == 5
    for question in QUESTIONS:
        assert list(blocks(question)) == ["sh", "sql", "python pandas", "python duckdb", "r"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text[:1])
def test_pandas_answers_as_sql_does(question: str) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    expected = in_sql(blocks(question)["sql"])
    assert expected
    assert in_python("pandas", blocks(question)["python pandas"]) == expected


@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text[:1])
def test_duckdb_answers_as_sql_does(question: str) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    assert in_python("duckdb", blocks(question)["python duckdb"]) == in_sql(blocks(question)["sql"])


@pytest.fixture
def exported(here: Path, run: Callable[..., str]) -> None:
    assert here.is_dir()
    command = re.search(r"`(kliping export parquet [^`]*)`", BEFORE)
    assert command is not None
    run(command[1])


@pytest.fixture
def run() -> Callable[..., str]:
    """A line of the page that begins with kliping."""

    def call(line: str) -> str:
        answer = CliRunner().invoke(cli, shlex.split(line)[1:])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return call


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text[:1])
def test_the_command_line_answers(question: str, run: Callable[..., str]) -> None:
    assert run(blocks(question)["sh"]).strip()
