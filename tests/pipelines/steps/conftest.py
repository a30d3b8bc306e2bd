import pytest

from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file

HEADINGS = {
    "contacts": "contact_id,contacted_at,channel,service,customer,case_id,text",
    "enquiries": "enquiry_id,received_at,text,subject,channel,service,sender,topic",
    "cases": "case_id,service,case_type,received_at,decided_at,outcome,customer",
    "surveys": "response_id,survey,answered_at,question,scale,answer,case_id,comment",
    "street_reports": "report_id,reported_at,category,latitude,longitude,reporter",
    "complaints": "complaint_id,received_at,service,stage,responded_at,outcome,customer",
}


@pytest.fixture(params=["sqlite", "postgres"])
def on_each_database(request, make_workspace, monkeypatch):
    """Make a workspace whose store is of each kind."""

    def make(**council):
        if request.param == "postgres":
            url = request.getfixturevalue("postgres_url")
            monkeypatch.setenv("INSIGHT_STORE_URL", url)
        return make_workspace(**council)

    return make


@pytest.fixture
def feed():
    """Ingest rows of an input from a file in its inbox."""

    def feed(workspace, contract, *rows, name="file.csv", **options):
        source = next(s for s in workspace.settings.sources if s.contract == contract)
        folder = workspace.inbox(source.name)
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text("\n".join([HEADINGS[contract], *rows]) + "\n", encoding="utf-8")
        return ingest_file(workspace, path, find_source(workspace, source.name, None), **options)

    return feed
