"""What to build, mend and rewrite, from a year's topics, forms and pages."""

from datetime import date

import pandas as pd

from insight.periods import month_of
from insight.topics.conversations import first_of_thread
from insight.topics.form_gaps import form_gaps
from insight.topics.volumes import NOT_CLASSIFIED, with_topics
from models import TopicPrediction
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window

MONTHS = 12
PAGE_COLUMNS = ["page", "views", "form_starts", "form_completions"]


def find_form_gaps(workspace: Workspace, month: date) -> pd.DataFrame:
    """Rank the year's topics by what forms and pages could save: see `insight.topics.form_gaps`."""
    months = window(month, MONTHS)
    enquiries = read_events(workspace, "enquiries", months=months)
    with workspace.engine.connect() as connection:
        predictions = read_table(
            connection,
            TopicPrediction,
            where={"period": sorted(set(month_of(enquiries["received_at"])))},
            timezone=workspace.settings.timezone,
        )
    # A reply in a conversation asks nothing new.
    asked = with_topics(enquiries[first_of_thread(enquiries)], predictions)
    asked = asked[asked["topic"].ne(NOT_CLASSIFIED)]
    topics = workspace.settings.topics
    services = {topic.name: topic.service for topic in topics}
    volumes = (
        asked.assign(service=asked["service"].fillna(asked["topic"].map(services)).fillna(""))
        .fillna({"channel": "not recorded"})
        .groupby(["service", "topic", "channel"], as_index=False)
        .size()
        .rename(columns={"size": "enquiries"})
    )
    catalogue = pd.DataFrame(
        [(topic.name, topic.form, topic.page) for topic in topics],
        columns=["topic", "form", "page"],
    )
    web = read_events(workspace, "web_counts", months=months)[PAGE_COLUMNS]
    minutes = dict(workspace.settings.contact_costs.minutes)
    return form_gaps(volumes, catalogue, web, minutes)
