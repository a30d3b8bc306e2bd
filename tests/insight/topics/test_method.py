import pytest

from insight.topics import TopicMethod, TopicMethodError


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        ({"wanted_precision": 1.2}, "wanted_precision is 1.2"),
        ({"kept_in_scope": -0.1}, "kept_in_scope is -0.1"),
        ({"balance": 2}, "balance is 2"),
        ({"folds": 1}, "folds is 1"),
        ({"folds": 12}, "minimum_examples"),
        ({"penalty": 0}, "penalty is 0"),
    ],
)
def test_an_impossible_choice_is_refused_by_name(choice, named):
    with pytest.raises(TopicMethodError, match=named):
        TopicMethod(**choice)
