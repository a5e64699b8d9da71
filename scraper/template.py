"""Addresses with placeholders that a definition writes in braces: known names only, and never their attributes. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# {name}, or {name:02d} for a number with that many digits; str.format would also accept {name.__class__} and
# {name:99999999999}.
_GAP = re.compile(r"\{(?P<name>[a-z_]+)(?::0?(?P<width>[1-9])d?)?\}")


def fault(pattern: str, names: Collection[str]) -> str | None:
    """What is wrong with the placeholders of a pattern, given the allowed names; None if nothing is."""
    unknown = next((gap[0] for gap in _GAP.finditer(pattern) if gap["name"] not in names), None)
    left = _GAP.sub("", pattern)
    if unknown is None and "{" not in left and "}" not in left:
        return None
    return f"has a placeholder that is none of {{{'}, {'.join(names)}}}, or written otherwise"


def filled(pattern: str, values: Mapping[str, object]) -> str:
    """The pattern with its placeholders filled; KeyError for one that has no value."""
    return _GAP.sub(lambda gap: str(values[gap["name"]]).zfill(int(gap["width"] or 1)), pattern)
