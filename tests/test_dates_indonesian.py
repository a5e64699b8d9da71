"""Dates as Indonesian papers print them: the forms of 2014–2026, their spellings, clocks and zones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import parse_date

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2020, 10, 11, 20, tzinfo=UTC)  # Monday the 12th, 03.00 in Jakarta
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Senin, 7 Oktober 2019 14:05 WIB", "2019-10-07T14:05:00+07:00"),
        ("Jumat, 9 Oktober 2020 13:52", "2020-10-09T13:52:00+07:00"),
        ("Tayang: Jumat, 24 Juli 2026 12:40 WIB", "2026-07-24T12:40:00+07:00"),
        ("Kompas.com - 02/11/2023, 21:34 WIB", "2023-11-02T21:34:00+07:00"),
        ("Kompas.com- 20/06/2025, 18:13 WIB", "2025-06-20T18:13:00+07:00"),
        ("Rabu, 4 November 2015 | 21:04 WIB", "2015-11-04T21:04:00+07:00"),
        ("Kamis, 02 Nov 2023 20:59 WIB", "2023-11-02T20:59:00+07:00"),
        ("Kamis, 05/11/2015 10:08 WIB", "2015-11-05T10:08:00+07:00"),
        ("Diperbarui 20 Jun 2025, 05:50 WIB", "2025-06-20T05:50:00+07:00"),
        ("Diterbitkan 13 Mei 2024, 13:00 WIB", "2024-05-13T13:00:00+07:00"),
        ("on 16 Feb 2016 at 09:10 WIB", "2016-02-16T09:10:00+07:00"),
        ("Jumat   20 Jun 2025  18:19 WIB", "2025-06-20T18:19:00+07:00"),
        ("20 Juni 2025 | 16.33 WIB", "2025-06-20T16:33:00+07:00"),
        (", Jurnalis-Jum'at, 20 Juni 2025 |11:58 WIB", "2025-06-20T11:58:00+07:00"),
        ("Jum’at, 24 Juli 2026 - 13:39 WIB", "2026-07-24T13:39:00+07:00"),
        ("Kamis, 5 November 2015 - 15:56 wib", "2015-11-05T15:56:00+07:00"),
        ("- 7 Oktober 2020, 15:13 WIB", "2020-10-07T15:13:00+07:00"),
        ("Minggu, 21 Mei 2017 – 07:38 WIB", "2017-05-21T07:38:00+07:00"),
        ("08/1/2026 20:19", "2026-01-08T20:19:00+07:00"),
        ("Rabu, 18 Juni 2025 - 14:05:00 WIB", "2025-06-18T14:05:00+07:00"),
        ("RABU, 04 NOVEMBER, 2015 | 07:28 WIB", "2015-11-04T07:28:00+07:00"),
        ("Sabtu 9 Oktober 2021 / 10:12 WIB", "2021-10-09T10:12:00+07:00"),
        ("Rabu, 10 Sept 2025 pukul 08.15 WIB", "2025-09-10T08:15:00+07:00"),
        ("Selasa, 5 Agu 2025 10:00 WIB", "2025-08-05T10:00:00+07:00"),
        ("Selasa, 5 Ags 2025 10:00 WIB", "2025-08-05T10:00:00+07:00"),
        ("Senin, 3 Agt 2020 00.48 WIT", "2020-08-03T00:48:00+09:00"),
        ("Sabtu, 12 Nopember 2016 09.30 WITA", "2016-11-12T09:30:00+08:00"),
        ("Ahad, 1 Pebruari 2015 20.30 Wib", "2015-02-01T20:30:00+07:00"),
        ("15 Februari 2014 11:48 WIB Anita Rahma", "2014-02-15T11:48:00+07:00"),
        ("2026-07-24T12:40+07:00", "2026-07-24T12:40:00+07:00"),
        ("2020-05-04 04:25:00", "2020-05-04T04:25:00+07:00"),
        ("2023/11/02 20:59:53", "2023-11-02T20:59:53+07:00"),
        ("2019-10-07T14:05:00+0700", "2019-10-07T14:05:00+07:00"),
        ("Senin (7/10/2019)", "2019-10-07T12:00:00+07:00"),
        ("rabu (3/4/2019)", "2019-04-03T12:00:00+07:00"),
        ("(22/10/16)", "2016-10-22T12:00:00+07:00"),
        ("Kamis 17 Februari 2022", "2022-02-17T12:00:00+07:00"),
        ("(101/2/2022)", None),
        ("31 Februari 2022", None),
    ],
)
def test_a_printed_date_is_read(text: str, value: str | None) -> None:
    moment = parse_date(text, zone=WIB)
    assert (moment.value.isoformat() if moment else None) == value


@pytest.mark.parametrize(
    ("text", "value", "has_time"),
    [
        ("4 jam lalu", "2020-10-11T16:00:00+00:00", True),
        ("30 menit yang lalu", "2020-10-11T19:30:00+00:00", True),
        ("sejam lalu", "2020-10-11T19:00:00+00:00", True),
        ("seminggu yang lalu", "2020-10-04T20:00:00+00:00", True),
        ("hari ini", "2020-10-12T12:00:00+07:00", False),
        ("Hari ini, 09.15 WIB", "2020-10-12T09:15:00+07:00", True),
        ("Kemarin, 14:30 WIB", "2020-10-11T14:30:00+07:00", True),
        ("kemarin lusa", "2020-10-10T12:00:00+07:00", False),
        ("Senin malam", "2020-10-12T12:00:00+07:00", False),
        ("Jum'at dini hari", "2020-10-09T12:00:00+07:00", False),
        ("Jumat (9/10)", "2020-10-09T12:00:00+07:00", False),
        ("(13/10)", "2019-10-13T12:00:00+07:00", False),  # never a day that has not been yet
        ("9/10", None, None),  # a mark, a fraction
        ("Senin kemarin warga datang", None, None),
        ("(31/9)", None, None),
    ],
)
def test_days_that_are_relative_to_the_day_of_printing(text: str, value: str | None, *, has_time: bool | None) -> None:
    moment = parse_date(text, zone=WIB, now=NOW)
    assert (moment.value.isoformat() if moment else None) == value
    assert (moment.has_time if moment else None) == has_time
    assert parse_date(text, zone=WIB) is None


@given(day=st.dates(date(1998, 1, 1), date(2098, 12, 31)), printed=st.integers(0, 6), is_in_brackets=st.booleans())
def test_the_weekday_is_a_checksum(day: date, printed: int, *, is_in_brackets: bool) -> None:
    name = DAYS[printed]
    text = (
        f"{name} ({day.day}/{day.month}/{day.year})"
        if is_in_brackets
        else f"{name}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    )
    moment = parse_date(text, zone=WIB)
    assert moment is not None
    assert moment.value.date() == day
    assert moment.weekday_ok is (printed == day.weekday())


@given(st.text(alphabet="SeninJumat'kr 0123456789(/).,|:WIBTAlu-", max_size=40))
def test_any_text_has_a_date_or_none(text: str) -> None:
    moment = parse_date(text, zone=WIB, now=NOW)
    assert moment is None or moment.value.utcoffset() is not None
