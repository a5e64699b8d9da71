"""What a command costs before it answers: its CPU beside that of `python -c "import sqlite_utils, click"`.

    python -m benchmarks.start [--python PYTHON] [--rounds 8]

Makes a small archive (the demo's), then runs every command and the comparison in turns, in PYTHON's environment (this one where none is
given), and takes the least CPU of each. Use a bare environment: sqlite-utils imports numpy and pandas where they are installed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

COMPARED = ("-c", "import sqlite_utils, click")
COMMANDS = {
    "--version": ("--version",),
    "--help": ("--help",),
    "search WORD --exact": ("search", "sungai", "--exact"),
    "search WORD": ("search", "sungai"),
    "show ID": ("show", "1"),
}


def cpu_s(command: list[str], home: Path) -> float:
    """CPU seconds, user and system, of one run that ends well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=home, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(after[:2]) - sum(before[:2])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the interpreter of an environment with kliping")
    parser.add_argument("--rounds", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kliping-") as scratch:
        home = Path(scratch)
        cpu_s([given.python, "-m", "scraper", "demo", "--keep", "kliping.db"], home)
        runs: dict[str, tuple[str, ...]] = {"import sqlite_utils, click": COMPARED, "python alone": ("-c", "")}
        runs |= {name: ("-m", "scraper", *arguments) for name, arguments in COMMANDS.items()}
        least = dict.fromkeys(runs, float("inf"))
        for _ in range(given.rounds):
            for name, arguments in runs.items():
                least[name] = min(least[name], cpu_s([given.python, *arguments], home))
    first = next(iter(least.values()))
    for name, seconds in least.items():
        print(f"{name:30}{seconds:6.3f} s {seconds / first:6.2f} x")


if __name__ == "__main__":
    main()
