"""A process that reads pages for a crawl, so that a page which hangs, crashes or eats memory costs this process only.

Run as `python -m scraper.worker`: frames (four bytes of length, then a pickle)
come on stdin and go to stdout, between a crawl and its own child only. It
ends when stdin does, so it never outlives its crawl, and after a page that
took much memory, which the allocator may not give back.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.discover import read, refresh_of
from scraper.errors import DiscoverError, ExtractError
from scraper.extract import explain, extract, extract_capture
from scraper.extract.pages import join_known
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.verdict import claim_of
from scraper.html import decode, parse, readable
from scraper.reasons import Reason
from scraper.records import CharsetEvidence
from scraper.sight import look
from scraper.sites.registry import find_portal, is_article_url, is_other_url, use_sites

try:
    import resource

    _PAGE_BYTES = resource.getpagesize()
except ImportError:  # Windows has none: what holds there is said in docs/reliability.md
    resource, _PAGE_BYTES = None, 4096  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.discover import Found
    from scraper.discover.sniff import Shape
    from scraper.extract import Explanation
    from scraper.extract.verdict import Claim
    from scraper.records import Article, Capture
    from scraper.sight import Sight

Pages = tuple[tuple[int, "Capture"], ...]  # the captures of one article, each with its page number; at least one

MEMORY_BYTES = 1 << 30  # of address space (CONTRACT L10)
CPU_S = 10  # of one page
LISTING_CPU_S = 60  # of a feed, sitemap or index page: one of 50,000 URLs on a slow machine
RECYCLE_BYTES = 320 << 20  # of memory: then the process ends after its answer and another takes its place
HEAD = struct.Struct("!I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A page that is no capture: what extract() is given."""

    html: bytes | str
    url: str | None = None
    fetched_at: datetime | None = None
    charset: str | None = None
    embeds: bool = False

    @property
    def final_url(self) -> str:
        """The name by which an error tells of it."""
        return self.url or ""


def read_given(given: Given) -> Article:
    """The article of a page. Raises ExtractError."""
    return extract(given.html, url=given.url, fetched_at=given.fetched_at, charset=given.charset, embeds=given.embeds)


def explain_given(given: Given) -> Explanation:
    """How a page is read. Raises ExtractError."""
    return explain(given.html, url=given.url, fetched_at=given.fetched_at, charset=given.charset, embeds=given.embeds)


def read_article(capture: Capture) -> Article:
    """The article of a capture. Raises ExtractError."""
    return extract_capture(capture)


def read_page(capture: Capture) -> tuple[Article, CharsetEvidence]:
    """The article of a capture, and how its bytes became text. Raises ExtractError."""
    article = extract_capture(capture)
    decoded = decode(capture.body, capture.charset)
    return article, CharsetEvidence(charset=decoded.charset, source=decoded.source, replaced=decoded.replaced)


def read_sight(capture: Capture) -> Sight:
    """What a page looks like as a whole. Raises ExtractError."""
    return look(capture.body, capture.charset)


def read_listing(capture: Capture) -> tuple[Shape, Found]:
    """What a feed, sitemap or index page is, and its links. Raises DiscoverError or ExtractError."""
    site, _ = find_portal(capture.final_url)
    shape, found = read(
        capture.body,
        capture.final_url,
        charset=capture.charset,
        is_article=(lambda url: is_article_url(site, url)) if site else None,
        discovery=site.discovery if site else None,
    )
    # A feed or a sitemap may list what the index pages are told not to: tags, galleries of others.
    kept = tuple(link for link in found.links if link.kind != "article" or not is_other_url(link.url))
    found = replace(found, links=kept, skipped=found.skipped + len(found.links) - len(kept))
    return shape, found


def read_refresh(capture: Capture) -> str | None:
    """Where a page passes its readers on to; None if it does not. Raises ExtractError."""
    return refresh_of(capture.body, capture.final_url, capture.charset)


def read_claim(capture: Capture) -> Claim | None:
    """Where a page says that it is an article; None if it does not. Raises ExtractError."""
    tree = parse(readable(capture.body, capture.charset), url=capture.final_url)
    return claim_of(read_metadata(tree, capture.final_url))


def read_joined(pages: Pages) -> Article:
    """The article of all its captures, as a crawl joins them; a later page that cannot be read is missing. Raises ExtractError."""
    read: dict[int, Article] = {}
    newest: tuple[datetime, int] | None = None
    for number, capture in sorted(pages, key=lambda page: page[0]):
        try:
            article = extract_capture(capture)
        except ExtractError:
            if not read:
                raise
            continue
        read[number] = replace(article, page=max(article.page, number))
        newest = max(newest or (capture.fetched_at, number), (capture.fetched_at, number))
    assert newest is not None  # noqa: S101  (there is a first page)
    return join_known(read, newest[1])[0]


TASKS: dict[str, Callable[[Any], Any]] = {
    "article": read_article,
    "given": read_given,
    "explained": explain_given,
    "page": read_page,
    "joined": read_joined,
    "listing": read_listing,
    "sight": read_sight,
    "refresh": read_refresh,
    "claim": read_claim,
}


def answer(task: str, given: Capture | Given | Pages) -> tuple[str, Any]:
    """("ok", result), or what went wrong by its kind; never raises."""
    capture = given[0][1] if isinstance(given, tuple) else given
    try:
        return "ok", TASKS[task](given)
    except (ExtractError, DiscoverError) as error:
        return type(error).__name__, (error.url, error.reason, error.detail)
    except (MemoryError, RecursionError) as error:
        return "ExtractError", (capture.final_url, Reason.EXTRACT_FAILED, f"{type(error).__name__} in the reader")
    except Exception:  # noqa: BLE001  (the crawl reports it as a bug of ours, with this trace)
        return "bug", traceback.format_exc()


def main() -> None:
    """Serve until stdin ends."""
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write between the frames
    if resource is not None:
        _limit(resource.RLIMIT_AS, MEMORY_BYTES)
        _limit(resource.RLIMIT_CORE, 0)
    collect_seldom()
    sink.write(HEAD.pack(0))  # ready: what fails before is the machine's fault, what fails later may be a page's
    sink.flush()
    while (frame := _read(source)) is not None:
        task, capture = pickle.loads(frame)  # noqa: S301  (from our own parent)
        if resource is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = LISTING_CPU_S if task == "listing" else CPU_S
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + most + 1)
        if task == "sites":  # comes first and has no answer: definitions beside the catalogue
            use_sites(capture, instead=True)  # whether they may was found out where they were read
            continue
        data = pickle.dumps(answer(task, capture), protocol=pickle.HIGHEST_PROTOCOL)
        sink.write(HEAD.pack(len(data)) + data)
        sink.flush()
        if _resident() > RECYCLE_BYTES:
            return


def collect_seldom() -> None:
    """Garbage in cycles is rare here, and looking for it among all that is loaded costs a seventh of a page's time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _resident() -> int:
    """Bytes of memory held now, where the system tells it (Linux), else 0. Not ru_maxrss, which is the parent's at first."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (every page asks)
            return int(file.read().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _limit(kind: int, value: int) -> None:
    """Lower a soft limit; a system that does not know it goes without."""
    try:
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    except (OSError, ValueError):
        pass


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(HEAD.size)
    return source.read(HEAD.unpack(head)[0]) if len(head) == HEAD.size else None


if __name__ == "__main__":
    main()
