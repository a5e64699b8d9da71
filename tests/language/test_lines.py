"""The table of line rules gives the same result for every line as the plain patterns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.language import vocabulary
from scraper.language.line_patterns import LineRules
from scraper.language.pack import read_trials
from scraper.language.vocabulary import Wholes

PATTERNS = (
    r"advert(?:isement)?|iklan|ad|\d+ ?shares?",
    r"(?:read|see) (?:more|also)\b.{0,20}|(?:\+ )?baca [a|b]+|(?:ab|cd){1,2}x",
    r".{0,9}\bab cd.{0,4}|.{1,3}x",
    r"(?:à )?lire aussi:?|e-?mail|\(?ketik\)|[xy]z|a?b|(?:(?:in|out)side)? \| .*",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_what_a_pattern_matches_fits(pattern: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(pattern, fullmatch=True))
    assert LineRules([(pattern, True)]).fit(line)


@given(line=st.text(alphabet="abcdexyz |()-+1s", max_size=12))
def test_any_line_is_judged_as_by_the_plain_pattern(line: str) -> None:
    whole = "|".join(PATTERNS)
    assert bool(LineRules((pattern, True) for pattern in PATTERNS).fit(line)) == (re.fullmatch(whole, line) is not None)


@pytest.mark.parametrize("language", ["cs", "el", "en", "id", "ja", "tr"])
def test_a_line_is_told_by_how_it_begins_only_where_all_of_it_says_the_same(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [text for trial in read_trials(language) for text in (*trial.takes, *trial.leaves)]
    lines += [form for line in lines for form in (line.upper(), line[1:], f"» {line}", f"{line} 7", line[:5], line[:1])]
    lines += [f"{start}{line}" for line in lines[:200] for start in ("7 ", "Σ", "İ", "\u2019")]
    words = vocabulary(language, "en")
    tables = (words.furniture, words.notes, words.ends)
    found = [table.known(line) for table in tables for line in lines]
    monkeypatch.setattr(Wholes, "_is_dull", lambda *_: False)
    assert found == [table.known(line) for table in tables for line in lines]
