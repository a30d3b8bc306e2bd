"""What each reader's page shows: from `PageData` to plain values for its template."""

from collections.abc import Callable

import pandas as pd

from insight.periods import Frequency, UnknownPeriodError, parse_period
from pipelines.edge import in_short as short
from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words
from pipelines.edge.manager_views import service_managers
from pipelines.edge.page_charts import Chart, trend_chart
from pipelines.edge.page_data import PageData, one_total, split_by, whole
from pipelines.edge.place_map import place_map
from pipelines.edge.public_views import public, public_news
from pipelines.edge.scorecard_views import FAMILIES, FIRST, rag_counts
from pipelines.edge.service_views import (
    View,
    bars,
    customer_services,
    planning,
    waits,
)
from pipelines.edge.source_views import sources

PLACES_ON_A_SHEET = 10
POINTS_IN_A_TREND = 13
MOST_OFF_TARGET = 150
EVIDENCE_WORDS = {
    "strong": "Far more reports than chance would bring here.",
    "moderate": "More reports than chance would usually bring.",
    "weak": "No more than chance may bring; the next in order, no more.",
    "too few": "So few reports that nothing can be said about this place alone.",
}
COUNTED = ("rows_read", "accepted", "quarantined", "duplicates", "filtered")


def measures(frame: pd.DataFrame) -> list[View]:
    """Give the scorecard's rows, family by family: what residents meet every day comes first."""
    place = frame["family"].map({name: at for at, name in enumerate(FAMILIES)})
    ordered = frame.assign(place=place.fillna(len(FAMILIES)))
    keys = ["place", "family", "title", "measure"]
    return say.records(ordered.sort_values(keys, kind="stable").drop(columns="place"))


def families(rows: list[View]) -> list[View]:
    """Group measures that are in family order, with each family's counts."""
    grouped: dict[str, list[View]] = {}
    for row in rows:
        grouped.setdefault(say.text(row["family"], "No family"), []).append(row)
    return [{"name": name, "rows": own, "counts": rag_counts(own)} for name, own in grouped.items()]


def performance(data: PageData) -> View:
    """Account for every row, say what was refused, and show the scorecard."""
    account = data.row_account.sort_values(["source", "file"], kind="stable")
    explained = account[list(COUNTED[1:])].sum(axis=1)
    adds_up = account["rows_read"].eq(explained)
    checked = account.assign(adds_up=adds_up, files=1)
    rules = dict.fromkeys((*COUNTED, "files"), "sum") | {"adds_up": "all"}
    rows = measures(data.scorecard)
    view = {
        "account": say.records(checked),
        "by_source": say.records(checked.groupby("source", as_index=False).agg(rules)),
        "refused_files": say.records(
            account.reindex(columns=["file", "reason"])[account["status"].eq("refused")]
        ),
        "columns": COUNTED,
        "totals": {name: int(account[name].sum()) for name in COUNTED},
        "adds_up": bool(adds_up.all()),
        "refusals": say.records(refusals(data.quarantine)),
        "families": families(rows),
        "counts": rag_counts(rows),
        "scorecard": FIRST if data.judged is not None else None,
    } | sources(data)
    return view | {"in_short": short.of_the_run(view, data.new_topics)}


def refusals(quarantine: pd.DataFrame) -> pd.DataFrame:
    """Add up the refused rows of a rule over a source's files, most first."""
    what = ["source", "column", "rule", "message"]
    summed = quarantine.groupby(what, dropna=False)["rows"].sum().reset_index()
    return summed.sort_values(["rows", *what], ascending=[False, True, True, True, True])


def wardens(data: PageData) -> View:
    """List the month's places in order, source by source, with a map to print."""
    current = data.hotspots[data.hotspots["period"].eq(data.period)]
    current = current.sort_values(["source", "rank", "cell"], kind="stable")
    wards = one_total(split_by(data.now, "street_reports", "ward"))
    by_ward = wards.groupby("label", dropna=False)["value"].sum().reset_index()
    listed = current.groupby("source", sort=True)
    return {
        "in_short": [
            said
            for _, cells in listed
            for said in short.of_places(say.records(cells.head(PLACES_ON_A_SHEET)))
        ],
        "notes": data.hotspot_notes,
        "sources": [
            {
                "name": source,
                "places": say.records(cells.head(PLACES_ON_A_SHEET)),
                "left_off": max(len(cells) - PLACES_ON_A_SHEET, 0),
                "clear_left_off": int(_clear(cells.iloc[PLACES_ON_A_SHEET:]).sum()),
                "map": place_map(cells.head(PLACES_ON_A_SHEET), data.wards, source=str(source)),
            }
            for source, cells in listed
        ],
        "by_ward": bars(by_ward),
        "has_map": data.map_html is not None,
        "evidence_key": [(mark, EVIDENCE_WORDS[name]) for name, mark in say.EVIDENCE.items()],
    }


