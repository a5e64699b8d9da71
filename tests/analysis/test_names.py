"""Who is quoted and named: the examples in every language pack, both those that must be found and those that must not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from scraper.analysis.names import names, names_in
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.language.person_names import name_examples, name_languages, name_words
from tests.analysis.made import Story, made

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = [(code, example) for code in name_languages() if code != "ms" for example in name_examples(code)]


@pytest.mark.parametrize(
    ("language", "example"), EXAMPLES, ids=lambda each: each if isinstance(each, str) else each["text"][:20]
)
def test_examples_of_the_languages(language: str, example: dict[str, Any], tmp_path: Path) -> None:
    stories = [Story("a", f"2026-01-0{day}", example["text"], {"language": language}) for day in (1, 2)]
    with open_archive(made(tmp_path / "a.db", stories)) as db:
        found = names(db, [1, 2]).found
    people = [each for each in found if each.kind == "person"]
    assert sorted(each.name for each in people) == sorted(example["people"])
    assert {each.name: each.quotes for each in people} == {
        name: 2 * example["quoted"].count(name) for name in example["people"]
    }
    assert {each.name: each.mentions for each in found if each.kind == "place"} == {
        name: 2 * example["places"].count(name) for name in example["places"]
    }


STORIES = [
    Story("a", "2026-01-01", "Bupati Ketapang, Martin Rantan, datang. Rantan tersenyum. Budi Santoso hadir."),
    Story(
        "a",
        "2026-01-02",
        "Menurut Martin Rantan (45), jalan itu rusak. Ia pergi ke Kuala Lumpur, lalu di Kuala Lumpur ia sakit.",
    ),
    Story(
        "b",
        "2026-01-03",
        "Warga Ketapang mengatakan air naik. Pak Budi Santoso, guru, mengatakan warga lari ke Kuala Lumpur.",
    ),
    Story(
        "b",
        "2026-01-04",
        "Die Bürgermeisterin sagte, dass die Brücke in der Stadt nicht mehr sicher ist und auch nicht mehr wird.",
        {"language": "de"},
    ),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("names") / "a.db", STORIES)


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["names", *arguments, "--archive", str(path)])


def test_the_command(path: Path) -> None:
    done = run(path, "--json")
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["Martin Rantan"] == {
        "name": "Martin Rantan", "kind": "person", "articles": 2, "mentions": 3, "quotes": 1, "title": "Bupati Ketapang", "region": None,
    }  # fmt: skip
    assert rows["Ketapang"]["region"] == "61.04"
    assert (rows["Kuala Lumpur"]["kind"], rows["Kuala Lumpur"]["mentions"], rows["Kuala Lumpur"]["region"]) == (
        "place",
        3,
        None,
    )
    assert "Budi Santoso" not in rows  # a title in one article only
    assert "1 articles are in languages for which kliping has no such words (de 1)" in done.stderr
    one = {json.loads(line)["name"] for line in run(path, "--least", "1", "--person", "--json").stdout.splitlines()}
    assert one == {"Martin Rantan", "Budi Santoso"}
    assert run(path, "--quoted", "--csv").stdout.splitlines()[1].startswith("Martin Rantan,person,2,3,1,")
    assert run(path, "nihil").exit_code == 3


def test_abbreviations_initials_and_appositions() -> None:
    text = "Itu benar, ujar Dr. H. M. Rizal Fahmi, SH. Kapolsek Iptu Ani, 40 tahun, membenarkan hal itu."
    found = {each.name: each for each in names_in(text, "id")}
    assert (found["M Rizal Fahmi"].title, found["M Rizal Fahmi"].is_quoted) == ("Dr H", True)
    assert found["Ani"].title == "Kapolsek Iptu"


@given(st.text(st.sampled_from("Ab. ,(\n”c-’1À洪"), max_size=60))
def test_any_text_is_gone_through(text: str) -> None:
    for language in name_languages():
        for each in names_in(text, language):
            assert each.name
    assert name_words("zz") is None
