import pandas as pd
import pytest

from pipelines.edge.drawings import kept_drawings
from pipelines.edge.page_charts import channels_chart, satisfaction_chart, trend_chart
from pipelines.edge.page_views import measure_trend, measures
from tests.page_month import page_month, result, results

COLUMNS = list(results().columns)


def trend(*values: float | None, **options):
    rows = [result("x", "bins", f"2026-0{at}", v, None, None, 40) for at, v in enumerate(values, 1)]
    figures = pd.DataFrame(rows, columns=COLUMNS)
    return trend_chart(figures, name="t", title="Satisfied", unit="share", **options)


def test_a_trend_says_in_words_and_in_a_table_what_it_draws():
    chart = trend(0.5, None, 0.625, target=0.7)
    assert "From 50% in January 2026 to 62% in March 2026" in chart.description.replace(
        "63%", "62%"
    )
    assert chart.rows[0] == ("January 2026", "50%", "–", "40")  # noqa: RUF001
    assert chart.rows[1][1] == "too few"
    assert 'role="img" aria-label="Satisfied"' in chart.svg


def test_one_month_is_no_trend():
    assert trend(0.5) is None
    assert trend(0.5, None) is None


def test_a_chart_is_found_only_where_all_that_it_shows_is_the_same(tmp_path):
    with kept_drawings(tmp_path) as drawings:
        first = trend(0.5, 0.6, drawings=drawings)
        assert trend(0.5, 0.6, drawings=drawings) == first == trend(0.5, 0.6)
        assert (drawings.kept.made, drawings.kept.found) == (1, 1)
        for other in ({"target": 0.7}, {"decimals": 2}):
            changed = trend(0.5, 0.6, drawings=drawings, **other)
            assert changed.svg == trend(0.5, 0.6, **other).svg != first.svg
        moved = trend(0.5, 0.61, drawings=drawings)
    assert moved.svg == trend(0.5, 0.61).svg != first.svg


def test_the_target_is_drawn_and_said():
    assert "Target 70%" in trend(0.5, 0.6, target=0.7).description
    assert "Target" not in trend(0.5, 0.6).description


def test_titles_and_names_cannot_break_out_of_the_drawing():
    attack = '"><script>alert(1)</script>'
    figures = results().query("period == '2026-10' and measure == 'satisfaction_share'")
    chart = satisfaction_chart(figures, lambda code: attack + code, name="s", title=attack)
    assert "<script" not in chart.svg
    assert attack + "bins" in {row[0] for row in chart.rows}


def test_services_without_an_answer_make_no_chart():
    empty = results().iloc[:0]
    assert satisfaction_chart(empty, str, name="s", title="S") is None
    assert channels_chart(empty.assign(label=""), str, name="c", title="C") is None


def test_channels_add_up_in_the_table():
    rows = [
        result("contacts", "bins", "2026-10", number, breakdown=f"channel={channel}")
        for channel, number in (("phone", 60), ("web", 20))
    ]
    figures = pd.DataFrame(rows, columns=COLUMNS).assign(label=["phone", "web"])
    chart = channels_chart(figures, str.upper, name="c", title="C")
    assert chart.head == ("Service", "Phone", "Web", "All")
    assert chart.rows == (("BINS", "60", "20", "80"),)


@pytest.fixture
def month():
    return page_month()


def off_target(month, code):
    return next(row for row in measures(month.scorecard) if row["measure"] == code)


def test_a_measures_trend_stays_with_its_own_kind_of_period(month):
    row = off_target(month, "HB-01")
    quarters = pd.DataFrame(
        [result("HB-01", "council-tax", f"2026-27 Q{at}", 20.0 + at) for at in (1, 2)],
        columns=COLUMNS,
    )
    both = page_month(results=pd.concat([month.results, quarters], ignore_index=True))
    assert len(measure_trend(both, row, "t").rows) == 8
    quarterly = row | {"period": "2026-27 Q2"}
    assert [cells[0] for cells in measure_trend(both, quarterly, "t").rows] == [
        "April to June 2026 (2026-27 Q1)",
        "July to September 2026 (2026-27 Q2)",
    ]


def test_a_quarterly_measure_known_by_month_shows_its_months_without_the_quarters_target(month):
    row = off_target(month, "HB-01") | {"period": "2026-27 Q2"}
    chart = measure_trend(month, row, "t")
    assert len(chart.rows) == 8
    assert "Target" not in chart.description


def test_a_computed_measures_trend_follows_its_figure(month):
    row = off_target(month, "PL-01") | {
        "figure": "satisfaction_share",
        "figure_service": "planning",
        "breakdown": "",
    }
    assert measure_trend(month, row, "t").rows[-1][1] == "69%"
