"""Accuracy: body, title, authors and date of pages with known truth, kliping beside every installed peer.

    python -m benchmarks.accuracy DATA_DIR… [--extractor NAME]… [--json OUT] [--worst N]

Body is scored by shingles of four tokens (macro precision and recall over pages, F1 of the two: the metric of
scrapinghub's article-extraction-benchmark) and by pages that are equal token by token. A title is right if it is equal
after folding typography; authors are the F1 of the sets, mean over pages; a date is right on the same calendar day.
"with" and "without" are the shares of phrases that must and must not be in the text; the lede counts as text there.
"lede" counts equality with the summary that some truths have separately.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.common import EXTRACTORS, Page, Reading, Worker, installed, pages_of, versions

_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def fold(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").translate(_FOLD).split()).casefold()


def shingles(text: str | None, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text or "")
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)) if words)


def body_score(truth: str, found: str | None) -> tuple[float, float, bool]:
    """(precision, recall, exact)."""
    want, got = shingles(truth), shingles(found)
    both = sum((want & got).values())
    precision = both / sum(got.values()) if got else 0.0
    return precision, both / sum(want.values()) if want else 0.0, want == got


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


_BETWEEN_NAMES = re.compile(r"\s*(?:;|,|/|\||&|\band\b|\bund\b|\bet\b|\bdan\b|\by\b)\s*")


def name_set(names: list[str]) -> set[str]:
    """Folded names; some truths and peers put several into one string."""
    parts = (part for name in names if name for part in _BETWEEN_NAMES.split(fold(name)))
    return {tidy for part in parts if (tidy := re.sub(r"[^\w\s.'-]", "", part).strip(" .-"))}


def set_f1(want: list[str], got: list[str]) -> float:
    first, second = name_set(want), name_set(got)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


def same_day(want: str, got: str | None) -> bool:
    if not got:
        return False
    if got.startswith(want[:10]):
        return True
    try:
        first, second = datetime.fromisoformat(want), datetime.fromisoformat(got)
    except ValueError:
        return False
    both_aware = first.tzinfo is not None and second.tzinfo is not None
    return both_aware and first.astimezone(second.tzinfo).date() == second.date()


def summary_of(truth: dict[str, Any]) -> str:
    """The beginning of a truth's body that its body without the summary lacks; "" if there is none."""
    whole, rest = truth.get("body") or "", truth.get("body_nosummary")
    return whole[: len(whole) - len(rest)].strip() if rest and whole.endswith(rest) else ""


def score_page(page: Page, reading: Reading) -> dict[str, Any]:
    """The scores of one page, for the fields its truth has."""
    truth = page.truth
    scores: dict[str, Any] = {}
    bodies = [truth[key] for key in ("body", "body_nosummary") if truth.get(key)]
    if bodies:
        scores["body"] = max(
            (body_score(body, reading.get("body")) for body in bodies), key=lambda each: f1(each[0], each[1])
        )
    if truth.get("title"):
        scores["title"] = float(fold(truth["title"]) == fold(reading.get("title")))
    if truth.get("authors"):
        names = [name["name"] if isinstance(name, dict) else name for name in truth["authors"]]
        scores["authors"] = set_f1(names, list(reading.get("authors") or []))
    if truth.get("date"):
        scores["date"] = float(same_day(str(truth["date"]), reading.get("date")))
    summary = summary_of(truth)
    if summary and "lede" in reading:
        scores["lede"] = float(fold(summary) == fold(reading["lede"]))
    snippets = [("with", True), ("without", False)]
    for key, wanted in snippets:
        if truth.get(key):
            text = fold(f"{reading.get('lede') or ''} {reading.get('body') or ''}")
            scores[key] = statistics.mean((fold(each) in text) == wanted for each in truth[key])
    return scores


def summarise(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Means over pages; body F1 from the mean precision and recall."""
    result: dict[str, float] = {}
    bodies = [row["body"] for row in rows if "body" in row]
    if bodies:
        precision, recall = statistics.mean(each[0] for each in bodies), statistics.mean(each[1] for each in bodies)
        result |= {
            "F1": f1(precision, recall),
            "P": precision,
            "R": recall,
            "exact": statistics.mean(each[2] for each in bodies),
        }
    for field in ("title", "authors", "date", "lede", "with", "without"):
        values = [row[field] for row in rows if field in row]
        if values:
            result[field] = statistics.mean(values)
    return result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--extractor", action="append", choices=sorted(EXTRACTORS))
    options.add_argument("--json", type=Path)
    options.add_argument("--worst", type=int, default=0, help="print kliping's worst pages")
    chosen = options.parse_args()
    names = chosen.extractor or [name for name in installed() if name != "bare parse"]
    report: dict[str, Any] = {"versions": versions(), "sets": {}}
    for directory in chosen.data:
        workers = [Worker(name) for name in names]
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        errors: Counter[str] = Counter()
        worst: list[tuple[float, str]] = []
        for page in pages_of(directory):
            for worker in workers:
                reading, _, error = worker.read(page)
                errors[worker.name] += error is not None
                scores = score_page(page, reading)
                rows[worker.name].append(scores)
                if worker.name == "kliping" and "body" in scores:
                    worst.append((f1(*scores["body"][:2]), page.id))
        for worker in workers:
            worker.close()
        table = {name: summarise(rows[name]) | {"errors": errors[name]} for name in names}
        report["sets"][directory.name] = table
        columns = list(next(iter(table.values())))
        print(
            f"\n{directory.name} ({len(rows[names[0]])} pages)\n| extractor | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
        )
        for name in sorted(table, key=lambda each: -table[each].get("F1", table[each].get("title", 0.0))):
            print(f"| {name} | {' | '.join(f'{table[name].get(column, 0):.3f}' for column in columns)} |")
        for score, page_id in sorted(worst)[: chosen.worst]:
            print(f"  {score:.3f} {page_id}")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
