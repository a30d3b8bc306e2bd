"""The page for service managers: what to build, mend and rewrite online, and what is new."""

import pandas as pd

from insight.topics.discovery import Discovery
from insight.topics.form_gaps import BUILD, LEAST_SAVED, MEND, REWRITE, SavingMethod
from pipelines.edge import in_short as short
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import PageData
from pipelines.edge.pages import render_template

TITLE = "What to build, mend and rewrite"
LISTS = (
    (BUILD, "Build", "There is no form, and enough write for one to pay.", "take_up"),
    (MEND, "Mend", "There is a form, and people still write or give up half-way.", "mended"),
    (REWRITE, "Rewrite", "The page is read, and the question still comes.", "answered"),
)


def online_page(
    data: PageData,
    gaps: pd.DataFrame,
    found: Discovery,
    *,
    method: SavingMethod,
) -> str:
    """Render the page.

    Parameters
    ----------
    data
        The month's.
    gaps
        From `pipelines.steps.topic_gaps.find_form_gaps`.
    found
        What no topic covers. Its telling words are shown, never a resident's sentences: those
        are for `insight topics discover`.
    method
        The assumptions behind `gaps`.
    """
    lists = [
        {
            "code": code,
            "title": title,
            "what": what,
            "assumed": _assumed(getattr(method, assumption)),
            "least": method.least_saved if code == BUILD else LEAST_SAVED,
            "rows": say.records(gaps[gaps["list"].eq(code)].sort_values("rank")),
        }
        for code, title, what, assumption in LISTS
    ]
    months = int(gaps["months"].iloc[0]) if len(gaps) else 0
    return render_template(
        "online.html.j2",
        data,
        audience="service-managers",
        title=TITLE,
        lists=lists,
        in_short=short.of_gaps(lists, data.name, months),
        months=months,
        groups=say.records(found.groups),
        timed=bool(gaps["hours"].notna().any()),
        costed=bool(gaps["pounds"].notna().any()),
    )


def _assumed(shares: tuple[float, float, float]) -> str:
    low, middle, high = (f"{share:.0%}" for share in shares)
    return f"{middle} of the enquiries ({low} to {high})"
