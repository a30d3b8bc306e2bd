"""What the wardens get each Thursday: sheet, map, points and a workbook to tick."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from pyproj import Transformer

from insight.patrols.times import Times
from insight.periods import uk_date
from models import PatrolAction
from pipelines.edge.output_folder import replace_folder
from pipelines.edge.patrol_geo import geo_files
from pipelines.edge.patrol_map import patrol_page
from pipelines.edge.patrol_sheet import map_svg, sheet_pdf
from pipelines.edge.patrol_ticks import ticks_workbook
from pipelines.edge.place_map import NATIONAL_GRID, PlaceMap, place_map
from pipelines.edge.store import replace_period, write_transaction
from pipelines.edge.workbook import csv_text
from pipelines.edge.workspace import Workspace
from pipelines.steps.hotspots import FOULING, finding_word, mapped_source
from pipelines.steps.patrol_plan import WeekPlan, plan_week
from pipelines.steps.summary import StepSummary, plain_rows

WORDS = {
    "more": "More here", "same": "As now", "less": "Less here", "watch": "Watch",
    "in turn": "In turn",
}  # fmt: skip
PLAN_COLUMNS = (
    "number", "place", "ward", "visits", "today", "recommendation", "evidence", "share", "reason",
)  # fmt: skip
MOST_CLOSER, CLOSER_M, CLOSER_WIDTH = 4, 150.0, 340.0
NO_HOUR = "Our own reports can't show the hour."
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def publish_patrol(
    workspace: Workspace, monday: date, *, hours: float | None = None
) -> StepSummary:
    """Plan the week, keep its recommendations in the store, and write the wardens' files."""
    week = plan_week(workspace, monday, hours=hours)
    stops = _stops(workspace, week)
    folder = workspace.outputs / "wardens" / monday.isoformat()
    actions = _actions(workspace, week)
    with write_transaction(workspace.engine) as connection:
        replace_period(connection, PatrolAction, actions, where={"period": monday.isoformat()})
    replace_folder(folder, patrol_files(workspace, week, stops))
    plan = week.plan
    problems = [
        f"{name} in today's rounds matches no place or street; check its spelling."
        for name in plan.unmatched
    ]
    if week.late:
        problems.append(f"{week.late} Put later reports into the inbox and plan again.")
    if week.routes.left_out:
        problems.append(
            f"{len(week.routes.left_out)} of the visits did not fit into the shifts with the way "
            "between them; the least expected were left out."
        )
    shown = [name for name in PLAN_COLUMNS if name not in {"number", "reason"}]
    return StepSummary(
        "patrol",
        f"{len(stops)} visits to {stops['cell'].nunique()} places in the week of "
        f"{uk_date(monday)}, in {folder}.",
        table=plain_rows(plan.places[shown]),
        problems=problems,
    )


def patrol_files(
    workspace: Workspace, week: WeekPlan, stops: pd.DataFrame
) -> dict[str, str | bytes]:
    """Return the week's files by name; equal plans give equal bytes."""
    settings = workspace.settings
    title = f"Where to patrol, {_span(week.monday)}"
    plain: list[dict[str, Any]] = [dict(row) for row in plain_rows(stops)]
    for row in plain:
        row["ward"] = row["ward"] or ""
    said = _said(workspace, week, stops)
    page = {
        "title": title,
        "summary": said["summary"],
        "legend": said["legend"],
        "notes": said["notes"],
        "footer": said["footer"],
        "nothing": " ".join(week.said),
        "key": f"patrol-{settings.authority_code}-{week.monday.isoformat()}",
        "file": f"patrol-ticks-{week.monday.isoformat()}.csv",
        "minutes": week.method.minutes_a_visit,
        "finding": finding_word(settings.hotspot_categories),
    }
    wards, streets = workspace.wards, workspace.streets
    geo = stops[["easting", "northing", "number", "place", "ward", "day_name", "visits",
                 "recommendation", "evidence", "reason"]]  # fmt: skip
    table = _plan_table(week)
    return {
        "sheet.pdf": sheet_pdf(_sheet(workspace, title, said, stops, plain)),
        "map.html": patrol_page(
            page, plain, wards=wards, streets=streets, tiles=settings.patrols.tiles
        ),
        "ticks.xlsx": ticks_workbook(
            plain,
            title=title,
            council=settings.name,
            minutes=week.method.minutes_a_visit,
            finding=page["finding"],
        ),
        "plan.csv": csv_text(table, list(table.columns)),
        **geo_files(geo.rename(columns={"day_name": "day"}), settings.crs),
    }


