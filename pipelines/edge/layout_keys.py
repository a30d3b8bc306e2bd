"""The keys that a mapping file's `layout:` may have."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from insight.layout import Layout

Text = Annotated[str, Field(min_length=1, max_length=1000)]


class LayoutKeys(BaseModel):
    """What a person may say of where the table lies; see `Layout` for what each key means."""

    model_config = ConfigDict(extra="forbid")

    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    heading_rows: Annotated[int, Field(ge=1, le=2)] | None = None
    table: Annotated[int, Field(ge=1, le=1000)] | Text = 1
    sheets: Text | Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    sheet_column: Text | None = None
    totals: Literal["drop", "anywhere", "keep"] = "drop"
    records: Text | None = None
    serial_dates: Literal["1900", "1904", "never"] | None = None

    @field_validator("table", mode="before")
    @classmethod
    def _number_or_heading(cls, table: object) -> object:
        # A mapping's values are text, whatever YAML thinks of them.
        return int(table) if isinstance(table, str) and table.strip().isdecimal() else table

    def plain(self) -> Layout:
        """Return it as the readers take it."""
        return Layout(**self.model_dump())
