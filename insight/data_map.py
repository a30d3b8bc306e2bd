"""The data map of a data protection impact assessment, made from the contracts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insight.contract import Contract, Privacy
from insight.subject_access import kept_for, treatment

RECIPIENTS: Mapping[str, tuple[str, ...]] = {
    "street_reports": ("performance", "wardens"),
    "enquiries": ("performance", "service-managers"),
    "contacts": ("performance", "service-managers"),
    "contact_counts": ("performance", "service-managers"),
    "web_counts": ("performance", "service-managers"),
    "cases": ("performance", "planning", "customer-services"),
    "complaints": ("performance", "service-managers"),
    "comments": ("performance",),
    "surveys": ("performance", "service-managers", "planning"),
    "kpi_returns": ("performance", "senior-leadership", "public"),
    "patrols": ("performance",),
}
"""Whose pages show something that is made of an input."""
NOT_SAID = "To be filled in by the data protection officer"
LEGEND = (
    "Columns of a file that its contract doesn't have are dropped before anything is stored.",
    "Free text is redacted, and who a person is replaced by a keyed pseudonym, before anything is "
    "stored, logged or learnt from. Stored rows are still personal data.",
    "Recipients see figures made of the rows, never the rows; wardens see places. Any measure may "
    "enter the scorecard of senior leadership, and the public one if it is published.",
    "Retention counts from the column named; a case or complaint is kept while it is open. "
    "`insight store purge` carries it out.",
)
HEADINGS = (
    "Column", "What it is", "Classification", "What happens to it", "Stored in", "Retention",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapRow:
    """One column: what it is, what happens to it, where it is kept and how long."""

    column: str
    what: str
    classification: str
    happens: str
    stored: str
    retention: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under `HEADINGS`."""
        return (
            self.column,
            self.what,
            self.classification,
            self.happens,
            self.stored,
            self.retention,
        )


@dataclass(frozen=True, slots=True)
class MapSection:
    """One contract: its purpose, lawful basis and recipients, and its columns."""

    contract: str
    title: str
    purpose: str
    lawful_basis: str
    recipients: str
    rows: tuple[MapRow, ...]


def input_section(
    contract: Contract,
    *,
    purpose: str,
    table: str,
    derived: Mapping[str, str],
    retention_days: int | None,
    lawful_basis: str = "",
) -> MapSection:
    """Map an input.

    Parameters
    ----------
    contract
        The input's contract.
    purpose
        What it is used for.
    table
        The store's table that keeps it.
    derived
        Columns that the table has beside the contract's, with what they are.
    retention_days
        Days that its rows are kept.
    lawful_basis
        As the council's settings say.
    """
    kept = f"{kept_for(retention_days)} from {contract.event_time}"
    rows = [
        MapRow(
            column.name,
            column.description,
            column.privacy.value,
            _happens(contract, column.name),
            f"{table}.{column.name}",
            kept,
        )
        for column in contract.columns
    ]
    rows += [
        MapRow(name, what, "derived", "worked out from the others", f"{table}.{name}", kept)
        for name, what in derived.items()
    ]
    return MapSection(
        contract.name,
        contract.title,
        purpose,
        lawful_basis or NOT_SAID,
        ", ".join(RECIPIENTS[contract.name]),
        tuple(rows),
    )


def output_section(contract: Contract, *, purpose: str, folders: Sequence[str]) -> MapSection:
    """Map a published table, which holds figures and no rows of anybody."""
    rows = tuple(
        MapRow(
            column.name,
            column.description,
            column.privacy.value,
            "computed",
            f"{contract.name}.csv",
            "Until its month's folder is deleted",
        )
        for column in contract.columns
    )
    basis = "No personal data: figures" + (", suppressed" if "public" in folders else "")
    return MapSection(contract.name, contract.title, purpose, basis, ", ".join(folders), rows)


def _happens(contract: Contract, column: str) -> str:
    if contract.column(column).privacy is Privacy.FREE_TEXT:
        return "redacted, then kept"
    if contract.column(column).privacy is Privacy.IDENTIFIER:
        return "pseudonymised; the original is dropped"
    return f"kept {treatment(contract, column)}"


def data_map_text(title: str, sections: Sequence[MapSection]) -> str:
    """Write the map as Markdown."""
    lines = [f"# {title}", ""]
    lines += [f"- {line}" for line in LEGEND]
    for section in sections:
        lines += [
            "",
            f"## {section.title} (`{section.contract}`)",
            "",
            f"- Purpose: {section.purpose}",
            f"- Lawful basis: {section.lawful_basis}",
            f"- Recipients: {section.recipients}",
            "",
            _line(HEADINGS),
            _line(["---"] * len(HEADINGS)),
            *(_line(row.cells) for row in section.rows),
        ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
