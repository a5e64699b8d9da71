"""What coders are asked: a TOML file with instructions, and for each variable its question, level and values."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.analysis.agreement import LEVELS, Level
from scraper.errors import CodingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = re.compile(r"[^\W\d]\w{0,39}\Z")
_KEYS = frozenset({"ask", "level", "values"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing to code. `values` are the codes with their meanings, in order; empty: any text (or number)."""

    name: str
    ask: str = ""
    level: Level = "nominal"
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """Everything that coders are told."""

    instructions: str = ""
    variables: tuple[Variable, ...] = (Variable(name="code"),)

    def variable(self, name: str) -> Variable:
        """The variable of this name; one that is not described is nominal and takes any value."""
        return next((each for each in self.variables if each.name == name), Variable(name=name))


def read_codebook(path: Path) -> Codebook:
    """The codebook in a file. Raises CodingError, which names the file and the error."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodingError(f"{path}: {error}") from error
    instructions = found.pop("instructions", "")
    if not isinstance(instructions, str):
        raise CodingError(f"{path}: instructions must be a text")
    variables = tuple(_variable(path, name, value) for name, value in found.items())
    if not variables:
        raise CodingError(f"{path}: no variable: write [topic], then ask = '…' and values = ['…', '…']")
    return Codebook(instructions=instructions, variables=variables)


def _variable(path: Path, name: str, value: Any) -> Variable:
    where = f"{path}: [{name}]"
    if not _NAME.match(name):
        raise CodingError(f"{where}: a variable's name has letters, digits and _, and begins with a letter")
    if not isinstance(value, dict):
        raise CodingError(f"{path}: {name} is not a table: [{name}], then ask = '…'")
    if strays := sorted(set(value) - _KEYS):
        raise CodingError(f"{where} has {strays[0]!r}; known are {', '.join(sorted(_KEYS))}")
    level = value.get("level", "nominal")
    if level not in LEVELS:
        raise CodingError(f"{where}: level must be one of {', '.join(LEVELS)}")
    values = value.get("values", {})
    if isinstance(values, list):
        values = dict.fromkeys(map(str, values), "")
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise CodingError(f"{where}: values must be a list, or a table of codes with their meanings")
    ask = value.get("ask", "")
    if not isinstance(ask, str):
        raise CodingError(f"{where}: ask must be a text")
    return Variable(name=name, ask=ask, level=level, values=values)
