"""`kliping serve`: the archive as web pages."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta
from pathlib import Path

import click

from scraper.cli.options import archive_option
from scraper.cli.output import say


@click.command("serve")
@click.argument("file", metavar="[ARCHIVE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host name to answer to, such as a proxy's; may be repeated. By default the server answers only to"
    " localhost and the address it listens on, so that no web page can read the archive through your browser.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option(
    "--live/--snapshot",
    default=False,
    show_default=True,
    help="Serve the archive itself as a crawl writes it, or a verified copy that is renewed.",
)
@click.option(
    "--renew",
    type=click.IntRange(0),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="Minutes between two copies; 0 for never.",
)
@click.option("--sql", "allow_sql", is_flag=True, help="Let readers write their own SQL.")
@click.option(
    "--memory",
    type=click.IntRange(0),
    default=2048,
    show_default=True,
    metavar="MIB",
    help="Maximum memory of each server process; 0 for no limit.",
)
@archive_option
def serve_command(
    file: Path | None,
    host: str,
    allow_hosts: tuple[str, ...],
    port: int,
    renew: int,
    memory: int,
    path: Path,
    *,
    live: bool,
    allow_sql: bool,
) -> None:
    """Show an archive in a web browser: search, read, count, download.

    By default kliping serves a verified copy, read-only, to this machine alone (127.0.0.1), and
    readers cannot write their own SQL. Needs the extra [serve]:
    pip install 'kliping[serve]'. Ctrl-C ends it (exit status 130).

    \b
    Example:
      kliping serve
      kliping serve kliping.db --port 8080 --renew 15
      kliping serve --host 0.0.0.0 --allow-host kliping.example.ac.id
    """
    if importlib.util.find_spec("datasette") is None:
        raise click.UsageError("kliping serve needs Datasette: pip install 'kliping[serve]'")
    from scraper.serve.app import COPIED_FIRST, ServeOptions, serve  # noqa: PLC0415  (an extra)

    options = ServeOptions(
        host=host,
        allow_hosts=allow_hosts,
        port=port,
        live=live,
        allow_sql=allow_sql,
        renew_after=timedelta(minutes=renew) if renew else None,
        memory_mib=memory,
    )
    where = file or path
    if not live and where.exists() and (size := where.stat().st_size) > COPIED_FIRST:
        say(
            f"kliping: the archive itself is shown until it is copied and checked ({size / (1 << 30):.1f} GiB; --live does without)"
        )
    number = serve(where, options, on_ready=lambda address: say(f"kliping: {address}  (Ctrl-C ends it)"))
    sys.exit(128 + number if number else 0)
