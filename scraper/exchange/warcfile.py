"""Writing WARC files and their index: the only importer of warcio, which is in the extra `warc`."""

from __future__ import annotations

import heapq
import io
import zlib
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from scraper.errors import ExtraMissing
from scraper.exchange.surt import cdxj_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.exchange.warcrecord import Record

INDEXED = frozenset({"response", "revisit", "resource"})
_LEVEL = 6  # of gzip
_SORTED_AT_ONCE = 200_000  # index lines, about 60 MB


def _warcio() -> tuple[Any, Any]:
    try:
        from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415  (an extra)
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("WARC", "warc") from error
    return WARCWriter, StatusAndHeaders


def check_installed() -> None:
    """Raise ExtraMissing if warcio is missing."""
    _warcio()


def write_info(sink: IO[bytes], name: str, fields: dict[str, str]) -> None:
    """Write the record that begins a file."""
    writer = _warcio()[0](sink, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(name, fields))


def write(sink: IO[bytes], record: Record) -> tuple[int, int]:
    """Append a record as a separate gzip member; returns its offset and length."""
    writer_class, headers_class = _warcio()
    plain = io.BytesIO()
    writer = writer_class(plain, gzip=False, warc_version="WARC/1.1")
    headers = None
    if record.status_line is not None:
        is_request = record.type == "request"
        headers = headers_class(
            record.status_line, list(record.http_headers), protocol="" if is_request else "HTTP/1.1", is_http_request=is_request
        )  # fmt: skip
    made = writer.create_warc_record(
        record.url,
        record.type,
        payload=io.BytesIO(record.payload),
        length=len(record.payload),
        warc_content_type=record.content_type or "",
        warc_headers_dict={"WARC-Record-ID": record.record_id, "WARC-Date": record.at, **dict(record.fields)},
        http_headers=headers,
    )
    start = sink.tell()
    writer.write_record(made)
    packer = zlib.compressobj(_LEVEL, wbits=31)  # warcio itself uses level 9: several times the work for hardly less
    sink.write(packer.compress(plain.getvalue()) + packer.flush())
    return start, sink.tell() - start


def index_line(record: Record, file_name: str, offset: int, length: int) -> str:
    """The CDXJ line of a record whose type is in INDEXED."""
    fields = {"url": record.url, "mime": record.media_type or "unk"}
    if record.type == "revisit":
        fields["mime"] = "warc/revisit"
    status = record.status_line.partition(" ")[0] if record.status_line else "200"
    digest = dict(record.fields).get("WARC-Payload-Digest")
    fields |= {"status": status, "length": str(length), "offset": str(offset), "filename": file_name}
    return cdxj_line(record.url, record.at, fields | ({"digest": digest} if digest else {}))


def sort_lines(source: Path, target: Path) -> None:
    """Sort the lines of a file byte by byte, in parts that fit into memory."""
    parts: list[Path] = []
    with source.open("rb") as lines:
        while part := sorted(islice(lines, _SORTED_AT_ONCE)):
            parts.append(source.with_name(f"{source.name}.{len(parts)}"))
            parts[-1].write_bytes(b"".join(part))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        out.writelines(heapq.merge(*(_lines(part) for part in parts)))
    for path in (*parts, source):
        path.unlink()


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file
