"""Rooms that offer what is in their modules, each loaded when a name of it is first asked for.

What such a room imports under TYPE_CHECKING is what it offers, for readers, type checkers and this module alike: a search
loads what a search needs, not the crawler's tables and the importer's.
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
    """A room whose names may be called like the modules they are from: the name stands for what is offered."""

    _offers: dict[str, tuple[str, str]]

    def __getattr__(self, name: str) -> Any:
        try:
            module, own = self._offers[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
        found = getattr(import_module(module), own)
        self.__dict__[name] = found  # asked for once
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._offers and isinstance(value, ModuleType):
            return  # the import system puts every module that is loaded into its package
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._offers})


def offer(room: str) -> None:
    """Let a room (its __init__ calls this) offer the names that it imports under TYPE_CHECKING."""
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
    """Let the import of modules fail that are not loaded yet, as if they were not installed: for what a library only might use."""
    absent = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(absent))  # None stands for a module that there is not
    try:
        yield
    finally:
        for name in absent:
            modules.pop(name, None)
