"""An import of many WARC files, each on its own into a separate archive or Parquet files, on any free processor.

The work on one file is a function of its paths: it is done on the worker's own disk, its results get their names in one
step, and its manifest is written last. So it may be repeated, run twice at once, or be lost with its worker: nothing is
ever half there, and a manifest says what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.ask.selection import Selection
from scraper.archive.file import connection
from scraper.archive.file.connection import MIN_FREE_BYTES, open_archive
from scraper.archive.keep import backup
from scraper.cluster import work_on
from scraper.crawl.reread import rules_digest
from scraper.exchange.export import ExportOptions
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.exchange.warcimport import fingerprint_of, import_warc
from scraper.exchange.work import replace_file
from scraper.records import as_json
from scraper.sites.registry import own_sites, use_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.archive.file.library import Archive
    from scraper.cluster import Place
    from scraper.exchange.taken import Problem
    from scraper.sites import Site

Form = Literal["archive", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcShard:
    """One WARC or WACZ file to read, and the directory for the results. Paths are those of the workers."""

    source: Path
    target: Path
    hosts: tuple[str, ...]
    forms: tuple[Form, ...]
    version: str
    arguments: str
    sites: tuple[Site, ...]  # definitions besides the catalogue
    min_free_bytes: int = MIN_FREE_BYTES


@dataclass(slots=True, kw_only=True)
class Sharded:
    """The result of an import in shards: outcomes of the records, how many files were done now and before, failures."""

    counts: Counter[str] = field(default_factory=Counter)
    done: int = 0
    known: int = 0
    problems: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)  # (file, why)


def import_in_shards(
    shards: Sequence[WarcShard], place: Place, *, on_shard: Callable[[Sharded], None] = lambda _done: None
) -> Sharded:
    """Process the shards that are not done yet, and write the manifest of all to TARGET/manifest.json. `on_shard` is
    called as each ends.
    """
    done = Sharded()
    for ended in work_on(import_shard, shards, place):
        if ended.result is None:
            done.failures.append((str(ended.shard.source), ended.failure or ""))
        else:
            counts = Counter(ended.result)
            is_known = counts.pop("", 0)
            done.problems += counts.pop("problems", 0)
            done.known += is_known
            done.done += not is_known
            done.counts += counts
        on_shard(done)
    if shards:
        _write_manifest(shards[0].target)
    return done


def import_shard(shard: WarcShard) -> dict[str, int]:
    """Read one file; returns its counted outcomes, with "problems" for the number of named ones, and "" if all was done
    before.
    """
    if shard.sites != own_sites():  # this process may have worked on another import before
        use_sites(shard.sites)
    fingerprint = fingerprint_of(shard.source).hex()
    identity = {
        "fingerprint": fingerprint,
        "hosts": sorted(shard.hosts),
        "forms": sorted(shard.forms),
        "rules": rules_digest(),
    }
    name = f"{shard.source.name.removesuffix('.gz').removesuffix('.warc')}-{fingerprint[:8]}"
    noted = shard.target / "shards" / f"{name}.json"
    if (before := _done_before(shard.target, noted, identity)) is not None:
        return {**before, "": 1}
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory(prefix="kliping-") as scratch:
        made, counts = _read(shard, Path(scratch), name, problems)
        outputs = [_put(path, shard.target, within) for within, path in made]
    noted.parent.mkdir(parents=True, exist_ok=True)
    manifest = {
        "source": str(shard.source),
        "identity": identity,
        "version": shard.version,
        "counts": dict(counts),
        "problems": [as_json(each) for each in problems],
        "outputs": outputs,
    }
    _replace_json(noted, manifest)
    return {**counts, "problems": len(problems)}


def _read(shard: WarcShard, scratch: Path, name: str, problems: list[Problem]) -> tuple[list[tuple[str, Path]], Counter[str]]:  # fmt: skip
    """Read a file into an archive on this machine's disk; (name within the target, path) of the results to be moved
    there.
    """
    report = ImportReport(on_problem=problems.append, on_count=lambda _counts: None)
    options = ImportOptions(paths=[shard.source], version=shard.version, hosts=shard.hosts, arguments=shard.arguments)
    path = scratch / "shard.db"
    with open_archive(path, mode="crawl", min_free_bytes=shard.min_free_bytes) as db:
        import_warc(db, options, report)
    made: list[tuple[str, Path]] = []
    with open_archive(path) as db:
        if "archive" in shard.forms:
            backup.back_up(db, scratch / "whole.db")  # verified, and one file
            made.append((f"{name}.db", scratch / "whole.db"))
        if "parquet" in shard.forms:
            made += _parquet(db, scratch / "parquet", name, shard.version)
    return made, report.counts


def _parquet(db: Archive, target: Path, name: str, version: str) -> list[tuple[str, Path]]:
    from scraper.exchange.forms.parquet import export_parquet  # noqa: PLC0415  (an extra)

    options = ExportOptions(form="parquet", target=target, selection=Selection(), version=version)
    export_parquet(db, options, lambda _counts: None)
    return [
        (f"parquet/{path.parent.name}/{name}.parquet", path) for path in sorted(target.glob("month=*/part-0.parquet"))
    ]


def _put(made: Path, target: Path, within: str) -> dict[str, Any]:
    """Copy a file to its name in one step; returns its name, size and digest."""
    place = target / within
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
    try:
        shutil.copyfile(made, unfinished)
        with unfinished.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        connection.put_in_place(unfinished, place)
    finally:
        unfinished.unlink(missing_ok=True)
    return {"path": within, "bytes": place.stat().st_size, "sha256": digest}


def _done_before(target: Path, noted: Path, identity: dict[str, Any]) -> dict[str, int] | None:
    """The counts of an earlier run of the same work, if all its results are there."""
    try:
        manifest = json.loads(noted.read_text("utf-8"))
        is_whole = manifest["identity"] == identity and all(
            (target / each["path"]).stat().st_size == each["bytes"] for each in manifest["outputs"]
        )
        return {**manifest["counts"], "problems": len(manifest["problems"])} if is_whole else None
    except (OSError, ValueError, KeyError):
        return None


def _replace_json(path: Path, value: dict[str, Any]) -> None:
    """Another worker may write the same file at the same time, so each has its own unfinished one."""
    own = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    replace_file(own, json.dumps(value, ensure_ascii=False, indent=1))
    own.replace(path)


def _write_manifest(target: Path) -> None:
    """All finished shards, with their results: to check a copy of the directory against."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted((target / "shards").glob("*.json"))]
    counts: Counter[str] = Counter()
    for each in found:
        counts.update(each["counts"])
    outputs = sorted((output for each in found for output in each["outputs"]), key=lambda output: output["path"])
    target.mkdir(parents=True, exist_ok=True)
    replace_file(
        target / "manifest.json", json.dumps({"shards": len(found), "counts": counts, "outputs": outputs}, indent=1)
    )
