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


def personal(name: str, *, title: str = "", head: str = "", home: str = "", text: str = "") -> list[str]:
    """The authors of a page of a site that is called as a person is, and that names nobody else."""
    prose = "".join(
        f"<p>{TEXT} {text} Week {number} of the works cost more than the week before it.</p>" for number in range(1, 8)
    )
    html = (
        f"<html lang=en><head><title>{TITLE}{title}</title>{head}</head><body><header><a href=/>{home or name}</a></header>"
        f"<article><h1>{TITLE}</h1><time datetime=2023-01-07>7 January 2023</time>{prose}</article></body></html>"
    )
    return [author.name for author in scraper.extract(html, url="https://annaberg.example/ferry").authors]


ORGANISATION = '<script type="application/ld+json">{"@type": "NewsMediaOrganization", "name": "Anna Berg"}</script>'


@pytest.mark.parametrize(
    ("page_of", "wanted"),
    [
        ({"name": "Anna Berg"}, ["Anna Berg"]),  # by the link home, which is the first line, and the host
        ({"name": "Anna Berg", "title": " | Anna Berg"}, ["Anna Berg"]),
        ({"name": "Dr. Anna Berg", "title": " – Dr. Anna Berg"}, ["Anna Berg"]),
        # An organisation says so; a name whose words are words of the text, or that has more of them, is none's.
        ({"name": "Anna Berg", "head": ORGANISATION}, []),
        ({"name": "Harbour Annaberg", "text": "The harbour is closed."}, []),
        ({"name": "The Annaberg Courier", "title": " | The Annaberg Courier"}, []),
        ({"name": "ANNA BERG"}, []),
        # Two signs are not enough.
        ({"name": "Otto Kern"}, []),
    ],
)
def test_a_site_called_as_a_person_is_that_persons(page_of: dict[str, str], wanted: list[str]) -> None:
    assert personal(**page_of) == wanted


def test_what_a_box_says_of_a_book_is_no_credit() -> None:
    box = "<p>Author: Ines Falk Released: June 17, 2025 by Kern Genre: History, Harbours</p>"
    assert authors("<p>By Anna Berg</p>" + box) == ["Anna Berg"]
