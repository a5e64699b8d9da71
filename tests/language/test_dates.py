"""Dates in the languages of the packs: as their papers print them, with the calendar of the page's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.dates import beside_date, parse_date
from scraper.language import languages, vocabulary

NOW = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ko", "2024년 5월 3일 오후 3:05", "2024-05-03T15:05:00+00:00"),
        ("ko", "입력 2024.05.03 10:15", "2024-05-03T10:15:00+00:00"),
        ("ko", "2024. 5. 3. 15:05", "2024-05-03T15:05:00+00:00"),
        ("th", "3 พฤษภาคม 2567 10:15 น.", "2024-05-03T10:15:00+00:00"),
        ("th", "3 พ.ค. 67", "2024-05-03T12:00:00+00:00"),
        ("vi", "Thứ sáu, 3/5/2024 15:05 (GMT+7)", "2024-05-03T15:05:00+07:00"),
        ("vi", "3 tháng 5, 2024", "2024-05-03T12:00:00+00:00"),
        ("ar", "3 مايو/ أيار 2024", "2024-05-03T12:00:00+00:00"),
        ("ar", "الجمعة ٣ مايو ٢٠٢٤", "2024-05-03T12:00:00+00:00"),
        ("fa", "۱۴ اردیبهشت ۱۴۰۳ ساعت ۱۰:۱۵", "2024-05-03T10:15:00+00:00"),
        ("fa", "۱۴۰۳/۰۲/۱۴", "2024-05-03T12:00:00+00:00"),
        ("hi", "3 मई 2024, 10:15 AM", "2024-05-03T10:15:00+00:00"),
        ("bn", "৩ মে ২০২৪", "2024-05-03T12:00:00+00:00"),
        ("ta", "மே 3, 2024", "2024-05-03T12:00:00+00:00"),
        ("he", "3 במאי 2024", "2024-05-03T12:00:00+00:00"),
        ("el", "3 Μαΐου 2024, 10:15 μ.μ.", "2024-05-03T22:15:00+00:00"),
        ("ru", "3 мая 2024, 15:05 мск", "2024-05-03T15:05:00+03:00"),
        ("uk", "3 травня 2024", "2024-05-03T12:00:00+00:00"),
        ("sr", "3. мај 2024.", "2024-05-03T12:00:00+00:00"),
        ("hr", "3. listopada 2024.", "2024-10-03T12:00:00+00:00"),  # the same word is November to a Pole
        ("pl", "3 listopada 2024", "2024-11-03T12:00:00+00:00"),
        ("cs", "3. listopadu 2024", "2024-11-03T12:00:00+00:00"),
        ("ja", "2024年5月3日 午後3時05分", "2024-05-03T15:05:00+00:00"),
        ("zh", "2024年5月3日 下午3:05", "2024-05-03T15:05:00+00:00"),
        ("hu", "2024. május 3. 10:15", "2024-05-03T10:15:00+00:00"),
        ("lt", "2024 m. gegužės 3 d.", "2024-05-03T12:00:00+00:00"),
        ("de", "Freitag, 3. Mai 2024 um 15.05 Uhr", "2024-05-03T15:05:00+00:00"),
        ("de", "5. März 2021, 14:30 Uhr", "2021-03-05T14:30:00+00:00"),
        ("fr", "vendredi 3 mai 2024 à 15h05", "2024-05-03T15:05:00+00:00"),
        ("fr", "3 mai 2024 à 15h05 et à Paris", "2024-05-03T15:05:00+00:00"),  # "et" is not a zone here
        ("es", "3 de mayo de 2024 a las 15.05 h", "2024-05-03T15:05:00+00:00"),
        ("es", "1 de diciembre de 2017 3:00 AM PST", "2017-12-01T03:00:00-08:00"),
        ("pt", "3 de maio de 2024 às 15h05", "2024-05-03T15:05:00+00:00"),
        ("fi", "3.5.2024 klo 15.05", "2024-05-03T15:05:00+00:00"),
        ("da", "3. maj 2024 kl. 15.05", "2024-05-03T15:05:00+00:00"),
        ("tr", "3 Mayıs 2024 Cuma 15:05", "2024-05-03T15:05:00+00:00"),
        ("ms", "Jumaat, 3 Mei 2024 3:05 PM", "2024-05-03T15:05:00+00:00"),
        ("tl", "Mayo 3, 2024", "2024-05-03T12:00:00+00:00"),
        ("en", "10.15am, 3 May 2024", "2024-05-03T10:15:00+00:00"),
        ("en", "May 3, 2024 10:30 AM EST", "2024-05-03T10:30:00-05:00"),
        ("en", "2024 May 3", "2024-05-03T12:00:00+00:00"),  # as journals do
        ("en", "Fri May  3 10:30:00 EDT 2024", "2024-05-03T10:30:00-04:00"),  # as programs do
        ("de", "Fri May 03 10:30:00 UTC 2024", "2024-05-03T10:30:00+00:00"),
        ("en", "May 3, ’24", "2024-05-03T12:00:00+00:00"),
        ("en", "an hour ago", "2024-05-04T11:00:00+00:00"),
        ("fr", "il y a 3 heures", "2024-05-04T09:00:00+00:00"),
        ("de", "vor 3 Stunden", "2024-05-04T09:00:00+00:00"),
        ("ru", "3 часа назад", "2024-05-04T09:00:00+00:00"),
        ("ja", "3時間前", "2024-05-04T09:00:00+00:00"),
        ("ko", "3시간 전", "2024-05-04T09:00:00+00:00"),
        ("de", "gestern, 15:05 Uhr", "2024-05-03T15:05:00+00:00"),
        ("de", "3 hari yang lalu", None),  # another language's words
        ("id", "3 mayıs 2024", None),
    ],
)
def test_a_date_is_read_with_the_names_of_its_language(language: str, text: str, value: str | None) -> None:
    moment = parse_date(text, zone=UTC, now=NOW, calendar=vocabulary(language, "en").calendar)
    assert (moment.value.isoformat() if moment else None) == value


@pytest.mark.parametrize("language", languages())
def test_every_month_of_every_language_is_read(language: str) -> None:
    calendar = vocabulary(language).calendar
    wrong = []
    for name, number in calendar.months.items():
        day = f"2024. {name} 5." if calendar.order == "ymd" else f"5 {name} 2024"
        moment = parse_date(f"{day} 10:15", zone=UTC, calendar=calendar)
        year = 2024 - calendar.years_ahead if calendar.years_ahead and moment and moment.value.year < 1990 else 2024
        if moment is None or (moment.value.year, moment.value.month, moment.value.day) != (year, number, 5):
            wrong.append((name, moment))
    assert not wrong


@pytest.mark.parametrize("language", languages())
def test_every_age_of_every_language_is_read(language: str) -> None:
    calendar = vocabulary(language).calendar
    steps = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
    for pattern, unit in calendar.ago:
        count = 2 if "{0}" in pattern else 1
        moment = parse_date(pattern.replace("{0}", "2"), zone=UTC, now=NOW, calendar=calendar)
        assert moment is not None, pattern
        assert (NOW - moment.value).total_seconds() in {count * step for name, step in steps.items() if name == unit}, (
            pattern
        )


def test_what_stands_beside_a_date_in_other_digits_is_told() -> None:
    assert beside_date("الجمعة ٣ مايو ٢٠٢٤", vocabulary("ar").calendar) == "الجمعة "
