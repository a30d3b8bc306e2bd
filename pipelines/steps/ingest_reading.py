"""Read files of one source under its contract and mapping, as far as the contract's own names."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from sqlmodel import col, select

from data_contracts import load_contract
from insight.contract import Contract
from insight.errors import MissingColumnsError
from insight.heading_spelling import headings_as_named
from insight.headings import likely_columns
from insight.layout import NO_LAYOUT, Layout
from insight.mapping import Mapped, Mapping, apply_mapping, identity_mapping
from insight.office_values import rewrite_office_values
from models import SourceFile
from pipelines.edge.files import load_members, rows_in
from pipelines.edge.mail_files import usual_rows
from pipelines.edge.mappings import read_mapping, reading_hash
from pipelines.edge.raw_table import FileContent
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source


@dataclass(frozen=True, slots=True)
class Way:
    """How one source's files are read: its contract, its mapping if any, and a hash of both.

    `mapping_file` is where the mapping stands, where a person named one for this once.
    """

    source: Source
    contract: Contract
    mapping: Mapping | None
    reading_hash: str
    mapping_file: str | None = None

    @property
    def layout(self) -> Layout:
        """Where the table lies in a file, as far as the mapping says."""
        return self.mapping.layout if self.mapping else NO_LAYOUT


@dataclass(frozen=True, slots=True)
class Reading:
    """One file's rows under the contract's names, and what is to be remembered of the file."""

    path: Path
    name: str
    sha256: str
    headings: tuple[str, ...]
    mapped: Mapped
    mapping: Mapping
    notes: tuple[str, ...]


def way_of(
    workspace: Workspace, source: Source, mapping: Mapping | None, mapping_file: Path | None = None
) -> Way:
    """Return how the files of `source` are read; `mapping` goes before the source's own.

    Raises
    ------
    InsightError
        If the mapping file cannot be used or names no contract of ours.
    """
    if mapping is None and source.mapping is not None:
        mapping = read_mapping(workspace.root / source.mapping)
    contract = load_contract(
        mapping.contract if mapping else source.contract, workspace.settings.synonyms
    )
    told = None if mapping_file is None else str(mapping_file.absolute())
    under = reading_hash(mapping, workspace.settings.synonyms)
    return Way(source, contract, mapping, under, told)


def known_files(workspace: Workspace, way: Way) -> dict[str, tuple[str, int]]:
    """Return name and rows, by hash, of the source's files that were read in this very way."""
    query = select(SourceFile.file_hash, SourceFile.name, SourceFile.rows_read).where(
        col(SourceFile.source) == way.source.name,
        col(SourceFile.contract_version) == way.contract.version,
        col(SourceFile.mapping_hash) == way.reading_hash,
    )
    with workspace.engine.connect() as connection:
        return {sha256: (name, rows) for sha256, name, rows in connection.execute(query)}


def contents_of(path: Path, way: Way) -> list[FileContent]:
    """Return the file at `path`, or each file of the archive or sheet of the workbook that it is.

    Raises
    ------
    ReadError
        If it can't be opened.
    """
    return load_members(path, layout=way.layout)


def read_content(path: Path, content: FileContent, way: Way) -> Reading:
    """Return the file's rows under the names of its contract.

    Raises
    ------
    InsightError
        If it is no table, or lacks a column that the mapping or the contract needs.
    """
    named = way.mapping.file_headings if way.mapping else way.contract.column_names
    raw = rows_in(content, sheet=way.source.sheet, layout=way.layout, expected=named)
    frame = headings_as_named(raw.frame, named) if way.mapping else raw.frame
    headings = tuple(map(str, frame.columns))
    names = way.contract.column_names
    own = identity_mapping(way.contract.name, names, list(headings))
    own = replace(own, where=usual_rows(headings))
    mapping = way.mapping or own
    if not mapping.columns and mapping.unpivot is None:
        # The headings are the contract's own.
        mapping = replace(mapping, columns=own.columns, where=mapping.where or own.where)
    mapped = apply_mapping(
        frame,
        mapping,
        row_numbers=raw.row_numbers,
        allowed_columns=names,
        where=content.name,
    )
    needed = {column.name for column in way.contract.columns if column.required}
    if missing := needed - set(mapped.frame.columns):
        unclaimed = [head for head in headings if head not in set(mapping.file_headings)]
        likely = likely_columns(sorted(missing), unclaimed)
        raise MissingColumnsError(missing, content.name, likely, headings)
    rewritten = rewrite_office_values(
        mapped.frame,
        way.contract,
        dates=mapping.dates,
        serial_dates=way.layout.serial_dates or raw.serial_dates,
    )
    mapped = replace(mapped, frame=rewritten.frame)
    notes = (*raw.notes, *rewritten.notes)
    return Reading(path, content.name, raw.sha256, headings, mapped, mapping, notes)


def together(readings: list[Reading]) -> Mapped:
    """Return the rows of several files as one table, in the files' order."""
    if len(readings) == 1:
        return readings[0].mapped
    parts = [reading.mapped for reading in readings]
    return Mapped(
        pd.concat([part.frame for part in parts], ignore_index=True).astype("string"),
        pd.concat([part.row_numbers for part in parts], ignore_index=True),
        pd.concat([part.origins for part in parts], ignore_index=True),
        sum(part.rows_read for part in parts),
        sum(part.filtered for part in parts),
    )
