"""When the article was published: a date beside the headline, and the zone that the page prints."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import scraper
from scraper.extract.structure.headline_lines import headline_places
from scraper.html import parse, prepare
from tests.extract.makers import prose

HEADLINE = "Jembatan gantung diresmikan warga"


def article(body: str, head: str = "") -> scraper.Article:
    html = f"<html lang='en'><head><title>{HEADLINE}</title>{head}</head><body>{body}<div class='isi'>{prose()}</div></body></html>"
    return scraper.extract(html, url="https://koran.example/berita/jembatan")


def published(body: str, head: str = "") -> str | None:
    moment = article(body, head).published_at
    return moment.isoformat() if moment else None


@pytest.mark.parametrize(
    ("body", "day"),
    [
        (f"<h1>{HEADLINE}</h1><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        (f"<p>24. April 2020 |</p><h1>{HEADLINE}</h1>", "2020-04-24T12:00:00+00:00"),
        # Before what is only marked as a date, and with its time.
        (f"<div class=date>1.7.2020</div><p>x</p><p>y</p><p>z</p><h1>{HEADLINE}</h1><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>{HEADLINE}</h1><p>28.04.2020</p><p>x</p><div class=date>28.04.2020, 18:15</div>", "2020-04-28T18:15:00+00:00"),
        # Not in a list that prints the headline too, not in a sentence, not of a change.
        (f"<ul><li>{HEADLINE}</li><li>1.7.2020</li></ul><h1>{HEADLINE}</h1><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>{HEADLINE}</h1><p>Seit dem 4. August 2014 gilt in dem ganzen Land ein neues Gesetz über Brücken</p><div class=date>28.04.2020</div>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>{HEADLINE}</h1><p>Updated: 3.5.2020</p><div class=date>28.04.2020</div>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>{HEADLINE}</h1><p>Last updated:</p><p>3.5.2020</p><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>{HEADLINE}</h1><p>Last updated:</p><p>3.5.2020</p>{'<p>x</p>' * 8}<ul><li class=date>1.7.2019</li></ul>", "2020-05-03T12:00:00+00:00"),
        # Beside the headline, not beside the logo or the site's own name above it.
        (f"<h1>Koran</h1><p>1.7.2020</p><nav><p>Desa</p><p>Kota</p><p>Laut</p><p>Hutan</p></nav><h1>{HEADLINE}</h1><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        (f"<h1>Koran</h1><p>1.7.2020</p><nav><p>Desa</p><p>Kota</p><p>Laut</p><p>Hutan</p></nav><h3>{HEADLINE}</h3><p>28.04.2020</p>", "2020-04-28T12:00:00+00:00"),
        # Of several <time> elements, that of the day which is printed there.
        (f"<ul><li><time datetime=2020-06-01T09:00:00Z>1.6.2020</time></li></ul><h1>{HEADLINE}</h1><time datetime=2020-04-28T09:30:00Z>28.4.2020</time>", "2020-04-28T09:30:00+00:00"),
    ],
)  # fmt: skip
def test_a_date_beside_the_headline(body: str, day: str) -> None:
    assert published(body) == day


def meta(moment: str, name: str = "article:published_time") -> str:
    return f"<meta property='{name}' content='{moment}'>"


@pytest.mark.parametrize(
    ("data", "printed", "wanted"),
    [
        ("2022-05-04T03:37:37Z", "3 May, 2022, 11:37 pm", "2022-05-03T23:37:37-04:00"),
        ("2019-10-18T22:04:00+00:00", "19. Oktober 2019 00:04 Uhr", "2019-10-19T00:04:00+02:00"),
        ("2022-05-04T00:44:52Z", "04/05/2022 06:14", "2022-05-04T06:14:52+05:30"),
        ("2022-05-04T00:44:52Z", "04/05/2022 00:44", "2022-05-04T00:44:52+00:00"),
        ("2022-05-04T00:44:52Z", "04/05/2022 02:44 CEST", "2022-05-04T02:44:52+02:00"),  # it says so itself
        ("2024-05-10T21:52:25Z", "Fri, May 10, 2024 at 2:52 pm PT", "2024-05-10T14:52:25-07:00"),
        # Another minute, a zone of another moment, or no time: nothing to learn.
        ("2022-05-04T00:44:52Z", "04/05/2022 02:45", "2022-05-04T00:44:52+00:00"),
        ("2022-05-04T00:44:52Z", "04/05/2022 02:44 EST", "2022-05-04T00:44:52+00:00"),
        ("2022-05-04T00:44:52Z", "04/05/2022", "2022-05-04T00:44:52+00:00"),
        ("2022-05-04T00:44:52+07:00", "03/05/2022 21:44", "2022-05-04T00:44:52+07:00"),
        # Hours away as no two clocks are: the time of something else.
        ("2022-05-04T00:44:52Z", "04/05/2022 16:44", "2022-05-04T00:44:52+00:00"),
    ],
)
def test_the_zone_in_which_a_page_prints_what_its_data_gives_in_utc(data: str, printed: str, wanted: str) -> None:
    assert published(f"<h1>{HEADLINE}</h1><p>{printed}</p>", meta(data)) == wanted


@pytest.mark.parametrize(
    ("name", "printed", "wanted"),
    [
        ("dcterms.date", "28.04.2020", "2020-04-28T12:00:00+00:00"),
        ("date", "Stand: 28.04.2020 18:00", "2020-04-28T18:00:00+00:00"),
        ("date", "02.05.2020 06:00", "2020-05-02T06:00:00+02:00"),  # of the same day: what has a zone
        ("date", "Event: 28.06.2020", "2020-05-02T06:00:00+02:00"),
        ("date", "", "2020-05-02T06:00:00+02:00"),
        # One that is said to be the publication gives way to another day only, with a warning (below).
        ("dcterms.issued", "02.05.2020", "2020-05-02T06:00:00+02:00"),
        ("article:published_time", "05/02/2020", "2020-05-02T06:00:00+02:00"),  # the same day in the other order
    ],
)
def test_meta_that_may_be_any_date_give_way_to_the_printed_one(name: str, printed: str, wanted: str) -> None:
    assert published(f"<h1>{HEADLINE}</h1><p>{printed}</p>", meta("2020-05-02T06:00:00+02:00", name)) == wanted


def test_one_source_of_data_gives_way_to_another_day_that_is_printed_beside_the_headline_two_do_not() -> None:
    """Of seven such pages with truth six are of the day that is printed, unless it is that of the change."""
    told, line = "2020-05-02T06:00:00+02:00", f"<h1>{HEADLINE}</h1><p>28.04.2020</p>"
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{told}"}}</script>'
    alone = article(line, meta(told))
    assert (alone.published_at and alone.published_at.date().isoformat()) == "2020-04-28"
    assert {"dates_disagree", "date_only"} <= set(alone.warnings)
    both = article(line, meta(told) + data)
    assert (both.published_at and both.published_at.isoformat()) == told
    assert "dates_disagree" in both.warnings
    changed = meta("2020-04-28T09:00:00+02:00", "article:modified_time")
    assert published(line, meta(told) + changed) == told
    # Two days are printed: none of them says more than the data.
    assert published(f"<h1>{HEADLINE}</h1><p>28.04.2020</p><p>12.03.2020</p>", meta(told)) == told


def test_the_order_of_day_and_month_is_that_of_the_pages_own_elements() -> None:
    other = "<aside><time datetime='2023-11-30T08:00:00Z'>11/30/2023</time></aside>"
    body = f"<h1>{HEADLINE}</h1><p>10/12/2023 7:38 PM</p>"
    assert (published(f"{body}{other}") or "").startswith("2023-10-12")


def test_the_change_is_in_the_zone_of_the_publication() -> None:
    head = meta("2022-05-04T03:37:37Z") + meta("2022-05-04T05:00:00Z", "article:modified_time")
    found = article(f"<h1>{HEADLINE}</h1><p>3 May, 2022, 11:37 pm</p>", head)
    assert found.modified_at is not None
    assert found.modified_at.isoformat() == "2022-05-04T01:00:00-04:00"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("<p>a</p><h1>b</h1><p>c</p>", [1]),
        ("<p>b</p><p>d</p><div><div><h1>b</h1></div></div> <p>c</p><p>b</p>", [2]),
        ("<p>b</p><h1>b</h1>", [0, 1]),
        ("<p>b</p>", []),
        ("<h1> </h1><p>b</p>", []),
    ],
)
def test_the_place_of_the_headline_among_the_lines(body: str, places: list[int]) -> None:
    tree = parse(f"<html><body>{body}</body></html>")
    prepare(tree)
    assert headline_places(tree) == places


@pytest.mark.parametrize(
    ("language", "locale", "day"),
    [
        ("en-US", "", "2024-05-02"),
        ("en-PH", "", "2024-05-02"),
        ("en", "en_US", "2024-05-02"),
        ("en-GB", "en_US", "2024-02-05"),
        ("en", "", "2024-02-05"),
        ("id", "id_ID", "2024-02-05"),
    ],
)
def test_the_month_comes_first_in_the_countries_that_write_so(language: str, locale: str, day: str) -> None:
    head = f"<meta property='og:locale' content='{locale}'><meta name='date' content='05/02/2024'>"
    html = f"<html lang='{language}'><head><title>{HEADLINE}</title>{head}</head><body><h1>{HEADLINE}</h1>{prose()}"
    article = scraper.extract(html, url="https://korandesa.invalid/1")
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == day


@pytest.mark.parametrize(
    ("data", "printed", "wanted"),
    [
        ("2026-02-24T04:13:00Z", "<p>February 23, 2026</p>", "2026-02-23T23:13:00-05:00"),
        ("2020-12-05T23:15:00Z", "<p>06 December 2020</p>", "2020-12-06T00:15:00+01:00"),
        # Other data gives the moment with its offset: nothing is to be guessed.
        ("2026-02-24T04:13:00Z", "<time datetime=2026-02-23T20:13:00-08:00>February 23, 2026</time>", "2026-02-23T20:13:00-08:00"),
        # No zone that people live in makes that day of it; or the day is that of a change.
        ("2026-02-24T14:13:00Z", "<p>February 23, 2026</p>", "2026-02-24T14:13:00+00:00"),
        ("2026-02-24T23:13:00Z", "<p>Updated:</p><p>February 25, 2026</p>", "2026-02-24T23:13:00+00:00"),
    ],
)  # fmt: skip
def test_a_moment_in_utc_is_on_the_day_that_the_page_prints(data: str, printed: str, wanted: str) -> None:
    found = article(f"<h1>{HEADLINE}</h1>{printed}", meta(data))
    assert found.published_at is not None
    assert found.published_at.isoformat() == wanted
    assert ("zone_assumed" in found.warnings) == (wanted[-6:] in ("-05:00", "+01:00"))


def test_meta_whose_content_stands_in_value_are_read() -> None:
    """As some templates write it (<meta name=... value=...>)."""
    head = "<meta name='article:published_time' value='2020-04-28T09:30:00Z'>"
    assert published(f"<h1>{HEADLINE}</h1>", head) == "2020-04-28T09:30:00+00:00"


def test_a_day_month_year_in_the_address() -> None:
    html = f"<html lang=en><title>{HEADLINE}</title><h1>{HEADLINE}</h1><div>{prose()}</div>"
    found = scraper.extract(html, url="https://koran.example/berita/29-10-2021").published_at
    assert found is not None
    assert found.date().isoformat() == "2021-10-29"


def test_a_video_was_published_when_it_was_uploaded() -> None:
    """Where the page's data knows no article."""
    node = '{"@type": "VideoObject", "uploadDate": "2021-03-04T10:00:00+01:00"}'
    head = f"<script type=application/ld+json>{node}</script>"
    assert published(f"<h1>{HEADLINE}</h1>", head) == "2021-03-04T10:00:00+01:00"


