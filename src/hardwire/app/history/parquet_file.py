"""Rows of a device's past as Apache Parquet, with typed columns; needs the package pyarrow."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from hardwire.app.history.pages import Column, Row
from hardwire.app.history.rows import time_name

# So much is held in memory before it is written.
GROUP_ROWS = 65_536


class ParquetFile:
    """Writes one group of rows after another. A context: the file is whole when it ends."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column], about: Mapping[str, str]) -> None:
        """`about` becomes metadata of the file; each column tells its unit and label in metadata of its own."""
        self._names = [column.name for column in columns]
        fields = [pa.field(time_name(self._names), pa.timestamp("ms", tz="UTC"), nullable=False)]
        fields += [pa.field(one.name, pa.float64(), metadata={"unit": one.unit, "label": one.label}) for one in columns]
        self._schema = pa.schema(fields, metadata={f"hardwire.{name}": text for name, text in about.items()})
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def __enter__(self) -> "ParquetFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None and self._rows:
            self._write(self._rows)
        self._writer.close()

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows as soon as they make a group."""
        self._rows.extend(rows)
        while len(self._rows) >= GROUP_ROWS:
            self._write(self._rows[:GROUP_ROWS])
            self._rows = self._rows[GROUP_ROWS:]

    def _write(self, rows: Sequence[Row]) -> None:
        arrays = [pa.array([datetime.fromisoformat(row.at) for row in rows], self._schema.field(0).type)]
        arrays += [pa.array([row.values.get(name) for row in rows], pa.float64()) for name in self._names]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
