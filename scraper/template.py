"""Addresses with gaps that a definition writes in braces: only the names that are known, and never what stands behind them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# {name}, or {name:02d} for a number of so many digits; str.format would take {name.__class__} and {name:99999999999}, too.
_GAP = re.compile(r"\{(?P<name>[a-z_]+)(?::0?(?P<width>[1-9])d?)?\}")


def fault(pattern: str, names: Collection[str]) -> str | None:
    """What is wrong with the gaps of a pattern that may have these; None for nothing."""
    unknown = next((gap[0] for gap in _GAP.finditer(pattern) if gap["name"] not in names), None)
    left = _GAP.sub("", pattern)
    if unknown is None and "{" not in left and "}" not in left:
        return None
    return f"has a placeholder that is none of {{{'}, {'.join(names)}}}, or written otherwise"


def filled(pattern: str, values: Mapping[str, object]) -> str:
    """The pattern with its gaps filled; KeyError for one that has no value."""
    return _GAP.sub(lambda gap: str(values[gap["name"]]).zfill(int(gap["width"] or 1)), pattern)
