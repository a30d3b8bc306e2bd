"""The page of what to build, mend and rewrite, and its table."""

from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.published import publishable
from insight.results import ALL_SERVICES
from insight.topics.volumes import with_services
from pipelines.edge import page_parts as say
from pipelines.edge.online_page import online_page
from pipelines.edge.page_data import PageData
from pipelines.edge.workbook import csv_text
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_discovery import (
    NO_NEW_TOPICS,
    DiscoveryError,
    NewTopics,
    discover_topics,
)
from pipelines.steps.topic_gaps import find_form_gaps, saving_method
from pipelines.steps.topic_month import told_months

FOLDER = "service-managers"


def new_topics(workspace: Workspace, month: date) -> NewTopics:
    """Return what no topic covers; nothing where there are no enquiries."""
    try:
        return discover_topics(workspace, month)
    except DiscoveryError:  # the page says that nothing stands out
        return NO_NEW_TOPICS


def topic_pages(
    workspace: Workspace, month: date, data: PageData, new: NewTopics
) -> dict[str, str]:
    """Return the page and its CSV by path below the month's folder."""
    gaps = find_form_gaps(workspace, month)
    contract = load_contract("form_gaps")
    page = online_page(data, gaps, new.found, method=saving_method(workspace))
    return {
        f"{FOLDER}/online.html": page,
        f"{FOLDER}/form_gaps.csv": csv_text(publishable(gaps, contract), contract.column_names),
    }


def what_rules_say(workspace: Workspace, month: date) -> dict[str, dict[str, str]]:
    """Say how many of the month's enquiries each of the council's rules sorted, and why.

    Returns
    -------
    dict
        By service (`ALL_SERVICES` too) and topic's label; empty where no rule fitted.
    """
    told = told_months(workspace, [month])
    services = {topic.name: topic.service for topic in workspace.settings.topics}
    ruled = with_services(told[told["rule"].notna()], services)
    both = pd.concat([ruled, ruled.assign(service=ALL_SERVICES)])
    counts = both.groupby(["service", "topic", "rule"]).size().rename("number").reset_index()
    said: dict[str, dict[str, str]] = {}
    for row in say.records(counts):
        topics, label = said.setdefault(row["service"], {}), say.label(row["topic"])
        words = f"{say.count(row['number'])} by rule: {row['rule']}"
        topics[label] = f"{topics[label]}; {words}" if label in topics else words
    return said


def what_is_online(workspace: Workspace) -> dict[str, str]:
    """Say what the settings' catalogue has online for each topic, by the topic's label."""
    kinds = {
        (True, True): "form and page",
        (True, False): "form",
        (False, True): "page, no form",
        (False, False): "nothing",
    }
    return {
        say.label(topic.name): kinds[topic.form is not None, topic.page is not None]
        for topic in workspace.settings.topics
    }
