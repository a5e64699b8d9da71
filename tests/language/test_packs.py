"""Each entry of a language pack takes and leaves what it says; a malformed pack is refused with file and line."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.errors import LanguageError
from scraper.language.line_patterns import LineRules, split_alternatives
from scraper.language.pack import (
    NEUTRAL,
    SECTIONS,
    is_pattern,
    languages,
    parse_pack,
    parse_trials,
    read_head,
    read_pack,
    read_trials,
)
from scraper.language.vocabulary import Vocabulary, pattern_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.language.pack import Pack, Trial

ALL = (*languages(), NEUTRAL)
ROOT = Path(__file__).parents[2]
# What an entry of a section does with a text.
DEEDS: dict[str, Callable[[Vocabulary, str], object]] = {
    "byline": Vocabulary.byline,
    "related": lambda words, text: words.related_label(text) or words.related_heading(text),
    "furniture": lambda words, text: words.furniture.fit(text),
    "note": lambda words, text: words.notes.fit(text),
    "end": lambda words, text: words.ends.fit(text),
    "caption": lambda words, text: (
        (found := words.captions.opening(text)) and (found.has_colon or found.entry.part == "by")
    ),
    "credit": lambda words, text: words.credits.find(text),
    "gone": lambda words, text: words.gone.fit(text),
    "withdrawn": lambda words, text: words.withdrawn.find(text),
    "correction": lambda words, text: words.correction_label(text),
    "front": lambda words, text: words.fronts.fit(text),
    "wall": lambda words, text: words.walls.find(text),
    "paywall": lambda words, text: words.paywalls.find(text),
    "updated": lambda words, text: words.updated.find(text),
    "published": lambda words, text: words.published.find(text),
    "event": lambda words, text: words.events.find(text),
    "desk": lambda words, text: words.desks.fit(text),
    "class": lambda words, text: text in words.class_names,
}
MINIMAL = "name = 'x'\n\n[furniture]\n"


@pytest.mark.parametrize("language", ALL)
def test_each_entry_takes_and_leaves_what_it_says(language: str) -> None:
    words = Vocabulary((read_pack(language),))
    wrong = []
    for trial in read_trials(language):
        deed = DEEDS[trial.entry.section]
        where = f"{language}.toml:{trial.line} [{trial.entry.section}] {trial.entry.forms[0]!r}"
        wrong += [f"{where} does not take {text!r}" for text in trial.takes if not deed(words, text)]
        wrong += [f"{where} does not leave {text!r}" for text in trial.leaves if deed(words, text)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ALL)
def test_each_form_is_needed_by_a_text_or_is_one(language: str) -> None:
    """A form with a wildcard and an expression take a text of their entry; plain words take themselves."""
    pack = read_pack(language)
    wrong = []
    for trial in read_trials(language):
        for form in trial.entry.forms:
            alone = Vocabulary((only(pack, trial, form),))
            deed = DEEDS[trial.entry.section]
            plain = [f"{form}: Anna Lind", f"{form} Anna Lind", form, f"{form}：文"]
            if not any(deed(alone, text) for text in (*trial.takes, *plain)):
                wrong.append(f"{language}.toml:{trial.line} {form!r} takes none of its texts")
    assert not wrong, "\n".join(wrong)


def only(pack: Pack, trial: Trial, form: str) -> Pack:
    """A pack of one entry with one form."""
    entry = replace(trial.entry, forms=(form,))
    return replace(pack, entries={section: ((entry,) if section == entry.section else ()) for section in SECTIONS})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("'iklan' = 1", r"xx.toml:4: 'iklan' is not an entry"),
        ("'iklan' = { takes = 'Iklan' }", r"xx.toml:4: 'iklan' has no text that it must leave"),
        ("'iklan' = { leaves = 'Iklan rokok' }", r"xx.toml:4: 'iklan' has no text that it must take"),
        ("# one\n'iklan' = { colour = 'red', takes = 'Iklan', leaves = 'x' }", r"xx.toml:5: 'iklan' has 'colour'"),
        ("'iklan' = { takes = [1], leaves = 'x' }", r"xx.toml:4: 'iklan' has something else than texts"),
        ("'Iklan' = { takes = 'Iklan', leaves = 'x' }", r"xx.toml:4: 'Iklan' is not in small letters"),
        ("'/(ab/' = { takes = 'ab', leaves = 'x' }", r"xx.toml:4: '/\(ab/' is not a regular expression"),
        ("'/(ab)/' = { takes = 'ab', leaves = 'x' }", r"xx.toml:4: '/\(ab\)/' has a capturing group"),
        (
            "\n[byline]\n'red' = { takes = 'Red: Ana', leaves = 'x', role = 'editor' }",
            r"xx.toml:6: 'red' is not one line that ends with its",
        ),
        (
            "'iklan' = { takes = 'Iklan', leaves = 'x' }\n'iklan' = { takes = 'Iklan', leaves = 'x' }",
            r"xx.toml: .*line 5",
        ),
        (
            "\n[byline]\n'oleh' = { role = 'boss', takes = 'Oleh: Ana', leaves = 'x' }",
            r"xx.toml:6: 'oleh' has the role 'boss'",
        ),
        (
            "\n[caption]\n'foto' = { part = 'half', takes = 'Foto: Ana', leaves = 'x' }",
            r"xx.toml:6: 'foto' has the part 'half'; there are picture, owner, source, by",
        ),
        ("\n[lines]\n'iklan' = { takes = 'Iklan', leaves = 'x' }", r"xx.toml:5: 'lines' is not a section"),
        ("\n[dates]\nmonths = { mai = 'five' }", r"xx.toml:\d+: 'dates' cannot be read"),
        ("\n[dates]\nyear = 3", r"xx.toml:6: 'year' is nothing that \[dates\] knows"),
    ],
)
def test_a_malformed_pack_is_refused_with_its_line(lines: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        parse_trials(MINIMAL + lines + "\n", "xx")


def test_a_pack_is_read_without_its_tests() -> None:
    text = MINIMAL + "'iklan' = { also = ['reklame'], takes = 'Iklan takes = { x }', leaves = '}' }\n"
    (entry,) = parse_pack(text, "xx").entries["furniture"]
    assert entry.forms == ("iklan", "reklame")


def test_every_language_has_months_weekdays_and_a_name() -> None:
    for language in languages():
        calendar = read_pack(language).calendar
        assert set(calendar.weekdays.values()) == set(range(7)), language
        assert set(calendar.months.values()) in (set(range(1, 13)), set()), language  # Korean and Japanese number them
        assert calendar.ago, language
        assert read_head(language).name != language


def test_how_a_line_begins_tells_that_it_is_nothing() -> None:
    """One expression that may begin in any way and has no words of its own would be tried on every line of every page."""
    slow = [
        f"{language}: {form}"
        for language in ALL
        for section in ("furniture", "note", "end", "gone", "front")
        for entry in read_pack(language).entries.get(section, ())
        for form in entry.forms
        if is_pattern(form)
        and LineRules(((each, True) for each in split_alternatives(pattern_of(form))), are_whole=True).beginnings("qz")
        is None
    ]
    assert not slow, "\n".join(slow)


def test_words_of_a_language_act_on_no_page_of_another() -> None:
    assert vocabulary("es").related_label("Lea también: Reabren el puente")
    assert vocabulary("de").related_label("Lea también: Reabren el puente") is None
    assert vocabulary("de", "es").related_label("Lea también: Reabren el puente")
    assert vocabulary("xx").languages == (NEUTRAL,)


def test_the_calendars_are_those_of_cldr() -> None:
    """The script says which packs differ; a newer CLDR than the one that a pack names may do so rightly."""
    pytest.importorskip("babel")
    from babel.core import get_cldr_version  # noqa: PLC0415

    if f"cldr = '{get_cldr_version()}'" not in (ROOT / "scraper/language/packs/id.toml").read_text("utf-8"):
        pytest.skip("another version of CLDR")
    done = subprocess.run(
        [sys.executable, "-m", "tools.cldr", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_wheel_holds_the_packs(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    native = ROOT / "scraper" / "native"
    before = [(file, file.stat().st_mtime_ns) for file in sorted(native.iterdir()) if file.is_file()]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = [(file, file.stat().st_mtime_ns) for file in sorted(native.iterdir()) if file.is_file()]
    assert after == before, "a build changes nothing in the checkout, from which kliping may be running"
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("scraper/language/packs/")}
    assert {f"scraper/language/packs/{language}.toml" for language in ALL} <= held
