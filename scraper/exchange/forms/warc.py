"""Export to WARC: the whole history of the pages, ready for pywb; as a directory, or packed as WACZ."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import selection, visits
from scraper.archive.ask.selection import Unreadable
from scraper.archive.ask.visits import Visit
from scraper.exchange import warcfile
from scraper.exchange.export import Exported, identity
from scraper.exchange.forms import Form
from scraper.exchange.wacz import write_wacz
from scraper.exchange.warcrecord import of_first_visit, of_later_visit, of_robots
from scraper.exchange.work import Growing, Work
from scraper.urls import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.archive.file.library import Archive
    from scraper.exchange.export import ExportOptions, Report
    from scraper.exchange.warcrecord import Record
    from scraper.records import Capture

FILE_BYTES = 1 << 30  # after which the next WARC file begins
KEPT_EVERY = 200
_UNSORTED = "index.unsorted"
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}


def export_warc(db: Archive, options: ExportOptions, report: Report) -> Exported:
    """Export visits to TARGET/archive/*.warc.gz with TARGET/indexes/index.cdxj, or to one file if TARGET ends in .wacz."""
    warcfile.check_installed()
    is_wacz = options.target.suffix == ".wacz"
    work = Work(options.target, identity(db, options, is_bound=True), replace=options.replace)
    done = Exported(is_resumed=work.is_resumed)
    done.load(work.state)
    if not work.state.get("is_written"):
        with ExitStack() as files:
            writer = _Writer(db, options, work, done, files, report)
            writer.write_all()
        warcfile.sort_lines(work.directory / _UNSORTED, work.directory / "indexes" / "index.cdxj")
        work.save(is_written=True, **done.state())
    if is_wacz:
        warcs = sorted((work.directory / "archive").glob("*.warc.gz"))
        write_wacz(work.directory, warcs, options.target.name, software=f"kliping/{options.version}")
        work.finish(options.target.name)
    else:
        work.finish()
    return done


class _Writer:
    def __init__(
        self, db: Archive, options: ExportOptions, work: Work, done: Exported, files: ExitStack, report: Report
    ) -> None:
        self.db, self.options, self.work, self.done, self.report = db, options, work, done, report
        self.files = files
        state = work.state
        self.until: int = state.get("until", visits.last_visit(db))
        self.number: int = state.get("number", 0)
        self.last: int = state.get("last", 0)  # number of the last fetch written
        self.last_capture: int = state.get("last_capture", 0)
        self.origins: set[str] = set(state.get("origins", ()))
        self.out = self._file(state.get("bytes", 0))
        self.index = files.enter_context(Growing(work.directory / _UNSORTED, state.get("index_bytes", 0)))
        pages = Growing(work.directory / "pages" / "pages.jsonl", state.get("pages_bytes", 0))
        self.pages = files.enter_context(pages)
        if not work.is_resumed:
            self.pages.file.write(json.dumps(_PAGES_HEAD).encode() + b"\n")

    def write_all(self) -> None:
        """Write everything that has not been written yet."""
        self._all_visits()
        for origin in sorted(self.origins):
            versions = visits.robots_of(self.db, origin)
            if isinstance(versions, Unreadable):
                self.done.unreadable.append(versions)
                continue
            for robots, last_seen_at in versions:
                self._write(of_robots(robots, last_seen_at))
                self.done.counts["robots"] += 1

    def _all_visits(self) -> None:
        is_broken = False
        for visit in visits.visits(self.db, self.options.selection, after=self.last, until=self.until):
            if isinstance(visit, Unreadable):
                self.done.unreadable.append(visit)
                is_broken = is_broken or visit.kind == "fetches after"
                continue
            self._visit(visit)
            self.last = visit.fetch_id or self.last
            if sum(self.done.counts.values()) % KEPT_EVERY == 0:
                self._keep()
            self.report(self.done.counts)
        for visit in self._rest() if is_broken else visits.unvisited(self.db, self.options.selection):
            if isinstance(visit, Unreadable):
                self.done.unreadable.append(visit)
            else:
                self._visit(visit)

    def _rest(self) -> Iterator[Visit | Unreadable]:
        """The remaining captures if the table of fetches cannot be read any further."""
        for number, found in selection.selected_captures(self.db, self.options.selection, after=self.last_capture):
            if isinstance(found, Unreadable):
                yield found
            else:
                yield Visit(fetch_id=None, capture_id=number, url=found.url, kind="article", at="", reason="ok", is_first=True)  # fmt: skip

    def _visit(self, visit: Visit) -> None:
        capture = self._read(visit.capture_id)
        if capture is None:
            return
        self.origins.add(origin_of(capture.final_url))
        self.last_capture = max(self.last_capture, visit.capture_id)
        if not visit.is_first:
            self._write([of_later_visit(visit, capture)])
            self.done.counts["revisits"] += 1
            return
        first = selection.first_of_body(self.db, self.options.selection, visit.capture_id)
        same_as = self._read(first) if first < visit.capture_id else None
        self._write(of_first_visit(visit, capture, same_as))
        self.done.counts["captures"] += 1
        if visit.kind == "article":
            self._page(visit, capture)

    def _read(self, number: int) -> Capture | None:
        found = selection.read_capture(self.db, number)
        if isinstance(found, Unreadable):
            if found not in self.done.unreadable:
                self.done.unreadable.append(found)
            return None
        return found

    def _page(self, visit: Visit, capture: Capture) -> None:
        title = visits.headline_of(self.db, visit.capture_id)
        page: dict[str, Any] = {
            "id": str(visit.capture_id),
            "url": capture.final_url,
            "ts": capture.fetched_at.isoformat(),
        }
        if title:
            page["title"] = title
        self.pages.file.write(json.dumps(page, ensure_ascii=False).encode() + b"\n")

    def _write(self, records: Iterable[Record]) -> None:
        if self.out.file.tell() > FILE_BYTES:
            self.out.keep()
            self.number += 1
            self.out = self._file(0)
        for record in records:
            offset, length = warcfile.write(self.out.file, record)
            if record.type in warcfile.INDEXED:
                line = warcfile.index_line(record, self.out.path.name, offset, length)
                self.index.file.write(line.encode() + b"\n")

    def _file(self, size: int) -> Growing:
        stem = self.options.target.name.removesuffix(".wacz")
        path = self.work.directory / "archive" / f"{stem}-{self.number:05}.warc.gz"
        out = self.files.enter_context(Growing(path, size))
        if size == 0:
            fields = {
                "software": f"kliping/{self.options.version}",
                "format": "WARC File Format 1.1",
                "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                "description": "Bodies are without their content encoding; a hop of a redirect has only its status and Location.",
            }
            warcfile.write_info(out.file, out.path.name, fields)
        return out

    def _keep(self) -> None:
        self.work.save(
            until=self.until,
            number=self.number,
            last=self.last,
            last_capture=self.last_capture,
            origins=sorted(self.origins),
            bytes=self.out.keep(),
            index_bytes=self.index.keep(),
            pages_bytes=self.pages.keep(),
            **self.done.state(),
        )


FORM = Form(media="application/warc", file="warc", export=export_warc, listed="archive/*.warc.gz")
