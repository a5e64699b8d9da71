"""`kliping completion` and `manual`: what a shell and `man` need to know about the command itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from scraper import __version__
from scraper.cli.output import put

if TYPE_CHECKING:
    from collections.abc import Iterator

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands and options with the tab key.

    \b
    Example:
      echo 'eval "$(kliping completion bash)"' >> ~/.bashrc
      kliping completion fish > ~/.config/fish/completions/kliping.fish
    """
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101  (SHELLS are click's own)
    put(made(ctx.find_root().command, {}, "kliping", "_KLIPING_COMPLETE").source())


@click.command("manual")
@click.pass_context
def manual_command(ctx: click.Context) -> None:
    """Print the manual page, with the help of every command.

    \b
    Example:
      kliping manual > ~/.local/share/man/man1/kliping.1 && man kliping
      kliping manual | man -l -
    """
    for line in _page(ctx.find_root()):
        put(line)


def _page(root: click.Context) -> Iterator[str]:
    group = root.command
    assert isinstance(group, click.Group)  # noqa: S101  (the root is one)
    yield f'.TH KLIPING 1 "" "kliping {__version__}"'
    yield from (".SH NAME", "kliping \\- keep a region's news", ".SH SYNOPSIS", "kliping COMMAND [OPTIONS] [ARGUMENTS]")
    for names, command, context in _commands(root, group, ()):
        yield f'.SH "{" ".join(("kliping", *names)).upper()}"'
        yield ".nf"
        yield from (_roff(line) for line in command.get_help(context).splitlines())
        yield ".fi"


def _commands(
    context: click.Context, command: click.Command, names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command, click.Context]]:
    yield names, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _commands(click.Context(inner, parent=context, info_name=name), inner, (*names, name))


def _roff(line: str) -> str:
    """A line of text that roff takes literally: a dot or quote at its beginning would be a request."""
    text = line.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text)
