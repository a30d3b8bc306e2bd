"""The scorecard workbook's sheets of what stands behind each colour: process, year and ledger."""

import pandas as pd

from insight.spc_rules import Assurance, Variation
from insight.spc_words import ASSURANCE_WORDS, VARIATION_WORDS
from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words
from pipelines.edge.scorecard_rows import Judged, Row, judged_frame
from pipelines.edge.scorecard_views import FAMILIES
from pipelines.edge.sheets import Cell, Sheet
from pipelines.edge.workbook_cells import number_cell, rag_cell, text_cell

LONGEST_NAME = 31
"""Characters in a sheet's name; Excel refuses more."""
PROCESS_NOTES = (
    "A change is real where the control chart shows more than the process's own noise: a figure "
    "beyond the limits, seven in a row rising or falling, seven on one side of the mean, or two of "
    "three near a limit. The limits are worked out from the figures themselves, not from the "
    "target.",
    "A target is reliably met where it lies beyond the limits on the good side, out of reach of "
    "the present process where it lies beyond them on the other, and hit and miss in between.",
    "Limits that rest on fewer than 13 figures are provisional.",
    "Limits begin afresh only where a person has recorded a reason; those are on the sheet "
    "Rebases, where there are any.",
)


def judged_records(judged: Judged) -> list[Row]:
    """Give every measure with what stands behind it, family by family."""
    frame = judged_frame(judged)
    place = frame["family"].map({name: at for at, name in enumerate(FAMILIES)})
    ordered = frame.assign(place=place.fillna(len(FAMILIES)))
    keys = ["place", "family", "title", "measure"]
    return say.records(ordered.sort_values(keys, kind="stable").drop(columns="place"))


def process_sheets(rows: list[Row], judged: Judged, council: str, period_label: str) -> list[Sheet]:
    """Make a sheet of processes, of the year, per family and, where needed, of what changed."""
    families = list(dict.fromkeys(say.text(row["family"], "No family") for row in rows))
    sheets = [_process_sheet(rows, council, period_label), _year_sheet(rows, council)]
    if len(families) > 1:
        sheets += [_family_sheet(rows, name, council, period_label) for name in families]
    if ledger := say.records(judged.ledger):
        sheets.append(_ledger_sheet(rows, ledger, council))
    if revisions := say.records(judged.revisions):
        sheets.append(_revisions_sheet(rows, revisions, council))
    return sheets


def _process_sheet(rows: list[Row], council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Status", 13), ("Verdict", 30), ("What to make of it", 70),
        ("Is the change real", 26), ("Since", 18), ("Is the target in reach", 26),
        ("Change of colour", 30), ("Charted as", 26), ("Figures", 9), ("Mean", 10),
        ("Lower limit", 11), ("Upper limit", 11), ("Limits", 13), ("Code", 24),
    )  # fmt: skip
    body = [
        [
            text_cell(row["title"]),
            rag_cell(row),
            text_cell(row["verdict"]),
            text_cell(row["verdict_words"]),
            Cell(variation_words(row)),
            Cell(say.period(row["since"]) or "[z]"),
            Cell(assurance_words(row)),
            text_cell(row["colour_change"], "No change"),
            text_cell(row["chart"]),
            *(number_cell(row, name) for name in ("points", "mean", "lpl", "upl")),
            Cell("Provisional [p]" if row["provisional"] else _settled(row)),
            text_cell(row["measure"]),
        ]
        for row in rows
    ]
    return Sheet(
        "Real change",
        f"{council}: is the change real, and is the target in reach? {period_label}",
        ("One row is one measure. Limits are those of the measure's own control chart.",),
        columns,
        body or [[Cell("No measures")] + [Cell("[x]")] * (len(columns) - 1)],
    )


def variation_words(row: Row) -> str:
    """Say whether a measure's change is real."""
    if row["variation"] is None:
        return "No control chart"
    return words.capitalised(VARIATION_WORDS[Variation(row["variation"])])


def assurance_words(row: Row) -> str:
    """Say whether a measure's process meets its target."""
    if row["assurance"] is None:
        return "Not known"
    return words.capitalised(ASSURANCE_WORDS[Assurance(row["assurance"])])


def _settled(row: Row) -> str:
    return "[x]" if row["mean"] is None else "Settled"


