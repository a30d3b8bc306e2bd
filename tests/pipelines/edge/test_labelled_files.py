import pytest

from insight.errors import InsightError
from pipelines.edge.labelled_files import read_labelled


@pytest.mark.parametrize("first", ["x" * 200_000, "my dog died and the bin men laughed,Bins"])
def test_a_first_line_that_holds_no_headings_is_said_and_never_shown(tmp_path, first):
    path = tmp_path / "one.csv"
    path.write_text(f"{first}\nabc,Bins\n", "utf-8")
    with pytest.raises(InsightError) as told:
        read_labelled(path, text="text", label="topic")
    assert "one.csv" in str(told.value)
    assert "laughed" not in str(told.value)
    assert len(str(told.value)) < 300


def test_headings_are_named_where_the_one_asked_for_is_not_among_them(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("Message text;Topic of it\nabc;Bins\n", "utf-8")
    with pytest.raises(InsightError, match="its columns are: "):
        read_labelled(path, text="text", label="topic")
