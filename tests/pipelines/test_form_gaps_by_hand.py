"""The three lists, each figure of the published table worked out again from the rows put in."""

import csv
from io import StringIO

import pandas as pd
import pytest
import yaml
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from pipelines.edge.workspace import open_workspace
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.figures import read_figures
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.topic_pages import NO_NEW_TOPICS, topic_pages
from tests.page_month import page_month
from tests.topic_letters import HEADINGS, MONTH, drop

TOPICS = [
    {"name": "refunds", "service": "waste", "lgsl": [57]},
    {"name": "bins", "service": "waste", "form": "/form"},
    {"name": "bands", "service": "planning", "page": "/bands",
     "avoidable": "information not on the website"},
]  # fmt: skip
MINUTES = {"email": 6.0, "phone": 12.0}
POUNDS = {"email": [2.0, 4.0], "phone": [3.0, 5.0]}
NUMBERS = {"refunds": 40, "bins": 30, "bands": 20}
STARTS, SENT, VIEWS = 200, 90, 900
SHARES = {"build": (0.1, 0.3, 0.5), "mend": (0.2, 0.3, 0.4), "rewrite": (0.05, 0.1, 0.2)}
LIST_OF = {"refunds": "build", "bins": "mend", "bands": "rewrite"}


def rows():
    made = []
    for topic, number in NUMBERS.items():
        for at in range(number):
            chases = at % 5 == 0
            said = "Any update on my letter about" if chases else "A question about"
            channel = "phone" if at % 4 == 0 else "email"
            day = f"{1 + at % 28:02}/10/2026 09:00"
            made.append([f"{topic}{at}", day, f"{said} {topic} number {at}", topic, channel, "",
                         topic, f"T-{topic}{at}"])  # fmt: skip
            if at % 10 == 0:  # a reply, which is no new enquiry
                made.append([f"{topic}{at}r", "29/10/2026 10:00", "Thank you very much", topic,
                             channel, "", topic, f"T-{topic}{at}"])  # fmt: skip
    return made


@pytest.fixture
def workspace_of_topics(make_workspace):
    workspace = make_workspace(
        contact_costs={"minutes": MINUTES, "pounds": POUNDS},
    )
    take_up = {
        "new_form": SHARES["build"], "mended_form": SHARES["mend"], "better_page": SHARES["rewrite"]
    }  # fmt: skip
    settings = {"topics": TOPICS, "take_up": {k: list(v) for k, v in take_up.items()}}
    (workspace.root / "settings" / "topics.yaml").write_text(yaml.safe_dump(settings))
    drop(workspace, rows(), [*HEADINGS, "thread_id"])
    (workspace.root / "inbox" / "web" / "web.csv").write_text(
        "date,page,service,views,form_starts,form_completions\n"
        f"02/10/2026,/form,waste,300,{STARTS // 2},{SENT // 2}\n"
        f"03/10/2026,/form,waste,300,{STARTS // 2},{SENT // 2}\n"
        f"03/10/2026,/bands,planning,{VIEWS},,\n"
    )
    opened = open_workspace(workspace.root, run_id="topics")
    ingest_inbox(opened)
    publish_enquiries(opened, MONTH)
    return opened


