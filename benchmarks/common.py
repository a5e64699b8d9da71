"""What the benchmarks share: the data layout, the extractors, and running each in a separate process.

A data directory holds pages/ID.html.gz (or .html) and truth.jsonl, one object per page with id, url and any of body,
body_nosummary, title, authors, date.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.metadata
import json
import multiprocessing
import os
import re
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

Reading = dict[str, Any]  # title, authors, date, body


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its truth; fields that are not annotated are missing from `truth`."""

    id: str
    url: str
    html: bytes
    truth: dict[str, Any]


def pages_of(directory: Path, limit: int | None = None) -> Iterator[Page]:
    """The pages of a data directory, in the order of truth.jsonl."""
    lines = (directory / "truth.jsonl").read_text("utf-8").splitlines()
    for line in lines[:limit]:
        truth = json.loads(line)
        name = truth["id"].replace("/", "__")
        packed = directory / "pages" / f"{name}.html.gz"
        html = (
            gzip.decompress(packed.read_bytes())
            if packed.exists()
            else (directory / "pages" / f"{name}.html").read_bytes()
        )
        yield Page(truth["id"], truth.get("url") or "", html, truth)


def kliping(*, embeds: bool = False) -> Callable[[bytes, str], Reading]:
    import scraper  # noqa: PLC0415

    def read(html: bytes, url: str) -> Reading:
        options: dict[str, Any] = {"embeds": True} if embeds else {}  # kliping of long ago has no such option
        try:
            article = scraper.extract(html, url=url or None, **options)
        except scraper.KlipingError:
            return {}
        return {
            "title": article.headline,
            "authors": [author.name for author in article.authors],
            "date": article.published_at.isoformat() if article.published_at else None,
            "body": "\n\n".join(block.text for block in article.body),
            "lede": article.lede,
            "layout": article.layout,
        }

    return read


def plain_kliping() -> Callable[[bytes, str], Reading]:
    """kliping without its compiled part."""
    os.environ["KLIPING_PURE"] = "1"
    return kliping()


def parse_only() -> Callable[[bytes, str], Reading]:
    from scraper.charsets import decode  # noqa: PLC0415
    from scraper.html import Tree  # noqa: PLC0415

    texts: dict[bytes, str] = {}

    def read(html: bytes, url: str) -> Reading:
        if html not in texts:  # in the warm-up pass: decoding is not part of the bare parse
            texts[html] = decode(html).text
        Tree(texts[html])
        return {}

    return read


def trafilatura(**options: Any) -> Callable[[bytes, str], Reading]:
    bare_extraction = importlib.import_module("trafilatura").bare_extraction

    def read(html: bytes, url: str) -> Reading:
        found = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False, **options)
        if found is None:
            return {}
        return {
            "title": found.title,
            "authors": (found.author or "").split("; "),
            "date": found.date,
            "body": found.text,
        }

    return read


def newspaper4k() -> Callable[[bytes, str], Reading]:
    newspaper = importlib.import_module("newspaper")

    def read(html: bytes, url: str) -> Reading:
        article = newspaper.Article(url or "http://example.com/", fetch_images=False)
        article.download(input_html=html.decode("utf-8", "replace"))
        article.parse()
        return {
            "title": article.title,
            "authors": article.authors,
            "date": str(article.publish_date) if article.publish_date else None,
            "body": article.text,
        }

    return read


def readability() -> Callable[[bytes, str], Reading]:
    document = importlib.import_module("readability").Document
    fromstring = importlib.import_module("lxml.html").fromstring

    def read(html: bytes, url: str) -> Reading:
        found = document(html.decode("utf-8", "replace"))
        return {"title": found.short_title(), "body": fromstring(found.summary(html_partial=True)).text_content()}

    return read


def resiliparse() -> Callable[[bytes, str], Reading]:
    extract_plain_text = importlib.import_module("resiliparse.extract.html2text").extract_plain_text

    def read(html: bytes, url: str) -> Reading:
        return {
            "body": extract_plain_text(html.decode("utf-8", "replace"), main_content=True, alt_texts=False, links=False)
        }

    return read


