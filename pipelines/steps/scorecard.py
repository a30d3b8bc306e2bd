"""Every measure of the month with its target, RAG and direction of travel."""

from datetime import date

import pandas as pd

from insight.catalogue import FIGURES
from insight.kpi_returns import return_results
from insight.measure_faults import join_faults
from insight.processes import LONGEST_HISTORY, processes, with_signals
from insight.results import RESULT_COLUMNS
from insight.return_checks import split_returns
from insight.revisions import with_revised
from insight.scorecard import scorecard, scorecards
from insight.target_checks import COLUMNS as TARGET_COLUMNS
from insight.target_checks import split_targets, whole_years_that_differ
from models import EVENT_TABLES, Measure, Service, SourceFile, Target
from pipelines.edge.store import read_table, replace_period, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.settings_measures import Band
from pipelines.settings_measures import Measure as MeasureSetting
from pipelines.settings_measures import Target as TargetSetting
from pipelines.steps.figures import read_figures, store_measures, tell_refused, window
from pipelines.steps.ledger import read_ledger
from pipelines.steps.retention import still_whole
from pipelines.steps.revisions import read_revisions, record_revisions
from pipelines.steps.summary import StepSummary, plain_rows

# A month is compared with the year before it, and a year is made of twelve months.
MONTHS_BEFORE = 24
RETURNED = (
    "measure", "period", "value", "numerator", "denominator", "unit", "commentary", "entered_by",
    "file_hash", "row_number",
)  # fmt: skip
CARD_ORDER = ["red", "amber", "green", "no target", "awaited", "suppressed"]


def publish_scorecard(workspace: Workspace, month: date) -> StepSummary:
    """Store the catalogue, its targets, and each measure's results with their RAG."""
    # What managers entered is read from their returns: a month that has lost some stays as it is.
    whole = still_whole(workspace, window(month)[:-1], ["kpi_returns"])
    months = [*whole, month]
    measures = measure_frame(workspace)
    targets, refused = checked_targets(workspace)
    figures, returned = _figures(workspace, _needed(months), measures)
    cards = scorecards(figures, measures, targets, months)
    card = cards.tail(len(measures))
    now = cards.index.isin(card.index)
    rows = cards[now | cards["value"].notna()].assign(breakdown="")
    history = measure_figures(workspace, window(month, LONGEST_HISTORY))
    ledger = read_ledger(workspace)
    rows = with_signals(rows, processes(history, measures, targets, card, month, rebases=ledger))
    with write_transaction(workspace.engine) as connection:
        rows = record_revisions(connection, workspace, rows)
        replace_period(connection, Service, _services(workspace), where={})
        replace_period(connection, Measure, _catalogue(measures), where={})
        replace_period(connection, Target, _stored_targets(measures, targets), where={})
        unfit = store_measures(connection, workspace, rows, measures=card["measure"].tolist())
    problems = _faults(refused, targets, measures, returned)["message"].tolist()
    tell_refused(unfit, problems)
    counts = card["rag"].value_counts().reindex(CARD_ORDER).dropna().astype(int)
    told = ", ".join(f"{n} {word}" for word, n in counts.items())
    shown = card[["measure", "title", "service", "period", "value", "target", "rag", "direction"]]
    headline = f"{len(card)} measures: {told}."
    return StepSummary("scorecard", headline, table=plain_rows(shown), problems=problems)


def month_scorecard(workspace: Workspace, month: date) -> pd.DataFrame:
    """Return the month's scorecard, computed from the figures and returns in the store."""
    figures = measure_figures(workspace, _needed([month]))
    card = scorecard(figures, measure_frame(workspace), checked_targets(workspace)[0], month)
    return with_revised(card, read_revisions(workspace))


def _needed(months: list[date]) -> list[date]:
    return [*window(months[0], MONTHS_BEFORE + 1)[:-1], *months]


def measure_figures(workspace: Workspace, months: list[date]) -> pd.DataFrame:
    """Return the figures that measures are made of: computed ones of `months`, entered ones all.

    Returns that can't be right are left out; `catalogue_faults` says which and why.
    """
    return _figures(workspace, months, measure_frame(workspace))[0]


