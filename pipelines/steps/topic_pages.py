"""The page of what to build, mend and rewrite, and its table."""

from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.published import publishable
from insight.topics.discovery import nothing_found
from pipelines.edge.online_page import online_page
from pipelines.edge.page_data import PageData
from pipelines.edge.workbook import csv_text
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_discovery import DiscoveryError, discover_topics
from pipelines.steps.topic_gaps import find_form_gaps, saving_method

FOLDER = "service-managers"


def topic_pages(workspace: Workspace, month: date, data: PageData) -> dict[str, str]:
    """Return the page and its CSV by path below the month's folder."""
    gaps = find_form_gaps(workspace, month)
    try:
        found, _ = discover_topics(workspace, month)
    except DiscoveryError:  # no enquiries: the page says that nothing stands out
        found = nothing_found(pd.Series(dtype="string"))
    contract = load_contract("form_gaps")
    page = online_page(data, gaps, found, method=saving_method(workspace))
    return {
        f"{FOLDER}/online.html": page,
        f"{FOLDER}/form_gaps.csv": csv_text(publishable(gaps, contract), contract.column_names),
    }
