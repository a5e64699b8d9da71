"""What a capture costs: bytes, and CPU to write and read it, in kliping's archive (as crawled, and after `kliping
pack`), WARC.gz (warcio) and plain zstd -9.

    python -m benchmarks.archive DATA_DIR… [--days 60] [--variants 25] [--templates 8] [--json OUT]

Real series are pages of one host from the data directories (layout: benchmarks/common.py), in order of date, split
where two are further apart than --days. They are short, so the cost of their first pages and dictionaries weighs more
than in an archive of years: "later pages" leaves these out, "third on" the second pages too, "all" counts everything.
Synthetic series are reported separately: --variants pages made from one real page by swapping its words and numbers,
which keep its template to the byte, and repeated looks at one page in which a few words changed. Every page goes to all
three before the next one does. Reading is in random order; "cold" has no prepared dictionary.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.common import pages_of
from scraper.archive.file import connection, store
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import packing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmarks.common import Page

KEPT = re.compile(rb"(<script\b.*?</script\s*>|<style\b.*?</style\s*>)", re.IGNORECASE | re.DOTALL)
TEXT = re.compile(rb">([^<]{20,})<")
NUMBER = re.compile(rb"\d{5,}")
START = datetime(2026, 1, 1, tzinfo=UTC)


class Dated(NamedTuple):
    """A page and when it was captured, as far as the data say."""

    at: datetime
    body: bytes


class Look(NamedTuple):
    """One capture of a series: `key` names its URL, so that repeated looks at one page are recognised."""

    key: str
    at: datetime
    body: bytes


Series = list[Look]


def real_series(directories: Iterable[Path], days: int) -> list[Series]:
    """Pages of one host, none further than `days` from the one before; at least two."""
    hosts: dict[str, list[Dated]] = defaultdict(list)
    for directory in directories:
        for page in pages_of(directory):
            host = (urlsplit(page.url).hostname or "").removeprefix("www.")
            if host and (at := _date_of(page)) is not None:
                hosts[host].append(Dated(at, page.html))
    found: list[Series] = []
    for host, dated in sorted(hosts.items()):
        series: Series = []
        for number, look in enumerate(sorted(set(dated))):
            if series and look.at - series[-1].at > timedelta(days=days):
                found.append(series)
                series = []
            series.append(Look(f"{host}/{number}", look.at, look.body))
        found.append(series)
    return [series for series in found if len(series) > 1]


def _date_of(page: Page) -> datetime | None:
    """When a page was captured or published; a set without any dates is taken for one crawl. None for a date that
    cannot be parsed.
    """
    dates = [page.truth[name] for name in ("crawl_date", "captured_at", "published_at", "date") if name in page.truth]
    if not dates:
        return START
    day = str(next(filter(None, dates), ""))[:10]
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _changed(body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A page with its markup changed and its scripts and styles as they are."""
    return b"".join(part if at % 2 else change(part) for at, part in enumerate(KEPT.split(body)))


def variants(body: bytes, count: int, words: Sequence[bytes], chance: random.Random) -> Series:
    """Pages in the template of one: every longer text with other words, every longer number another one."""

    def prose(match: re.Match[bytes]) -> bytes:
        return b">" + b" ".join(chance.choices(words, k=max(1, len(match[1].split())))) + b"<"

    def number(match: re.Match[bytes]) -> bytes:
        return b"".join(b"%d" % chance.randrange(10) for _ in match[0])

    return [
        Look(
            f"variant/{each}",
            START + timedelta(days=each),
            NUMBER.sub(number, _changed(body, lambda part: TEXT.sub(prose, part))),
        )
        for each in range(count)
    ]


def looks_again(body: bytes, count: int, words: Sequence[bytes], chance: random.Random) -> Series:
    """One page at several times: one text in twenty changes, and so does every longer number."""

    def prose(match: re.Match[bytes]) -> bytes:
        return (
            match[0]
            if chance.random() > 0.05
            else b">" + b" ".join(chance.choices(words, k=len(match[1].split()))) + b"<"
        )

    def number(match: re.Match[bytes]) -> bytes:
        return b"%0*d" % (len(match[0]), chance.randrange(10 ** len(match[0])))

    found = [Look("again/0", START, body)]
    for each in range(1, count):
        body = NUMBER.sub(
            lambda match: b"%0*d" % (len(match[0]), chance.randrange(10 ** len(match[0]))), TEXT.sub(prose, body)
        )
        found.append(Look("again/0", START + timedelta(hours=each), body))
    return found


