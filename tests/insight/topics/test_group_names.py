import pandas as pd

from insight.topics.group_names import group_keys, group_name, telling_words


def test_a_word_that_a_group_hardly_uses_does_not_name_it():
    profiles = pd.DataFrame(
        [[0.9, 0.4, 0.01, 0.0], [0.0, 0.02, 0.5, 0.8]], columns=["send", "fuel", "heating", "warm"]
    )
    assert telling_words(profiles, 3) == [["send", "fuel"], ["warm", "heating"]]


def test_a_key_holds_pairs_of_words_and_tells_the_name():
    profiles = pd.DataFrame([[1.0, 0.0], [0.9, 0.4]], columns=["blue badge", "badge"])
    keys = group_keys(profiles, [["blue badge", "permit"], ["blue badge", "permit"]], None, 0.5)
    assert keys == ["blue_badge-permit", "blue_badge-permit-2"]
    assert [group_name(key) for key in keys] == ["blue badge, permit"] * 2
