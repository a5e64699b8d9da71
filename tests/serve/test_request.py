"""What a search's address may contain: anything is either a search or a ValueError that names the fault, and never more
than SQLite takes.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.ask.filters import filter_sql
from scraper.serve.request import MAX_CHOSEN, read_search

VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["9999-12-31", "0001-01-01", "9999-12", "1000-01", "0000019999999999999999999", "²", "٣", "-1", "61", "1"]),
)  # fmt: skip
NAMES = ["q", "page", "since", "until", "month", "region", "site", "sort", "exact", "kind"]


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(VALUES, max_size=3)))
def test_any_address_is_a_search_or_names_what_it_is_not(values: dict[str, list[str]]) -> None:
    try:
        asked = read_search(values)
    except ValueError:
        return
    assert 1 <= asked.page <= 500
    filter_sql(asked.filter())


def test_the_last_day_and_month_there_are() -> None:
    assert filter_sql(read_search({"until": ["9999-12-31"]}).filter())[1] == ["~", "~"], "behind every day"
    with pytest.raises(ValueError, match="9999-12"):
        read_search({"month": ["9999-12"]})


def test_more_choices_than_anybody_makes_are_refused() -> None:
    """SQLite takes no expression of a thousand parts."""
    read_search({"site": [f"a{number}" for number in range(MAX_CHOSEN)]})
    with pytest.raises(ValueError, match="choices"):
        read_search({"site": [f"a{number}" for number in range(MAX_CHOSEN + 1)]})
