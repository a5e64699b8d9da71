"""The paper's own lines around a text; sentences that only look like them stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.structure.blocks import RawBlock, RawLink
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.furniture import known_furniture, known_note
from scraper.language import vocabulary

WORDS = vocabulary("id", "en", "de", "ja", "it")


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
        "Photo: Ana Putri, Agency", "Image credit: Agency", "Bilder: Agentur/Putri", "2 days ago at 07:47 am", "5 hours ago07:32 Ana Putri", "vor 3 Stunden", "4 jam lalu",
        "Published Jun 04, 2026 • Last updated 1 day ago • 2 minute read", "This content is reserved for subscribers only", "Subscribe now to unlock more articles",
        "Already subscribed? Log in", "Join the conversation", "Advertisement 2", "This advertisement has not loaded yet, but your article continues below.",
        "Register / sign in to unlock more articles", "Externer Inhalt nicht verfügbar", "Copy Link", "Share this Story : Ten bridges of the coast",
        "Das könnte Sie auch interessieren:", "You may also like", "Nächster Artikel: Zehn Brücken an der Küste", "Geschrieben am 15. April 2025 in Nachrichten",
    ],
)  # fmt: skip
def test_a_note_is_no_text(text: str) -> None:
    assert known_furniture(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "The council will contact all families in the village before the end of the month.",
        "He said the report was written by three students who had lived there for a year.",
        "Readers share, comment and print the recipes of the market women every day.",
        "More than two of seven bridges were closed after the flood.",
        "Tags on the sacks showed where the rice had been grown.",
        "Published in 2019, the book sold ten thousand copies.",
        "Two days ago the bridge was closed.",
        "Photos of the flood were shared all night.",
        "You may also like the fish soup of the harbour, said the cook.",
        "Vor 3 Stunden kam das erste Boot.",
    ],
)
def test_a_sentence_about_such_things_stays(text: str) -> None:
    assert not known_furniture(text, WORDS)


@pytest.mark.parametrize(
    "heading",
    [
        "Comments",
        "[ 167 comments ]",
        "12 Kommentare",
        "Leave a reply",
        "Komentar (3)",
        "Über die Autorin",
        "About the author",
    ],
)
def test_what_follows_the_heading_of_comments_is_no_text(heading: str) -> None:
    text = "The council met in the old hall and spoke about the bridge until late in the evening. " * 8
    blocks = [
        block(text),
        RawBlock("subheading", heading, (heading,)),
        block("I saw the bridge myself and it was closed."),
    ]
    assert [each.text for each in clean_blocks(blocks, base_url=None, headline=None, vocabulary=WORDS).body] == [text]


def test_above_a_text_the_same_heading_ends_nothing() -> None:
    blocks = [RawBlock("subheading", "Comments", ("Comments",)), block("The council met in the old hall.")]
    assert [each.text for each in clean_blocks(blocks, base_url=None, headline=None, vocabulary=WORDS).body] == [
        "The council met in the old hall."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There is more. Sign up for our morning letter",
        "Also: Ten bridges of the coast",
    ],
)
def test_what_a_story_may_say_needs_a_link_and_an_edge(text: str) -> None:
    assert known_note(block(text, is_linked=True), WORDS)
    assert not known_note(block(text), WORDS)
    assert not known_furniture(text, WORDS)


@given(text=st.text(max_size=500), is_linked=st.booleans())
def test_any_text_is_judged(text: str, *, is_linked: bool) -> None:
    found = known_note(block(text, is_linked=is_linked), WORDS)
    assert not (found and len(text) > 400)
