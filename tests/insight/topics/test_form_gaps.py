import pandas as pd
import pytest
from scipy import stats

from insight.errors import MissingColumnsError
from insight.topics.form_gaps import BUILD, MEND, REWRITE, SavingMethod, form_gaps

MINUTES = {"email": 6.0, "phone": 12.0}


def volumes(**topics):
    rows = [("council-tax", topic, "email", number) for topic, number in topics.items()]
    return pd.DataFrame(rows, columns=["service", "topic", "channel", "enquiries"])


def online(*rows):
    return pd.DataFrame(rows, columns=["topic", "form", "page"])


def web(*rows):
    return pd.DataFrame(rows, columns=["page", "views", "form_starts", "form_completions"])


def listed(found, name):
    return found[found["list"].eq(name)].set_index("topic")


def test_no_form_and_many_enquiries_is_to_build():
    found = form_gaps(volumes(moving=200, refunds=90, rare=7), online(), web(), MINUTES)
    build = listed(found, BUILD)
    assert build["rank"].to_dict() == {"moving": 1, "refunds": 2}
    low, middle, high = SavingMethod().take_up
    assert build.loc["moving", "saved"] == pytest.approx(200 * middle)
    fewest, most = stats.chi2.ppf(0.025, 400) / 2, stats.chi2.ppf(0.975, 402) / 2
    assert build.loc["moving", "saved_lower"] == pytest.approx(fewest * low)
    assert build.loc["moving", "saved_upper"] == pytest.approx(most * high)
    assert build.loc["moving", "hours"] == pytest.approx(200 * middle * 6 / 60)
    assert "20% to 60%" in build.loc["moving", "words"]


def test_what_too_few_write_about_is_not_recommended():
    # The low end: the lower limit of Poisson's interval times the low take-up.
    def fewest(number):
        return stats.chi2.ppf(0.025, 2 * number) / 2

    enough = next(number for number in range(1, 500) if fewest(number) * 0.2 >= 12)
    found = form_gaps(volumes(few=enough - 1, enough=enough, seven=7), online(), web(), MINUTES)
    assert found["topic"].tolist() == ["enough"]
    half_a_year = form_gaps(volumes(few=enough - 1), online(), web(), MINUTES, months=6)
    assert half_a_year["topic"].tolist() == ["few"]
    readier = SavingMethod(least_saved=1)
    assert len(form_gaps(volumes(a=20, b=7), online(), web(), MINUTES, method=readier)) == 1
    pages = online(("seven", "/form", "/page"), ("many", "/other", "/page"))
    counts = web(("/page", 900, 0, 0), ("/form", 500, 100, 20), ("/other", 500, 100, 20))
    found = form_gaps(volumes(seven=7, many=30), pages, counts, MINUTES)
    assert found[["list", "topic"]].to_numpy().tolist() == [[MEND, "many"], [REWRITE, "many"]]


def test_a_few_more_letters_than_forms_sent_may_be_chance():
    catalogue, counts = online(("moving", "/form", None)), web(("/form", 500, 110, 100))
    assert form_gaps(volumes(moving=103), catalogue, counts, MINUTES).empty


def test_a_form_that_people_give_up_is_to_mend():
    found = form_gaps(
        volumes(moving=50),
        online(("moving", "/form", None)),
        web(("/form", 500, 100, 40), ("/form", 500, 100, 50)),
        MINUTES,
    )
    mend = listed(found, MEND)
    assert mend.loc["moving", "given_up"] == pytest.approx(1 - 90 / 200)
    assert 0.4 < mend.loc["moving", "given_up_lower"] < 0.55 < mend.loc["moving", "given_up_upper"]
    assert "given up half-way in 55% of 200 starts" in mend.loc["moving", "words"]
    assert listed(found, BUILD).empty


def test_a_form_that_works_is_left_alone_unless_people_write_all_the_same():
    catalogue, counts = online(("moving", "/form", None)), web(("/form", 500, 100, 95))
    assert form_gaps(volumes(moving=50), catalogue, counts, MINUTES).empty
    assert listed(
        form_gaps(volumes(moving=150), catalogue, counts, MINUTES), MEND
    ).index.tolist() == ["moving"]


def test_few_starts_say_nothing_of_giving_up():
    found = form_gaps(
        volumes(moving=50), online(("moving", "/form", None)), web(("/form", 9, 8, 1)), MINUTES
    )
    assert found["given_up"].isna().all()
    assert "half-way" not in found["words"].item()


def test_a_page_that_is_read_and_leaves_the_question_is_to_rewrite():
    found = form_gaps(
        volumes(bands=80), online(("bands", None, "/bands")), web(("/bands", 900, 0, 0)), MINUTES
    )
    assert "page was read 900 times" in listed(found, REWRITE).loc["bands", "words"]
    unread = form_gaps(volumes(bands=80), online(("bands", None, "/bands")), web(), MINUTES)
    assert listed(unread, REWRITE).empty


def test_without_minutes_there_are_contacts_and_no_hours():
    found = form_gaps(volumes(moving=80), online(), web(), {})
    assert found["hours"].isna().all()
    assert "staff hours" not in found["words"].item()


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="form_starts"):
        form_gaps(volumes(a=9), online(), web().drop(columns="form_starts"), MINUTES)


def test_pounds_go_from_the_lowest_cost_to_the_highest_and_only_where_known():
    volumes = pd.DataFrame(
        [("tax", "refunds", "email", 100), ("tax", "bands", "post", 100)],
        columns=["service", "topic", "channel", "enquiries"],
    )
    nothing = pd.DataFrame(columns=["topic", "form", "page"], dtype="string")
    web = pd.DataFrame(columns=["page", "views", "form_starts", "form_completions"])
    found = form_gaps(volumes, nothing, web, {}, pounds={"email": (2.0, 4.0)}).set_index("topic")
    costed = found.loc["refunds"]
    assert costed["pounds"] == costed["saved"] * 3
    assert costed["pounds_lower"] == costed["saved_lower"] * 2
    assert costed["pounds_upper"] == costed["saved_upper"] * 4
    assert "by the council's own costs" in costed["words"]
    assert pd.isna(found.loc["bands", "pounds"])
    assert "costs" not in found.loc["bands", "words"]
