"""A folder for each audience: its page, its tables, its workbook or map."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.catalogue import FIGURES
from insight.hotspots import Hotspots
from insight.hotspots.map import hotspot_map
from insight.hotspots.points import at_points
from insight.periods import add_months, month_end, month_key, uk_date
from insight.public import PublicView, as_shown, covers
from insight.published import figures_table, publishable
from models import RefusedFile, SourceFile
from pipelines.edge.drawings import Drawings, kept_drawings
from pipelines.edge.leaflet import leaflet_files
from pipelines.edge.output_folder import replace_folder
from pipelines.edge.page_parts import plural
from pipelines.edge.pages import Download, PageData, render_site
from pipelines.edge.reporting_page import FILE, LABEL
from pipelines.edge.scorecard_rows import Judged
from pipelines.edge.store import read_table
from pipelines.edge.ward_page import ward_page
from pipelines.edge.workbook import csv_text, scorecard_workbook
from pipelines.edge.workspace import Workspace
from pipelines.steps.case_lists import case_waits, cases_past_standard
from pipelines.steps.events import read_events
from pipelines.steps.figures import read_figures, window
from pipelines.steps.hotspots import find_hotspots, mapped_reports, mapped_source
from pipelines.steps.processes import judged_scorecard
from pipelines.steps.public import public_view
from pipelines.steps.quarantine import quarantine_by_rule
from pipelines.steps.reporting import READERS, reporting_pages, residents_of
from pipelines.steps.sound_geography import with_sound_geography
from pipelines.steps.summary import StepSummary
from pipelines.steps.topic_discovery import NewTopics, new_topic_words
from pipelines.steps.topic_month import MONTH_MEASURES, topic_news
from pipelines.steps.topic_pages import new_topics, topic_pages, what_is_online
from pipelines.steps.watch import Watched, freshness_table, watch

SATISFACTION = (
    "satisfaction_share", "satisfaction_net", "satisfaction_mean", "satisfaction_share_quarter",
)  # fmt: skip
COMPLAINTS = (
    "complaints_received",
    "complaints_upheld_share",
    "complaints_closed",
    "complaints_on_time_share",
    "complaints_acknowledged_on_time_share",
    "complaint_working_days",
    "complaints_refused",
)
DEMAND = (
    "contacts", "contacts_change", "chasing_contacts", "chasing_contact_share",
    "repeat_contact_share", "first_contact_resolution_share", "avoidable_contacts",
    "avoidable_contact_share", "digital_take_up_share", "calls_answered_share",
    "calls_abandoned_share", "service_level_share", "wait_seconds_mean", "contact_hours",
    "form_completion_share",
)  # fmt: skip
TOPICS = ("enquiries", "enquiries_classified_share", *MONTH_MEASURES)
PLANNING = "planning"
WORKBOOK_FOR = ("performance", "senior-leadership")
SIGNALS = ("verdict", "variation", "assurance", "colour_change_is_noise")
SERVICE_COLUMNS = ("code", "name", "head_of_service", "manager")
WORKBOOK_NOTES = (
    "Shares are given as percentages. Each figure stands beside its 95% interval and its base, "
    "the number of records behind it.",
    "Green is on or better than target, amber within the agreed tolerance, red beyond it; the "
    "figure compared is the one shown, rounded to the measure's published decimals.",
    "[c] not shown, because people could be recognised; [x] awaited; [p] provisional; [r] revised.",
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table in one audience's folder, under its contract's name."""

    audience: str
    contract: str
    frame: pd.DataFrame
    label: str


@dataclass(frozen=True, slots=True)
class Month:
    """All that the month's outputs are made from, read and computed once."""

    scorecard: pd.DataFrame
    judged: Judged
    public: PublicView
    figures: pd.DataFrame
    waits: pd.DataFrame
    accounts: pd.DataFrame
    found: Hotspots
    watched: Watched
    past_standard: pd.DataFrame
    new: NewTopics