def test_every_figure_of_the_lists_can_be_worked_out_again(workspace_of_topics):
    files = topic_pages(workspace_of_topics, MONTH, page_month(), NO_NEW_TOPICS)
    text = files["service-managers/form_gaps.csv"].removeprefix("\ufeff")
    table = {row["topic"]: row for row in csv.DictReader(StringIO(text))}
    assert set(table) == set(NUMBERS)
    for topic, number in NUMBERS.items():
        row = table[topic]
        assert (row["list"], row["rank"], row["months"]) == (LIST_OF[topic], "1", "1")
        by_phone = len(range(0, number, 4))
        minutes = (by_phone * 12 + (number - by_phone) * 6) / number
        costs = [(by_phone * p + (number - by_phone) * e) / number for p, e in ((3, 2), (5, 4))]
        low, middle, high = SHARES[LIST_OF[topic]]
        fewest, most = chi2.ppf(0.025, 2 * number) / 2, chi2.ppf(0.975, 2 * number + 2) / 2
        saved = {"": number * middle, "_lower": fewest * low, "_upper": most * high}
        pounds = {"": sum(costs) / 2, "_lower": costs[0], "_upper": costs[1]}
        for end in ("", "_lower", "_upper"):
            assert float(row[f"saved{end}"]) == pytest.approx(saved[end])
            assert float(row[f"hours{end}"]) == pytest.approx(saved[end] * minutes / 60)
            assert float(row[f"pounds{end}"]) == pytest.approx(saved[end] * pounds[end])
        assert int(row["enquiries"]) == number
        assert float(row["wrote_again"]) == pytest.approx(len(range(0, number, 10)) / number)
        chasing = len(range(0, number, 5))
        avoidable = number if topic == "bands" else chasing
        for name, hits in (("chasing", chasing), ("avoidable", avoidable)):
            lower, upper = proportion_confint(hits, number, method="wilson")
            assert float(row[name]) == pytest.approx(hits / number)
            assert float(row[f"{name}_lower"]) == pytest.approx(lower)
            assert float(row[f"{name}_upper"]) == pytest.approx(upper)
    lower, upper = proportion_confint(STARTS - SENT, STARTS, method="wilson")
    mend = table["bins"]
    assert float(mend["given_up"]) == pytest.approx((STARTS - SENT) / STARTS)
    assert float(mend["given_up_lower"]) == pytest.approx(lower)
    assert float(mend["given_up_upper"]) == pytest.approx(upper)
    assert (float(mend["form_starts"]), float(mend["form_completions"])) == (STARTS, SENT)
    assert float(table["bands"]["views"]) == VIEWS
    assert table["refunds"]["lgsl"] == "57"
    page = files["service-managers/online.html"]
    assert "30% of the enquiries (10% to 50%)" in page
    assert 'scope="col">Chasing' in page
    # By channel too, and in the store with their base.
    kept = read_figures(workspace_of_topics, months=[MONTH])
    figures = kept[kept["service"].eq("all")].set_index(["measure", "breakdown"])
    for topic, number in NUMBERS.items():
        by_phone = len(range(0, number, 4))
        assert figures.loc[("enquiries", f"topic={topic}"), "value"] == number
        assert figures.loc[("enquiries", f"channel=phone;topic={topic}"), "value"] == by_phone
        row = figures.loc[("topic_chasing_share", f"topic={topic}")]
        assert row["base"] == number
        assert row["value"] == pytest.approx(len(range(0, number, 5)) / number)
    assert figures.loc[("topic_avoidable_share", "topic=bands"), "value"] == 1


def test_a_subject_line_tells_the_topic_and_a_letter_about_two_things_counts_once(
    workspace_of_topics,
):
    two = "A question about refunds number 7 today.\nA question about bands number 9 as well."
    late = [
        ["S1", "30/10/2026 09:00", "see above please", "refunds", "email", "", "", "T-S1"],
        ["D1", "30/10/2026 09:00", two, "refunds", "email", "", "refunds", "T-D1"],
    ]
    drop(workspace_of_topics, rows() + late, [*HEADINGS, "thread_id"])
    later = open_workspace(workspace_of_topics.root, run_id="later")
    ingest_inbox(later)
    publish_enquiries(later, MONTH)
    said = pd.read_sql("SELECT * FROM topic_prediction WHERE enquiry_id = 'S1'", later.engine)
    assert said["topic"].tolist() == ["refunds"]
    kept = read_figures(later, months=[MONTH], measures=["enquiries_several_topics_share"])
    figures = kept.set_index(["service", "breakdown"])
    assert figures.loc[("all", "topic=refunds"), "numerator"] == 1
    assert figures.loc[("all", ""), "base"] == sum(NUMBERS.values()) + 2
