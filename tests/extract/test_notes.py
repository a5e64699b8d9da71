"""Lines around a text that are the paper's own; sentences that only look like them stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.body import RawBlock, RawLink
from scraper.extract.closing import is_note


def block(text: str, *, is_linked: bool = False) -> RawBlock:
    links = (RawLink("https://contoh.id/x", text[:10]),) if is_linked else ()
    return RawBlock("paragraph", text, (text,), links)


@pytest.mark.parametrize(
    "text",
    [
        "(Reporting by Ana Putri in Kupang; Editing by Bram Siregar)",
        "Additional reporting by Ana Putri",
        "Ana Putri and Bram Siregar contributed to this report from Kupang.",
        "Reading time: 4 minutes",
        "3 min read",
        "Waktu baca 2 menit",
        "Filed under: Panen | Pasar",
        "[Related: Harga beras naik di pasar induk]",
        "[button link=”https://contoh.id/kirim” size=”big”] Kirim cerita",
        "Have a tip? Write to the desk, any time of the day.",
        "Email Ana Putri at ana@contoh.id or follow her.",
        "Ana Putri can be reached at ana@contoh.id.",
        "Share Tweet Email",
        "2 of 7",
        "Updated at 1:23 p.m.",
    ],
)
def test_a_note_is_no_text(text: str) -> None:
    assert is_note(block(text), is_edge=False)


@pytest.mark.parametrize(
    "text",
    [
        "The council will contact all families in the village before the end of the month.",
        "He said the report was written by three students who had lived there for a year.",
        "Readers share, comment and print the recipes of the market women every day.",
        "More than two of seven bridges were closed after the flood.",
        "Tags on the sacks showed where the rice had been grown.",
    ],
)
def test_a_sentence_about_such_things_stays(text: str) -> None:
    assert not is_note(block(text), is_edge=True)


@pytest.mark.parametrize(
    "text",
    [
        "There is more. Sign up for our morning letter",
        "Also: Ten bridges of the coast",
        "Follow Koran Desa on Facebook",
    ],
)
def test_what_a_story_may_say_needs_a_link_and_an_edge(text: str) -> None:
    assert is_note(block(text, is_linked=True), is_edge=True)
    assert not is_note(block(text, is_linked=True), is_edge=False)
    assert not is_note(block(text), is_edge=True)


@given(text=st.text(max_size=500), is_linked=st.booleans(), is_edge=st.booleans())
def test_any_text_is_judged(text: str, *, is_linked: bool, is_edge: bool) -> None:
    found = is_note(block(text, is_linked=is_linked), is_edge=is_edge)
    assert not (found and len(text) > 400)