def publish_outputs(workspace: Workspace, month: date) -> StepSummary:
    """Write the month's folder, one folder below it per audience, all at once or not at all."""
    workspace, faults = with_sound_geography(workspace)
    judged, found = judged_scorecard(workspace, month), find_hotspots(workspace, month)
    scorecard = judged.card
    made = Month(
        scorecard=scorecard,
        judged=judged,
        public=public_view(workspace),
        figures=read_figures(workspace, months=window(month)),
        waits=case_waits(workspace, month),
        accounts=row_accounts(workspace),
        found=replace(found, said=(*faults, *found.said)),
        watched=watch(workspace, month),
        past_standard=cases_past_standard(workspace, min(month_end(month), workspace.today)),
        new=new_topics(workspace, month),
    )
    tables = _tables(made)
    with kept_drawings(workspace.outputs) as drawings:
        data = _page_data(workspace, month, made, tables, drawings)
        files: dict[str, str | bytes] = dict(render_site(data))
        workbook = scorecard_workbook(
            scorecard,
            council=workspace.settings.name,
            period_label=data.period_label,
            notes=WORKBOOK_NOTES,
            judged=judged,
            drawings=drawings,
            name=data.name,
        )
        files |= topic_pages(workspace, month, data, made.new)
        files |= _ward_page(workspace, data, made)
        files |= reporting_pages(workspace, data, made.found)
    for table in tables:
        contract = load_contract(table.contract)
        text = csv_text(publishable(table.frame, contract), contract.column_names)
        files[f"{table.audience}/{table.contract}.csv"] = text
    for audience in WORKBOOK_FOR:
        files[f"{audience}/scorecard.xlsx"] = workbook
    replace_folder(workspace.outputs / month_key(month), files)
    audiences = {name.partition("/")[0] for name in files if "/" in name}
    return StepSummary(
        "publish",
        f"{len(files)} files for {len(audiences)} audiences.",
        table=[{"file": name, "bytes": _size(content)} for name, content in sorted(files.items())],
        problems=faults,
    )


def _ward_page(workspace: Workspace, data: PageData, made: Month) -> dict[str, str | bytes]:
    """Return the page for councillors, where the wards are known."""
    if workspace.wards is None:
        return {}
    mapped = mapped_reports(workspace, read_events(workspace, "street_reports"))
    # A default location would make one ward the worst.
    mapped = mapped[~at_points(mapped, made.found.fallback)]
    residents, _ = residents_of(workspace)
    wards = workspace.wards
    if residents is not None:
        wards = wards.assign(population=wards["ward"].map(residents))
    page = ward_page(data, mapped, wards, source=mapped_source(workspace))
    return {"wardens/wards.html": page}


def row_accounts(workspace: Workspace) -> pd.DataFrame:
    """Return every file's row account by source and file, those refused whole with no rows."""
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        files = read_table(connection, SourceFile, timezone=zone).assign(status="accepted")
        refused = read_table(connection, RefusedFile, timezone=zone).assign(status="refused")
    counts = ["rows_read", "accepted", "quarantined", "duplicates", "filtered", "corrections"]
    refused[counts] = 0
    both = pd.concat([files, refused], ignore_index=True)
    ordered = both.sort_values(["source", "name", "file_hash"], ignore_index=True)
    return ordered.rename(columns={"name": "file"})


