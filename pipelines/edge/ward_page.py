"""The page for councillors: reports by ward, this year and last, and a small map per month."""

from typing import TYPE_CHECKING

import pandas as pd

from insight.hotspots.by_ward import month_maps, ward_summary
from pipelines.edge import in_short as short
from pipelines.edge import page_parts as say
from pipelines.edge.page_charts import Chart, drawing
from pipelines.edge.page_data import PageData
from pipelines.edge.pages import render_template

if TYPE_CHECKING:
    import geopandas as gpd

PLACES_NAMED = 3


def ward_page(
    data: PageData, reports: pd.DataFrame, wards: "gpd.GeoDataFrame", *, source: str
) -> str:
    """Render the page.

    Parameters
    ----------
    data
        The month's.
    reports
        Those that are mapped: ``reported_at`` (local) and ``ward``.
    wards
        Outlines in metres, named in ``ward``; residents in ``population`` where known.
    source
        What was reported.
    """
    population = wards.set_index("ward")["population"] if "population" in wards else None
    table = ward_summary(reports, wards["ward"], data.month, population=population)
    clear = data.hotspots[data.hotspots["significant"]]
    named = clear.groupby("ward")["place"].apply(lambda places: "; ".join(places[:PLACES_NAMED]))
    table["places"] = table["ward"].map(named)
    figure, counts = month_maps(reports, wards, data.month)
    labels = [say.period(key) for key in counts.columns]
    chart = Chart(
        title=f"{source} by ward and month",
        description=(
            f"{say.plural(len(labels), 'small map')} of the wards, {labels[0]} to {labels[-1]}, "
            f"each ward with its number of reports and the darker the more. The busiest "
            f"ward of a month had {int(counts.to_numpy().max(initial=0))}."
        ),
        svg=drawing(lambda: figure, "ward-months", "Reports by ward and month"),
        head=("Ward", *labels),
        rows=tuple(
            (str(ward), *(str(number) for number in row))
            for ward, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
        ),
    )
    lost = int(reports["ward"].isna().sum())
    rows = say.records(table)
    return render_template(
        "wards.html.j2",
        data,
        audience="wardens",
        title="Reports by ward",
        in_short=short.of_wards(rows),
        rows=rows,
        rates=population is not None,
        source=source,
        chart=chart,
        elsewhere=f"{lost:,} reports lie in no ward and are left out." if lost else "",
    )
