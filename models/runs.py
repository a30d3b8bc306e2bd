"""Where everything came from: files, refused rows, runs and fitted models."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import UtcTime, moment, run_detail


class SourceFile(SQLModel, table=True):
    """One file, known by its contents, and what became of each of its rows.

    ``rows_read = accepted + quarantined + duplicates + filtered``.
    """

    __tablename__ = "source_file"

    source: str = Field(primary_key=True, description="Name of the source in the settings")
    file_hash: str = Field(primary_key=True, description="SHA-256 of the file")
    name: str = Field(description="Name of the file, without its folder")
    contract: str = Field(description="Contract that it was held against")
    contract_version: str = Field(description="Version of that contract")
    mapping_hash: str | None = Field(default=None, description="SHA-256 of the mapping used")
    rows_read: int = Field(sa_type=BigInteger, description="Rows in the file")
    accepted: int = Field(sa_type=BigInteger, description="Rows stored, corrections included")
    quarantined: int = Field(sa_type=BigInteger, description="Rows refused")
    duplicates: int = Field(sa_type=BigInteger, description="Rows that were already there")
    filtered: int = Field(sa_type=BigInteger, description="Rows that the mapping leaves out")
    corrections: int = Field(sa_type=BigInteger, description="Accepted rows that replaced another")
    first_event: datetime | None = moment("Earliest event in the file")
    last_event: datetime | None = moment("Latest event in the file")
    headings: str | None = Field(default=None, description="The file's own headings, as JSON")
    location: str | None = run_detail("Where the file lay when it was read", default=None)
    mapping_file: str | None = run_detail("Mapping file it was read with", default=None)
    run_id: str = run_detail("Run that read it")
    ingested_at: datetime = run_detail("When it was read", sa_type=UtcTime)


class QuarantinedRow(SQLModel, table=True):
    """One rule that one row broke.

    A row that left quarantine is kept with its `resolution`, so that open and resolved can be
    told. The digest takes the open ones only: how a store came to be right is not what it holds.
    """

    __tablename__ = "quarantined_row"
    __table_args__ = {"info": {"digest_rows": {"resolution": ""}}}

    source: str = Field(primary_key=True, description="Name of the source in the settings")
    file_hash: str = Field(primary_key=True, description="SHA-256 of the file")
    row_number: int = Field(
        primary_key=True, sa_type=BigInteger, description="Row in the file; its header is 1"
    )
    column: str = Field(primary_key=True, description="Column at fault; empty for the whole row")
    rule: str = Field(primary_key=True, description="Rule that was broken")
    value: str | None = Field(default=None, description="What stood there, redacted")
    message: str = Field(description="What is wrong and what to do")
    contract: str = Field(description="Contract that the row was held against")
    contract_version: str = Field(description="Version of that contract")
    first_seen: datetime = run_detail("When it was first refused", sa_type=UtcTime)
    resolution: str | None = Field(default=None, description="What became of it; empty while open")


class RefusedFile(SQLModel, table=True):
    """A file that was refused whole; it is still in its inbox, and nothing of it is stored."""

    __tablename__ = "refused_file"
    __table_args__ = {"info": {"digest": False}}

    source: str = Field(primary_key=True, description="Name of the source in the settings")
    name: str = Field(primary_key=True, description="Name of the file, without its folder")
    reason: str = Field(description="Why it was refused and what to do, in one sentence")
    run_id: str = run_detail("Run that refused it")
    refused_at: datetime = run_detail("When it was refused", sa_type=UtcTime)


class PipelineRun(SQLModel, table=True):
    """One run of a flow. When runs happened is no part of the store's contents."""

    __tablename__ = "pipeline_run"
    __table_args__ = {"info": {"digest": False}}

    run_id: str = Field(primary_key=True, description="The run's own id")
    flow: str = Field(description="Name of the flow")
    month: str | None = Field(default=None, description="Month that it ran for, such as 2026-10")
    started_at: datetime = Field(sa_type=UtcTime, index=True, description="When it began")
    finished_at: datetime | None = moment("When it ended; empty while it runs")
    status: str = Field(description="running, completed, failed or stopped")
    summary: str | None = Field(default=None, description="What it did, as JSON")


class ModelRun(SQLModel, table=True):
    """One fitted model: what it learnt from, how well, and the file that holds it."""

    __tablename__ = "model_run"

    name: str = Field(primary_key=True, description="Name of the model, such as enquiry_topics")
    version: str = Field(primary_key=True, description="Version, as in its folder's name")
    data_hash: str = Field(description="SHA-256 of the rows it learnt from")
    artefact_hash: str = Field(description="SHA-256 of the fitted file; others aren't loaded")
    metrics: str | None = Field(default=None, description="Scores, as JSON")
    trained_rows: int = Field(sa_type=BigInteger, description="Rows it learnt from")
    created_at: datetime = run_detail("When it was fitted", sa_type=UtcTime)