COMMENT = "<div class='comment-list'><div><time datetime=2023-02-01T10:00:00Z>1 Feb</time><p>Well said.</p></div></div>"
STATE = '<script>window.state = {"list": [{"title": "Other", "publishedAt": "2022-02-02T10:00:00Z"}], %s "story": {"title": "%s", "publishedAt": "2023-01-07T10:15:00Z"}}</script>'
FAR = f'"x": "{"x" * 4000}",'


@pytest.mark.parametrize(
    ("body", "day"),
    [
        # One line with the change and the publication, in either order; one label alone is of the date behind it.
        ("<p>Updated March 3, 2024 · First published January 7, 2023</p>", "2023-01-07"),
        ("<p>First published January 7, 2023 · Updated March 3, 2024</p>", "2023-01-07"),
        ("<p>Date modified: March 3, 2024</p><p>Date published: January 7, 2023</p>", "2023-01-07"),
        # In elements of their own; in an attribute, where a script words it.
        ("<div><b>7</b> <b>Jan</b> <b>2023</b></div>", "2023-01-07"),
        ("<div><b>Jan 7</b>, <b>2023</b></div>", "2023-01-07"),
        ("<b data-timestamp=1673086500>2 years ago</b>", "2023-01-07"),
        ("<relative-time datetime=2023-01-07T10:15:00Z>2 years ago</relative-time>", "2023-01-07"),
        # Of this article, not of a comment or of what is set beside it.
        (f"<p>Jan 7, 2023</p>{COMMENT}", "2023-01-07"),
        (f"{COMMENT}", None),
        ("<p>Jan 7, 2023</p><div><div><time datetime=2024-02-01>1 Feb</time> Another story</div></div>", "2023-01-07"),
        # What a page keeps for its scripts of the article with its headline, where it prints no other day.
        (STATE % (FAR, HEADLINE), "2023-01-07"),
        (STATE % (FAR, "Other still"), None),
        (STATE % ("", HEADLINE), None),  # of two days near it
        (f"<p>Jan 8, 2023</p>{STATE % (FAR, HEADLINE)}", "2023-01-08"),
    ],
)  # fmt: skip
def test_whose_date_it_is(body: str, day: str | None) -> None:
    found = published(f"<h1>{HEADLINE}</h1>{body}")
    assert (found[:10] if found else None) == day


