"""Articles as Arrow and as Parquet, one directory per month: the only importer of pyarrow, which is the extra
`parquet`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import selection
from scraper.archive.ask.selection import Unreadable
from scraper.errors import ExtraMissing
from scraper.exchange.columns import COLUMNS, INTEGER_MEMBERS, row_of, table_schema
from scraper.exchange.export import Exported, identity
from scraper.exchange.forms import Form
from scraper.exchange.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.archive.file.lookup import StoredArticle
    from scraper.exchange.export import ExportOptions, Report
    from scraper.schema import Column

ROWS = 2000  # in a row group: what is in memory at once
NO_MONTH = "unknown"  # pandas cannot read Hive's own name for NULL beside other values
# Readers take the month from the name of the directory; as a column it would appear twice.
FILE_COLUMNS = tuple(column for column in COLUMNS if column.name != "month")


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415  (an extra)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("Parquet", "parquet") from error
    return pa, pq


def schema(columns: Iterable[Column] = FILE_COLUMNS) -> Any:
    """The Arrow schema of these columns, each with its description."""
    pa, _ = _arrow()
    return pa.schema(
        [pa.field(each.name, _type(pa, each), metadata={"description": each.description}) for each in columns]
    )


def arrow_table(articles: Iterable[StoredArticle]) -> Any:
    """These articles as one Arrow table with COLUMNS. Raises ExtraMissing if pyarrow is not installed."""
    pa, _ = _arrow()
    shape, rows = schema(COLUMNS), map(row_of, articles)
    batches = iter(lambda: list(islice(rows, ROWS)), [])
    return pa.Table.from_batches((pa.RecordBatch.from_pylist(batch, schema=shape) for batch in batches), schema=shape)


def _type(pa: Any, column: Column) -> Any:
    if column.type == "objects":
        members = [(name, pa.int64() if name in INTEGER_MEMBERS else pa.string()) for name in column.members]
        return pa.list_(pa.struct(members))
    types = {"integer": pa.int64(), "string": pa.string(), "date": pa.date32()}
    types["datetime"] = pa.timestamp("s", tz="UTC")
    return types.get(column.type) or pa.list_(pa.string())


def export_parquet(db: Archive, options: ExportOptions, report: Report) -> Exported:
    """Export articles to TARGET/month=YYYY-MM/part-0.parquet, by the month of publication in the paper's zone.

    A month is complete or missing; a killed export continues with the month it had reached.
    """
    _arrow()
    work = Work(options.target, identity(db, options), replace=options.replace)
    done = Exported(is_resumed=work.is_resumed)
    done.load(work.state)
    finished = work.state.get("months", [])
    for month in selection.selected_months(db, options.selection):
        if month not in finished:
            path = work.directory / f"month={month or NO_MONTH}" / "part-0.parquet"
            _write_month(path, _rows(db, options, month, done), done, report)
            finished = [*finished, month]
            work.save(months=finished, **done.state())
    work.finish()
    return done


def _rows(db: Archive, options: ExportOptions, month: str | None, done: Exported) -> Iterator[dict[str, Any]]:
    for found in selection.selected_articles(db, options.selection, month=month):
        if isinstance(found, Unreadable):
            done.unreadable.append(found)
        else:
            yield row_of(found)


def _write_month(path: Path, rows: Iterator[dict[str, Any]], done: Exported, report: Report) -> None:
    pa, pq = _arrow()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    with pq.ParquetWriter(unfinished, schema(), compression="zstd") as writer:
        while batch := list(islice(rows, ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema()))
            done.counts["articles"] += len(batch)
            report(done.counts)
    unfinished.replace(path)
    done.counts["months"] += 1


FORM = Form(
    media="application/vnd.apache.parquet",
    file="articles",
    export=export_parquet,
    listed="*/*.parquet",
    about=lambda: {"format": "parquet", "schema": table_schema(COLUMNS, is_text=False)},
)
