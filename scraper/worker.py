"""A process that reads pages for a crawl, so that a page which hangs, crashes or eats memory costs this process only.

It is started by nursery.COMMAND. Where the system can fork, it is a nursery: it loads the reader once and makes a
reading process, a copy of itself, for each pair of sockets that arrives on stdin (one for the frames of that process,
one to report its id and at last its exit code). Elsewhere it reads pages itself, with frames coming on stdin and going
to stdout.

A frame is four bytes of length and then a pickle; frames pass between a crawl and its own processes only. A reading
process ends when its crawl does, and after a page that took much memory, which the allocator may not give back.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.charsets import decode, readable
from scraper.discover import recognise, refresh_of
from scraper.errors import DiscoverError, ExtractError, PackageChanged
from scraper.extract import explain, extract, extract_capture
from scraper.extract.multipage import join_known
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.verdict import claim_of
from scraper.html import parse
from scraper.installed import begin
from scraper.language import hold_packs
from scraper.processes import CPU_S, HEAD, LISTING_CPU_S, STATUS, Given, Pages, collect_seldom, keep_freed_memory
from scraper.reasons import Reason
from scraper.records import CharsetEvidence
from scraper.sight import look
from scraper.sites.registry import find_portal, is_article_url, is_other_url, use_sites

try:
    import resource

    _PAGE_BYTES = resource.getpagesize()
except ImportError:  # Windows has none; docs/reliability.md says which limits hold there
    resource, _PAGE_BYTES = None, 4096  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.discover import ListingResult
    from scraper.discover.sniff import Shape
    from scraper.extract import Explanation
    from scraper.extract.verdict import Claim
    from scraper.records import Article, Capture
    from scraper.sight import Sight

MEMORY_BYTES = 1 << 30  # of address space
RECYCLE_BYTES = 320 << 20  # of memory: beyond it the process ends after its answer and another takes its place

_PAGE = (
    '<html lang="id"><head><title>Jembatan dibuka - Koran</title><meta property="og:type" content="article">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Jembatan dibuka", "author": {"name": "Sari Dewi"}}'
    "</script></head><body><article><h1>Jembatan dibuka</h1><p>Oleh: Sari Dewi</p><time>Kamis, 2 Mei 2024 10:15 WIB</time>"
    '<div class="content">'
    + "<p>PONTIANAK, KOMPAS - Warga di tepi sungai itu memakai jembatan yang baru sejak pagi hari ini, kata kepala desa.</p>"
    * 4
    + "<p>Baca juga: <a href='/berita/2024/05/01/hujan'>Hujan turun</a></p></div></article></body></html>"
)


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


def read_listing(capture: Capture) -> tuple[Shape, ListingResult]:
    """The type of a feed, sitemap or index page, and its links. Raises DiscoverError or ExtractError."""
    site, _ = find_portal(capture.final_url)
    shape, found = recognise(
        capture.body,
        capture.final_url,
        charset=capture.charset,
        is_article=(lambda url: is_article_url(site, url)) if site else None,
        discovery=site.discovery if site else None,
    )
    # A feed or sitemap may list what index pages are told to leave out: tags, other sites' galleries.
    kept = tuple(link for link in found.links if link.kind != "article" or not is_other_url(link.url))
    found = replace(found, links=kept, skipped=found.skipped + len(found.links) - len(kept))
    return shape, found


def read_refresh(capture: Capture) -> str | None:
    """The URL to which a page redirects its readers; None if it does not. Raises ExtractError."""
    return refresh_of(capture.body, capture.final_url, capture.charset)


def read_claim(capture: Capture) -> Claim | None:
    """The evidence by which a page declares itself an article; None if it does not. Raises ExtractError."""
    tree = parse(readable(capture.body, capture.charset), url=capture.final_url)
    return claim_of(read_metadata(tree, capture.final_url))


def read_joined(pages: Pages) -> Article:
    """The article from all its captures, as a crawl joins them; a later page that cannot be read is missing. Raises
    ExtractError.
    """
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
    except PackageChanged as error:
        return "changed", str(error)
    except (MemoryError, RecursionError) as error:
        return "ExtractError", (capture.final_url, Reason.EXTRACT_FAILED, f"{type(error).__name__} in the reader")
    except Exception:  # noqa: BLE001  (the crawl reports it as a bug of ours, with this trace)
        return "bug", traceback.format_exc()


def _warm_up() -> None:
    """Read a page in advance, so that what is made for the first page (patterns, language packs) is there in every
    copy.

    This includes the texts of all packs: an upgrade of the package does not affect a running crawl.
    """
    begin()
    hold_packs()
    extract(_PAGE, url="https://contoh.id/berita/2024/05/02/jembatan")


def main() -> None:
    """Make reading processes, or be one, until stdin ends."""
    if hasattr(os, "fork"):
        _warm_up()
        collect_seldom()
        keep_freed_memory()
        orders = socket.socket(fileno=os.dup(sys.stdin.fileno()))
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())  # otherwise every process would keep it open
        _nurse(orders)
        return
    begin()
    hold_packs()
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write between the frames
    collect_seldom()
    keep_freed_memory()
    serve_tasks(source, sink)


def _nurse(orders: socket.socket) -> None:
    """Make a reading process for each order, and report how each one ends, until nobody is left to order."""
    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)  # it only wakes the loop
    told: dict[int, int] = {}  # process id → the socket that reports its end
    while True:
        ready, _, _ = select.select([orders, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _tell_ends(told)
        if orders in ready:
            order, sockets, _, _ = socket.recv_fds(orders, 1, 2)
            if not order:
                os._exit(0)
            frames, news = sockets
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (orders, woken, wakes):
                    each.close()
                for others in (news, *told.values()):
                    os.close(others)
                os._exit(_read_for(frames))
            os.close(frames)
            told[pid] = news
            _tell(news, pid)


def _tell_ends(told: dict[int, int]) -> None:
    while told:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        news = told.pop(pid)
        _tell(news, os.waitstatus_to_exitcode(status))
        os.close(news)


def _tell(news: int, number: int) -> None:
    with suppress(OSError):  # whoever ordered it no longer listens
        os.write(news, STATUS.pack(number))


def _read_for(crawl: int) -> int:
    """In the new process: serve, and give the exit code."""
    try:
        with os.fdopen(crawl, "rb") as source, os.fdopen(os.dup(crawl), "wb") as sink:
            serve_tasks(source, sink)
    except OSError:  # the crawl is gone
        return 0
    except BaseException:  # noqa: BLE001  (nothing of the nursery may go on in here)
        return 1
    return 0


def serve_tasks(source: BinaryIO, sink: BinaryIO) -> None:
    """Read pages until there are no more, or until too much memory is held."""
    if resource is not None:
        _limit(resource.RLIMIT_AS, MEMORY_BYTES)
        _limit(resource.RLIMIT_CORE, 0)
    sink.write(HEAD.pack(0))  # ready: a failure before this is the machine's fault, a later one may be a page's
    sink.flush()
    while (frame := _read(source)) is not None:
        task, capture = pickle.loads(frame)  # noqa: S301  (from our own parent)
        if resource is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = LISTING_CPU_S if task == "listing" else CPU_S
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + most + 1)
        if task == "sites":  # comes first and has no answer: definitions besides the catalogue
            use_sites(capture, instead=True)  # they were validated where they were loaded
            continue
        data = pickle.dumps(answer(task, capture), protocol=pickle.HIGHEST_PROTOCOL)
        sink.write(HEAD.pack(len(data)) + data)
        sink.flush()
        if _resident() > RECYCLE_BYTES:
            return


def _resident() -> int:
    """Bytes of memory held now, if the system reports it (Linux), else 0. ru_maxrss will not do: it starts as the
    parent's.
    """
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (every page asks)
            return int(file.read().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _limit(kind: int, value: int) -> None:
    """Lower a soft limit; does nothing on a system that does not have it."""
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
