"""Bodies: however a stream is cut into chunks, the bytes are the same, and a damaged body is never taken for a complete
one.
"""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Reason
from scraper.fetch.response_body import BodyError, BodyReader

LIMIT = 1 << 20


def read(chunks: list[bytes], encoding: str | None = "gzip", limit: int = LIMIT) -> bytes:
    reader = BodyReader(encoding, LIMIT, limit)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.finish()


def split(wire: bytes, cuts: list[int]) -> list[bytes]:
    """The wire's bytes in chunks, empty ones among them."""
    edges = [0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]
    return [wire[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=4), st.lists(st.integers(0, 3000), max_size=20))
def test_gzip_members_come_whole_at_any_split(members: list[bytes], cuts: list[int]) -> None:
    wire = b"".join(gzip.compress(member) for member in members)
    assert read(split(wire, cuts)) == b"".join(members)


@given(st.binary(max_size=300), st.data())
def test_a_cut_at_any_byte_is_truncated(body: bytes, data: st.DataObject) -> None:
    wire = gzip.compress(body)
    cut = data.draw(st.integers(1, len(wire) - 1))
    with pytest.raises(BodyError) as caught:
        read([wire[:cut]])
    assert caught.value.reason is Reason.TRUNCATED


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_cut_in_a_later_member_is_truncated(body: bytes, data: st.DataObject) -> None:
    wire = gzip.compress(body)
    cut = data.draw(st.integers(1, len(wire) - 1))
    with pytest.raises(BodyError) as caught:
        read([wire, wire[:cut]])
    assert caught.value.reason is Reason.TRUNCATED


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_changed_byte_is_found_or_harmless(body: bytes, data: st.DataObject) -> None:
    wire = bytearray(gzip.compress(body))
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        assert read([bytes(wire)]) == body, "only the header's time and system may differ unseen"
    except BodyError as error:
        assert error.reason in (Reason.BAD_ENCODING, Reason.TRUNCATED)


@given(st.binary(max_size=2000), st.lists(st.integers(0, 2000), max_size=5), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_a_body_or_a_named_error(wire: bytes, cuts: list[int], encoding: str) -> None:
    try:
        read(split(wire, cuts), encoding)
    except BodyError as error:
        assert error.reason in (Reason.BAD_ENCODING, Reason.TRUNCATED)


@pytest.mark.parametrize("wbits", [-15, 15, 31])
@pytest.mark.parametrize("size", [*range(65_530, 65_545), 65_536 + 257, 65_536 + 258, 131_072, 131_073, 200_000])
def test_output_held_back_by_the_decoder_is_not_lost(wbits: int, size: int) -> None:
    """The decoder stops every 64 KiB; what it then still holds belongs to the body."""
    pack = zlib.compressobj(9, zlib.DEFLATED, wbits)
    wire = pack.compress(b"a" * size) + pack.flush()
    encoding = "gzip" if wbits == 31 else "deflate"
    assert read([wire], encoding) == b"a" * size
    assert read([wire[at : at + 1] for at in range(len(wire))], encoding) == b"a" * size


def test_no_more_is_kept_than_allowed() -> None:
    wire = gzip.compress(bytes(50_000_000), 9)
    reader = BodyReader("gzip", LIMIT, 100_000)
    with pytest.raises(BodyError) as caught:
        reader.feed(wire)
    assert caught.value.reason is Reason.TOO_BIG
    assert sum(len(part) for part in reader._parts) <= 100_000
    assert read([b"x" * 100_000], None, 100_000) == b"x" * 100_000
    with pytest.raises(BodyError):
        read([b"x" * 100_001], None, 100_000)


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 700])
def test_padding_behind_the_stream_is_no_error(padding: bytes) -> None:
    assert read([gzip.compress(b"isi"), padding, padding]) == b"isi"
    assert read([gzip.compress(b"isi") + padding]) == b"isi"


@pytest.mark.parametrize("encoding", ["", "identity", "gzip", "deflate", "GZip ", "identity, gzip"])
def test_an_empty_answer_is_an_empty_body(encoding: str) -> None:
    assert read([], encoding) == read([b""], encoding) == b""


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "utf-8, zstd", "gzip, gzip, gzip"])
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BodyError) as caught:
        BodyReader(encoding, LIMIT, LIMIT)
    assert caught.value.reason is Reason.BAD_ENCODING


PAGE = b"<!DOCTYPE html><p>Kabar dari desa</p>" * 40
ZIPPED = gzip.compress(PAGE, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("UTF-8", PAGE), ("none", PAGE), ("iso-8859-1", PAGE), ("x-rahasia", PAGE), ("text/html", PAGE), ("binary", PAGE),
        ("gzip, utf-8", ZIPPED), ("none, gzip", ZIPPED), ("gzip;q=1", ZIPPED), ("utf-8", ZIPPED), ("deflate", ZIPPED),
        ("gzip, gzip", gzip.compress(ZIPPED, mtime=0)), ("gzip, gzip", ZIPPED), ("gzip, gzip", PAGE), ("gzip, deflate", ZIPPED),
        ("gzip, deflate", zlib.compress(ZIPPED)), ("deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
    ],
)  # fmt: skip
def test_an_encoding_that_is_none_or_doubled_is_read_as_browsers_read_it(encoding: str, wire: bytes) -> None:
    assert read([wire], encoding) == PAGE
    assert read([wire[at : at + 1] for at in range(len(wire))], encoding) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize(
    "junk", [b"\r\n", b"<!-- 0.2 s -->", b"\x1f", b"\x1f\x8b junk", b"\0" * 9 + b"x", b"junk" + ZIPPED]
)
def test_what_trails_behind_the_stream_is_passed_over(encoding: str, junk: bytes) -> None:
    wire = (ZIPPED if encoding == "gzip" else zlib.compress(PAGE)) + junk
    if encoding == "gzip" and junk == b"\x1f":  # it may be the first byte of another member, which was cut
        with pytest.raises(BodyError):
            read([wire])
        return
    assert read([wire], encoding) == PAGE
    assert read([wire[at : at + 1] for at in range(len(wire))], encoding) == PAGE


def test_a_bomb_in_a_bomb_stops_at_the_first_layer() -> None:
    """The inner layer gives next to nothing, so that only the bytes between the two can tell."""
    empty = gzip.compress(b"") * 900
    with pytest.raises(BodyError) as caught:
        read([gzip.compress(empty + b"\0" * 50_000_000)], "gzip, gzip")
    assert caught.value.reason is Reason.TOO_BIG


def test_members_without_end_that_hold_nothing_are_refused() -> None:
    """Each costs a copy of what follows it: ten megabytes of them would hold up a crawl for minutes."""
    with pytest.raises(BodyError) as caught:
        read([gzip.compress(b"") * 1_001])
    assert caught.value.reason is Reason.BAD_ENCODING
    assert read([gzip.compress(b"") * 999 + gzip.compress(b"ada")]) == b"ada"