@pytest.mark.parametrize(
    ("language", "host", "body", "day"),
    [
        ("en", "koran.example", "08/03/2021 04:05 PM EDT", "2021-08-03"),
        ("en", "koran.com.my", "08/03/2021 04:05 PM", "2021-03-08"),
        ("en", "koran.ph", "08/03/2021", "2021-08-03"),
        ("en", "koran.example", "08/03/2021", "2021-03-08"),
        ("en", "koran.example", "08/03/2021</p><p>Older: 07/25/2021", "2021-08-03"),
        ("en-US", "koran.example", "08/03/2021", "2021-08-03"),
        ("en-US", "koran.example", "08/03/2021</p><p>Older: 25/02/2021", "2021-03-08"),  # a system's setting
        ("en-US", "koran.example", "08/03/2021</p><p>Older: 25/02/2021, 02/25/2021", "2021-08-03"),  # they disagree
        ("id", "koran.example", "08/03/2021 04:05 PM", "2021-03-08"),
    ],
)
def test_the_order_of_day_and_month(language: str, host: str, body: str, day: str) -> None:
    html = f"<html lang={language}><title>{HEADLINE}</title><h1>{HEADLINE}</h1><p>{body}</p><div>{prose()}</div>"
    found = scraper.extract(html, url=f"https://{host}/berita/jembatan").published_at
    assert found is not None
    assert found.date().isoformat() == day


def test_a_day_to_come_is_no_publication_unless_the_page_says_so() -> None:
    fetched = datetime(2025, 1, 28, tzinfo=UTC)
    page = f"<html lang=en><title>{HEADLINE}</title>%s<h1>{HEADLINE}</h1><p>14 June 2025</p><div>{prose()}</div>"
    assert scraper.extract(page % "", fetched_at=fetched).published_at is None
    said = scraper.extract(page % meta("2025-06-14T10:00:00Z"), fetched_at=fetched)
    assert said.published_at is not None
    assert "date_after_capture" in said.warnings
