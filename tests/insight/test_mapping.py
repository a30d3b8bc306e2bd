import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.mapping import Mapping, MappingError, Unpivot, apply_mapping, identity_mapping

COLUMNS = ("report_id", "category", "channel", "service", "question", "answer", "response_id")


def table(**columns):
    frame = pd.DataFrame(columns, dtype="string")
    return frame, pd.Series(range(2, len(frame) + 2), index=frame.index)


def mapped(mapping, **columns):
    frame, rows = table(**columns)
    return apply_mapping(frame, mapping, row_numbers=rows, allowed_columns=COLUMNS, where="f.csv")


def test_columns_are_renamed_and_values_translated():
    mapping = Mapping(
        "street_reports",
        {"report_id": "Ref", "channel": "Source"},
        translations={"channel": {"Citizens Connect App": "app"}},
        constants={"service": "street-cleaning"},
    )
    result = mapped(mapping, Ref=["1", "2"], Source=["Citizens Connect App", "phone"])
    assert result.frame["channel"].tolist() == ["app", "phone"]
    assert result.frame["service"].tolist() == ["street-cleaning"] * 2


def test_what_the_filter_leaves_out_is_counted():
    mapping = Mapping("street_reports", {"report_id": "Ref"}, where={"type": ("Dog fouling",)})
    result = mapped(mapping, Ref=["1", "2", "3"], type=["Dog fouling", "Litter", pd.NA])
    assert (result.rows_read, result.filtered) == (3, 2)
    assert result.frame["report_id"].tolist() == ["1"]
    assert result.row_numbers.tolist() == [2]


def test_a_wide_survey_becomes_one_row_per_answer_and_blanks_are_counted():
    mapping = Mapping(
        "surveys",
        {"response_id": "ID"},
        unpivot=Unpivot(("response_id",), {"Q1": "overall", "Q2": "ease"}),
    )
    result = mapped(mapping, ID=["a", "b"], Q1=["5", "4"], Q2=["3", pd.NA])
    assert (result.rows_read, len(result.frame), result.filtered) == (4, 3, 1)
    assert result.frame["question"].tolist() == ["overall", "ease", "overall"]
    assert result.row_numbers.tolist() == [2, 2, 3]
    assert result.origins.tolist() == ["Q1", "Q2", "Q1"]


def test_a_made_id_tells_equal_rows_apart_and_is_the_same_next_time():
    mapping = Mapping("street_reports", {"category": "type"}, generate=("report_id",))
    first = mapped(mapping, type=["Litter", "Litter", "Dog fouling"]).frame["report_id"]
    again = mapped(mapping, type=["Litter", "Litter", "Dog fouling"]).frame["report_id"]
    assert first.is_unique
    assert first.tolist() == again.tolist()


def test_a_made_id_fills_only_the_blanks():
    mapping = Mapping(
        "street_reports", {"report_id": "Ref", "category": "type"}, generate=("report_id",)
    )
    ids = mapped(mapping, Ref=["7", pd.NA], type=["Litter", "Litter"]).frame["report_id"]
    assert ids.iloc[0] == "7"
    assert ids.iloc[1].endswith("-2") or ids.iloc[1].endswith("-1")


def test_a_column_that_the_file_lacks_is_named_with_the_file():
    with pytest.raises(MissingColumnsError, match=r"f\.csv has no column Reference"):
        mapped(Mapping("street_reports", {"report_id": "Reference"}), Ref=["1"])


def test_a_column_that_the_contract_lacks_is_named_with_those_it_has():
    with pytest.raises(MappingError, match=r"names colour.*report_id"):
        mapped(Mapping("street_reports", {"colour": "Ref"}), Ref=["1"])


def test_headings_are_recognised_whatever_their_capitals_and_spaces():
    mapping = identity_mapping("x", COLUMNS, ["Report ID", "CATEGORY", "Notes"])
    assert mapping.columns == {"report_id": "Report ID", "category": "CATEGORY"}


def test_what_is_left_out_is_counted_and_an_empty_text_means_blank():
    mapping = Mapping(
        "street_reports", {"report_id": "Ref"}, leave_out={"Status": ("Duplicate",), "Place": ("",)}
    )
    columns = {"Status": ["Open", "Duplicate ", pd.NA, "Open"], "Place": ["x", "x", "x", pd.NA]}
    result = mapped(mapping, Ref=["1", "2", "3", "4"], **columns)
    assert (result.rows_read, result.filtered) == (4, 2)
    assert result.frame["report_id"].tolist() == ["1", "3"]


def test_several_columns_are_joined_to_one_and_half_of_it_is_none():
    mapping = Mapping("street_reports", join={"category": "{Kind}: {What}"})
    result = mapped(mapping, Kind=["Dogs", "Dogs"], What=["fouling", pd.NA])
    assert result.frame["category"].tolist() == ["Dogs: fouling", pd.NA]


def test_a_column_that_a_joined_one_lacks_is_named():
    with pytest.raises(MissingColumnsError, match="What"):
        mapped(Mapping("street_reports", join={"category": "{Kind}: {What}"}), Kind=["Dogs"])


def test_a_point_in_one_column_needs_the_contract_to_have_places():
    with pytest.raises(MappingError, match="names latitude, longitude"):
        mapped(Mapping("surveys", point="Where"), Where=["POINT (-1.1 52.6)"])


def test_a_wide_table_of_figures_fills_the_columns_it_is_told_to():
    unpivot = Unpivot(("Area",), {"Apr": "2026-04", "May": "2026-05"}, "category", "channel")
    mapping = Mapping("street_reports", {"report_id": "Area"}, unpivot=unpivot)
    result = mapped(mapping, Area=["North"], Apr=["3"], May=["4"])
    assert result.frame[["category", "channel"]].to_numpy().tolist() == [
        ["2026-04", "3"],
        ["2026-05", "4"],
    ]


def test_a_figure_that_is_not_there_counts_as_blank_and_an_answer_does_not():
    figures = Mapping("street_reports", unpivot=Unpivot((), {"Apr": "4"}, "category", "channel"))
    answers = Mapping("surveys", unpivot=Unpivot((), {"Apr": "overall"}))
    assert mapped(figures, Apr=["n/a", "3"]).filtered == 1
    assert mapped(answers, Apr=["n/a", "3"]).filtered == 0


def test_what_is_said_of_one_question_goes_before_what_holds_for_all():
    unpivot = Unpivot(
        ("response_id",),
        {"Q1": "bins", "Q2": "health"},
        also={"Q2": {"service": "public-health"}},
    )
    mapping = Mapping(
        "surveys", {"response_id": "ID"}, constants={"service": "waste"}, unpivot=unpivot
    )
    result = mapped(mapping, ID=["a"], Q1=["5"], Q2=["1"])
    assert result.frame["service"].tolist() == ["waste", "public-health"]


def test_a_wide_mapping_asks_the_file_for_its_own_headings_only():
    unpivot = Unpivot(("response_id", "ward", "Branch"), {"How was it?": "overall"})
    mapping = Mapping("surveys", {"response_id": "ID", "ward": "Ward"}, unpivot=unpivot)
    assert set(mapping.file_headings) == {"ID", "Ward", "Branch", "How was it?"}
