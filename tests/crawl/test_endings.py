"""Half a page is not a page: bodies that end too early, and the sites whose bodies always do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crawl.papers import SUBJECTS, Paper, paragraphs, story
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def until_closed(body: bytes) -> bytes:
    """An answer of HTTP/1.0: only the closing of the connection ends it."""
    return b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body


def whole(number: int) -> bytes:
    title, word, _ = SUBJECTS[number]
    return story(title, paragraphs(word))


def cut(number: int, *, inside: bytes = b"") -> bytes:
    page = whole(number)
    return page[: page.index(b"siang")] + inside


# Kind → the answer that is cut off.
CUTS = {
    "closed_between": until_closed(cut(0)),
    "closed_in_a_tag": until_closed(cut(0, inside=b"</p><div class='ik")),
    "closed_in_a_script": until_closed(cut(0, inside=b"</p><script>var slot = 'atas';\n")),
    "closed_in_a_comment": until_closed(cut(0, inside=b"</p><!-- kolom kanan ")),
    # A program that died on the server: the answer has its length, the page has no end.
    "in_a_tag": response(cut(0, inside=b"</p><img src='https://img.contoh.id/gam")),
    "in_a_script": response(cut(0, inside=b"</p><script>dataLayer.push({")),
}
ADDRESSES = {name: f"127.0.2.{number}" for number, name in enumerate(CUTS, 1)}
PLACES = {name: f"{address}/berita/{SUBJECTS[0][2]}" for name, address in ADDRESSES.items()}


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Paper]:
    with FaultServer(sites={address: {} for address in (*ADDRESSES.values(), "127.0.3.1", "127.0.3.2")}) as server:
        yield Paper(tmp_path / "a.db", server)


def test_a_page_that_is_cut_is_asked_for_again_and_replaces_no_whole_one(papers: Paper) -> None:
    places = list(PLACES.values())
    papers.put({PLACES[name]: answer for name, answer in CUTS.items()})
    papers.crawl(*places)
    assert {place: papers.reason(place) for place in places} == dict.fromkeys(places, "truncated")
    assert papers.headlines() == {}
    assert papers.query(
        "SELECT count(*) FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article'"
    ) == [(len(CUTS),)]
    papers.put(dict.fromkeys(places, until_closed(whole(0))))
    papers.crawl(*places, hours=1)
    before = papers.texts()
    assert set(before) == set(places)
    papers.put({PLACES[name]: answer for name, answer in CUTS.items()})
    for hours in (1, 30, 300):
        papers.crawl(*places, hours=hours)
        assert {papers.reason(place) for place in places} == {"truncated"}
    assert papers.texts() == before
    assert papers.query("SELECT count(*) FROM revisions") == [(0,)]


def test_a_site_that_always_ends_so_is_read_once_that_is_known(papers: Paper) -> None:
    places = [f"127.0.3.1/berita/{slug}" for _, _, slug in SUBJECTS]
    papers.put(
        {
            place: until_closed(story(title, paragraphs(word), end="<!-- selesai -->\n</div>"))
            for place, (title, word, _) in zip(places, SUBJECTS, strict=True)
        }
    )
    papers.crawl(*places)
    reasons = [papers.reason(place) for place in places]
    assert sorted(reasons) == ["ok", "truncated", "truncated", "truncated"], "three pages with one ending are a habit"
    papers.crawl(*places, hours=1)
    assert set(papers.headlines()) == set(places)


def test_a_page_that_is_the_same_at_a_second_look_is_all_there_is(papers: Paper) -> None:
    place = f"127.0.3.2/berita/{SUBJECTS[0][2]}"
    papers.put({place: until_closed(cut(0))})
    papers.crawl(place)
    assert papers.reason(place) == "truncated"
    papers.crawl(place, hours=3)
    assert papers.reason(place) == "ok"
    papers.put({place: whole(0)})
    papers.crawl(place, hours=3)
    assert len(papers.texts()[place]) > 2 * len(cut(0)) / 3
    assert papers.query("SELECT json_extract(kinds, '$[0]') FROM revisions") == [("addition",)]


def test_half_a_page_does_not_replace_what_another_address_of_its_article_gave(papers: Paper) -> None:
    """Two looks that agree say that there is no more at an address; that its article has more is known from elsewhere."""
    place = f"127.0.3.2/berita/{SUBJECTS[0][2]}"
    title, word, _ = SUBJECTS[0]
    page = story(title, paragraphs(word), head=f"<link rel='canonical' href='{papers.url(place)}'>")
    half = until_closed(page[: page.index(b"siang")])
    papers.put({place: page})
    papers.crawl(place)
    papers.put({f"{place}{twin}": page for twin in ("?dari=beranda", "?dari=surel")})
    papers.crawl(f"{place}?dari=beranda", hours=1)
    before = papers.texts()
    assert list(before) == [place]
    for hours, dari in ((1, ""), (6, ""), (30, ""), (1, "?dari=surel"), (6, "?dari=surel"), (30, "?dari=surel")):
        papers.put({place + dari: half})
        papers.crawl(place + dari, hours=hours)
        assert papers.reason(place + dari) == "truncated", dari
    assert papers.texts() == before
    assert papers.query("SELECT count(*) FROM revisions") == [(0,)]


def test_a_teaser_at_an_address_that_gave_the_whole_is_no_article_of_its_own(papers: Paper) -> None:
    """What is kept is from another address by now, and the canonical link is gone: the text that it gave tells what it is."""
    place = f"127.0.3.2/berita/{SUBJECTS[0][2]}"
    title, word, _ = SUBJECTS[0]
    page = story(title, paragraphs(word), head=f"<link rel='canonical' href='{papers.url(place)}'>")
    for hours, dari in ((0, ""), (1, "?dari=beranda"), (1, "?dari=surel")):
        papers.put({place + dari: page})
        papers.crawl(place + dari, hours=hours)
    papers.put({f"{place}?dari=beranda": story(title, [paragraphs(word)[0]])})
    papers.crawl(f"{place}?dari=beranda", hours=5)
    assert papers.reason(f"{place}?dari=beranda") == "suspect"
    assert list(papers.texts()) == [place]


@pytest.mark.parametrize("end", ["</body></html>\n<!-- cached 12 ms -->", "</BODY></HTML>", "</body></html>"])
def test_what_stands_behind_the_end_of_a_page_cuts_nothing(papers: Paper, end: str) -> None:
    place = f"127.0.3.2/berita/{SUBJECTS[0][2]}"
    papers.put({place: until_closed(story(SUBJECTS[0][0], paragraphs("tanggul"), end=end))})
    papers.crawl(place)
    assert papers.reason(place) == "ok"


def test_a_page_of_known_length_may_leave_its_end_out(papers: Paper) -> None:
    place = f"127.0.3.2/berita/{SUBJECTS[0][2]}"
    papers.put({place: story(SUBJECTS[0][0], paragraphs("tanggul"), end="")})
    papers.crawl(place)
    assert papers.reason(place) == "ok", "HTML lets the end tags go"
