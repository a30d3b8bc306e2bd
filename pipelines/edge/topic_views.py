"""What a service manager sees of each topic: its volume, channels, chasing and what is online."""

import pandas as pd

from insight.results import split_breakdowns
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import PageData, by_service, split_by
from pipelines.edge.service_views import View

SHARES = {
    "corrected": "topic_share_corrected",
    "chasing": "topic_chasing_share",
    "avoidable": "topic_avoidable_share",
}
UNSORTED = "not classified"


def with_topic_shares(part: View, data: PageData, now: pd.DataFrame, code: str) -> View:
    """Put each topic's shares, channels and what exists online beside its count.

    Parameters
    ----------
    part
        From `pipelines.edge.service_views.bars`, of the enquiries by topic.
    now
        The service's figures of the month.
    """
    shares = {
        name: {
            say.label(row["label"]): row
            for row in say.records(by_service(split_by(now, measure, "topic")).get(code, _NONE))
        }
        for name, measure in SHARES.items()
    }
    channels = _channels(now)
    rows = [
        row
        | {name: found.get(row["label"]) for name, found in shares.items()}
        | {
            "channels": channels.get(row["label"], ""),
            "online": data.online.get(row["label"], ""),
            "ruled": data.ruled.get(code, {}).get(row["label"], ""),
        }
        for row in part["rows"]
    ]
    shown = {name: any(row[name] for row in rows) for name in (*SHARES, "channels", "online")}
    return part | {"rows": rows, "shown": shown}


_NONE = pd.DataFrame(columns=["label"])


def _channels(now: pd.DataFrame) -> dict[str, str]:
    """Say how each topic's enquiries came, the commonest way first."""
    mine = now[now["measure"].eq("enquiries")].reset_index(drop=True)
    cut = split_breakdowns(mine["breakdown"].fillna(""))
    if not {"channel", "topic"} <= set(cut.columns):
        return {}
    both = mine["breakdown"].str.contains(";", regex=False) & mine["value"].notna()
    rows = mine.assign(channel=cut["channel"], topic=cut["topic"])[both.fillna(value=False)]
    rows = rows.sort_values(["topic", "value", "channel"], ascending=[True, False, True])
    said = (
        rows["channel"].fillna("").map(lambda name: say.label(name) or "not recorded")
        + " "
        + rows["value"].map(say.count)
    )
    joined = said.groupby(rows["topic"].map(say.label)).agg(", ".join)
    return {str(topic): str(words) for topic, words in joined.items()}