class Kliping:
    """The archive, written page by page as by a crawl, but without the other rows of a capture."""

    name = "kliping"

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self._db = stack.enter_context(open_archive(directory / "a.db", mode="write"))
        self._last: dict[str, int] = {}

    def write(self, series: int, look: Look) -> tuple[int, int]:
        """(number for reading, bytes of the body)."""
        with connection.transaction(self._db):
            number = store.store_body(
                self._db,
                look.body,
                host=f"host-{series}",
                template="t",
                at=look.at,
                previous_id=self._last.get(f"{series}/{look.key}"),
            )
        self._last[f"{series}/{look.key}"] = number
        return number, int(self._db.execute("SELECT length(data) FROM bodies WHERE id = ?", [number]).fetchall()[0][0])

    def read(self, number: int) -> bytes:
        return store.body_of(self._db, number)

    def pack(self, groups: Sequence[Sequence[int]]) -> list[list[int]]:
        """Pack each series again as a whole; returns the bytes of its bodies."""
        for numbers in groups:
            hub = None
            for start in range(0, len(numbers), 16):
                _, hub = packing.pack_window(self._db, numbers[start : start + 16], at=START, hub=hub)
        packing.drop_dictionaries(self._db, before=datetime.now(UTC))
        sql = "SELECT length(data) FROM bodies WHERE id = ?"
        return [[int(self._db.execute(sql, [number]).fetchall()[0][0]) for number in numbers] for numbers in groups]

    def shared_bytes(self) -> int:
        """What dictionaries take."""
        return int(self._db.execute("SELECT coalesce(sum(length(data)), 0) FROM dictionaries").fetchall()[0][0])

    def codecs(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT codec, count(*) FROM bodies GROUP BY codec ORDER BY codec").fetchall())


class Warc:
    """One .warc.gz, a gzip member for each record, as every WARC tool writes it."""

    name = "WARC.gz"

    def __init__(self) -> None:
        self._file = BytesIO()
        self._writer = WARCWriter(self._file, gzip=True)

    def write(self, series: int, look: Look) -> tuple[int, int]:
        start = self._file.seek(0, 2)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            f"https://host-{series}.example/{look.key}", "response", payload=BytesIO(look.body), http_headers=headers
        )
        self._writer.write_record(record)
        return start, self._file.tell() - start

    def read(self, number: int) -> bytes:
        self._file.seek(number)
        body: bytes = next(iter(ArchiveIterator(self._file))).content_stream().read()
        return body

    def shared_bytes(self) -> int:
        return 0


class Zstd:
    """Each page by itself, zstd -9."""

    name = "zstd -9"

    def __init__(self) -> None:
        self._pages: list[bytes] = []

    def write(self, series: int, look: Look) -> tuple[int, int]:  # noqa: ARG002
        self._pages.append(zstandard.ZstdCompressor(level=9).compress(look.body))
        return len(self._pages) - 1, len(self._pages[-1])

    def read(self, number: int) -> bytes:
        return zstandard.ZstdDecompressor().decompress(self._pages[number])

    def shared_bytes(self) -> int:
        return 0


