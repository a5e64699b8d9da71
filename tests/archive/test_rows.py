"""JSON columns contain the JSON form of the records, to the character: digests of it are kept for years."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file.rows import texts_to_json, to_json
from scraper.records import Article, Author, Block, Capture, Image, as_json
from scraper.text import storable

texts = st.text(max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
articles = st.builds(
    Article,
    url=texts,
    headline=texts,
    layout=texts,
    authors=st.lists(st.builds(Author, name=texts), max_size=2).map(tuple),
    body=st.lists(st.builds(Block, kind=st.just("paragraph"), text=texts), max_size=3).map(tuple),
    image=st.none() | st.builds(Image, url=st.none() | texts),
    published_at=st.none() | moments,
    provenance=st.dictionaries(texts, texts, max_size=2),
    tags=st.lists(texts, max_size=2).map(tuple),
)


@given(articles)
def test_an_article_is_its_json_form(article: Article) -> None:
    assert to_json(article) == storable(json.dumps(as_json(article), ensure_ascii=False, separators=(",", ":")))


def test_texts_have_the_same_form_by_the_quick_way() -> None:
    codes = *range(0x3000), *range(0xD7F0, 0xE010), *range(0xFFF0, 0x110000, 4999)  # half characters, too
    every = [chr(code) for code in codes]
    for value in ({sign: [sign, 7] for sign in every[:0x3000]}, every[:0x3000], every, {}, ()):
        assert texts_to_json(value) == to_json(value)


def test_bytes_are_left_out() -> None:
    capture = Capture(url="u", final_url="u", status=200, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body=b"isi")
    assert json.loads(to_json([capture])) == [as_json(capture)]
    assert "body" not in as_json(capture)
