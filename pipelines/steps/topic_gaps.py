"""What to build, mend and rewrite, from a year's topics, forms and pages."""

from datetime import date

import pandas as pd

from insight.intervals import wilson
from insight.periods import month_of
from insight.topics.burden import BURDEN_COLUMNS
from insight.topics.form_gaps import SavingMethod, form_gaps
from insight.topics.volumes import NOT_CLASSIFIED, with_services
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window
from pipelines.steps.topic_burden import with_burdens
from pipelines.steps.topic_month import told_months

MONTHS = 12
PAGE_COLUMNS = ["page", "views", "form_starts", "form_completions"]


def find_form_gaps(workspace: Workspace, month: date) -> pd.DataFrame:
    """Rank the year's topics by what forms and pages could save.

    Returns
    -------
    pandas.DataFrame
        `insight.topics.form_gaps.COLUMNS`; ``lgsl``, the topic's LGSL ids, else its service's;
        ``wrote_again``, the share of enquiries whose conversation went on; ``chasing`` and
        ``avoidable``, the shares that chase and that are seen to be avoidable, each with its
        95% interval (the base are the ``enquiries``); and ``months``, how many of the twelve
        months to `month` have enquiries.
    """
    months = window(month, MONTHS)
    settings = workspace.settings
    topics = settings.topics
    told = told_months(workspace, months)
    asked = with_services(
        told[told["topic"].ne(NOT_CLASSIFIED)], {topic.name: topic.service for topic in topics}
    )
    asked = with_burdens(workspace, asked, months)
    volumes = (
        asked.fillna({"service": "", "channel": "not recorded"})
        .groupby(["service", "topic", "channel"], as_index=False)
        .size()
        .rename(columns={"size": "enquiries"})
    )
    catalogue = pd.DataFrame(
        [(topic.name, topic.form, topic.page) for topic in topics],
        columns=["topic", "form", "page"],
    )
    web = read_events(workspace, "web_counts", months=months)
    # Over the same time: a year of views beside a month of letters would compare nothing.
    web = web[month_of(web["date"]).isin(told["period"].unique())][PAGE_COLUMNS]
    costs = settings.contact_costs
    found = form_gaps(
        volumes,
        catalogue,
        web,
        dict(costs.minutes),
        pounds=costs.pound_ranges,
        method=saving_method(workspace),
        months=told["period"].nunique(),
    )
    own = {topic.name: topic.lgsl for topic in topics if topic.lgsl}
    services = {service.code: service.lgsl for service in settings.services}
    ids = [
        own.get(topic) or services.get(service, ())
        for topic, service in zip(found["topic"], found["service"], strict=True)
    ]
    written = [", ".join(str(each) for each in each_ids) for each_ids in ids]
    keys = ["service", "topic"]
    asked = asked.assign(service=asked["service"].fillna(""))
    shares = asked.groupby(keys, as_index=False)[["again", *BURDEN_COLUMNS]].mean()
    beside = found[keys].merge(shares, on=keys, how="left").set_axis(found.index)
    found = found.assign(
        months=told["period"].nunique(),
        wrote_again=beside["again"].astype("float64"),
        lgsl=pd.Series(written, index=found.index, dtype="string"),
    )
    for name in BURDEN_COLUMNS:
        share = beside[name].astype("float64")
        lower, upper = wilson(share, found["enquiries"])
        found[name], found[f"{name}_lower"], found[f"{name}_upper"] = share, lower, upper
    return found


def saving_method(workspace: Workspace) -> SavingMethod:
    """Return the council's assumptions of what a change online would save."""
    assumed = workspace.settings.take_up
    return SavingMethod(
        take_up=assumed.new_form,
        mended=assumed.mended_form,
        answered=assumed.better_page,
        least_saved=assumed.least_saved,
    )
