"""Captures as plain files: the bytes of each page, and an index that says where and when each was fetched."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import selection
from scraper.archive.ask.selection import Unreadable
from scraper.exchange.export import Exported, identity
from scraper.exchange.forms import Form
from scraper.exchange.work import Growing, Work
from scraper.records import as_json

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.exchange.export import ExportOptions, Report
    from scraper.records import Capture

INDEX = "index.jsonl"
KEPT_EVERY = 500
_ENDINGS = {"text/html": "html", "application/xhtml+xml": "html", "application/rss+xml": "xml", "text/xml": "xml"}
_ENDINGS |= {"application/xml": "xml", "application/atom+xml": "xml"}


def file_name(number: int, content_type: str | None) -> str:
    """The name of the file with a capture's bytes: by its number, never by anything from the network."""
    return f"{number // 1000:06}/{number:09}.{_ENDINGS.get(content_type or 'text/html', 'bin')}"


def index_entry(number: int, kind: str, capture: Capture) -> dict[str, Any]:
    """A capture's entry in the index: its file, digest, kind of link and record (capture.schema.json)."""
    return {
        "file": file_name(number, capture.content_type),
        "sha256": hashlib.sha256(capture.body).hexdigest(),
        "bytes": len(capture.body),
        "kind": kind,
        **as_json(capture),
    }


def export_html(db: Archive, options: ExportOptions, report: Report) -> Exported:
    """Export captures to TARGET/NNNNNN/NNNNNNNNN.html with TARGET/index.jsonl, in the order they were made."""
    bound = identity(db, options, is_bound=True)
    work = Work(options.target, bound, replace=options.replace)
    done = Exported(is_resumed=work.is_resumed)
    done.load(work.state)
    until = work.state.get("until", selection.fingerprint(db)[3])
    last = work.state.get("last", 0)
    with Growing(work.directory / INDEX, work.state.get("bytes", 0)) as index:
        for number, found in selection.selected_captures(db, options.selection, after=last, until=until):
            if isinstance(found, Unreadable):
                done.unreadable.append(found)
                continue
            line = index_entry(number, selection.kind_of_capture(db, number), found)
            path = work.directory / line["file"]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(found.body)
            index.file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            done.counts["captures"] += 1
            if done.counts["captures"] % KEPT_EVERY == 0:
                work.save(bytes=index.keep(), last=number, until=until, **done.state())
            report(done.counts)
    work.finish()
    return done


FORM = Form(media="application/x-ndjson", file="pages", export=export_html, listed=INDEX)
