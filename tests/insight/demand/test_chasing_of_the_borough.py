"""Who chases in the invented borough, held to what its maker decided; all of it is synthetic."""

import pytest

from tests.insight.demand.chased_borough import chased_borough


@pytest.fixture(scope="module")
def made():
    return chased_borough()


@pytest.fixture(scope="module")
def planning(made):
    return made.found["service"].astype("string").eq("planning")


def test_those_who_ring_planning_about_their_case_are_found_and_nobody_else(made, planning):
    logged = planning & made.logged
    found = made.found["chasing"]
    assert made.chases[logged].sum() > 100
    assert (found & made.chases & logged).sum() / (made.chases & logged).sum() > 0.95
    assert (found & made.chases & logged).sum() / (found & logged).sum() > 0.95


def test_a_second_call_about_no_open_case_is_no_chasing_where_cases_are_on_record(made, planning):
    second = planning & made.logged & made.again & ~made.chases
    assert second.sum() > 10
    assert not made.found.loc[second, "chasing"].any()


def test_in_other_services_a_second_call_is_taken_and_said_to_be_just_that(made, planning):
    second = ~planning & made.logged & made.again
    assert second.sum() > 100
    evidence = made.found.loc[second, "evidence"]
    assert made.found.loc[second, "chasing"].all()
    known = {"says it is not the first time", "repeat for the same reason", "words"}
    assert set(evidence) <= known
    assert evidence.eq("says it is not the first time").mean() > 0.8


def test_most_of_the_e_mails_that_ask_after_a_case_are_told_by_their_words(made, planning):
    mail = planning & ~made.logged
    found = made.found["chasing"] & mail
    # Some ask in words that nobody could list ("who is the case officer?"); fewer are wrong.
    assert (found & made.chases).sum() / (mail & made.chases).sum() > 0.6
    assert (found & made.chases).sum() / found.sum() > 0.7
