"""Samples and coding: the same sample for the same seed, sheets that are read back as they were coded, and
Krippendorff's own examples.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from scraper.analysis.agreement import alpha, majority
from scraper.analysis.sampling import allocated, drawn_of
from scraper.cli import cli
from scraper.errors import CodingError
from scraper.exchange.codebook import read_codebook
from scraper.exchange.sheets import read_sheets
from tests.analysis.made import Story, made

if TYPE_CHECKING:
    from pathlib import Path

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): a dot is a value that is missing.
TWO_BINARY = ("0100000010", "1110010000")
TWO_NOMINAL = ("aabbdcccedda", "babbbcccedd d".replace(" ", ""))
FOUR = ("1233214 12...", "1233224125.3", ".33323422 51.", "1233244125 1.")


def units(*coders: str) -> list[list[str]]:
    rows = [row.replace(" ", "") for row in coders]
    return [[value for value in column if value != "."] for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("coders", "level", "published"),
    [
        (TWO_BINARY, "nominal", 0.095),
        (TWO_NOMINAL, "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (FOUR, "ratio", 0.797),
    ],
)
def test_alpha_is_that_of_the_published_examples(coders: tuple[str, ...], level: str, published: float) -> None:
    found = alpha(units(*coders), level=level)  # type: ignore[arg-type]
    assert found == pytest.approx(published, abs=0.0005)


@given(st.lists(st.lists(st.sampled_from("123"), max_size=4), max_size=12), st.permutations("123"))
def test_alpha_does_not_depend_on_order_or_names(found: list[list[str]], names: list[str]) -> None:
    value = alpha(found)
    renamed = [[names[int(each) - 1] for each in reversed(unit)] for unit in reversed(found)]
    assert alpha(renamed) == (None if value is None else pytest.approx(value))
    assert value is None or value <= 1
    if len({each for unit in found if len(unit) > 1 for each in unit}) > 1:
        assert (value == 1) == all(len(set(unit)) <= 1 for unit in found)


def test_alpha_where_it_says_nothing() -> None:
    assert alpha([]) is None
    assert alpha([["1"], []]) is None
    assert alpha([["1", "1"], ["1", "1"]]) is None  # no other value was ever given
    with pytest.raises(CodingError, match="'x' is not a number"):
        alpha([["x", "1"]], level="interval")
    assert alpha([["low", "high"], ["low", "low"]], level="ordinal", order=["low", "high"]) is not None
    assert (majority(["a", "b", "a"]), majority(["a", "b"]), majority([])) == ("a", None, None)


_SIZES = st.dictionaries(st.text(max_size=3), st.integers(1, 50), max_size=8)


@given(_SIZES, st.integers(1, 120), st.booleans())
def test_every_stratum_gets_its_part(sizes: dict[str, int], size: int, is_equal: bool) -> None:  # noqa: FBT001
    found = allocated(sizes, size, is_equal=is_equal)
    assert sum(found.values()) == min(size, sum(sizes.values()))
    assert all(0 <= found[name] <= count for name, count in sizes.items())
    if not is_equal:
        assert all(
            abs(found[name] - min(size, sum(sizes.values())) * sizes[name] / sum(sizes.values())) < 1 for name in sizes
        )


def test_a_sample_depends_on_the_seed_alone() -> None:
    urls = [(number, f"https://contoh.id/{number}") for number in range(200)]
    once = drawn_of({"": urls}, 20, seed=1)
    # The same articles by other numbers and in another order, as in a merged archive.
    again = drawn_of({"": [(number + 1000, url) for number, url in reversed(urls)]}, 20, seed=1)
    assert [each.article_id + 1000 for each in once.drawn] == [each.article_id for each in again.drawn]
    assert once.drawn != drawn_of({"": urls}, 20, seed=2).drawn
    assert {each.weight for each in once.drawn} == {10}
    hits = Counter(each.article_id for seed in range(2000) for each in drawn_of({"": urls[:10]}, 3, seed=seed).drawn)
    assert all(500 < hits[number] < 700 for number in range(10))  # 600 expected, standard deviation 20


CODES = """
instructions = "Read the whole article."
[topic]
ask = "What is it about?"
values = { banjir = "floods", lain = "anything else" }
[tone]
level = "ordinal"
values = ["-1", "0", "1"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "codes.toml").write_text(CODES, "utf-8")
    stories = [Story("ab"[number % 2], f"2026-01-{number + 1:02}", f"=banjir {number}") for number in range(12)]
    return made(tmp_path / "a.db", [*stories, Story("a", None, "x" * 40_000)])


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def sample(path: Path, name: str, *arguments: str) -> Result:
    return run(
        "sample", *arguments, "--archive", path, "--to", path.parent / name, "--codes", path.parent / "codes.toml"
    )


