from datetime import date

import pytest

from insight.borough.borough import make_borough
from insight.borough.cases import make_applications
from insight.borough.ground import make_ground
from insight.borough.people import make_people
from insight.borough.plan import Plan
from tests.uncovered import uncovered


@pytest.fixture(scope="session")
def plan():
    return Plan(date(2026, 10, 1), months=6)


@pytest.fixture(scope="session")
def long_plan():
    return Plan(date(2026, 10, 1), months=24)


@pytest.fixture(scope="session")
def ground(plan):
    return make_ground(plan)


@pytest.fixture(scope="session")
def people(plan, ground):
    return make_people(plan, ground)


@pytest.fixture(scope="session")
def applications(plan, people, ground):
    return make_applications(plan, people, ground.wards["ward_name"].tolist())


@pytest.fixture(scope="session")
def borough(plan):
    return make_borough(plan)


@pytest.fixture(scope="session")
def long_borough(long_plan):
    with uncovered():
        return make_borough(long_plan)
