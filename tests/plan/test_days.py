"""Archives by date: every day has its URL, every such URL its day."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import (
    brings_more,
    index_page,
    index_pages,
    is_of,
    is_short,
    listed_day,
    lists_other_days,
    page_after,
    page_in,
    paging_ends,
    source_key,
)
from scraper.sites.registry import SITES


@given(st.dates(), st.integers(0, 40))
def test_each_day_has_its_index_newest_first(since: date, days: int) -> None:
    until = date.fromordinal(min(since.toordinal() + days, date.max.toordinal()))
    pages = list(
        index_pages("https://{host}/indeks?date={year}-{month:02d}-{day:02d}&page={page}", "contoh.id", since, until)
    )
    assert [day.toordinal() for day, _ in pages] == list(range(until.toordinal(), since.toordinal() - 1, -1))
    assert len({url for _, url in pages}) == len(pages)


PATTERNS = (
    *sorted({(form.url, form.first_page, form.page_step) for site in SITES for form in site.discovery.by_date}),
    ("https://{host}/indeks?page={page}&date={month:02d}/{day:02d}/{year}", 1, 1),
    ("https://{host}/posts?after={eve}T23:59:59&before={morrow}T00:00:00&page={page}", 1, 1),
)


@given(
    form=st.sampled_from([form for form in PATTERNS if "{page" in form[0]]),
    day=st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    host=st.sampled_from(["contoh.id", "www.contoh.id/jatim"]),
)
def test_an_index_is_walked_page_by_page_and_keeps_its_day(form: tuple[str, int, int], day: date, host: str) -> None:
    pattern, first, step = form
    url = index_page(pattern, host, day, first)
    assert page_in(pattern, url) == first
    assert is_of(pattern, url)
    after = page_after(pattern, url, step)
    assert after == index_page(pattern, host, day, first + step)
    moment = listed_day(after)
    if "{year" in pattern and "{day" not in pattern:  # the index of a whole year
        assert moment is None
        return
    assert moment is not None
    assert moment.date() == day
    assert source_key(url) == source_key(index_page(pattern, host, date(2019, 10, 7), first)) != url


@given(st.text())
def test_any_url_is_of_a_pattern_or_not(url: str) -> None:
    for pattern, _, step in PATTERNS:
        assert page_after(pattern, url, step) is None
        assert page_in(pattern, url) is None


def test_an_index_without_pages_has_no_next_one() -> None:
    assert page_after("https://{host}/indeks/{year}{month:02d}{day:02d}", "https://a.id/indeks/20240502") is None


def test_an_index_pattern_is_padded_or_not() -> None:
    day = date(2019, 9, 3)
    assert index_page("https://{host}/index-news?date={year}-{month}-{day}&page={page}", "contoh.id", day, 2).endswith(
        "date=2019-9-3&page=2"
    )
    assert (
        index_page("https://{host}/{year}/{month:02d}/{day:02d}/", "contoh.id", day, 1)
        == "https://contoh.id/2019/09/03/"
    )
    assert list(index_pages("{day}", "contoh.id", date(2020, 1, 2), date(2020, 1, 1))) == []


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://contoh.id/index-news?date=2019-9-3&page=2", date(2019, 9, 3)),
        ("https://contoh.id/?site=all&date=2019-09-03", date(2019, 9, 3)),
        ("https://contoh.id/indeks?date=09/30/2019", date(2019, 9, 30)),
        ("https://contoh.id/indeks?date=09%2F30%2F2019&page=1", date(2019, 9, 30)),
        ("https://contoh.id/indeks/0/20?t=2019-09-03", date(2019, 9, 3)),
        ("https://contoh.id/indeks/2019/9/3/10", date(2019, 9, 3)),
        (
            "https://contoh.id/wp-json/wp/v2/posts?after=2019-09-02T23:59:59&before=2019-09-04T00:00:00&page=1",
            date(2019, 9, 3),
        ),
        ("https://contoh.id/wp-json/wp/v2/posts?before=2019-13-04T00:00:00", None),
        ("https://contoh.id/indeks?date=2019-13-45", None),
        ("https://contoh.id/indeks?update=2019-09-03", None),
        ("https://contoh.id/indeks?page=2", None),
        ("", None),
    ],
)
def test_the_day_of_an_index_is_in_its_url(url: str, day: date | None) -> None:
    moment = listed_day(url)
    assert (moment.date() if moment else None) == day
    assert moment is None or moment.tzinfo is UTC


@given(st.text())
def test_any_url_lists_a_day_or_none(url: str) -> None:
    listed_day(url)
    listed_day(f"?date={url}")


def test_an_index_lists_other_days_if_no_known_day_is_of_it_or_beside_it() -> None:
    day, other = date(2024, 5, 2), date(2026, 7, 1)
    assert lists_other_days(day, [other, other, None, other])
    assert not lists_other_days(day, [other, None, other]), "two say too little"
    assert not lists_other_days(day, [other] * 20 + [date(2024, 5, 3)]), "a list of the most read beside the day's"
    assert not lists_other_days(day, [None] * 20)


def test_an_index_ends_where_it_is_empty_or_repeats_itself() -> None:
    assert paging_ends([], ["a"])
    assert paging_ends(["b", "a"], ["a", "b", "c"])
    assert not paging_ends(["b", "d"], ["a", "b"])
    assert not paging_ends(["a"], [])


def test_a_random_link_on_each_page_does_not_keep_a_walk_going() -> None:
    full = [f"berita-{number}" for number in range(20)]
    assert paging_ends([*full, "iklan-7"], [*full, "iklan-6"])
    assert paging_ends([*full, "iklan-7", "iklan-8"], full)
    assert not paging_ends([*full[:5], "x", "y", "z"], full), "a last page beside a list of the most read"
    assert is_short(1, 20)
    assert is_short(2, 5)
    assert not is_short(1, 1), "an index with one article a page"
    assert not is_short(3, 20)
    assert brings_more(20, 1, page=1)
    assert not brings_more(20, 2, page=2)
    assert brings_more(20, 3, page=2)
    assert brings_more(1, 1, page=9)
    assert not brings_more(0, 0, page=1)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 99))
def test_the_posts_of_a_day_are_asked_for_with_both_its_bounds(day: date, page: int) -> None:
    url = index_page(
        "https://{host}/posts?after={eve}T23:59:59&before={morrow}T00:00:00&page={page}", "contoh.id", day, page
    )
    moment = listed_day(url)
    assert moment is not None
    assert moment.date() == day


def test_the_indexes_of_all_days_share_one_rhythm() -> None:
    keys = {source_key(f"https://contoh.id/index-news?date=2019-9-{day}&page=1") for day in range(1, 30)}
    assert keys == {"https://contoh.id/index-news*page=1"}
    assert source_key("https://contoh.id/2019/09/03/page/1/") == "https://contoh.id*/page/1/"
    assert source_key("https://contoh.id/feed/") == "https://contoh.id/feed/"


@given(st.text())
def test_any_url_has_a_source_key(url: str) -> None:
    source_key(url)
    source_key(f"https://contoh.id/?date={url}")
