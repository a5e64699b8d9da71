"""Which pairs of many texts may be similar: MinHash signatures, and the bands in which two of them agree.

The only importer of datasketch and numpy. Whether a pair is a candidate depends on its two texts alone, so the order
and selection of the texts change nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from scraper.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BANDS, ROWS = 42, 3
HASHES = BANDS * ROWS
# Two texts with a Jaccard similarity of 0.4 meet in a band with probability 0.94, of 0.5 with 0.996; unrelated ones
# (0.005) once in 200,000 pairs.
METHOD = "minhash/1 3x42, quotations/1"
"""Written with every signature and the quotations of its text; those of another method are made again."""
MIN_ESTIMATE = 0.2  # the estimate's standard error is 0.04: below it no pair is a copy


def signature(shingles: Sequence[int]) -> bytes:
    """The MinHash signature of 32-bit shingle hashes, 16 bits per hash function. Raises ExtraMissing, ValueError if
    there are none.
    """
    numpy, minhash_class, permutations = _libraries()
    if not shingles:
        raise ValueError("nothing to sign")
    minhash = minhash_class(HASHES, hashfunc=int, permutations=permutations, scheme="affine32")
    minhash.update_batch(shingles)
    least = minhash.hashvalues.astype(numpy.uint32)
    return bytes(((least ^ (least >> 16)) & 0xFFFF).astype("<u2").tobytes())


def candidate_groups(signatures: Sequence[bytes], is_new: Sequence[bool]) -> Iterator[tuple[int, list[int]]]:
    """(index, indexes of texts that may be similar to it), with each pair that contains a new text at least once."""
    if len(signatures) < 2:
        return
    numpy = _libraries()[0]
    table = numpy.frombuffer(b"".join(signatures), dtype="<u2").reshape(len(signatures), HASHES)
    new = numpy.asarray(is_new, dtype=bool)
    for band in range(BANDS):
        first = table[:, band * ROWS].astype(numpy.uint64)
        second, third = (table[:, band * ROWS + row].astype(numpy.uint64) for row in (1, 2))
        keys = (first << 32) | (second << 16) | third
        # Groups without a new text in this band need not be sorted, which are nearly all when few texts are new.
        wanted = numpy.unique(keys[new])
        if not len(wanted):
            return
        near = numpy.flatnonzero(wanted[numpy.searchsorted(wanted, keys).clip(max=len(wanted) - 1)] == keys)
        order = near[numpy.argsort(keys[near], kind="stable")]
        edges = numpy.concatenate(([0], numpy.flatnonzero(numpy.diff(keys[order])) + 1, [len(order)]))
        for run in numpy.flatnonzero(numpy.diff(edges) > 1):
            members = order[edges[run] : edges[run + 1]]
            yield from _within(table, new, members)


def _within(table: Any, new: Any, members: Any) -> Iterator[tuple[int, list[int]]]:
    """The pairs inside one band's group that agree in more than this band."""
    for position, member in enumerate(members[:-1]):
        others = members[position + 1 :]
        if not new[member]:
            others = others[new[others]]
        estimates = (table[others] == table[member]).mean(axis=1)
        similar = others[estimates >= MIN_ESTIMATE]
        if len(similar):
            yield int(member), [int(other) for other in similar]


@cache
def _libraries() -> tuple[Any, Any, Any]:
    """numpy, MinHash and its permutations; they take a second to load, so only when they are needed."""
    try:
        import numpy  # noqa: ICN001, PLC0415
        from datasketch import MinHash  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("finding near-duplicates", "near") from error
    return numpy, MinHash, MinHash(HASHES, scheme="affine32").permutations
