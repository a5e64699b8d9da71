"""Which small changes of behaviour no test notices: a threshold, a limit, a guard, a comparison, each changed on its
own.

    python -m benchmarks.mutants                       # all of benchmarks/mutations/*.toml
    python -m benchmarks.mutants --area fetch --only robots.py
    python -m benchmarks.mutants --stages 1 --json fates.jsonl && python -m benchmarks.mutants --stages 2: --again
    fates.jsonl
    python -m benchmarks.mutants --check               # whether the list still fits the code; runs nothing

The list is data, a file for each area: `stages` are lists of test files, those that notice most of it first; each
[[mutant]] has a `file`, the exact `text` in it, the replacement `instead`, and what that `breaks`. `tests` are tried
before the stages. `spared` says why a change that no test notices does not change behaviour.

A change is made in a copy of the project, never in the project itself. It is killed by the first test that fails, or by
a stage that takes far longer than without a change; a survivor of one stage goes to the next one.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parent.parent
LIST = Path(__file__).parent / "mutations"
_COPIED = ("benchmarks", "deploy", "docs", "fixtures", "schemas", "scraper", "tests", "tools", "pyproject.toml")
_SLOWER = 10.0  # times what a stage takes without a change
_AT_LEAST_S = 60.0
_TICK_NS = 2_000_000_000  # stale compiled files are recognised by the source's size and its time in whole seconds


_QUIET = "ignore::pytest.PytestAssertRewriteWarning"  # what is loaded before is a library
_OURS = ("scraper", "tests", "benchmarks", "__main__")
_LOADED = (
    "pytest",
    "hypothesis",
    "xdist",
    "scraper.cli",
    "scraper.crawl.run",
    "scraper.exchange.formats",
    "scraper.health.run",
)
# Runs tests on request, each time in a copy of itself that has not imported anything of ours yet.
NURSERY = """
import contextlib, importlib, json, os, select, signal, sys, tempfile, traceback
for name in sys.argv[1:]:
    with contextlib.suppress(Exception):
        importlib.import_module(name)
