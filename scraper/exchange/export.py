"""Exports: a selection of the archive as files in standard formats."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.selection import Unreadable, fingerprint, selected_articles
from scraper.exchange import csvrow
from scraper.exchange.work import Growing, Work
from scraper.records import as_json
from scraper.typed import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.archive.ask.selection import Selection
    from scraper.archive.file.library import Archive
    from scraper.archive.file.lookup import StoredArticle

    Report = Callable[[Counter[str]], None]  # called with the counts so far
    LineOf = Callable[[StoredArticle, "ExportOptions", "Exported"], bytes]

REMARKS = {
    "guarded": "cells begin like formulas and have an apostrophe in front (--raw leaves them as they are)",
    "over_excel": f"cells hold more than the {csvrow.EXCEL_CHARACTERS:,} characters of a cell in Excel, which cuts them",
    "rows_over_excel": f"rows are beyond the {csvrow.EXCEL_ROWS:,} that Excel shows",
}
KEPT_EVERY = 10_000  # articles between two entries in the manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What is exported, in which format (`forms.FORMATS`) and where to; `raw` leaves CSV cells unescaped."""

    form: str
    target: Path
    selection: Selection
    version: str
    raw: bool = False
    replace: bool = False


@dataclass(slots=True, kw_only=True)
class Exported:
    """The contents of an export: `counts` by kind, and what damage kept out of it."""

    counts: Counter[str] = field(default_factory=Counter)
    unreadable: list[Unreadable] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)  # what a reader must know, keyed by REMARKS
    is_resumed: bool = False

    def state(self) -> dict[str, Any]:
        """The counts as a manifest stores them."""
        return {"counts": dict(self.counts), "unreadable": as_json(self.unreadable), "remarks": dict(self.remarks)}

    def load(self, state: dict[str, Any]) -> None:
        """Continue with what an earlier process counted."""
        self.counts = Counter(state.get("counts", {}))
        self.unreadable = [Unreadable(**each) for each in state.get("unreadable", ())]
        self.remarks = Counter(state.get("remarks", {}))


def record_json(stored: StoredArticle) -> dict[str, Any]:
    """A record (article.schema.json) with what the archive knows about it: the line of a JSONL export."""
    region = stored.region
    return {
        "article_id": stored.article_id,
        **stored.record,
        "first_seen_at": stored.first_seen_at.isoformat(),
        "last_seen_at": stored.last_seen_at.isoformat(),
        "revision": stored.revision,
        "captures": list(stored.captures),
        "day": stored.day,
        "month": stored.day[:7] if stored.day else None,
        "region_code": region.code if region else None,
        "region": region.name if region else None,
        "province": region.province if region else None,
        "region_source": region.source if region else None,
    }


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not search for garbage: an article is many small objects without cycles, and searching takes a third of an export."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def json_line(value_of: Callable[[StoredArticle], dict[str, Any]]) -> LineOf:
    """The function that turns an article into a line of JSON."""
    return lambda stored, _options, _done: json_bytes(value_of(stored)) + b"\n"


def identity(db: Archive, options: ExportOptions, *, is_bound: bool = False) -> dict[str, Any]:
    """What must be unchanged for a killed export to continue.

    Articles change, so it is the state of the archive; captures do not, so an export of all of them continues up to
    where the archive was (`is_bound`).
    """
    return {
        "format": options.form,
        "version": options.version,
        "raw": options.raw,
        "selection": as_json(options.selection),
        "archive": None if is_bound and options.selection.is_all else fingerprint(db),
    }


def export_lines(db: Archive, options: ExportOptions, report: Report, *, line: LineOf, header: bytes = b"") -> Exported:
    """Export articles as one file with a line for each, below a header."""
    work = Work(options.target, identity(db, options), replace=options.replace)
    done = Exported(is_resumed=work.is_resumed)
    done.load(work.state)
    name = options.target.name
    last = work.state.get("last", 0)
    with Growing(work.directory / name, work.state.get("bytes", 0)) as out, uncollected():
        if not work.is_resumed:
            out.file.write(header)
        for found in selected_articles(db, options.selection, after=last):
            if isinstance(found, Unreadable):
                done.unreadable.append(found)
                continue
            out.file.write(line(found, options, done))
            done.counts["articles"] += 1
            if done.counts["articles"] % KEPT_EVERY == 0:
                work.save(bytes=out.keep(), last=found.article_id, **done.state())
            report(done.counts)
    work.finish(name)
    return done
