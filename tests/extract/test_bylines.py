"""Among the bylines on a page, the article's own: not those of readers' quotes, teasers and boxes about a writer, and
not a person's position.
"""

from __future__ import annotations

import pytest

import scraper
from scraper.extract import explain
from scraper.extract.fields.byline_choice import byline_weights

TEXT = "The ferry was taken out of the water on Monday, and the council expects the repair of its hull to last until the spring."
TITLE = "Old ferry goes to the yard for the winter"


def page(above: str, below: str = "", *, head: str = "") -> str:
    text = "".join(
        f"<p>{TEXT} Week {number} of the works cost more than the week before it.</p>" for number in range(1, 15)
    )
    return f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><main><h1>{TITLE}</h1>{above}{text}</main>{below}</body></html>"


def authors(above: str, below: str = "", *, head: str = "") -> list[str]:
    article = scraper.extract(page(above, below, head=head), url="https://kelm.example/news/ferry")
    return [author.name for author in article.authors]


QUOTE = "<section><div class=review><p>They are quick.</p><b class=author-name>Ines Falk</b></div></section>"
TEASER = "<section><a href=/news/other rel=author>Otto Kern</a><h3>Another story of the same day</h3></section>"


@pytest.mark.parametrize(
    ("above", "below", "wanted"),
    [
        # Who is marked somewhere else on the page did not write what is signed below its headline.
        ("<p>By</p><p>Anna Berg</p><p>7 January 2023</p>", QUOTE, ["Anna Berg"]),
        ("<p>By</p><p>Anna Berg</p><p>7 January 2023</p>", TEASER, ["Anna Berg"]),
        ("<p>Written by: Anna Berg</p><p>7 January 2023</p>", QUOTE + TEASER, ["Anna Berg"]),
        # What a person is stands in the same box, and is nobody.
        (
            "<div class=author-box><span>By</span> <b>Anna Berg</b><br><i>Senior Harbour Engineer</i></div>",
            "",
            ["Anna Berg"],
        ),
        # One name is enough behind "By", if nothing else on the page is the author's.
        ("<p>By</p><p>Nives</p><p>7 January 2023</p>", "", ["Nives"]),
        # All who sign, however many.
        (
            "<p>By Anna Berg, Tom Lee, Ana Putri, Jo Marsh and Pat Reed</p>",
            QUOTE,
            ["Anna Berg", "Tom Lee", "Ana Putri", "Jo Marsh", "Pat Reed"],
        ),
        # A marked byline alone is still one.
        ("<div class=byline>Anna Berg</div>", "", ["Anna Berg"]),
        ("", "<div class=byline>Anna Berg</div>", ["Anna Berg"]),
    ],
)
def test_the_byline_that_most_speaks_for(above: str, below: str, wanted: list[str]) -> None:
    assert authors(above, below) == wanted


def test_data_that_names_who_is_printed_comes_before_what_is_marked() -> None:
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Anna Berg"}}</script>'
    assert authors("<p>By Anna Berg</p>", QUOTE + TEASER, head=data) == ["Anna Berg"]


def test_explain_says_what_the_bylines_weigh() -> None:
    found = explain(
        page("<p>By</p><p>Anna Berg</p><p>7 January 2023</p>", QUOTE), url="https://kelm.example/news/ferry"
    )
    told = [(decision.outcome, decision.reason) for decision in found.decisions if decision.about == "byline"]
    assert [names for names, _ in told] == ["Anna Berg", "Ines Falk"]
    assert "elsewhere" in told[1][1]


def test_the_weights_are_of_signs_that_the_reader_gives() -> None:
    assert byline_weights()["elsewhere"] < 0 < byline_weights()["signed line"]


def test_what_a_box_says_of_a_book_is_no_credit() -> None:
    box = "<p>Author: Ines Falk Released: June 17, 2025 by Kern Genre: History, Harbours</p>"
    assert authors("<p>By Anna Berg</p>" + box) == ["Anna Berg"]


def test_a_paper_whose_name_could_be_a_persons_wrote_nothing() -> None:
    head = "<meta property=og:site_name content='Suara Melati'>"
    prose = "".join(
        f"<p>{TEXT} Week {number} of the works cost more than the week before.</p>" for number in range(1, 8)
    )
    html = (
        f"<html lang=en><head><title>{TITLE} | Suara Melati</title>{head}</head><body><header><a href=/>Suara Melati</a></header>"
        f"<article><h1>{TITLE}</h1><time datetime=2023-01-07>7 January 2023</time>{prose}</article></body></html>"
    )
    assert scraper.extract(html, url="https://suaramelati.example/ferry").authors == ()
