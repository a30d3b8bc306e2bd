"""A month's pages, rendered once: tests only read them."""

import pytest

from pipelines.edge.pages import render_site
from tests.page_month import page_month


@pytest.fixture(scope="session")
def site() -> dict[str, str]:
    return render_site(page_month())
