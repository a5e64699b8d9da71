"""The compiled part, if it could be built: the walk through a page and its texts, in C. Without it kliping does the
same, but more slowly.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

PURE = "KLIPING_PURE"  # set to anything, it turns the compiled part off
_INTERFACE = 3


def _loaded() -> tuple[ModuleType | None, str | None]:
    if os.environ.get(PURE):
        return None, f"{PURE} is set"
    try:
        from scraper.native import _walk  # noqa: PLC0415  (it may not be there)
    except ModuleNotFoundError:
        return None, "it was not built"
    except (ImportError, ValueError) as error:  # selectolax's nodes differ from those it was written for
        return None, str(error)
    return (_walk, None) if _walk.INTERFACE == _INTERFACE else (None, "it was built for another version")


compiled, why_not = _loaded()  # the module or None, and why there is none
