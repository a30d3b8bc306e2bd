import pandas as pd

from insight.comments.praise import direction_of, is_praise


def test_a_rating_makes_praise_only_of_a_comment_whose_kind_is_not_known():
    rows = pd.DataFrame(
        {
            "kind": pd.array(["compliment", "Compliment", "suggestion", None, None], "string"),
            "rating": pd.array([None, 1, 10, 9, 8], "Int64"),
        }
    )
    assert is_praise(rows).tolist() == [True, True, False, True, False]
    assert is_praise(rows[["kind"]]).tolist() == [True, True, False, False, False]


def test_a_rating_in_the_middle_says_neither():
    rows = pd.DataFrame({"rating": pd.array([1, 4, 5, 6, 7, 10, None], "Int64")})
    assert direction_of(rows).fillna(-1).tolist() == [0, 0, -1, -1, 1, 1, -1]
    assert direction_of(pd.DataFrame({"text": ["a"]})).isna().all()
