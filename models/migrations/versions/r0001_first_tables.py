"""First tables: events, results and where they came from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS: dict[str, TypeEngine[Any]] = {
    "text": sa.String(),
    "whole": sa.BigInteger(),
    "number": sa.Float(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "moment": sa.DateTime(timezone=True),
}
EVENT_KEY = "source row_key"
EVENT_ORIGIN = "row_hash file_hash row_number:whole run_id"
TABLES = (
    "street_report",
    "enquiry",
    "contact",
    "contact_count",
    "web_count",
    "patrol",
    "case",
    "complaint",
    "comment",
    "survey_response",
    "kpi_return",
    "service",
    "measure",
    "target",
    "result",
    "rebaseline",
    "topic_prediction",
    "topic_review",
    "hotspot",
    "patrol_action",
    "source_file",
    "quarantined_row",
    "refused_file",
    "pipeline_run",
    "model_run",
)


def columns(words: str, *, nullable: bool) -> list[sa.Column[object]]:
    """Return a column for each word: its name and, after a colon, its kind if not text."""
    pairs = [word.partition(":")[::2] for word in words.split()]
    return [sa.Column(name, KINDS[kind or "text"], nullable=nullable) for name, kind in pairs]


def create(table: str, key: str, required: str, optional: str) -> None:
    """Create a table whose key is made of its first columns."""
    op.create_table(
        table,
        *columns(key, nullable=False),
        *columns(required, nullable=False),
        *columns(optional, nullable=True),
        sa.PrimaryKeyConstraint(*(column.name for column in columns(key, nullable=False))),
    )


def index(table: str, *names: str) -> None:
    """Create an index named after its table and columns."""
    op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))


def upgrade() -> None:
    """Create every table of the first version."""
    create(
        "street_report",
        EVENT_KEY,
        EVENT_ORIGIN,
        "report_id reported_at:moment category latitude:number longitude:number "
        "easting:number northing:number crs postcode ward place_note description channel "
        "service reporter status target_at:moment closed_at:moment",
    )
    create(
        "enquiry",
        EVENT_KEY,
        EVENT_ORIGIN,
        "enquiry_id received_at:moment text subject channel service sender thread_id topic",
    )
    create(
        "contact",
        EVENT_KEY,
        EVENT_ORIGIN,
        "contact_id contacted_at:moment channel service customer reason outcome "
        "wait_seconds:whole duration_seconds:whole case_id text",
    )
    create(
        "contact_count",
        EVENT_KEY,
        EVENT_ORIGIN,
        "date:day channel service offered:whole answered:whole abandoned:whole "
        "wait_seconds_mean:number share_within_target:number",
    )
    create(
        "web_count",
        EVENT_KEY,
        EVENT_ORIGIN,
        "date:day page service views:whole form_starts:whole form_completions:whole",
    )
    create(
        "patrol",
        EVENT_KEY,
        EVENT_ORIGIN,
        "patrol_id started_at:moment place minutes:number action found",
    )
    create(
        "case",
        EVENT_KEY,
        EVENT_ORIGIN,
        "case_id service case_type received_at:moment valid_at:moment target_at:moment "
        "extended_to:moment decided_at:moment outcome last_update_sent_at:moment ward "
        "applicant_kind customer",
    )
    create(
        "complaint",
        EVENT_KEY,
        EVENT_ORIGIN,
        "complaint_id received_at:moment service stage regime acknowledged_at:moment "
        "extended_to:moment responded_at:moment outcome refused_reason category ward "
        "channel compensation:number customer description",
    )
    create(
        "comment",
        EVENT_KEY,
        EVENT_ORIGIN,
        "comment_id received_at:moment text service channel kind rating:whole",
    )
    create(
        "survey_response",
        EVENT_KEY,
        EVENT_ORIGIN,
        "response_id survey answered_at:moment question scale answer service case_id "
        "comment ward age_band sex tenure weight:number",
    )
    create(
        "kpi_return",
        EVENT_KEY,
        EVENT_ORIGIN,
        "measure period value:number numerator:number denominator:number commentary entered_by",
    )
    create("service", "code", "name", "head_of_service manager partner lgsl")
    create(
        "measure",
        "code",
        "title family service unit polarity published:flag",
        "aggregation frequency tolerance:number owner definition figure",
    )
    create(
        "target",
        "measure service period",
        "",
        "value:number lower:number upper:number agreed_by agreed_on:day",
    )
    create(
        "result",
        "measure service period breakdown",
        "status run_id computed_at:moment",
        "value:number numerator:number denominator:number lower:number upper:number "
        "base:whole unit target:number rag direction spc commentary commentary_by "
        "definition contract_versions",
    )
    create(
        "rebaseline", "measure service period", "reason agreed_by", "old_status recorded_at:moment"
    )
    create(
        "topic_prediction",
        "source enquiry_id",
        "topic accepted:flag model_version period",
        "confidence:number runner_up",
    )
    create("topic_review", "source enquiry_id reviewer", "topic", "note reviewed_at:moment")
    create(
        "hotspot",
        "period source cell",
        "reports:whole significant:flag crs",
        "easting:number northing:number ward place expected:number score:number "
        "rank:whole p:number q:number z:number evidence cell_m:number",
    )
    create("patrol_action", "period source cell", "recommendation", "reason done done_at:moment")
    create(
        "source_file",
        "source file_hash",
        "name contract contract_version rows_read:whole accepted:whole quarantined:whole "
        "duplicates:whole filtered:whole corrections:whole run_id ingested_at:moment",
        "mapping_hash first_event:moment last_event:moment",
    )
    create(
        "quarantined_row",
        "source file_hash row_number:whole column rule",
        "message contract contract_version first_seen:moment",
        "value resolution",
    )
    create("refused_file", "source name", "reason run_id refused_at:moment", "")
    create(
        "pipeline_run",
        "run_id",
        "flow started_at:moment status",
        "month finished_at:moment summary",
    )
    create(
        "model_run",
        "name version",
        "data_hash artefact_hash trained_rows:whole created_at:moment",
        "metrics",
    )
    index("street_report", "reported_at")
    index("street_report", "reporter")
    index("enquiry", "received_at")
    index("enquiry", "sender")
    index("contact", "case_id")
    index("contact", "contacted_at")
    index("contact", "customer")
    index("contact_count", "date")
    index("web_count", "date")
    index("patrol", "started_at")
    index("case", "case_id")
    index("case", "customer")
    index("case", "decided_at")
    index("case", "received_at")
    index("complaint", "customer")
    index("complaint", "received_at")
    index("comment", "received_at")
    index("survey_response", "answered_at")
    index("survey_response", "case_id")
    index("kpi_return", "measure")
    index("result", "measure", "period")
    index("topic_prediction", "period")
    index("pipeline_run", "started_at")


def downgrade() -> None:
    """Drop every table, and with it every row."""
    for table in TABLES:
        op.drop_table(table)