def _clear(cells: pd.DataFrame) -> pd.Series:
    """Tell which places stand out beyond chance."""
    return cells["significant"].fillna(False).astype(bool)


def senior_leadership(data: PageData) -> View:
    """Count the statuses by family; say of each measure off target what is being done."""
    rows = measures(data.scorecard)
    late = [row for row in rows if say.rag(row["rag"]).kind in {"red", "amber"}]
    late.sort(key=lambda row: say.rag(row["rag"]).order)
    judged = {row["measure"]: row for row in data.measure_rows}
    told = []
    for at, row in enumerate(late[:MOST_OFF_TARGET]):
        known = judged.get(row["measure"])
        drawn = known is not None and known["chart_svg"]
        trend = None if drawn else measure_trend(data, row, f"late-{at}")
        told.append(row | {"judged": known, "trend": trend})
    return {
        "families": families(rows),
        "counts": rag_counts(rows),
        "total": len(rows),
        "off_target": told,
        "late": len(late),
        "awaited": sum(say.rag(row["rag"]) is say.RAG["awaited"] for row in rows),
        "others": [row for row in rows if say.rag(row["rag"]).kind not in {"red", "amber"}],
        "scorecard": FIRST if data.judged is not None else None,
    }


def measure_trend(data: PageData, row: View, name: str) -> Chart | None:
    """Draw a measure's periods, or its months where its own periods are too few."""
    mine = data.results[
        data.results["measure"].eq(say.text(row.get("figure"), row["measure"]))
        & data.results["service"].eq(say.text(row.get("figure_service"), row["service"]))
        & data.results["breakdown"].fillna("").eq(say.text(row.get("breakdown")))
    ]
    kinds = mine["period"].map(frequency)
    own = kinds.eq(frequency(row["period"]))
    chosen = mine[own] if own.sum() > 1 else mine[kinds.eq(Frequency.MONTHLY)]
    target = row["target"] if own.sum() > 1 and row["polarity"] != "band" else None
    return trend_chart(
        chosen.sort_values("period").tail(POINTS_IN_A_TREND),
        name=name,
        title=f"Over time: {row['title']}",
        unit=say.text(row["unit"], "count"),
        decimals=row["decimals"],
        target=target,
        drawings=data.drawings,
    )


def frequency(key: object) -> str:
    """Tell a month's key from a quarter's and a year's; anything else is nothing."""
    try:
        return parse_period(say.text(key))[0].value
    except UnknownPeriodError:
        return ""


def headlines(data: PageData) -> dict[str, str]:
    """Give each page's news in a few words, for the page that links to all."""
    current = data.hotspots[data.hotspots["period"].eq(data.period)]
    stand_out = int(_clear(current).sum())
    late = int(data.scorecard["rag"].isin(["red", "amber"]).sum())
    contacts = one_total(whole(data.now, "contacts"))["value"]
    answers = say.records(whole(data.now, "satisfaction_share"))
    satisfied = next((r for r in answers if r["service"] == data.planning_service), None)
    judged = [row for part in waits(data) for row in part["rows"]]
    long = [row for row in judged if row["mark"].kind == "red"]
    read, refused = (data.row_account[name].sum() for name in ("rows_read", "quarantined"))
    return {
        "performance": f"{say.plural(read, 'row')} read, {say.count(refused)} refused",
        "wardens": (
            f"{say.plural(stand_out, 'place stands', 'places stand')} out" if len(current) else ""
        ),
        "service-managers": say.plural(contacts.sum(), "contact") if len(contacts) else "",
        "planning": f"{words.share_or_why(satisfied)} satisfied" if satisfied else "",
        "customer-services": (
            f"{say.plural(len(long), 'wait')} longer than the standard" if judged else ""
        ),
        "senior-leadership": f"{say.plural(late, 'measure')} off target",
        "public": public_news(data),
    }


VIEWS: dict[str, Callable[[PageData], View]] = {
    "performance": performance,
    "wardens": wardens,
    "service-managers": service_managers,
    "planning": planning,
    "customer-services": customer_services,
    "senior-leadership": senior_leadership,
    "public": public,
}
