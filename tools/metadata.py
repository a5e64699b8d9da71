"""What a package index shows besides pyproject.toml: the readme with working links, and the addresses of the project.

Both need the address of the repository, which is written once: `home` in [tool.kliping]. As long as it is empty, links
between our files become plain words, since an index has no such files.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(!?)\[([^\]\[]*)\]\((?!https?:|mailto:|#)([^)\s]+)\)")


class Metadata(MetadataHookInterface):
    """Fills in `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        root = Path(self.root)
        home = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["kliping"]["home"]
        text = readme((root / "README.md").read_text("utf-8"), home)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        metadata["urls"] = urls(home)


def urls(home: str) -> dict[str, str]:
    """The entries of project.urls; none as long as there is no address."""
    pages = {
        "Homepage": "",
        "Documentation": "/tree/main/docs",
        "Changelog": "/blob/main/CHANGELOG.md",
        "Issues": "/issues",
        "Source": "",
    }
    return {name: f"{home}{path}" for name, path in pages.items()} if home else {}


def readme(text: str, home: str) -> str:
    """README.md with absolute links; without an address links become their words, and pictures are removed."""

    def absolute(found: re.Match[str]) -> str:
        mark, words, path = found.groups()
        if home:
            return f"{mark}[{words}]({home}/{'raw' if mark else 'blob'}/main/{path})"
        return "" if mark else words

    return _LINK.sub(absolute, text)
