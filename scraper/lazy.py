"""Packages that offer names from their modules, each module loaded when one of its names is first used.

Such a package offers what it imports under TYPE_CHECKING, for readers, type checkers and this module alike: a search
loads what a search needs, not the tables of the crawler and the importer.
"""

from __future__ import annotations

import ast
import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Room(ModuleType):
    """A package whose offered names may equal the names of their modules: the name then stands for the offered object."""

    _offers: dict[str, tuple[str, str]]

    def __getattr__(self, name: str) -> Any:
        try:
            module, own = self._offers[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
        found = getattr(import_module(module), own)
        self.__dict__[name] = found  # looked up only once
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._offers and isinstance(value, ModuleType):
            return  # the import system sets every module it loads as an attribute of its package
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._offers})


def offer(room: str) -> None:
    """Let a package (its __init__ calls this) offer the names that it imports under TYPE_CHECKING."""
    module = sys.modules[room]
    assert module.__spec__ is not None  # noqa: S101  (it is being imported)
    source = module.__spec__.loader.get_source(room)  # type: ignore[union-attr]
    offers = {
        alias.asname or alias.name: (statement.module, alias.name)
        for block in ast.parse(source).body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }
    module.__dict__.update(_offers=offers, __all__=sorted(offers))
    module.__class__ = _Room


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Make the import of these modules fail if they are not loaded yet, as if not installed: for what a library uses
    only optionally.
    """
    absent = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(absent))  # None marks a module as missing
    try:
        yield
    finally:
        for name in absent:
            modules.pop(name, None)