def coded(file: Path, codes: dict[str, list[str]]) -> None:
    """Fill in columns of a CSV sheet."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        separator = max(";,", key=source.readline().count)
        source.seek(0)
        rows = list(csv.DictReader(source, delimiter=separator))
    for head, values in codes.items():
        for row, value in zip(rows, values, strict=False):
            row[head] = value
    with file.open("w", encoding="utf-8", newline="") as target:
        out = csv.DictWriter(target, rows[0], delimiter=";")  # as a spreadsheet program of Europe saves it
        out.writeheader()
        out.writerows(rows)


def test_a_sheet_goes_round(path: Path) -> None:
    done = sample(path, "s.csv", "banjir", "--n", "6", "--stratify", "site", "--coders", "Ani,Budi")
    assert "6 of 12 articles, in 2 strata" in done.stderr
    file = path.parent / "s.csv"
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert list(rows[0])[-6:] == ["stratum", "weight", "topic:Ani", "topic:Budi", "tone:Ani", "tone:Budi"]
    assert Counter(row["stratum"] for row in rows) == {"a": 3, "b": 3}
    assert rows[0]["text"].startswith("'=banjir")  # no formula
    told = (path.parent / "s.instructions.txt").read_text("utf-8")
    assert "Read the whole article." in told
    assert "6 of 12 articles of a.db" in told
    coded(
        file,
        {
            "topic:Ani": ["banjir", "lain", "banjir"],
            "topic:Budi": ["banjir", "lain", "lain"],
            "tone:Ani": ["-1", "0"],
            "tone:Budi": ["-1", "1"],
        },
    )
    arguments = ("agreement", file, "--codes", path.parent / "codes.toml")
    topic, tone = (json.loads(line) for line in run(*arguments, "--json").stdout.splitlines())
    assert topic["alpha"] == alpha([["banjir", "banjir"], ["lain", "lain"], ["banjir", "lain"]])
    assert (topic["units"], topic["coders"], topic["level"], tone["level"]) == (3, 2, "nominal", "ordinal")
    table = path.parent / "codes.csv"
    assert run(*arguments, "--table", table).exit_code == 0
    with table.open(encoding="utf-8", newline="") as source:
        joined = list(csv.DictReader(source))
    assert [row["topic"] for row in joined[:3]] == ["banjir", "lain", ""]
    assert joined[0]["tone:Ani"] == "-1"
    assert "Ani: banjir; Budi: lain" in run(*arguments, "--differing").stdout


def test_nothing_of_a_coder_is_overwritten_or_contradicted(path: Path) -> None:
    assert sample(path, "s.csv", "--n", "3").exit_code == 0
    again = sample(path, "s.csv", "--n", "3")
    assert "exists already" in str(again.exception)
    first, second = path.parent / "s.csv", path.parent / "t.csv"
    assert sample(path, "t.csv", "--n", "3").exit_code == 0
    coded(first, {"topic:1": ["banjir", "banjir", "lain"]})
    coded(second, {"topic:2": ["banjir", "lain", "lain"]})
    assert [each.codes["topic"] for each in read_sheets([first, second])][1] == {"1": "banjir", "2": "lain"}
    coded(second, {"topic:1": ["lain"]})
    with pytest.raises(CodingError, match=r"1 coded topic of article .* in two different ways"):
        read_sheets([first, second])
    coded(first, {"topic:1": ["banir"]})
    done = run("agreement", first, "--codes", path.parent / "codes.toml")
    assert done.exit_code == 3
    assert "'banir' is not among the codes" in done.stderr


def test_xlsx_goes_round(path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")  # the extra `coding`
    file = path.parent / "s.xlsx"
    done = sample(path, "s.xlsx", "--n", "20")
    assert done.exit_code == 3
    assert "there were not 20" in done.stderr
    assert "1 texts are longer than a spreadsheet cell" in done.stderr
    book = openpyxl.load_workbook(file)
    sheet = book["Sample"]
    assert "Read the whole article." in [row[0].value for row in book["Instructions"].iter_rows()]
    heads = [cell.value for cell in sheet[1]]
    text = sheet.cell(2, heads.index("text") + 1)
    assert text.data_type == "s"
    assert str(text.value)[0] in "=x"
    assert {menu.formula1 for menu in sheet.data_validations.dataValidation} == {'"banjir,lain"', '"-1,0,1"'}
    for row, (one, other) in enumerate([(1, 1), (0, 0), (-1, 0)], 2):  # as numbers, as Excel takes them
        sheet.cell(row, heads.index("tone:1") + 1).value = one
        sheet.cell(row, heads.index("tone:2") + 1).value = other
    book.save(file)
    found = run("agreement", file, "--codes", path.parent / "codes.toml", "--json")
    assert json.loads(found.stdout)["alpha"] == alpha(
        [["1", "1"], ["0", "0"], ["-1", "0"]], level="ordinal", order=["-1", "0", "1"]
    )
    file.write_bytes(b"no zip")
    assert "cannot be read as .xlsx" in str(run("agreement", file).exception)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no variable"),
        ("a = 1", "a is not a table"),
        ("[a]\nlevels = 'x'", r"\[a\] has 'levels'; known are ask, level, values"),
        ("[a]\nlevel = 'x'", "level must be one of nominal"),
        ("['a b']", "a variable's name has letters"),
        ("[a]\nvalues = 3", "values must be a list, or a table"),
        ("[a", "Expected"),
    ],
)
def test_a_codebook_that_is_wrong_says_where(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "codes.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CodingError, match=message):
        read_codebook(file)


def test_bad_questions(path: Path) -> None:
    assert "'colour' is not one of site, day" in sample(path, "x.csv", "--n", "3", "--stratify", "colour").stderr
    assert "a number from 1 to 50" in sample(path, "x.csv", "--n", "3", "--coders", "0").stderr
    assert "the name of a sheet must end in .csv or .xlsx" in str(sample(path, "x.doc", "--n", "3").exception)
    assert sample(path, "x.csv", "atlantis", "--n", "3").exit_code == 3
    assert "is this a sheet of `kliping sample`?" in str(run("agreement", path.parent / "codes.toml").exception)
