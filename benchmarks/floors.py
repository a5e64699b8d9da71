"""The floor under the generic reader: what it reads of the project's own fixtures with every site's rules turned off.

    python -m benchmarks.floors            # what it reads correctly of each, beside the floors
    python -m benchmarks.floors --write    # make the present result the floors

tests/test_floors.py fails if a field that was read correctly no longer is. A fixture without an entry has no floor yet.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import scraper
from benchmarks.accuracy import score_page
from benchmarks.common import Page
from scraper.cli.fixture_files import case_name, cases, load_capture, load_expected
from scraper.sites.registry import SITES
from scraper.urls import host_of

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
FLOORS = Path(__file__).parent / "floors.json"
UNKNOWN_HOST = "berita.invalid"  # not a site's, so no site's rules apply
_DATA_LAYOUTS = {layout.name for site in SITES for layout in site.layouts if layout.embedded}


def pages() -> list[Page]:
    """The fixtures that are articles in markup, moved to a host that no site claims, with their records as truth."""
    found = []
    for case in cases(FIXTURES):
        record, capture = load_expected(case), load_capture(case)
        if record.get("kind") != "article" or not record["body"] or record["layout"] in _DATA_LAYOUTS:
            continue
        host = host_of(capture.final_url)
        truth = {
            "title": record["headline"],
            "authors": record["authors"],
            "date": record["published_at"],
            "body": "\n\n".join(block["text"] for block in record["body"]),
        }
        html = capture.body.replace(host.encode(), UNKNOWN_HOST.encode())
        found.append(Page(case_name(case), capture.final_url.replace(host, UNKNOWN_HOST), html, truth))
    return found


def measure() -> dict[str, list[str]]:
    """For each fixture, by name, the fields that the generic reader gives exactly: title, authors, date, body."""
    found: dict[str, list[str]] = {}
    for page in pages():
        try:
            article = scraper.extract(page.html, url=page.url)
        except scraper.KlipingError:
            found[page.id] = []
            continue
        reading: dict[str, Any] = {
            "title": article.headline,
            "authors": [author.name for author in article.authors],
            "date": article.published_at.isoformat() if article.published_at else None,
            "body": "\n\n".join(block.text for block in article.body),
        }
        scores = score_page(page, reading)
        scores["body"] = scores["body"][2]  # (precision, recall, exact)
        found[page.id] = [name for name in reading if scores.get(name) == 1]
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    floors: dict[str, list[str]] = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    found = measure()
    for name, fields in found.items():
        lost = set(floors.get(name, ())) - set(fields)
        print(f"{name}: {', '.join(fields)}" + (f"; LOST: {', '.join(sorted(lost))}" if lost else ""))
    if chosen.write:
        lines = (f" {json.dumps(name)}: {json.dumps(fields)}" for name, fields in found.items())
        FLOORS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