def timed(call: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """(result, CPU milliseconds)."""
    start = time.process_time_ns()
    result = call(*given)
    return result, (time.process_time_ns() - start) / 1e6


def measure(all_series: Sequence[Series]) -> dict[str, Any]:
    """Everything about one set of series."""
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        kliping = Kliping(Path(directory), stack)
        stores: tuple[Kliping | Warc | Zstd, ...] = (kliping, Warc(), Zstd())
        sizes: dict[str, list[list[int]]] = {each.name: [[] for _ in all_series] for each in stores}
        writes: dict[str, list[float]] = {each.name: [] for each in stores}
        places: dict[str, list[tuple[int, bytes]]] = {each.name: [] for each in stores}
        numbers: list[list[int]] = [[] for _ in all_series]
        for number, look in _in_turn(all_series):
            for each in stores:
                (place, size), spent = timed(each.write, number, look)
                numbers[number] += [place] if each is kliping else []
                sizes[each.name][number].append(size)
                writes[each.name].append(spent)
                places[each.name].append((place, look.body))
        pages = sum(map(len, all_series))
        report: dict[str, Any] = {
            "series": len(all_series),
            "pages": pages,
            "mean KiB": sum(len(look.body) for series in all_series for look in series) / pages / 1024,
            "codecs": kliping.codecs(),
            "stores": {},
        }
        for each in stores:
            report["stores"][each.name] = _figures(
                each, sizes[each.name], statistics.mean(writes[each.name]), places[each.name]
            )
        packed, spent = timed(kliping.pack, numbers)
        report["stores"]["kliping, packed"] = _figures(kliping, packed, spent / pages, places[kliping.name])
    return report


def _figures(
    each: Kliping | Warc | Zstd, sizes: list[list[int]], write_ms: float, places: list[tuple[int, bytes]]
) -> dict[str, float]:
    flat = [size for series in sizes for size in series]
    return {
        "bytes a page, all": (sum(flat) + each.shared_bytes()) / len(flat),
        "bytes a page, later pages": statistics.mean(size for series in sizes for size in series[1:]),
        "bytes a page, third on": statistics.mean([size for series in sizes for size in series[2:]] or [0]),
        "write ms": write_ms,
        "read ms": _reading(each, places, is_cold=False),
        "read cold ms": _reading(each, places, is_cold=True),
    }


def _in_turn(all_series: Sequence[Series]) -> Iterator[tuple[int, Look]]:
    """The first page of every series, then the second of every one: sites alternate, as in a crawl."""
    for at in range(max(map(len, all_series))):
        for number, series in enumerate(all_series):
            if at < len(series):
                yield number, series[at]


def _reading(each: Kliping | Warc | Zstd, places: list[tuple[int, bytes]], *, is_cold: bool) -> float:
    """Mean CPU ms of a read in random order; every page is compared with what was stored."""
    total = 0.0
    for place, body in random.Random(1).sample(places, len(places)):
        if is_cold:
            store.forget()
        found, spent = timed(each.read, place)
        total += spent
        if found != body:
            raise AssertionError(f"{each.name} gave another page back")
    return total / len(places)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--days", type=int, default=60)
    options.add_argument("--variants", type=int, default=25)
    options.add_argument("--templates", type=int, default=8)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    series = real_series(chosen.data, chosen.days)
    chance = random.Random(7)
    templates = chance.sample([each[0].body for each in series], min(chosen.templates, len(series)))
    words = sorted(
        {
            word
            for body in templates
            for text in TEXT.findall(KEPT.sub(b"", body))
            for word in text.split()
            if word.isalpha()
        }
    )
    sets = {
        f"real pages of one host within {chosen.days} days": series,
        "synthetic: one template, other words": [variants(body, chosen.variants, words, chance) for body in templates],
        "synthetic: one page looked at again": [looks_again(body, 6, words, chance) for body in templates],
    }
    report = {name: measure(each) for name, each in sets.items()}
    for name, each in report.items():
        _print(name, each)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1), "utf-8")


def _print(name: str, report: dict[str, Any]) -> None:
    base = report["stores"]["WARC.gz"]
    columns = list(base)
    shares = [name for name in columns if "bytes" in name and base[name]]
    print(
        f"\n{name} ({report['series']} series, {report['pages']} pages, mean {report['mean KiB']:.0f} KiB; {report['codecs']})"
    )
    print(
        f"| | {' | '.join([*columns, *(f'{name} / WARC.gz' for name in shares)])} |\n|---|{'---|' * len([*columns, *shares])}"
    )
    for store_name, row in report["stores"].items():
        ratios = [row[column] / base[column] for column in shares]
        cells = [f"{row[column]:,.0f}" if "bytes" in column else f"{row[column]:.2f}" for column in columns]
        print(f"| {store_name} | {' | '.join(cells)} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")


if __name__ == "__main__":
    main()
