"""The month's topics where the model or its encoder is not as it should be."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipelines.edge.topic_models import FILE_NAME
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.figures import read_figures
from tests.pipelines.edge.tiny_encoder import make_encoder

MONTH = date(2026, 10, 1)
SAYINGS = {"bins": "the bin was not emptied", "dogs": "dog mess on the path"}


@pytest.fixture
def enquiries(drop, insight_here):
    """Put forty labelled enquiries of October, and twenty without a label, into the store."""
    topics = np.resize(list(SAYINGS), 60)
    rows = pd.DataFrame(
        {
            "enquiry_id": [f"E{n}" for n in range(60)],
            "received_at": [f"2026-10-{1 + n % 28:02d} 09:00" for n in range(60)],
            "text": [f"{SAYINGS[topic]} near house {n}" for n, topic in enumerate(topics)],
            "service": "waste",
            "channel": "email",
            "topic": np.where(np.arange(60) < 40, topics, ""),
        }
    )
    path = drop("enquiries", "october.csv", rows.to_csv(index=False))
    code, _, said = insight_here("ingest", path, "--source", "enquiries")
    assert code == 0, said


def counted(workspace):
    figures = read_figures(workspace, months=[MONTH], measures=["enquiries"])
    return figures.loc[figures["breakdown"].eq("") & figures["service"].eq("all"), "value"].sum()


def test_a_damaged_model_leaves_the_month_counted_and_training_mends_it(
    workspace, enquiries, insight_here
):
    assert publish_enquiries(workspace, MONTH).problems == []
    (path,) = workspace.outputs.glob(f"models/enquiry_topics/*/{FILE_NAME}")
    sound = path.read_bytes()
    path.write_bytes(sound[:-9])
    (problem,) = publish_enquiries(workspace, MONTH).problems
    assert "counted but not classified" in problem
    assert "damaged" in problem
    assert counted(workspace) == 60
    code, told, _ = insight_here("topics", "train")
    assert code == 0
    assert "2 topics learnt from 40 texts" in told
    assert path.read_bytes() == sound
    assert publish_enquiries(workspace, MONTH).problems == []


def test_another_encoder_than_the_pinned_one_leaves_the_month_counted(enquiries, workspace):
    folder = make_encoder(workspace.root / "reference" / "encoder")
    council = {"topic_encoder": "reference/encoder", "topic_encoder_sha256": "0" * 64}
    pinned = workspace.settings.model_copy(update=council)
    object.__setattr__(workspace, "settings", pinned)
    (problem,) = publish_enquiries(workspace, MONTH).problems
    assert "not the one that was chosen" in problem
    assert counted(workspace) == 60
    object.__setattr__(
        workspace, "settings", pinned.model_copy(update={"topic_encoder_sha256": ""})
    )
    assert publish_enquiries(workspace, MONTH).problems == []
    assert folder.exists()
