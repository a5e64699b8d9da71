"""The floor under the generic reader: its scores on the project's own fixtures, with every site's rules off.

    python -m benchmarks.floors            # the scores beside the floors
    python -m benchmarks.floors --write    # raise the floors; lower ones only when the fixtures changed

tests/test_floors.py fails when a score falls below its floor, or when the fixtures are not those
that the floors were measured on (then look at the scores, and write them).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import scraper
from benchmarks.accuracy import score_page, summarise
from benchmarks.common import Page
from scraper.cli.fixture_files import cases, load_capture, load_expected, name_of
from scraper.sites.registry import SITES
from scraper.urls import host_of

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
FLOORS = Path(__file__).parent / "floors.json"
UNKNOWN_HOST = "berita.invalid"  # no site's, so no site's rules apply
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
        found.append(Page(name_of(case), capture.final_url.replace(host, UNKNOWN_HOST), html, truth))
    return found


def corpus_hash() -> str:
    """The SHA-256 of the pages and truths, so that floors are never compared with other pages' scores."""
    digest = hashlib.sha256()
    for page in pages():
        digest.update(page.id.encode() + b"\0" + page.html + b"\0" + json.dumps(page.truth, sort_keys=True).encode())
    return digest.hexdigest()


def measure() -> dict[str, float]:
    """The generic reader's scores over all pages."""
    rows = []
    for page in pages():
        try:
            article = scraper.extract(page.html, url=page.url)
        except scraper.KlipingError:
            rows.append(score_page(page, {}))
            continue
        reading: dict[str, Any] = {
            "title": article.headline,
            "authors": [author.name for author in article.authors],
            "date": article.published_at.isoformat() if article.published_at else None,
            "body": "\n\n".join(block.text for block in article.body),
        }
        rows.append(score_page(page, reading))
    return {name: round(value, 4) for name, value in summarise(rows).items()} | {"pages": len(rows)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    floors: dict[str, Any] = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"corpus": "", "scores": {}}
    scores, corpus = measure(), corpus_hash()
    for name, value in scores.items():
        print(f"{name:<8} {value:.4f}  floor {floors['scores'].get(name, 0):.4f}")
    if chosen.write:
        if corpus == floors["corpus"]:
            scores = {name: max(value, floors["scores"].get(name, 0)) for name, value in scores.items()}
        FLOORS.write_text(json.dumps({"corpus": corpus, "scores": scores}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