def _tables(made: Month) -> list[Table]:
    satisfaction = figures_table(made.figures, SATISFACTION, ["question"])
    demand = figures_table(made.figures, DEMAND, ["channel", "page"])
    complaints = figures_table(made.figures, COMPLAINTS, ["stage", "outcome"])
    topics = figures_table(made.figures, TOPICS, ["channel", "topic"])
    planning = satisfaction[satisfaction["service"].eq(PLANNING)]
    planning_waits = made.waits[made.waits["service"].eq(PLANNING)]
    signals = made.judged.processes.measures[["measure", *SIGNALS]]
    card = made.scorecard.merge(signals, on="measure", how="left")
    released = made.public.figures
    released = released.assign(shown=as_shown(released), covers=covers(released))
    public = Table("public", "public_scorecard", released, "Published measures")
    return [
        Table("performance", "scorecard", card, "Scorecard"),
        Table("performance", "row_account", made.accounts, "Row account of every file"),
        Table("wardens", "hotspots", made.found.cells, "Places in order"),
        Table("service-managers", "demand", demand, "Contacts, chasing and calls by channel"),
        Table("service-managers", "enquiry_topics", topics, "Enquiries by topic"),
        Table("service-managers", "complaint_figures", complaints, "Complaints"),
        Table("service-managers", "satisfaction", satisfaction, "Satisfaction"),
        Table("planning", "satisfaction", planning, "Satisfaction with planning"),
        Table("planning", "waits", planning_waits, "Waits"),
        Table("customer-services", "waits", made.waits, "Waits and what to say"),
        Table("customer-services", "cases_past_standard", made.past_standard, "Cases to update"),
        Table("senior-leadership", "scorecard", card, "Scorecard"),
        *([public] if made.public.quarter else []),
    ]


def _page_data(
    workspace: Workspace, month: date, made: Month, tables: list[Table], drawings: Drawings
) -> PageData:
    settings = workspace.settings
    label = f"{month:%B %Y}"
    script, style = leaflet_files()
    downloads = [
        Download(table.audience, f"{table.contract}.csv", table.label, "CSV, opens in Excel")
        for table in tables
    ]
    if workspace.wards is not None:
        downloads.append(
            Download("wardens", "wards.html", "Reports ward by ward, for councillors", "page")
        )
        downloads += [Download(each, FILE, LABEL, "page") for each in READERS]
    downloads += [
        Download(audience, "scorecard.xlsx", "Scorecard workbook", "Excel")
        for audience in WORKBOOK_FOR
    ]
    services = [
        {name: getattr(service, name) for name in SERVICE_COLUMNS} for service in settings.services
    ]
    return PageData(
        council=settings.name,
        month=month,
        period_label=label,
        generated_from=_provenance(made.accounts),
        scorecard=made.scorecard,
        results=made.figures,
        hotspots=made.found.cells,
        hotspot_notes=made.found.said,
        hotspot_working=made.found.working,
        expected=read_figures(
            workspace, months=[add_months(month, 1)], measures=["contacts_expected"]
        ),
        map_html=hotspot_map(
            made.found,
            wards=workspace.wards,
            crs=settings.crs,
            title=f"Where reports gather, {label}",
            leaflet_js=script,
            leaflet_css=style,
        ),
        wards=workspace.wards,
        waits=made.waits,
        row_account=made.accounts,
        quarantine=quarantine_by_rule(workspace),
        freshness=freshness_table(made.watched),
        changes=(
            *(each.words for each in made.watched.news),
            *topic_news(workspace, month),
        ),
        has_online_page=True,
        online=what_is_online(workspace),
        new_topics=tuple(new_topic_words(made.new, month)),
        volumes=made.watched.volumes,
        services=pd.DataFrame(services, columns=list(SERVICE_COLUMNS), dtype="string"),
        catalogue={
            code: (figure.title, figure.unit, figure.definition) for code, figure in FIGURES.items()
        },
        downloads=tuple(downloads),
        planning_service=PLANNING,
        past_standard=made.past_standard,
        no_update_days=settings.no_update_days,
        judged=made.judged,
        drawings=drawings,
        public=made.public,
    )


def _provenance(accounts: pd.DataFrame) -> str:
    newest = accounts["last_event"].max()
    until = "" if pd.isna(newest) else f", with events up to {uk_date(newest.date())}"
    return f"Made from {plural(len(accounts), 'file')}{until}."


def _size(content: str | bytes) -> int:
    return len(content.encode() if isinstance(content, str) else content)
