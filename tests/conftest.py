"""No test reaches beyond this machine, and tests keep their files in memory if there is enough."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest

MEMORY = Path("/dev/shm")  # noqa: S108  (Linux: a directory in memory)
NEEDED_BYTES = 2 << 30


def _is_free() -> bool:
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES


# Each commit of an archive waits for the disk, thousands of times in a run of the tests. What is promised of a disk (an order
# of writes, kill -9) is the same in memory; only a power cut would tell the two apart.
if "TMPDIR" not in os.environ and _is_free():
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)  # the second, since pytest has asked already


# The tests start hundreds of processes. Where none may leave compiled files beside the source, they share those of one place.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parent.parent / ".pytest_cache" / "compiled")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# No time is promised of an example, which a busy machine makes slow; a thorough run asks for more of them.
hypothesis.settings.register_profile(
    "kliping", deadline=None, max_examples=int(os.environ.get("KLIPING_TEST_EXAMPLES", "40"))
)
hypothesis.settings.load_profile("kliping")


# Files of tests that take the longest, first of all: a long one at the end would leave the other processes with nothing to do.
LONGEST = (
    "test_patterns.py", "crawl/test_season.py", "crawl/test_faults.py", "crawl/test_kill.py", "cli/test_fixture.py",
    "serve/test_browser.py", "crawl/test_endurance.py", "crawl/test_readers.py", "exchange/test_shards.py", "archive/test_hostile.py",
)  # fmt: skip


gc.disable()  # what is collected stays until the end: looking for garbage in it took a fifth of the collection


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: one more than there are processors, since many tests wait for a server, a process or a limit."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):  # by their number of tests, which says little
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
