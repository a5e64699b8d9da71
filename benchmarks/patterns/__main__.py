"""How the work of every regular expression in the package grows with hostile input: steps are counted, not time.

    python -m benchmarks.patterns [--all] [NAME …]

Every compiled pattern (in modules, classes, tables, functions that compile when they are first called, and literals
inside functions) is fed inputs made from its own structure (what it repeats, what leads there, near misses) at growing
sizes, and its steps are counted by a plain backtracking matcher, which takes at least as many as Python's own. The
exponent is the logarithm of the ratio at doubling: 1 is linear, 2 quadratic; beyond the budget of steps it "explodes".
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict

from benchmarks.patterns.attack import ALLOWED, LIMIT, SUSPICIOUS, Growth, growth
from benchmarks.patterns.find import patterns


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only patterns with one of these in their name")
    parser.add_argument("--all", action="store_true", help="also those that are linear")
    arguments = parser.parse_args()
    sys.setrecursionlimit(20_000)
    rooms: defaultdict[str, list[Growth]] = defaultdict(list)
    for found in patterns():
        if arguments.names and not any(name in found.name for name in arguments.names):
            continue
        grown = growth(found, enough=math.inf if arguments.all else LIMIT)
        exception = next((name for name in ALLOWED if found.name.startswith(name)), None)
        rooms[f"{exception.removeprefix('scraper.')} (exception)" if exception else found.room].append(grown)
        if arguments.all or grown.exponent > SUSPICIOUS:
            print(f"{grown.exponent:5.2f}  {found.name}  {grown.attack}")
    print("\n| room | patterns | worst exponent |\n|---|---|---|")
    for room, all_of_it in sorted(rooms.items()):
        print(f"| {room} | {len(all_of_it)} | {max(each.exponent for each in all_of_it):.1f} |")


if __name__ == "__main__":
    main()
