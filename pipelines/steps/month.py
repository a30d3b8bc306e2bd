"""The steps of a month in their plain order: each reads what those before it stored."""

from collections.abc import Callable
from datetime import date

from pipelines.edge.workspace import Workspace
from pipelines.steps.comments import publish_comments
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.demand import publish_demand
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.hotspots import publish_hotspots
from pipelines.steps.ingest import ingest_all
from pipelines.steps.publish import publish_outputs
from pipelines.steps.satisfaction import publish_satisfaction
from pipelines.steps.scorecard import publish_scorecard
from pipelines.steps.summary import StepSummary
from pipelines.steps.watch import watch_sources

STEPS: dict[str, Callable[[Workspace, date], StepSummary]] = {
    "ingest": ingest_all,
    "watch": watch_sources,
    "enquiries": publish_enquiries,
    "hotspots": publish_hotspots,
    "satisfaction": publish_satisfaction,
    "comments": publish_comments,
    "complaints": publish_complaints,
    "demand": publish_demand,
    "scorecard": publish_scorecard,
    "publish": publish_outputs,
}


def run_steps(workspace: Workspace, month: date) -> list[StepSummary]:
    """Run the whole month without Prefect; the first step that fails stops it."""
    return [step(workspace, month) for step in STEPS.values()]
