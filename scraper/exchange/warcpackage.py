"""The WARC files in the input of an import: a file itself, the members of a WACZ, the parts of a multi-WACZ, a folder."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import tempfile
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from scraper.errors import DISK_ERRORS
from scraper.exchange.taken import ImportOutcome, Refused

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst")
_ENDINGS = (*WARC_ENDINGS, ".wacz")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes, then name and extra field
_DEPTH = 3  # of packages in packages
_MAX_LIST = 4 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe would wait for its other end
_MAX_RATIO = 1_000  # the most that deflate can do; more is a lie


def warc_files(path: Path) -> tuple[list[Path], list[Path]]:
    """The files that a path stands for: itself, or in order those of a folder, and those that a multi-WACZ lists.

    The second list has the files that it lists outside its own folder; they must not be read.
    """
    if path.is_dir():
        return sorted(
            each for each in path.rglob("*") if each.name.lower().endswith(_ENDINGS) and not each.is_dir()
        ), []
    listed = _listed(path) if path.suffix.lower() == ".json" and path.is_file() else []
    if not listed:
        return [path], []
    home = path.parent.resolve()
    inside = [each for each in listed if each.resolve().is_relative_to(home)]
    return inside, [each for each in listed if each not in inside]


def _listed(path: Path) -> list[Path]:
    """The parts that a multi-WACZ lists (https://specs.webrecorder.net/multi-wacz/0.1.0/); none if it is not such a
    list.
    """
    try:
        listing = json.loads(path.read_bytes()[:_MAX_LIST])
        return [path.parent / (each.get("path") or each["name"]) for each in listing["resources"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def open_file(path: Path) -> io.BufferedReader:
    """A regular file, opened. Raises Refused for one that cannot be read, or for a pipe, device or the like."""
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except (OSError, ValueError) as error:
        raise Refused(ImportOutcome.UNREADABLE, getattr(error, "strerror", None) or str(error)) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Refused(ImportOutcome.UNREADABLE, "is not a regular file")
    return file


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Iterator[tuple[str, IO[bytes] | Refused]]]:
    """(name, stream) of the WARC files in a file, by their names; a file that is not a package is one itself, without a
    name.

    For a member that cannot be read, the reason.
    """
    with (
        tempfile.TemporaryDirectory(prefix="kliping-") as scratch,
        closing(_members(file, "", Path(scratch), _DEPTH)) as members,
    ):
        yield members


def _members(
    file: IO[bytes], prefix: str, scratch: Path, depth: int
) -> Generator[tuple[str, IO[bytes] | Refused], None, None]:
    file.seek(0)
    if not file.read(4).startswith(_ZIP):  # not is_zipfile: a WARC may end with a zip that was fetched
        yield prefix, file
        return
    try:
        with zipfile.ZipFile(file) as packed:
            infos = packed.infolist()
    except Exception as error:  # noqa: BLE001  (zipfile raises what it meets: struct.error, UnicodeDecodeError, …)
        yield prefix, Refused(ImportOutcome.UNREADABLE, f"a package that cannot be opened: {error}")
        return
    if len({info.filename for info in infos}) != len(infos):
        infos = list({info.filename: info for info in infos}.values())
    wanted = sorted(
        (info for info in infos if info.filename.lower().endswith(_ENDINGS)), key=lambda info: info.filename
    )
    if not wanted:
        yield prefix, Refused(ImportOutcome.UNREADABLE, "a package without WARC files")
    for info in wanted:
        name = f"{prefix}{info.filename}"
        try:
            stream = _member(file, info, scratch)
        except Refused as refusal:
            yield name, refusal
            continue
        with closing(stream):
            if info.filename.lower().endswith(".wacz") and depth:
                yield from _members(stream, f"{name}/", scratch, depth - 1)
            else:
                yield name, stream


def _member(file: IO[bytes], info: zipfile.ZipInfo, scratch: Path) -> IO[bytes]:
    """A member that can be read in any order. Raises Refused."""
    if info.flag_bits & _ENCRYPTED:
        raise Refused(ImportOutcome.UNREADABLE, "is encrypted")
    try:
        if info.compress_type == zipfile.ZIP_STORED:
            return cast("IO[bytes]", _Slice(file, _begin(file, info), info.compress_size))
        return _unpacked(file, info, scratch)
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise
        raise Refused(ImportOutcome.UNREADABLE, f"a member that cannot be read: {error}") from error


def _begin(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored member begin. Raises Refused."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(_ZIP[0]):
        raise Refused(ImportOutcome.UNREADABLE, "its header is broken")
    sizes = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return info.header_offset + _LOCAL_HEADER + sizes


def _unpacked(file: IO[bytes], info: zipfile.ZipInfo, scratch: Path) -> IO[bytes]:
    """A compressed member, decompressed to a temporary file: its records are read by position, and a stream cannot go
    back.
    """
    if info.file_size > _MAX_RATIO * max(info.compress_size, 1 << 20):
        raise Refused(ImportOutcome.UNREADABLE, f"{info.compress_size} bytes cannot hold {info.file_size}")
    beside = scratch / f"{len(list(scratch.iterdir()))}"
    with zipfile.ZipFile(file) as packed, packed.open(info) as source, beside.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    unpacked = beside.open("rb")
    if os.name == "posix":
        beside.unlink()  # its space is free as soon as it is closed
    return unpacked


class _Slice(io.RawIOBase):
    """A stretch of a file as a file of its own; other readers of the file do not disturb it."""

    def __init__(self, file: IO[bytes], begin: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._begin = begin
        self._size = max(0, size)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._file.seek(self._begin + min(self._at, self._size))
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data
