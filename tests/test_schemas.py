"""The record is written once (scraper/schema.py): its JSON schema, its columns and fixtures must agree with it."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from scraper import records
from scraper.archive.file.connection import open_archive
from scraper.cli.fixture_files import load_expected
from scraper.fixtures import SYNTHETIC
from scraper.records import Article, Capture
from scraper.schema import ARTICLE, ORDER, stored_as
from scraper.serve.messages import interface_text
from tools.record import pages

ROOT = Path(__file__).parent.parent
SCHEMAS = {
    name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8")) for name in ("article", "capture")
}
RECORDS: dict[str, type] = {"article": Article, "capture": Capture}


def literals(annotation: Any) -> set[str]:
    """The closed list inside an annotation, looking through tuples and unions."""
    if typing.get_origin(annotation) is Literal:
        return set(typing.get_args(annotation))
    return set().union(*(literals(each) for each in typing.get_args(annotation)), set())


def allows_none(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType) and type(None) in typing.get_args(
        annotation
    )


def schema_allows_null(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    return "null" in kinds or any(each.get("type") == "null" for each in schema.get("anyOf", ()))


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid_and_describes_every_field(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert not [field for field, rule in SCHEMAS[name]["properties"].items() if not rule.get("description")]


@pytest.mark.parametrize("name", SCHEMAS)
def test_fields_and_their_order_are_those_of_the_dataclass(name: str) -> None:
    fields = [field.name for field in dataclasses.fields(RECORDS[name]) if field.name != "body" or name == "article"]
    assert sorted(SCHEMAS[name]["required"]) == sorted(SCHEMAS[name]["properties"]) == sorted(fields)
    assert [field for field in fields if field in SCHEMAS[name]["properties"]] == fields


@pytest.mark.parametrize("name", SCHEMAS)
def test_null_is_allowed_exactly_where_the_dataclass_allows_none(name: str) -> None:
    hints = typing.get_type_hints(RECORDS[name])
    for field, rule in SCHEMAS[name]["properties"].items():
        assert schema_allows_null(rule) == allows_none(hints[field]), field


def test_closed_lists_are_the_same_in_schema_and_records() -> None:
    properties = SCHEMAS["article"]["properties"]
    assert set(properties["kind"]["enum"]) == literals(records.PageKind)
    assert set(properties["access"]["enum"]) == literals(records.Access)
    assert set(properties["warnings"]["items"]["enum"]) == literals(records.Warning_)
    assert set(properties["body"]["items"]["properties"]["kind"]["enum"]) == literals(records.BlockKind)
    assert set(properties["authors"]["items"]["properties"]["role"]["enum"]) == literals(records.Role)
    assert {word.strip(".:,") for word in properties["warnings"]["description"].split()} >= literals(records.Warning_)


def test_what_is_made_of_the_table_is_up_to_date() -> None:
    stale = [path.name for path, text in pages().items() if path.read_text("utf-8") != text]
    assert not stale, "python -m tools.record"


def test_the_archive_has_a_column_for_each_field_that_it_keeps_as_it_is(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", mode="write") as db:
        columns = {row[1]: row[2] for row in db.execute("PRAGMA table_info(articles)").fetchall()}
    types = {name: "INTEGER" if _is_number(name) else "TEXT" for name in stored_as("plain", "moment", "json")}
    assert {name: columns.get(name) for name in types} == types


def _is_number(name: str) -> bool:
    kind: str | None = SCHEMAS["article"]["properties"][name].get("type")
    return kind == "integer"


def test_what_is_watched_and_shown_has_the_words_for_it() -> None:
    for name in ORDER:
        field = ARTICLE[name]
        assert field.meaning.endswith((".", "closed list"))
        assert field.brief or not field.is_column, name
        for language in ("en", "id"):
            assert field.label is None or interface_text(name, language), (
                name
            )  # KeyError where the pages have no words for it


@pytest.mark.parametrize(
    "case", sorted((ROOT / "fixtures").glob("*/[0-9]*/*.json")), ids=lambda case: f"{case.parent.name}/{case.stem}"
)
def test_fixture_validates(case: Path) -> None:
    if case.stem not in SCHEMAS:
        assert case.stem == "error"
        return
    validator = Draft202012Validator(SCHEMAS[case.stem], format_checker=FormatChecker())
    record = load_expected(case.parent) if case.stem == "article" else json.loads(case.read_text("utf-8"))
    record.pop(SYNTHETIC, None)
    assert not list(validator.iter_errors(record))