def goose3() -> Callable[[bytes, str], Reading]:
    goose = importlib.import_module("goose3").Goose({"enable_image_fetching": False})

    def read(html: bytes, url: str) -> Reading:
        found = goose.extract(raw_html=html.decode("utf-8", "replace"))
        # JSON-LD may contain lists where texts are promised.
        names = [name for name in found.authors if isinstance(name, str)]
        day = found.publish_date if isinstance(found.publish_date, str) else None
        return {"title": found.title, "authors": names, "date": day, "body": found.cleaned_text}

    return read


# name → (how to make the reader, the distribution it needs)
_NAMES = re.compile(rb"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""")


def nameless(make: Callable[[], Callable[[bytes, str], Reading]]) -> Callable[[], Callable[[bytes, str], Reading]]:
    """An extractor for pages without their classes and ids, which shows what it does if it knows none of a page's
    names.
    """

    def made() -> Callable[[bytes, str], Reading]:
        read = make()
        return lambda html, url: read(_NAMES.sub(b"", html), url)

    return made


# Variants are measured only when requested by name.
_VARIANTS = ("-embeds", "-nameless", "-plain")
EXTRACTORS: dict[str, tuple[Callable[[], Callable[[bytes, str], Reading]], str]] = {
    "kliping": (kliping, "selectolax"),
    "kliping-embeds": (lambda: kliping(embeds=True), "selectolax"),  # for truths that count embedded posts
    "kliping-plain": (plain_kliping, "selectolax"),
    "kliping-nameless": (nameless(kliping), "selectolax"),
    "trafilatura-nameless": (nameless(trafilatura), "trafilatura"),
    "bare parse": (parse_only, "selectolax"),
    "trafilatura": (trafilatura, "trafilatura"),
    "trafilatura-fast": (lambda: trafilatura(fast=True), "trafilatura"),
    "trafilatura-precision": (lambda: trafilatura(favor_precision=True), "trafilatura"),
    "newspaper4k": (newspaper4k, "newspaper4k"),
    "readability-lxml": (readability, "readability-lxml"),
    "resiliparse": (resiliparse, "resiliparse"),
    "goose3": (goose3, "goose3"),
}


def installed() -> list[str]:
    """The extractors whose library is installed, without variants."""
    found = []
    for name, (_, distribution) in EXTRACTORS.items():
        if name.endswith(_VARIANTS):
            continue
        try:
            importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
        found.append(name)
    return found


def versions() -> dict[str, str]:
    """The installed versions of what is measured."""
    return {name: importlib.metadata.version(EXTRACTORS[name][1]) for name in installed()}


class Worker:
    """One extractor in a separate process: it shares caches, crashes and memory with nobody.

    `tree` is a checkout of another version of kliping to read with instead of this one, `label` what to call it.
    """

    def __init__(self, name: str, *, tree: Path | None = None, label: str | None = None) -> None:
        self.name = label or name
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, there, tree), daemon=True)
        self._process.start()

    def read(self, page: Page) -> tuple[Reading, float, str | None]:
        """(reading, CPU milliseconds, error) of one page."""
        self._here.send((page.html, page.url))
        answer: tuple[Reading, float, str | None] = self._here.recv()
        return answer

    def close(self) -> float:
        """End it; returns its peak memory in MiB."""
        self._here.send(None)
        peak: float = self._here.recv()
        self._process.join()
        return peak


def _serve(name: str, pipe: Connection, tree: Path | None) -> None:
    if tree is not None:
        sys.path.insert(0, str(tree.resolve()))
    read = EXTRACTORS[name][0]()
    while (job := pipe.recv()) is not None:
        html, url = job
        reading: Reading = {}
        error = None
        start = time.process_time_ns()
        try:
            reading = read(html, url)
        except Exception as caught:  # noqa: BLE001  (a peer's crash is a result)
            error = f"{type(caught).__name__}: {caught}"[:200]
        pipe.send((reading, (time.process_time_ns() - start) / 1e6, error))
    pipe.send(_peak_mib())


def _peak_mib() -> float:
    """The peak memory of this process; getrusage() would include what its parent had when it was started."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