def _year_sheet(rows: list[Row], council: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Year so far", 11), ("Likely from", 11), ("Likely to", 11),
        ("Target so far", 13), ("Status so far", 14), ("A year before", 11), ("Year", 10),
        ("Forecast [f]", 12), ("Likely from [f]", 12), ("Likely to [f]", 12), ("Year's target", 13),
        ("Outlook", 40), ("How it is forecast, or why not", 40), ("Code", 24),
    )  # fmt: skip
    so_far = ("to_date", "to_date_lower", "to_date_upper", "to_date_target")
    ahead = ("forecast", "forecast_lower", "forecast_upper", "year_target")
    body = [
        [
            text_cell(row["title"]),
            *(number_cell(row, name) for name in so_far),
            rag_cell(row, "to_date_rag" if words.absence(row) != "not shown" else "rag"),
            number_cell(row, "to_date_last_year"),
            text_cell(row["year"]),
            *(number_cell(row, name) for name in ahead),
            Cell(words.capitalised(words.outlook(row))),
            text_cell(row["forecast_note"], "[x]"),
            text_cell(row["measure"]),
        ]
        for row in rows
    ]
    return Sheet(
        "Year",
        f"{council}: the year so far, and where it will end",
        (
            "One row is one measure. [f] marks what is forecast; the interval is where the year "
            "will very likely end (95%).",
        ),
        columns,
        body or [[Cell("No measures")] + [Cell("[x]")] * (len(columns) - 1)],
    )


def _family_sheet(rows: list[Row], family: str, council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Service", 20), ("Status", 13), ("Value", 10), ("Target", 12),
        ("Direction", 24), ("Verdict", 34), ("Is the change real", 26),
        ("Is the target in reach", 26), ("Outlook for the year", 40), ("Code", 24),
    )  # fmt: skip
    body = [
        [
            text_cell(row["title"]),
            text_cell(row["service_name"]),
            rag_cell(row),
            number_cell(row, "value"),
            number_cell(row, "target"),
            Cell(words.travel(row)),
            text_cell(row["verdict"]),
            Cell(variation_words(row)),
            Cell(assurance_words(row)),
            Cell(words.capitalised(words.outlook(row))),
            text_cell(row["measure"]),
        ]
        for row in rows
        if say.text(row["family"], "No family") == family
    ]
    name = say.label(family)
    return Sheet(
        name[:LONGEST_NAME],
        f"{council}: {name}, {period_label}",
        ("One row is one measure of this family.",),
        columns,
        body,
    )


def _revisions_sheet(rows: list[Row], revisions: list[Row], council: str) -> Sheet:
    known = {row["measure"]: row for row in rows}
    body = [
        [
            text_cell(measure.get("title"), line["measure"]),
            Cell(say.period(line["period"])),
            number_cell(measure | {"value": line["old_value"]}, "value"),
            number_cell(measure | {"value": line["new_value"]}, "value"),
            Cell(say.day(line["revised_on"])),
            text_cell(line["measure"]),
        ]
        for line in revisions
        for measure in [known.get(line["measure"], {"unit": "count", "decimals": 2})]
    ]
    return Sheet(
        "Revisions",
        f"{council}: figures that changed after they were published",
        ("One row is one change; figures that were provisional had said that they might.",),
        (
            ("Measure", 40), ("Period", 18), ("Was", 10), ("Is since", 10), ("Changed on", 18),
            ("Code", 24),
        ),
        body,
    )  # fmt: skip


def _ledger_sheet(rows: list[Row], ledger: list[Row], council: str) -> Sheet:
    titles = {row["measure"]: row["title"] for row in rows}
    body = [
        [
            text_cell(titles.get(line["measure"], line["measure"])),
            Cell(say.period(line["period"])),
            text_cell(line["reason"]),
            text_cell(line["by"]),
            Cell("[x]" if pd.isna(line["recorded_on"]) else say.day(line["recorded_on"])),
            text_cell(line["old_status"], "[x]"),
            text_cell(line["measure"]),
        ]
        for line in ledger
    ]
    return Sheet(
        "Rebases",
        f"{council}: where control limits begin afresh, and why",
        ("One row is one decision that a person recorded; the status before it stays in sight.",),
        (
            ("Measure", 40), ("From", 18), ("Reason", 70), ("Recorded by", 24),
            ("Recorded on", 18), ("Status before", 30), ("Code", 24),
        ),
        body,
    )  # fmt: skip
