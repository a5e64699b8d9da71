"""The table of line rules says of every line what the plain patterns say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.language.lines import LineRules

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
