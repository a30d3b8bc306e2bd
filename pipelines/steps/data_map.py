"""The data map: what every contract's columns are, and what becomes of them."""

from pathlib import Path

from data_contracts import INPUTS, OUTPUTS, load_contract, load_standard
from insight.contract import Contract
from insight.data_map import (
    HEADINGS,
    LEGEND,
    MapSection,
    data_map_text,
    input_section,
    output_section,
)
from insight.errors import InsightError
from models import EVENT_TABLES, Event
from pipelines.edge.sheets import Cell, Sheet, write_workbook
from pipelines.settings import Settings

ENDINGS = (".md", ".xlsx")
FOLDERS = {
    "scorecard": ("performance", "senior-leadership"),
    "public_scorecard": ("public",),
    "satisfaction": ("service-managers", "planning"),
    "complaint_figures": ("service-managers",),
    "demand": ("service-managers",),
    "service_figures": ("service-managers",),
    "form_gaps": ("service-managers",),
    "complaints_due": ("now/complaints-officer",),
    "cases_past_standard": ("customer-services", "now/customer-services", "now/recovery-..."),
    "recovery_weeks": ("now/recovery-...",),
    "enquiry_topics": ("service-managers",),
    "waits": ("planning", "customer-services"),
    "hotspots": ("wardens",),
    "row_account": ("performance",),
}
_WIDTHS = (20, 50, 16, 36, 32, 36)


class DataMapError(InsightError):
    """The data map can't be written."""


def data_map(settings: Settings | None) -> list[MapSection]:
    """Map every input and output, with a council's periods and lawful bases where given."""
    days = settings.retention_days if settings else {}
    bases = settings.lawful_basis if settings else {}
    sections = []
    for name in INPUTS:
        contract, table = load_contract(name), EVENT_TABLES[name]
        ours = {*contract.column_names, *Event.model_fields}
        derived = {
            field: info.description or ""
            for field, info in table.model_fields.items()
            if field not in ours
        }
        section = input_section(
            contract,
            purpose=_purpose(contract),
            table=str(table.__tablename__),
            derived=derived,
            retention_days=days.get(name, contract.retention_days),
            lawful_basis=bases.get(name, ""),
        )
        sections.append(section)
    for name in OUTPUTS:
        contract = load_contract(name)
        sections.append(output_section(contract, purpose=_purpose(contract), folders=FOLDERS[name]))
    return sections


def data_map_markdown(settings: Settings | None) -> str:
    """Return the map as Markdown."""
    return data_map_text(_title(settings), data_map(settings))


def write_data_map(settings: Settings, to: Path) -> None:
    """Write the map to a file that ends in .md or .xlsx, in place of an earlier one.

    Raises
    ------
    DataMapError
        If the file has another ending or can't be written.
    """
    if to.suffix.lower() not in ENDINGS:
        message = f"{to.name}: name a file that ends in .md or .xlsx."
        raise DataMapError(message)
    whole = (
        data_map_markdown(settings).encode() if to.suffix.lower() == ".md" else _workbook(settings)
    )
    try:
        to.write_bytes(whole)
    except OSError as error:
        message = f"{to} can't be written ({error.strerror}). Close it where it is open."
        raise DataMapError(message) from error


def _title(settings: Settings | None) -> str:
    return f"{settings.name}: data map" if settings else "Data map"


def _purpose(contract: Contract) -> str:
    described = load_standard(contract.name).description
    if described is None:
        return contract.title
    return ". ".join(each for each in (described.purpose, described.usage) if each)


def _workbook(settings: Settings) -> bytes:
    sections = data_map(settings)
    about = Sheet(
        "Inputs and outputs",
        _title(settings),
        LEGEND,
        (("Contract", 20), ("Purpose", 70), ("Lawful basis", 40), ("Recipients", 40)),
        [
            [
                Cell(each.contract),
                Cell(each.purpose),
                Cell(each.lawful_basis),
                Cell(each.recipients),
            ]
            for each in sections
        ],
    )
    columns = Sheet(
        "Columns",
        "Every column, and what becomes of it",
        ("One row is one column of one contract.",),
        (("Contract", 20), *zip(HEADINGS, _WIDTHS, strict=True)),
        [
            [Cell(section.contract), *(Cell(text) for text in row.cells)]
            for section in sections
            for row in section.rows
        ],
    )
    return write_workbook([about, columns], title=_title(settings), author=settings.name)
