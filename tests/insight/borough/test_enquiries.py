import pandas as pd
import pytest

from insight.borough.cases import backlog
from insight.borough.enquiries import LABELLED, TOPICS, make_enquiries
from insight.borough.unplanned import UNPLANNED_TITLE


@pytest.fixture(scope="module")
def enquiries(plan, people, applications):
    overdue = dict(zip(plan.span, backlog(plan, applications)["overdue"], strict=True))
    return make_enquiries(plan, people, applications, overdue)


def test_ten_topics_of_two_mailboxes_each_with_enough_to_learn_from(enquiries):
    assert [t.service for t in TOPICS] == ["council-tax"] * 6 + ["planning"] * 4
    counts = enquiries["true_topic"].value_counts()
    assert set(counts.index) == {t.title for t in TOPICS} | {UNPLANNED_TITLE}
    assert counts.min() > 60


def test_some_are_about_none_of_the_topics(enquiries):
    assert 0.03 < enquiries["true_topic"].isna().mean() < 0.07


def test_a_person_has_sorted_four_hundred_and_got_two_in_a_hundred_wrong(enquiries):
    labelled = enquiries.dropna(subset="topic")
    assert len(labelled) == LABELLED
    assert labelled["topic"].ne(labelled["true_topic"]).sum() == 8
    assert labelled["topic"].value_counts().min() >= 10


def test_texts_differ_and_read_as_sentences(enquiries):
    assert enquiries["text"].nunique() > 0.97 * len(enquiries)
    assert not enquiries["text"].str.contains(r"[{}]").any()
    assert not enquiries["subject"].str.contains(r"[{}]").any()


def test_personal_data_stand_in_the_texts(enquiries):
    texts = enquiries["text"]
    for pattern in (r"@example\.", r"07700 900\d{3}", r"[A-Z]{2} \d\d \d\d \d\d [A-D]", "TD9[12]"):
        assert texts.str.contains(pattern).sum() >= 15


def test_only_council_tax_has_account_numbers_in_its_letters(enquiries):
    planning = enquiries["service"].eq("planning") & enquiries["true_topic"].notna()
    assert not enquiries.loc[planning, "text"].str.contains(r"\b7\d{7}\b").any()


def test_what_nobody_planned_for_begins_near_the_end_and_has_no_label(plan, enquiries):
    new = enquiries[enquiries["true_topic"].eq(UNPLANNED_TITLE).fillna(value=False)]
    assert new["received_at"].min() >= pd.Timestamp(plan.unplanned_since)
    assert plan.age(plan.unplanned_since) == 2
    assert new["topic"].isna().all()
    assert new["text"].str.contains("voucher", case=False).mean() > 0.95
    others = enquiries.drop(index=new.index)["text"]
    assert others.str.contains("voucher", case=False).mean() < 0.01


def test_some_e_mails_answer_an_earlier_one_of_the_same_person(enquiries):
    answers = enquiries[enquiries["replies_to"] != ""]
    assert 0.03 < len(answers) / len(enquiries) < 0.08
    origins = enquiries.set_index("enquiry_id").loc[answers["replies_to"]]
    assert (origins["sender"].to_numpy() == answers["sender"].to_numpy()).all()
    assert (origins["text"].to_numpy() == answers["quoted"].to_numpy()).all()
    assert (origins["received_at"].to_numpy() <= answers["received_at"].to_numpy()).all()
    assert (origins["replies_to"] == "").all()
    assert (origins["kind"] == "person").all()


def test_asking_for_progress_follows_the_overdue_cases(plan, people, applications):
    calm = make_enquiries(plan, people, applications, dict.fromkeys(plan.span, 0))
    strained = make_enquiries(plan, people, applications, dict.fromkeys(plan.span, 100))
    asked = [e["true_topic"].eq("Progress of an application").sum() for e in (calm, strained)]
    assert asked[1] > 3 * asked[0]


def test_council_tax_peaks_when_bills_go_out(long_plan, people, ground):
    from insight.borough.cases import make_applications

    cases = make_applications(long_plan, people, ground.wards["ward_name"].tolist())
    enquiries = make_enquiries(long_plan, people, cases, dict.fromkeys(long_plan.span, 0))
    tax = enquiries[enquiries["service"] == "council-tax"]
    by_month = tax["received_at"].dt.month.value_counts()
    assert by_month.idxmax() == 3
    assert by_month[3] > 1.6 * by_month[9]


def test_enquiries_come_in_order_within_their_months(enquiries):
    month = enquiries["received_at"].dt.strftime("%Y-%m")
    assert month.is_monotonic_increasing
    assert isinstance(enquiries["received_at"].dtype, type(pd.Series([pd.Timestamp(0)]).dtype))
