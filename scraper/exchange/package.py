"""A corpus ready for publication: an export with what its readers must know (Frictionless Data Package, CITATION.cff)."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import provenance
from scraper.exchange.formats import export
from scraper.exchange.forms import export_form
from scraper.exchange.work import move_in_place, refuse_existing, replace_file
from scraper.records import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scraper.archive.ask.provenance import Provenance
    from scraper.archive.file.library import Archive
    from scraper.exchange.export import Exported, ExportOptions, Report
    from scraper.exchange.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What only the publishing person knows: a title, the creators, the terms, and the time of packing."""

    title: str
    authors: Sequence[str]
    packed_at: datetime
    license: str | None = None


def export_package(db: Archive, options: ExportOptions, about: About, report: Report) -> Exported:
    """Export into TARGET/data and write the descriptions beside it; TARGET appears only when all of it is complete."""
    refuse_existing(options.target, replace=options.replace)
    making = options.target.with_name(f"{options.target.name}.making")
    form = export_form(options.form)
    data = making / "data" / form.file
    if making.exists() and not any(data.parent.glob(f"{data.name}*")):
        shutil.rmtree(making)  # an unfinished package of another format
    data.parent.mkdir(parents=True, exist_ok=True)
    done = export(db, replace(options, target=data, replace=True), report)
    found = provenance.provenance(db, options.selection)
    resource = _resource(form, data, making)
    texts = {
        "datapackage.json": json.dumps(_package(about, options, found, resource, done), indent=2, ensure_ascii=False),
        "provenance.json": json.dumps(asdict(found), indent=2, ensure_ascii=False),
        "CITATION.cff": citation(about, options.version),
        "README.md": readme(about, options, found),
    }
    for name, text in texts.items():
        replace_file(making / name, text + "\n")
    move_in_place(making, options.target)
    return done


def _package(
    about: About, options: ExportOptions, found: Provenance, resource: dict[str, Any], done: Exported
) -> dict[str, Any]:
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9]+", "-", about.title.lower()).strip("-") or "corpus",
        "title": about.title,
        "created": about.packed_at.isoformat(),
        "contributors": [{"title": name, "role": "author"} for name in about.authors],
        "sources": [
            {"title": site["name"] or site["site"] or "sites without rules", "path": f"https://{site['host']}/"}
            if site["host"]
            else {"title": site["site"] or "sites without rules"}
            for site in found.sites
        ],
        "resources": [resource],
        "kliping": {
            "version": options.version,
            "format": options.form,
            "selection": as_json(options.selection),
            "counts": dict(done.counts),
            "unreadable": as_json(done.unreadable),
            "remarks": dict(+done.remarks),
        },
    }
    return package | ({"licenses": [{"name": about.license}]} if about.license else {})


def _resource(form: Form, data: Path, making: Path) -> dict[str, Any]:
    """The data as a resource: its files with digests, and its table schema if it is a table."""
    files = sorted(data.glob(form.listed)) if data.is_dir() else [data]
    paths = [path.relative_to(making).as_posix() for path in files]
    resource: dict[str, Any] = {"name": "articles", "mediatype": form.media}
    if len(files) == 1 and not data.is_dir():
        resource |= {"path": paths[0], "bytes": files[0].stat().st_size, "hash": f"sha256:{_sha256(files[0])}"}
    else:
        resource |= {"path": paths, "bytes": sum(path.stat().st_size for path in files)}
        resource["kliping:hashes"] = {name: f"sha256:{_sha256(path)}" for name, path in zip(paths, files, strict=True)}
    return resource | form.about()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def citation(about: About, version: str) -> str:
    """CITATION.cff 1.2.0; JSON strings are YAML strings."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this corpus, please cite it as below.",
        "type: dataset",
        f"title: {json.dumps(about.title, ensure_ascii=False)}",
        f"date-released: {about.packed_at:%Y-%m-%d}",
        "authors:",
        *(f"  - name: {json.dumps(name, ensure_ascii=False)}" for name in about.authors),
    ]
    if about.license:
        lines.append(f"license: {json.dumps(about.license)}")
    lines.append(f"abstract: {json.dumps(f'Made with kliping {version}.')}")
    return "\n".join(lines)


def readme(about: About, options: ExportOptions, found: Provenance) -> str:
    """What people read first."""
    return "\n".join(_readme(about, options, found))


def _readme(about: About, options: ExportOptions, found: Provenance) -> Iterator[str]:
    span = f"{(found.first_published or '?')[:10]} to {(found.last_published or '?')[:10]}"
    yield f"# {about.title}\n"
    yield (
        f"{found.articles} news articles ({found.words} words), published {span}, read from their pages between"
        f" {(found.first_seen or '?')[:10]} and {(found.last_seen or '?')[:10]} with kliping {options.version}."
        f" Earlier versions of them that are known: {found.revisions}.\n"
    )
    yield "The texts belong to their publishers. Whether and how they may be passed on is for you to find out.\n"
    yield f"- `data/`: the articles as {options.form}; columns and digests are in `datapackage.json` (Frictionless Data Package)"
    yield "- `provenance.json`: articles by site, month and reading rules; the crawls; every version of every robots.txt with its dates"
    yield "- `CITATION.cff`: how to cite this corpus\n"
    yield "| site | articles |"
    yield "|---|---|"
    for site in found.sites:
        yield f"| {_cell(site['name'] or site['site'] or 'without rules')} | {site['articles']} |"
    verdicts = Counter(each["verdict"] for each in found.robots)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())) or "none were requested"
    yield f"\nrobots.txt files: {told}. `disallow_all` means that it could not be reached, and that nothing was fetched then."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
