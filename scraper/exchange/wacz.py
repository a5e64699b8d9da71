"""WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): a WARC export as one file that replayweb.page opens."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same archive gives the same file


def write_wacz(directory: Path, warcs: Sequence[Path], name: str, *, software: str) -> None:
    """Pack the WARC files, the index and the list of pages of `directory` into `directory/name`."""
    members = [(path, f"archive/{path.name}") for path in warcs]
    members += [(directory / "indexes" / "index.cdxj", "indexes/index.cdx")]  # pywb looks for this name
    members += [(directory / "pages" / "pages.jsonl", "pages/pages.jsonl")]
    resources = []
    with zipfile.ZipFile(directory / name, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        for path, inside in members:
            sha256 = _add(packed, path, inside)
            resources.append(
                {"name": path.name, "path": inside, "hash": f"sha256:{sha256}", "bytes": path.stat().st_size}
            )
        package = _json(
            {"profile": "data-package", "wacz_version": "1.1.1", "software": software, "resources": resources}
        )
        digest = f"sha256:{hashlib.sha256(package).hexdigest()}"
        packed.writestr(zipfile.ZipInfo("datapackage.json", _WHEN), package)
        signed = _json({"path": "datapackage.json", "hash": digest})
        packed.writestr(zipfile.ZipInfo("datapackage-digest.json", _WHEN), signed)


def _add(packed: zipfile.ZipFile, path: Path, inside: str) -> str:
    """Copy a file into the package piece by piece; returns its SHA-256."""
    sha256 = hashlib.sha256()
    info = zipfile.ZipInfo(inside, _WHEN)
    info.file_size = path.stat().st_size  # tells zipfile whether it needs the long form
    with path.open("rb") as source, packed.open(info, "w") as sink:
        while piece := source.read(1 << 20):
            sha256.update(piece)
            sink.write(piece)
    return sha256.hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()
