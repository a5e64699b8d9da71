"""A season of bad days: what an archive holds of papers whose servers, names and lines fail at random, and what it cost.

    python -m benchmarks.season [--days N] [--papers N] [--seed N] [--quiet-too]

Newspapers with invented articles on loopback, which are corrected, grow, are withdrawn and change their addresses; one
paper moves to another domain and one is redesigned. Their bad moments are drawn from benchmarks/season/moments.py. The crawls
are real ones over real sockets, one every few hours of a virtual clock. --quiet-too: the same season without bad moments beside it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.season.judge import FAULTS
from benchmarks.season.play import Played, Season, play


def table(played: Played) -> list[str]:
    """Lines of a Markdown table."""
    counts = played.verdict.counts
    names = [name for name in counts if name not in FAULTS]
    return [
        "| | |",
        "|---|---|",
        f"| kinds of bad moments met | {len(played.met)} of {played.kinds} |",
        f"| runs, by exit status | {', '.join(f'{code}: {count}' for code, count in sorted(played.exits.items()))} |",
        *(f"| {name} | {counts[name]:,} |" for name in sorted(names)),
        f"| requests | {played.requests:,} |",
        f"| requests of an ideal crawler | {played.ideal:,} |",
        *(f"| **{name}** | {counts[name]:,} |" for name in FAULTS),
        *(
            f"| {what} | {wrongs(played, host)} |"
            for what, host in (
                ("the paper that moved", played.moved),
                ("the paper that was redesigned", played.redesigned),
            )
            if host
        ),
    ]


def wrongs(played: Played, host: str | None) -> str:
    """What went wrong with one paper, in a cell."""
    found = played.wrongs_of(host)
    return "; ".join(f"{name}: {found[name]}" for name in FAULTS if found[name]) or "nothing wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=90)
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles-per-day", type=float, default=1.5, help="of each paper")
    parser.add_argument("--every", type=float, default=3, help="hours between two crawls")
    parser.add_argument("--moments", type=float, default=40, help="bad moments of each paper")
    parser.add_argument("--archive", type=Path, help="keep the archive here")
    parser.add_argument("--quiet-too", action="store_true")
    given = parser.parse_args()
    for moments in (given.moments, *([0.0] if given.quiet_too else [])):
        season = Season(
            days=given.days,
            papers=given.papers,
            seed=given.seed,
            per_day=given.articles_per_day,
            every_h=given.every,
            moments=moments,
        )
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            path = given.archive if given.archive and moments else Path(directory) / "season.db"
            played = play(path, season, on_day=lambda day: print(f"day {day}", file=sys.stderr))
        print(f"\n{season}: {time.monotonic() - began:.0f} s\n")
        print("\n".join(table(played)))
        for what, examples in played.verdict.examples.items():
            if what in FAULTS:
                print(f"\n{what}, for example:", *examples, sep="\n- ")


if __name__ == "__main__":
    main()
