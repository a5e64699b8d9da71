"""The command as a person runs it, in a new process each time, but without the half second that loading takes.

A server that has loaded every command once makes a copy of itself for each call (multiprocessing's forkserver): what a call
changes in memory, such as site definitions of one's own, is gone with it.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.command_loaded"])


def kliping(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `kliping` with these arguments in the project's directory."""
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory) / name for name in ("stdin", "stdout", "stderr")]
        files[0].write_bytes(stdin)
        process = _CONTEXT.Process(
            target=_run, args=(arguments, os.environ | (env or {}), [str(file) for file in files])
        )
        process.start()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(arguments, process.exitcode, files[1].read_bytes(), files[2].read_bytes())


def _run(arguments: tuple[str, ...], environment: dict[str, str], files: list[str]) -> None:
    """In the new process: the three streams are files, as `>` makes them."""
    for number, (file, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        descriptor = os.open(file, flags | os.O_CREAT, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["kliping", *arguments]
    from scraper.cli import main  # noqa: PLC0415

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
