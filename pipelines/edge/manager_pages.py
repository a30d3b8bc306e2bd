"""A page and a CSV for each service, in the folder of heads of service and service managers."""

from jinja2 import Environment
from markupsafe import Markup

from data_contracts import load_contract
from insight.published import publishable
from insight.results import RESULT_COLUMNS
from pipelines.edge.manager_views import MANAGER_FIGURES, pages_of, service_view
from pipelines.edge.manager_words import looked_at, month_headlines
from pipelines.edge.page_data import Download, PageData
from pipelines.edge.workbook import csv_text

FOLDER = "service-managers"
CONTRACT = "service_figures"


def manager_pages(data: PageData, environment: Environment, css: Markup) -> dict[str, str]:
    """Render each service's page and its figures as CSV, by path below the folder."""
    template = environment.get_template("service-manager.html.j2")
    found = month_headlines(data)
    meanings = [
        (title, definition)
        for code in MANAGER_FIGURES
        if code in data.catalogue
        for title, _, definition in [data.catalogue[code]]
    ]
    files: dict[str, str] = {}
    for code, name in pages_of(data).items():
        files[f"{name}/{CONTRACT}.csv"] = _csv(data, code)
        files[f"{name}.html"] = template.render(
            data=data,
            css=css,
            audience=FOLDER,
            title=data.name(code),
            downloads=[
                Download(
                    FOLDER,
                    f"{name}/{CONTRACT}.csv",
                    "All figures of this service",
                    "CSV, opens in Excel",
                )
            ],
            meanings=meanings,
            looked_at=looked_at(found) if found.candidates else "",
            **service_view(data, code, found.found),
        )
    return files


def _csv(data: PageData, code: str) -> str:
    """Write all of a service's figures that its page may show, every month and breakdown."""
    mine = data.results_of(code)
    mine = mine[mine["measure"].isin(MANAGER_FIGURES)]
    titles = {name: each[0] for name, each in data.catalogue.items()}
    units = {name: each[1] for name, each in data.catalogue.items()}
    keys = ["measure", "period", "breakdown"]
    rows = mine[list(RESULT_COLUMNS)].sort_values(keys, kind="stable")
    rows = rows.assign(
        title=rows["measure"].map(titles).fillna(rows["measure"]).astype("string"),
        unit=rows["measure"].map(units).fillna("count").astype("string"),
    )
    contract = load_contract(CONTRACT)
    return csv_text(publishable(rows, contract), contract.column_names)
