import pandas as pd
import pytest

from insight.comments import OTHER, find_themes, name_themes
from insight.comments.themes import theme_shares
from insight.intervals import wilson

BINS = [f"The bins were missed again in {road}" for road in ("North Road", "South Lane")] * 15
PARKS = [f"{kind} park benches are broken" for kind in ("Both", "All")] * 15
TEXTS = pd.Series([*BINS, *PARKS], dtype="string")


def test_themes_are_the_groups_that_are_there_the_same_on_every_run():
    themes = find_themes(TEXTS)
    named = name_themes(TEXTS, themes)
    assert named.iloc[:30].nunique() <= 2
    assert set(named.iloc[:30]) & set(named.iloc[30:]) == set()
    assert any("bins" in name for name in named.iloc[:30])
    assert any("park" in name for name in named.iloc[30:])
    again = find_themes(TEXTS)
    assert again.names == themes.names
    assert name_themes(TEXTS, again).tolist() == named.tolist()


def test_a_comment_about_none_of_them_is_other():
    themes = find_themes(TEXTS)
    strange = pd.Series(["Xylophones please", "", None, "[name] [phone]"], dtype="string")
    assert name_themes(strange, themes).tolist() == [OTHER] * 4


def test_no_name_holds_a_word_that_fewer_than_five_people_use():
    rare = TEXTS.copy()
    rare.iloc[:4] = "Grimsdale the bins were missed by Grimsdale"
    assert not any("grimsdale" in name for name in find_themes(rare).names)


@pytest.mark.parametrize("count", [0, 1, 12, 39])
def test_few_comments_have_no_themes_and_say_why(count):
    themes = find_themes(TEXTS.head(count))
    assert themes.names == ()
    assert themes.why_none == f"{count} comments; themes need 40."
    assert name_themes(TEXTS.head(count), themes).eq(OTHER).all()


def test_comments_without_a_shared_word_have_no_themes():
    alone = pd.Series([f"{chr(97 + n % 26)}{chr(97 + n // 26)}q" for n in range(50)])
    assert "No word is used" in find_themes(alone).why_none


def test_shares_have_wilsons_interval_and_other_comes_last():
    named = pd.Series([OTHER] * 6 + ["bins"] * 3 + ["parks"] * 3)
    table = theme_shares(named)
    assert table["theme"].tolist() == ["bins", "parks", OTHER]
    assert [table["lower"][0], table["upper"][0]] == pytest.approx([*map(float, wilson(0.25, 12))])
    assert table["base"].eq(12).all()
