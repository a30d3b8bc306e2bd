"""A month's topics: conversations, services, pages, and settings that are wrong."""

import pytest
import yaml

from pipelines.edge.workspace import open_workspace
from pipelines.settings import SettingsError
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.figures import read_figures
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.topic_gaps import find_form_gaps
from pipelines.steps.topic_pages import new_topics, topic_pages, what_rules_say
from tests.page_month import page_month
from tests.topic_letters import HEADINGS, MONTH, WORDS, drop, enquiries


@pytest.fixture
def taught(workspace):
    drop(workspace, enquiries(240, 120))
    ingest_inbox(workspace)
    return workspace


def test_one_label_only_is_said_and_the_month_still_counts(workspace, insight_here):
    rows = [[*row[:6], "bins" if row[6] else ""] for row in enquiries(60, 40)]
    drop(workspace, rows)
    ingest_inbox(workspace)
    summary = publish_enquiries(workspace, MONTH)
    assert "60 enquiries of October 2026" in summary.headline
    assert any("counted but not classified" in problem for problem in summary.problems)
    code, _, said = insight_here("topics", "train")
    assert code == 1
    assert "topic" in said


def test_a_reply_is_no_new_enquiry_and_a_topic_brings_its_service(workspace):
    rows = [
        [*row[:5], "", "tax" if n % 2 else "BINS ", f"T{n // 2}" if n < 40 else ""]
        for n, row in enumerate(enquiries(80, 0, new=0))
    ]
    drop(workspace, rows, [*HEADINGS, "thread_id"])
    settings = {
        "topics": [{"name": "bins", "service": "waste", "lgsl": [524]}],
        "take_up": {"least_saved": 1},
    }
    (workspace.root / "settings" / "topics.yaml").write_text(yaml.safe_dump(settings))
    later = open_workspace(workspace.root, run_id="later")
    ingest_inbox(later)
    summary = publish_enquiries(later, MONTH)
    assert "60 enquiries of October 2026" in summary.headline
    assert "20 replies" in summary.headline
    figures = read_figures(later, months=[MONTH], measures=["enquiries"])
    counts = figures.set_index(["service", "breakdown"])["value"]
    assert counts["all", ""] == 60
    assert counts["waste", "topic=bins"] == 40
    found = find_form_gaps(later, MONTH).set_index("topic")
    assert found.loc["bins", ["lgsl", "wrote_again"]].tolist() == ["524", 0.5]
    assert found.loc["tax", "wrote_again"] == 0, "a message without a conversation stands alone"


def test_what_a_rule_sorted_is_said_with_its_reason(taught):
    word = WORDS["bins"][0]
    settings = {
        "topics": [{"name": "bins", "service": "waste"}, {"name": "tax", "service": "planning"}],
        "topic_rules": [{"topic": "tax", "words": [word], "reason": "<b>ours</b>"}],
    }
    (taught.root / "settings" / "topics.yaml").write_text(yaml.safe_dump(settings))
    later = open_workspace(taught.root, run_id="later")
    publish_enquiries(later, MONTH)
    said = what_rules_say(later, MONTH)
    assert said["planning"] == said["all"]
    assert list(said["all"]) == ["Tax"]
    number, _, reason = said["all"]["Tax"].partition(" by rule: ")
    fits = [row for row in enquiries(240, 120) if word in row[2] and not row[6]]
    assert (int(number), reason) == (len(fits), "<b>ours</b>")


def test_new_topics_and_form_gaps_stand_on_the_service_managers_page(taught):
    publish_enquiries(taught, MONTH)
    files = topic_pages(taught, MONTH, page_month(), new_topics(taught, MONTH))
    page = files["service-managers/online.html"]
    assert '<h2 id="build">Build</h2>' in page
    assert "40% of the enquiries (20% to 60%)" in page
    assert any(word in page for word in WORDS["voucher"])
    table = files["service-managers/form_gaps.csv"].splitlines()
    assert len(table) > 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            {"topics": [{"name": "bins", "service": "wasste"}]},
            r"topics.yaml, topics\[bins\].service: .* no service wasste; did you mean waste\?",
        ),
        (
            {
                "topics": [
                    {"name": "Bins", "service": "waste"},
                    {"name": "bins ", "service": "waste"},
                ]
            },
            "topics.yaml, topics: Bins and bins are one topic",
        ),
        ({"topics": [{"name": "bins", "service": "all"}]}, "no service all"),
        ({"topics": [{"name": "bins", "service": "waste", "lgsl": [99_999]}]}, r"lgsl\[0\]"),
        ({"topics": [{"name": "bins", "service": "waste", "lgsl": 524}]}, "write a list, such as"),
        (
            {"topic_rules": [{"topic": "bins", "words": ["("], "reason": "why"}]},
            r"topic_rules\[1: bins\].words\[0\]: has no letter or digit",
        ),
        (
            {"topic_rules": [{"topic": "bins", "words": ["bin"], "reason": " "}]},
            "reason: must not be blank",
        ),
        (
            {
                "topics": [{"name": "bins", "service": "waste"}],
                "topic_rules": [{"topic": "bin", "words": ["bin"], "reason": "why"}],
            },
            r"topic_rules\[1: bin\].topic: .*did you mean bins\?",
        ),
        ({"topics": [], "take_up": {"new_form": [0.5, 0.2, 0.6]}}, "low, middle"),
    ],
)
def test_wrong_topic_settings_are_said(workspace, content, said):
    (workspace.root / "settings" / "topics.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(SettingsError, match=said):
        open_workspace(workspace.root)
