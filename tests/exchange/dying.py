"""Work on shards that dies like a process killed by the system."""

from __future__ import annotations

import os
import signal
from pathlib import Path  # noqa: TC003


def lose_a_worker_once(mark: Path) -> str:
    """The name; of one that ends in .dies only the second time."""
    if mark.suffix == ".dies" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.name


def dies(_shard: int) -> int:
    """Never comes back."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0