def _figures(
    workspace: Workspace, months: list[date], measures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `measure_figures`, and the faults of the returns that are left out."""
    computed = read_figures(workspace, months=months, measures=list(FIGURES))
    used, refused = split_returns(_returns(workspace), measures)
    entered = return_results(used, measures)
    columns = [*RESULT_COLUMNS, "status", "commentary"]
    return pd.concat([computed[columns], entered], ignore_index=True), refused


def _returns(workspace: Workspace) -> pd.DataFrame:
    """Return what managers entered, each row with the file and row that it stood in."""
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        rows = read_table(connection, EVENT_TABLES["kpi_returns"], columns=RETURNED, timezone=zone)
        files = read_table(
            connection,
            SourceFile,
            where={"contract": "kpi_returns"},
            columns=["file_hash", "name"],
            timezone=zone,
        )
    names = files.drop_duplicates("file_hash", keep="last").set_index("file_hash")["name"]
    return rows.assign(file=rows.pop("file_hash").map(names))


def catalogue_faults(workspace: Workspace) -> pd.DataFrame:
    """Return what is refused of the targets and returns, and what to do: see `FAULT_COLUMNS`."""
    measures = measure_frame(workspace)
    targets, refused = checked_targets(workspace)
    _, returned = split_returns(_returns(workspace), measures)
    return _faults(refused, targets, measures, returned)


def _faults(
    refused: pd.DataFrame, targets: pd.DataFrame, measures: pd.DataFrame, returned: pd.DataFrame
) -> pd.DataFrame:
    return join_faults([refused, whole_years_that_differ(targets, measures), returned])


def measure_frame(workspace: Workspace) -> pd.DataFrame:
    """Return the settings' measures as `insight.scorecard` takes them."""
    heads = {service.code: service.head_of_service for service in workspace.settings.services}
    rows = [_measure_row(measure, workspace, heads) for measure in workspace.settings.measures]
    return pd.DataFrame(rows, columns=list(_MEASURE_ROW))


_MEASURE_ROW = (
    "code", "title", "family", "service", "head_of_service", "figure", "breakdown", "unit",
    "decimals", "polarity", "tolerance_kind", "tolerance", "aggregation", "frequency",
    "accumulation", "year_to_date", "calendar", "in_control", "drives_improvement", "objective",
    "published", "disclosive", "owner", "definition",
)  # fmt: skip


def _measure_row(
    measure: MeasureSetting, workspace: Workspace, heads: dict[str, str]
) -> dict[str, object]:
    tolerance = measure.tolerance or workspace.settings.tolerance
    given = measure.model_dump(include=set(_MEASURE_ROW) - {"tolerance"})
    return given | {
        "family": measure.family.value,
        "figure": measure.figure or "",
        "head_of_service": heads.get(measure.service, ""),
        "tolerance_kind": tolerance.kind,
        "tolerance": tolerance.size,
    }


def checked_targets(workspace: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the targets that hold, and the faults of those that are refused."""
    return split_targets(target_frame(workspace), measure_frame(workspace))


def target_frame(workspace: Workspace) -> pd.DataFrame:
    """Return the settings' targets: a row per measure and year, month or quarter."""
    listed = [
        ("measures.yaml", measure.code, year, target)
        for measure in workspace.settings.measures
        for year, target in measure.targets.items()
    ]
    listed += [
        ("targets.yaml", target.measure, target.year, target)
        for target in workspace.settings.targets
    ]
    rows = [row for each in listed for row in _target_rows(*each)]
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


def _target_rows(file: str, code: str, year: str, target: TargetSetting) -> list[dict[str, object]]:
    tolerance = target.tolerance
    common: dict[str, object] = {
        "file": file,
        "measure": code,
        "year": year,
        "agreed_by": target.agreed_by or None,
        "agreed_on": target.agreed_on,
        "tolerance_kind": tolerance.kind if tolerance else None,
        "tolerance": tolerance.size if tolerance else None,
    }
    whole: dict[str, object] = {"value": target.value, "low": target.low, "high": target.high}
    profiled: list[dict[str, object]] = [
        {"period": period, "low": value.low, "high": value.high}
        if isinstance(value, Band)
        else {"period": period, "value": value}
        for period, value in target.periods.items()
    ]
    # A profile alone needs no figure of the whole year.
    own = (
        []
        if profiled and all(end is None for end in whole.values())
        else [{"period": year} | whole]
    )
    return [common | row for row in [*own, *profiled]]


def _services(workspace: Workspace) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "code": service.code,
                "name": service.name,
                "head_of_service": service.head_of_service,
                "manager": service.manager,
                "lgsl": ", ".join(str(number) for number in service.lgsl),
            }
            for service in workspace.settings.services
        ]
    )


def _catalogue(measures: pd.DataFrame) -> pd.DataFrame:
    return measures[[name for name in Measure.model_fields if name in measures]]


def _stored_targets(measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    service = measures.set_index("code")["service"]
    named = targets.rename(columns={"low": "lower", "high": "upper"}).drop(columns=["year", "file"])
    return named.assign(service=named["measure"].map(service))
