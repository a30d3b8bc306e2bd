"""Which enquiries chase or could have been avoided, joined from demand to topics."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.demand import look_back
from insight.topics.burden import burdens
from pipelines.edge.workspace import Workspace
from pipelines.steps.demand_inputs import CASES, CONTACTS, demand_method
from pipelines.steps.events import read_events
from pipelines.steps.topic_labels import KEY

WRITTEN = ("enquiry_id", "received_at", "channel", "service", "sender", "text")


def with_burdens(workspace: Workspace, told: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Give each enquiry of `months` ``chasing`` and ``avoidable``.

    Avoidable is what the records show, and every enquiry about a topic that the settings say
    nobody should have to write about.

    Parameters
    ----------
    told
        Enquiries with their topic; ``service`` that of the topic where the enquiry names none.
    """
    method = demand_method(workspace)
    span = look_back(list(months), method)
    written = read_events(workspace, "enquiries", months=span, columns=("source", *WRITTEN))
    # What the topic told of the service is better than nothing said.
    known = told.drop_duplicates(KEY).set_index(KEY)["service"]
    named = known.reindex(pd.MultiIndex.from_frame(written[KEY])).to_numpy()
    written = written.assign(
        service=written["service"].fillna(pd.Series(named, index=written.index, dtype="string"))
    )
    found = burdens(
        written,
        months=months,
        method=method,
        contacts=read_events(workspace, "contacts", months=span, columns=CONTACTS),
        cases=read_events(workspace, "cases", columns=CASES),
    )
    flags = found.set_axis(pd.MultiIndex.from_frame(written[KEY]))
    flags = flags.reindex(pd.MultiIndex.from_frame(told[KEY]), fill_value=False)
    needless = {topic.name for topic in workspace.settings.topics if topic.avoidable is not None}
    said = told["topic"].isin(needless).to_numpy(dtype=bool)
    flags = flags.assign(avoidable=flags["avoidable"].to_numpy(dtype=bool) | said)
    return told.join(flags.set_axis(told.index))
