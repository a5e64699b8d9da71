"""Properties of the pure leaves: text, URLs, dates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import date_in_url, parse_date
from scraper.text import collapse, fold, shorten, storable, terminal_safe
from scraper.urls import (
    MAX_URL,
    absolute,
    article_url,
    canonical_url,
    host_of,
    page_number,
    registrable_domain,
    same_domain,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIXTURES = Path(__file__).parent.parent / "fixtures"


@given(st.text())
def test_collapsed_text_is_on_one_line_and_stays_as_it_is(text: str) -> None:
    assert collapse(collapse(text)) == collapse(text)
    assert "\n" not in collapse(text)


def test_texts_that_differ_in_typography_only_fold_to_one() -> None:
    assert fold("“Satu” – dua TIGA") == fold('"satu" - Dua  tiga') == '"satu" - dua tiga'


@given(st.text(alphabet=st.characters()))
def test_stored_text_can_be_encoded_and_shown(text: str) -> None:
    assert storable(text).encode("utf-8")[:0] == b""
    assert "\x00" not in storable(text)
    shown = terminal_safe(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) <= 0x9F or char in "\u202e\u2066\u200f" for char in shown)


def test_a_lone_surrogate_is_replaced() -> None:
    assert storable("a\ud800b\x00c") == "a�bc"
    assert shorten("abcdef", 4) == "abc…"


@given(st.text(max_size=200))
def test_canonical_url_never_raises_and_is_idempotent(text: str) -> None:
    for candidate in (text, f"https://contoh.id/{text}", f"https://{text}/"):
        url = canonical_url(candidate)
        if url is not None:
            assert canonical_url(url) == url
            assert len(url) <= MAX_URL
            assert article_url(article_url(url)) == article_url(url)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("HTTPS://Contoh.ID:443/a/../b/%7euser?utm_source=x&b=2&a=1#bagian", "https://contoh.id/b/~user?b=2&a=1"),
        ("https://contoh.id", "https://contoh.id/"),
        ("https://user:rahasia@contoh.id/x", "https://contoh.id/x"),
        ("https://contoh.id/berita é?q=ü", "https://contoh.id/berita%20%C3%A9?q=%C3%BC"),
        ("https://contoh.id/x?fbclid=1&page=2", "https://contoh.id/x?page=2"),
        ("https://www.tribunnews.com/seleb/7876266/judul?ct=pilihan", "https://www.tribunnews.com/seleb/7876266/judul"),
        ("javascript:alert(1)", None),
        ("mailto:a@contoh.id", None),
        ("//contoh.id/x", None),
        ("https://exa mple/", None),
        ("https://contoh.id:99999/", None),
    ],
)
def test_url_has_its_canonical_form(raw: str, canonical: str | None) -> None:
    assert canonical_url(raw) == canonical


def test_no_two_fixture_urls_become_one() -> None:
    urls = {json.loads(path.read_text("utf-8"))["url"] for path in FIXTURES.glob("*/*/capture.json")}
    assert len({canonical_url(url) for url in urls}) == len(urls)


def test_pages_of_an_article_share_its_url() -> None:
    assert article_url("https://contoh.id/a?page=3&b=1") == "https://contoh.id/a?b=1"
    assert page_number("https://contoh.id/a?b=1&page=3") == 3
    assert page_number("https://contoh.id/a?page=all") is None
    assert absolute("../b?x#y", "https://contoh.id/a/c") == "https://contoh.id/b?x#y"


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("pontianak.tribunnews.com", "tribunnews.com"),
        ("www.suara.co.id", "suara.co.id"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_domains_are_compared_by_owner() -> None:
    assert same_domain("https://a.contoh.co.id/", "https://b.contoh.co.id/")
    assert not same_domain("https://a.co.id/", "https://b.co.id/")
    assert not same_domain("https://", "https://")
    assert host_of("https://[bad") == ""


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("Senin, 7 Oktober 2019 15:12", "2019-10-07T15:12:00+07:00"),
        ("Kompas.com - 02/11/2023, 21:34 WIB", "2023-11-02T21:34:00+07:00"),
        ("Kamis, 02 Nov 2023 20:59 WITA", "2023-11-02T20:59:00+08:00"),
        ("20 Juni 2025 | 16.33 WIB", "2025-06-20T16:33:00+07:00"),
        ("Jum'at, 24 Juli 2026 - 13:39 WIT", "2026-07-24T13:39:00+09:00"),
        ("Rabu, 5 Nopember 2014 09:00 WIB", "2014-11-05T09:00:00+07:00"),
        ("08/1/2026 20:19", "2026-01-08T20:19:00+07:00"),
        ("12/25/2019", "2019-12-25T12:00:00+07:00"),
        ("2020-05-04 04:25:00", "2020-05-04T04:25:00+07:00"),
        ("2019-10-07T08:12:40.123Z", "2019-10-07T08:12:40+00:00"),
        ("Mon, 07 Oct 2019 14:05:00 +0700", "2019-10-07T14:05:00+07:00"),
        ("March 5, 2021 3:04 pm EST", "2021-03-05T15:04:00-05:00"),
        ("2024年5月13日 10:20", "2024-05-13T10:20:00+07:00"),
        ("1570435960", "2019-10-07T08:12:40+00:00"),
        ("Rp 1.500.000", None),
        ("31 Februari 2020", None),
        ("", None),
    ],
)
def test_date_is_read(raw: str, iso: str | None) -> None:
    moment = parse_date(raw, zone=JAKARTA)
    assert (moment.value.isoformat() if moment else None) == iso


def test_what_was_assumed_is_said() -> None:
    printed, assumed = parse_date("7 Oktober 2019 15:12 WIB", zone=JAKARTA), parse_date("7 Oktober 2019", zone=JAKARTA)
    assert printed is not None
    assert assumed is not None
    assert (printed.zone_source, printed.has_time) == ("printed", True)
    assert (assumed.zone_source, assumed.has_time) == ("assumed", False)


def test_the_weekday_is_a_checksum() -> None:
    right, wrong = parse_date("Senin, 7 Oktober 2019", zone=JAKARTA), parse_date("Jumat, 7 Oktober 2019", zone=JAKARTA)
    assert right is not None
    assert wrong is not None
    assert (right.weekday_ok, wrong.weekday_ok) == (True, False)


def test_relative_dates_need_now() -> None:
    assert parse_date("4 jam lalu", zone=JAKARTA) is None
    moment = parse_date("4 jam lalu", zone=JAKARTA, now=NOW)
    assert moment is not None
    assert moment.value == NOW - timedelta(hours=4)


@given(st.text(max_size=120))
def test_any_text_gives_an_aware_date_or_none(text: str) -> None:
    moment = parse_date(text, zone=JAKARTA, now=NOW)
    assert moment is None or (moment.value.tzinfo is not None and 1900 < moment.value.year < 2101)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
def test_iso_dates_are_read_back(value: datetime) -> None:
    aware = value.replace(microsecond=0, tzinfo=UTC)
    moment = parse_date(aware.isoformat(), zone=JAKARTA)
    assert moment is not None
    assert moment.value == aware


def test_a_date_in_a_url() -> None:
    assert date_in_url("https://contoh.id/2019/10/07/judul") == date(2019, 10, 7)
    assert date_in_url("https://contoh.id/nasional/20260109163000-20-1/judul") == date(2026, 1, 9)
    assert date_in_url("https://contoh.id/berita/1178713/judul") is None
    for path in (
        "2024/may/03/title",
        "n1/2024/0503/c1001-4.html",
        "a/202405/03/t8.html",
        "news/title-20240503.html",
        "x/t_20240503",
    ):
        assert date_in_url(f"https://koran.example/{path}") == date(2024, 5, 3), path
    for path in (
        "2024/mai/03/title",
        "n1/2024/1503/c1001-4.html",
        "a/title-20241503.html",
        "a/20240503title",
        "p-20240503-8/9",
    ):
        assert date_in_url(f"https://koran.example/{path}") is None, path


def test_the_day_of_a_wayback_copy_is_the_pages_own() -> None:
    copy = "https://web.archive.org/web/20160218174457/http://koran.id/2010/05/19/jembatan/"
    assert date_in_url(copy) == date(2010, 5, 19)
    assert date_in_url("https://web.archive.org/web/20160218174457id_/http://koran.id/jembatan/") is None


@given(
    st.dates(date(1995, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "UTC", "America/New_York"]),
)
def test_a_day_without_a_time_is_that_day_in_utc_too(day: date, zone: str) -> None:
    moment = parse_date(f"{day.day:02d}/{day.month:02d}/{day.year}", zone=ZoneInfo(zone))
    assert moment is not None
    assert not moment.has_time
    assert moment.value.date() == day == moment.value.astimezone(UTC).date()
