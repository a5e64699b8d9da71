"""Ctrl-C during work that runs no Python: the signal leaves a trace that can be seen without running any."""

from __future__ import annotations

import os
import select
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_heard: list[Callable[[], Any]] = []


def hear() -> None:
    """Notice signals from now on; call it in the main thread of a program of ours. Does nothing where there is no poll
    (Windows).
    """
    if _heard or not hasattr(select, "poll"):
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    waiting = select.poll()
    waiting.register(reading, select.POLLIN)
    _heard.append(partial(waiting.poll, 0))


def heard() -> Callable[[], Any] | None:
    """A function that reports, without running Python, whether a signal came (any true value). None if nobody listens.

    Python runs a signal's handler only between two of its own steps. A library that calls this and stops lets the
    handler run and raise.
    """
    return _heard[0] if _heard else None