import pytest
early = [name for name in sys.modules if name.split(".")[0] in ("scraper", "tests", "benchmarks")]
assert not early, early  # they would stay as they are without any change
for line in sys.stdin:
    limit_s, arguments = json.loads(line)
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            code = 99
            try:
                sys.argv = ["pytest", *arguments]
                code = int(pytest.main(arguments))
                sys.stdout.flush()
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        descriptor = os.pidfd_open(pid)
        is_ended = bool(select.select([descriptor], [], [], limit_s)[0])
        if not is_ended:
            os.killpg(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # what a broken program has left behind
        output.seek(0)
        print(json.dumps([code if is_ended else None, output.read()]), flush=True)
"""


class ListError(Exception):
    """The list does not match the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change: `text`, which occurs in `file` once, becomes `instead`."""

    area: str
    file: str
    text: str
    instead: str
    breaks: str
    tests: tuple[str, ...] = ()
    spared: str | None = None

    @property
    def where(self) -> str:
        """The beginning of an error about it."""
        return f"{self.area}: {self.file}: {self.text!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A file of the list: its mutants, and the stages of tests that they meet one after the other."""

    name: str
    stages: tuple[tuple[str, ...], ...]
    mutants: tuple[Mutant, ...]


@dataclass(slots=True, kw_only=True)
class Fate:
    """The fate of a mutant: `killed_by` is a test or "hang"; None if nothing noticed it."""

    mutant: Mutant
    killed_by: str | None = None
    seconds: float = 0.0


def read_list(directory: Path = LIST) -> list[Area]:
    """All areas. Raises ListError for an invalid entry."""
    areas = []
    for path in sorted(directory.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        try:
            mutants = tuple(
                Mutant(area=path.stem, **each | {"tests": tuple(each.get("tests", ()))}) for each in table["mutant"]
            )
            areas.append(Area(name=path.stem, stages=tuple(map(tuple, table["stages"])), mutants=mutants))
        except (TypeError, KeyError) as error:
            raise ListError(f"{path.name}: {error}") from error
    return areas


def mutated(mutant: Mutant, root: Path = ROOT) -> str:
    """The file as the mutant has it. Raises ListError unless it has the text once and is Python with and without it."""
    path = root / mutant.file
    source = path.read_text("utf-8") if path.exists() else ""
    where = mutant.where
    if (times := source.count(mutant.text)) != 1:
        raise ListError(f"{where} stands there {times} times")
    changed = source.replace(mutant.text, mutant.instead)
    if mutant.file.endswith(".py"):
        try:
            is_same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
        except SyntaxError as error:
            raise ListError(f"{where} becomes no Python: {error}") from error
        if is_same:
            raise ListError(f"{where} changes nothing")
    return changed


def misfits(areas: Iterable[Area], root: Path = ROOT) -> list[str]:
    """What is wrong with the list."""
    found: list[str] = []
    for area in areas:
        for mutant in area.mutants:
            try:
                mutated(mutant, root)
            except ListError as error:
                found.append(str(error))
        tests = {test for tests in (*area.stages, *(mutant.tests for mutant in area.mutants)) for test in tests}
        found += [f"{area.name}: there is no {test}" for test in sorted(tests) if not (root / test).exists()]
    return found


@dataclass(slots=True)
class Laboratory:
    """A copy of the project in which one file at a time is changed."""

    root: Path
    _usual_s: dict[tuple[str, ...], float | None] = field(default_factory=dict)
    _time_ns: int = 0
    _nursery: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, self.root / name)
        self._time_ns = time.time_ns()
        code = "import scraper; print(scraper.__file__)"
        found = subprocess.run(
            [sys.executable, "-c", code], cwd="/", env=self._environment(), capture_output=True, text=True, check=True
        )
        if not found.stdout.startswith(str(self.root)):
            raise ListError(f"the tests would run {found.stdout.strip()}, which is not the copy")

    def _environment(self) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # it is a copy
        return given | {"PYTHONPATH": str(self.root), "KLIPING_MUTANT": "1"}

    def fate(self, mutant: Mutant, stages: Sequence[tuple[str, ...]]) -> Fate:
        """Run the stages until one notices the change."""
        path = self.root / mutant.file
        changed, source = mutated(mutant, self.root), path.read_text("utf-8")
        fate, began = Fate(mutant=mutant), time.monotonic()
        first = (mutant.tests,) if mutant.tests else ()
        for stage in (*first, *(stage for stage in stages if stage != mutant.tests)):
            if (usual_s := self._usual(stage)) is None:
                continue
            limit = max(_AT_LEAST_S, _SLOWER * usual_s)
            self._write(path, changed)
            try:
                fate.killed_by = self._run(stage, limit)
            finally:
                self._write(path, source)
            if fate.killed_by is not None:
                break
        fate.seconds = time.monotonic() - began
        return fate

    def _usual(self, stage: tuple[str, ...]) -> float | None:
        """Seconds that a stage takes without a change; None if it fails twice, since its result then means nothing."""
        if stage not in self._usual_s:
            for _ in range(2):
                began = time.monotonic()
                failed = self._run(stage, 3_600.0)
                if failed is None:
                    break
                print(f"{failed} fails without any change", file=sys.stderr, flush=True)
            self._usual_s[stage] = time.monotonic() - began if failed is None else None
        return self._usual_s[stage]

    def _write(self, path: Path, text: str) -> None:
        self._time_ns += _TICK_NS
        path.write_text(text, "utf-8")
        os.utime(path, ns=(self._time_ns, self._time_ns))

    def _run(self, tests: Sequence[str], limit_s: float) -> str | None:
        """The first test that fails, "hang" if none ends in time; None if all pass."""
        if self._nursery is None or self._nursery.poll() is not None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-c", NURSERY, *self._libraries()],
                cwd=self.root,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        arguments = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--no-header", "-W", _QUIET, *tests]
        self._nursery.stdin.write(json.dumps([limit_s, arguments]) + "\n")
        self._nursery.stdin.flush()
        code, output = json.loads(self._nursery.stdout.readline())
        if code is None:
            return "hang"
        if code == 0:
            return None
        failed = [line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        return failed[0].split(" ")[1] if failed else f"exit {code}: {output[-300:]}"

    def _libraries(self) -> list[str]:
        """The tests' imports that are not ours: they need not be loaded again for each mutant."""
        code = f"import sys, {', '.join(_LOADED)}; print(*(name for name in sys.modules if name.split('.')[0] not in {_OURS!r}))"
        found = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.root,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return found.stdout.split()

    def close(self) -> None:
        """End the process that the tests are run from."""
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.communicate()


def survivors(path: Path) -> set[tuple[str, str, str]]:
    """(file, text, instead) of what nothing noticed in an earlier run."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    killed = {(line["file"], line["text"], line["instead"]): line["killed_by"] for line in lines}
    return {mutant for mutant, killer in killed.items() if killer is None}


def chosen(
    areas: Iterable[Area], names: Sequence[str], only: str, again: set[tuple[str, str, str]] | None = None
) -> list[Area]:
    """The areas of these names (all if there are none), with the mutants whose file or meaning matches `only`, and that
    are in `again`.
    """
    found = []
    for area in areas:
        mutants = tuple(
            each
            for each in area.mutants
            if re.search(only, f"{each.file} {each.breaks}")
            and (not names or area.name in names)
            and (again is None or (each.file, each.text, each.instead) in again)
        )
        if mutants:
            found.append(Area(name=area.name, stages=area.stages, mutants=mutants))
    return found


def table(fates: Sequence[Fate]) -> str:
    """Tried and killed by area, then every survivor."""
    tried, killed, spared = (
        Counter(fate.mutant.area for fate in fates if test(fate))
        for test in (
            lambda _: True,
            lambda fate: fate.killed_by,
            lambda fate: not fate.killed_by and fate.mutant.spared,
        )
    )
    lines = ["| area | tried | killed | spared | survived |", "|---|---|---|---|---|"]
    for name in (*sorted(tried), ""):
        counts = [counted[name] if name else counted.total() for counted in (tried, killed, spared)]
        lines.append(f"| {name or 'all'} | {counts[0]} | {counts[1]} | {counts[2]} | {counts[0] - sum(counts[1:])} |")
    for fate in fates:
        if fate.killed_by is None:
            mutant = fate.mutant
            lines.append(f"\n{'spared' if mutant.spared else 'SURVIVED'}: {mutant.file}: {mutant.breaks}")
            lines.append(f"  {mutant.text!r} -> {mutant.instead!r}" + (f" ({mutant.spared})" if mutant.spared else ""))
    return "\n".join(lines)


def _stages(text: str) -> tuple[int, int]:
    first, _, last = text.rpartition(":")
    return int(first or 1) - 1, int(last or 99)


def main() -> int:
    """The exit code: 1 if a mutant survives that is not spared, 2 if the list does not match the code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--area", action="append", default=[], help="one file of the list; may be repeated")
    parser.add_argument("--only", default="", help="a pattern: mutants whose file or meaning matches")
    parser.add_argument("--stages", default="1:", help="stages of tests: 2 are the first two, 3: all from the third on")
    parser.add_argument("--again", type=Path, help="a file of --json: only what survived there")
    parser.add_argument("--check", action="store_true", help="only whether the list fits the code")
    parser.add_argument("--json", type=Path, help="a file for what became of each, a line each")
    given = parser.parse_args()
    areas, (first, last) = read_list(), _stages(given.stages)
    again = survivors(given.again) if given.again else None
    if wrong := misfits(areas):
        print(*wrong, sep="\n", file=sys.stderr)
    if given.check:
        print(
            f"{sum(len(area.mutants) for area in areas)} mutants in {len(areas)} areas, {len(wrong)} that do not fit the code"
        )
        return 2 if wrong else 0
    fates: list[Fate] = []
    with tempfile.TemporaryDirectory(prefix="kliping-mutants-") as directory:
        laboratory = Laboratory(Path(directory).resolve())
        for area in chosen(areas, given.area, given.only, again):
            for mutant in area.mutants:
                if any(each.startswith(mutant.where) for each in wrong):
                    continue
                fate = laboratory.fate(mutant, area.stages[first:last])
                fates.append(fate)
                print(
                    f"{fate.seconds:6.1f} s  {mutant.file}: {mutant.breaks}: {fate.killed_by or 'SURVIVED'}",
                    file=sys.stderr,
                    flush=True,
                )
                if given.json:
                    with given.json.open("a", encoding="utf-8") as file:
                        line = asdict(mutant) | {"killed_by": fate.killed_by, "seconds": round(fate.seconds, 1)}
                        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        laboratory.close()
    print(table(fates))
    if wrong:
        return 2
    return 1 if any(fate.killed_by is None and not fate.mutant.spared for fate in fates) else 0


if __name__ == "__main__":
    sys.exit(main())
