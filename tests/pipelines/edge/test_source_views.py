"""The performance page's section on the sources."""

import pytest

from pipelines.edge.pages import render_page
from pipelines.edge.source_views import sources, volumes_chart
from tests.page_month import page_month

ATTACK = '<script>alert("x")</script>'


def test_late_sources_come_first_each_with_a_word_and_a_shape():
    rows = sources(page_month())["freshness"]
    assert [(row["source"], row["mark"].word) for row in rows] == [
        ("street-reports", "Stopped"),
        ("patrols", "Never sent anything"),
        ("contacts", "In time"),
    ]
    assert len({row["mark"].shape for row in rows}) == 3


def test_what_stopped_and_what_changed_is_said_before_the_tables():
    page = render_page(page_month(), "performance")
    assert page.index("street-reports stopped") < page.index("How fresh each source is")
    assert "channel &#34;phone&#34; is 2% of 1,240 rows" in page
    assert "due by" in page


def test_a_quiet_month_says_so():
    month = page_month()
    calm = month.freshness.assign(state="in time", note="")
    page = render_page(page_month(freshness=calm, changes=()), "performance")
    assert "Every source is in time" in page


def test_the_chart_says_in_words_and_figures_what_it_draws():
    chart = volumes_chart(page_month().volumes)
    assert "Rows a month from March 2026 to October 2026." in chart.description
    assert chart.head == ("Source", "October 2026", "September 2026", "October 2025", "Usual month")
    assert chart.rows[0][0] == "contacts"
    assert chart.rows[0][3] == "\N{EN DASH}"  # nothing is known of a year before


def test_one_month_is_no_chart():
    volumes = page_month().volumes
    assert volumes_chart(volumes[volumes["month"].eq(volumes["month"].max())]) is None


@pytest.mark.parametrize("field", ["changes", "volumes", "freshness"])
def test_a_sources_name_never_becomes_markup(field):
    month = page_month()
    spoilt = {
        "changes": (ATTACK,),
        "volumes": month.volumes.assign(source=ATTACK),
        "freshness": month.freshness.assign(source=ATTACK, state=ATTACK, note=ATTACK),
    }
    page = render_page(page_month(**{field: spoilt[field]}), "performance")
    assert "<script" not in page
    assert "&lt;script" in page
