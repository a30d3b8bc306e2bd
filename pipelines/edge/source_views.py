"""What the performance page shows of the sources: who is late, what changed, and rows a month."""

from typing import Any

import pandas as pd

from insight.freshness import State
from insight.volume_chart import by_month, describe_source_volumes, source_volumes
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings
from pipelines.edge.page_charts import NONE, Chart, drawing
from pipelines.edge.page_data import PageData

TITLE = "Rows of each source, month by month"
STATES: dict[str, say.Mark] = {
    State.IN_TIME: say.Mark("In time", "\N{BLACK CIRCLE}", "green", 4),
    State.STOPPED: say.Mark("Stopped", "\N{BLACK SQUARE}", "red", 0),
    State.REFUSED: say.Mark("Refused", "\N{BLACK SQUARE}", "red", 1),
    State.LATE: say.Mark("Late", "\N{BLACK UP-POINTING TRIANGLE}", "amber", 2),
    State.NEVER: say.Mark("Never sent anything", "\N{WHITE CIRCLE}", "none", 3),
    State.UNDATED: say.Mark("Has no dates", "\N{WHITE CIRCLE}", "none", 5),
}
UNKNOWN = say.Mark("Not known", "\N{WHITE CIRCLE}", "none", 6)


def sources(data: PageData) -> dict[str, Any]:
    """Give each source's state, the late ones first, the changes, and the chart."""
    rows = [] if data.freshness is None else say.records(data.freshness)
    marked = [row | {"mark": STATES.get(say.text(row["state"]), UNKNOWN)} for row in rows]
    marked.sort(key=lambda row: row["mark"].order)
    return {
        "freshness": marked,
        "late": [row["note"] for row in marked if row["note"]],
        "changes": list(data.changes),
        "volumes": None if data.volumes is None else volumes_chart(data.volumes, data.drawings),
    }


def volumes_chart(volumes: pd.DataFrame, drawings: Drawings | None = None) -> Chart | None:
    """Draw each source's rows a month, or nothing where there are too few months."""
    wide = by_month(volumes)
    if wide.shape[1] < 2:  # one month is no line
        return None
    last = pd.Timestamp(wide.columns[-1])
    months = [last, last - pd.DateOffset(months=1), last - pd.DateOffset(years=1)]
    columns = wide.reindex(columns=months)
    return Chart(
        title=TITLE,
        description=f"Each on its own scale; the dot and the number are {last:%B %Y}'s. "
        + describe_source_volumes(volumes),
        svg=drawing(
            lambda: source_volumes(volumes),
            "volumes",
            TITLE,
            shown=["volumes", volumes],
            drawings=drawings,
        ),
        head=("Source", *(f"{month:%B %Y}" for month in months), "Usual month"),
        rows=tuple(
            (str(source), *(_count(value) for value in values), _count(usual))
            for (source, values), usual in zip(
                zip(columns.index, columns.to_numpy(), strict=True),
                wide.drop(columns=last).median(axis="columns"),
                strict=True,
            )
        ),
    )


def _count(value: object) -> str:
    return NONE if say.missing(value) else say.count(value)
