"""The month's scorecard with what stands behind it: control charts, verdicts, year and ledger."""

from datetime import date

import pandas as pd

from insight.processes import LONGEST_HISTORY, processes
from insight.revisions import with_revised
from insight.scorecard import scorecard
from insight.year_end import year_end, year_to_date
from pipelines.edge.scorecard_rows import Judged
from pipelines.edge.workspace import Workspace
from pipelines.steps.figures import window
from pipelines.steps.ledger import read_ledger
from pipelines.steps.revisions import read_revisions
from pipelines.steps.scorecard import checked_targets, measure_figures, measure_frame


def judged_scorecard(
    workspace: Workspace, month: date, *, measures: pd.DataFrame | None = None
) -> Judged:
    """Judge the month's measures, or those of `measures` alone."""
    rows = measure_frame(workspace) if measures is None else measures
    targets, _ = checked_targets(workspace)
    figures = measure_figures(workspace, window(month, LONGEST_HISTORY))
    ledger = read_ledger(workspace)
    revisions = read_revisions(workspace)
    card = with_revised(scorecard(figures, rows, targets, month), revisions)
    so_far = year_to_date(figures, rows, targets, month)
    ahead = year_end(figures, rows, targets, month)
    return Judged(
        card,
        processes(figures, rows, targets, card, month, rebases=ledger),
        pd.concat([so_far, ahead.drop(columns="measure")], axis="columns"),
        ledger,
        revisions,
    )
