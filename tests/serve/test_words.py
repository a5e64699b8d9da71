"""All texts of the interface exist in both languages, and no template contains text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from scraper import records
from scraper.changes import KINDS
from scraper.reasons import Reason
from scraper.serve import app, charts, messages, plots

TEMPLATES = sorted((Path(app.__file__).parent / "templates").glob("*.html"))
# Names, which are the same in every language.
NAMES = {"kliping", "BibTeX", "RIS", "CSL", "JSON", "CSV", "HTTP", "SQL"}
SHOWN = re.compile(r"(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    shown = [re.sub(r"<[^>]*>", " ", bare), *SHOWN.findall(bare)]
    words = {word for text in shown for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert words <= NAMES


def test_every_chart_that_a_template_draws_exists() -> None:
    drawn = {found for path in TEMPLATES for found in re.findall(r"\b(charts|plots)\.(\w+)", path.read_text("utf-8"))}
    assert drawn
    for module, name in drawn:
        assert callable(getattr({"charts": charts, "plots": plots}[module], name, None)), f"{module}.{name}"


def test_every_text_is_there_in_both_languages_with_the_same_values() -> None:
    for key, texts in messages._TEXTS.items():
        assert all(texts), key
        values = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert values[0] == values[1], key


def test_every_text_is_used_and_every_key_known() -> None:
    code = "".join(path.read_text("utf-8") for path in [*TEMPLATES, *Path(app.__file__).parent.glob("*.py")])
    asked = set(re.findall(r"\bt\(\"(\w+)\"", code)) | set(re.findall(r"\binterface_text\(\"(\w+)\"", code))
    assert asked <= set(messages._TEXTS)
    unused = {key for key in messages._TEXTS if not re.search(rf"[\"']{key}[\"'](?!: \()", code)}
    assert unused <= {
        "section",
        "region",
        "kind",
        "month",
        "publisher",
        "alarm",
        "warn",
        "extractor",
        "body",
        "headline",
        "lede",
        "byline",
        "source_credit",
        "correction_notice",
    }


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("reason", tuple(Reason)),
        ("change", KINDS),
        ("role", (*get_args(records.Role), "editor")),
        ("run", ("crawl", "reextract", "import")),
    ],
)
def test_every_code_has_a_name(group: str, codes: tuple[str, ...]) -> None:
    assert set(codes) == set(messages._NAMES[group])
    assert messages.code_name(group, "of-a-newer-kliping", "id") == "of-a-newer-kliping"