def _stops(workspace: Workspace, week: WeekPlan) -> pd.DataFrame:
    """Return the visits in order, each with its place's facts; a place keeps its number."""
    places = week.plan.places.assign(number=range(1, len(week.plan.places) + 1))
    stops = week.routes.stops.merge(places, on="cell", how="left")
    to_map = Transformer.from_crs(workspace.settings.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_map.transform(stops["easting"], stops["northing"])
    days = [week.monday + timedelta(days=int(day)) for day in stops["day"]]
    shift = stops["shift"].astype("string")
    day = pd.Series([DAYS[each.weekday()] for each in days], index=stops.index, dtype="string")
    return stops.assign(
        latitude=pd.Series(latitude, index=stops.index).round(6),
        longitude=pd.Series(longitude, index=stops.index).round(6),
        date=[f"{each:%d/%m/%Y}" for each in days],
        day_name=day,
        word=stops["recommendation"].map(WORDS),
        reference=week.monday.isoformat() + "-" + shift + "-" + stops["stop"].astype("string"),
        shift="Shift " + shift + ", " + day + " " + pd.Series([uk_date(e) for e in days],
                                                              index=stops.index, dtype="string"),
    )  # fmt: skip


def _said(workspace: Workspace, week: WeekPlan, stops: pd.DataFrame) -> dict[str, Any]:
    """Return the plan's sentences, the same on sheet and map."""
    plan, method = week.plan, week.method
    summary = (
        f"{mapped_source(workspace)}: {len(stops)} visits of {method.minutes_a_visit:g} minutes to "
        f"{stops['cell'].nunique()} places in {method.hours_a_week:g} warden hours. "
    )
    if week.look_back is not None:
        summary += week.look_back.words
    times: list[str] = []
    if week.times is not None:
        light = week.times
        times = [
            f"Sunrise about {light.sunrise:%H:%M}, sunset about {light.sunset:%H:%M}. "
            + (_hours(light) if FOULING.search(mapped_source(workspace)) else NO_HOUR),
            light.season,
            light.days,
        ]
    ways = (
        "along the streets"
        if week.by_street
        else (f"straight lines, {method.detour:g} times as long")
    )
    notes = [*week.said, f"Compared with {week.rounds_from}."]
    notes += [effect.words for effect in week.effects]
    turn = int(plan.places["recommendation"].eq("in turn").sum())
    notes.append(
        f"{turn} of the places are visited in their turn, whatever is reported, so that quiet "
        "streets aren't forgotten. A further visit in the same week is taken to be worth half "
        f"the one before. Ways between places: {ways}, at {method.speed_kmh:g} km an hour."
    )
    if len(plan.fewer):
        names = "; ".join(plan.fewer["place"].head(8))
        notes.append(f"Less than now at {len(plan.fewer)} places: {names}.")
    return {
        "summary": summary,
        "times": times,
        "notes": [note for note in notes if note],
        "legend": "Numbers are the places of the list, best first. "
        + ("" if workspace.wards is None else "Dashed lines: wards. ")
        + "More here: clear evidence, and more visits than now. "
        "Watch: chance could explain it. In turn: a quiet place whose turn it is.",
        "footer": f"{workspace.settings.name}. Reports aren't the state of a street.",
    }


def _grid_words(workspace: Workspace) -> str:
    """Say how the figures at the map's edges are read."""
    if workspace.settings.crs.upper() != NATIONAL_GRID:
        return ""
    return " Fine lines: the grid of the references, with their first figures."


def _hours(light: Times) -> str:
    """Say when to go where dogs foul; of other categories nothing of the hour is known."""
    return (
        f"Go from {light.windows[0]} or from {light.windows[1]} where you can: elsewhere dog "
        f"fouling was found to peak in the dark hours of winter. {NO_HOUR}"
    )


def _sheet(
    workspace: Workspace,
    title: str,
    said: dict[str, Any],
    stops: pd.DataFrame,
    plain: list[dict[str, Any]],
) -> dict[str, Any]:
    pins = stops.drop_duplicates("cell").sort_values("number")
    drawing = place_map(
        pins.assign(rank=pins["number"], crs=workspace.settings.crs),
        workspace.wards,
        source=mapped_source(workspace),
        streets=workspace.streets,
    )
    titles = list(dict.fromkeys(row["shift"] for row in plain))
    first = ~stops["cell"].duplicated()
    order = stops[first].sort_values("number").index
    return {
        "title": title,
        "council": workspace.settings.name,
        "summary": said["summary"],
        "map": None if drawing is None else map_svg(drawing),
        "map_words": "" if drawing is None else drawing.description,
        "closer": closer_maps(workspace, pins, drawing),
        "legend": said["legend"] + _grid_words(workspace),
        "times": said["times"],
        "places": [
            {key: str(plain[at][key]) for key in ("number", "place", "ward", "word", "reason")}
            for at in order
        ],
        "shifts": [
            {
                "title": name,
                "rows": [
                    {key: str(row[key]) for key in ("number", "place")}
                    for row in plain
                    if row["shift"] == name
                ],
            }
            for name in titles
        ],
        "notes": said["notes"],
        "footer": said["footer"],
    }


def closer_maps(
    workspace: Workspace, pins: pd.DataFrame, drawing: PlaceMap | None
) -> list[dict[str, str]]:
    """Draw nearer the places that one pin of the map stands for, where it stands for several."""
    drawn = () if drawing is None else drawing.pins
    crowded = [pin.numbers for pin in drawn if pin.numbers.count(",") >= 2]
    ground = workspace.streets
    if ground is None and workspace.wards is not None:
        ground = workspace.wards.set_geometry(workspace.wards.boundary)
    closer = []
    for numbers in crowded[:MOST_CLOSER]:
        some = pins[pins["number"].isin([int(each) for each in numbers.split(", ")])]
        near = place_map(
            some.assign(rank=some["number"], crs=workspace.settings.crs),
            None,
            source=mapped_source(workspace),
            streets=ground,
            width=CLOSER_WIDTH,
            around_m=CLOSER_M,
        )
        if near is not None:
            closer.append({"map": map_svg(near), "words": f"Closer: places {numbers}"})
    return closer


def _plan_table(week: WeekPlan) -> pd.DataFrame:
    """Return the plan as a table: the places to visit, then those that get less than now."""
    plan = week.plan
    both = pd.concat([plan.places, plan.fewer], ignore_index=True).drop_duplicates("cell")
    numbered = both.assign(number=range(1, len(both) + 1))
    return numbered[list(PLAN_COLUMNS)].round({"today": 2, "share": 4})


def _actions(workspace: Workspace, week: WeekPlan) -> pd.DataFrame:
    """Return the recommendations as the store keeps them."""
    both = pd.concat([week.plan.places, week.plan.fewer], ignore_index=True)
    both = both.drop_duplicates("cell")
    visits = both["visits"].astype("string") + " visits this week"
    return pd.DataFrame(
        {
            "period": week.monday.isoformat(),
            "source": mapped_source(workspace),
            "cell": both["cell"],
            "recommendation": both["recommendation"] + ": " + visits,
            "reason": both["reason"],
            "done": pd.NA,
            "done_at": pd.Series(pd.NaT, index=both.index, dtype="datetime64[us, UTC]"),
        }
    )


def _span(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return f"{uk_date(monday)} to {uk_date(sunday)}"
