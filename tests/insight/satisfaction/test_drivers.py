import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from insight.intervals import newcombe
from insight.satisfaction.drivers import find_drivers, fisher


def comments(dissatisfied, satisfied):
    return pd.DataFrame(
        {
            "opinion": ["dissatisfied"] * len(dissatisfied) + ["satisfied"] * len(satisfied),
            "comment": pd.array([*dissatisfied, *satisfied], dtype="string"),
        }
    )


CHASED = ["Nobody rang me back and I had to chase"] * 18 + ["The drawings were lost"] * 12
HAPPY = ["Quick and clear, thank you"] * 25 + ["The drawings were easy to send"] * 5


def test_what_the_dissatisfied_mention_comes_with_counts_and_newcombes_interval():
    found = find_drivers(comments(CHASED, HAPPY))
    assert (found.dissatisfied, found.satisfied) == (30, 30)
    top = found.terms.iloc[0]
    assert "nobody rang" in top["term"]
    assert (top["dissatisfied"], top["satisfied"]) == (18, 0)
    expected = [*map(float, newcombe(18 / 30, 30, 0, 30))]
    assert [top["lower"], top["upper"]] == pytest.approx(expected)
    assert top["stands_out"]
    drawings = found.terms[found.terms["term"].eq("drawings")].iloc[0]
    assert (drawings["dissatisfied"], drawings["satisfied"]) == (12, 5)
    assert not drawings["stands_out"]


def test_words_that_the_same_people_use_are_one_row_and_told_as_the_phrase_they_wrote():
    found = find_drivers(comments(CHASED, HAPPY))
    (term,) = [term for term in found.terms["term"] if "rang" in term or "chase" in term]
    assert len(term.split(" ")) == 2
    assert found.telling["term"].tolist() == [
        "nobody rang me back and i had to chase",
        "drawings were lost",
    ]


def test_a_phrase_is_counted_and_given_its_interval_anew():
    wrote = ["My builder gave up waiting"] * 12 + ["Months of waiting and no word."] * 9
    found = find_drivers(
        comments(wrote + [f"word{n} alone" for n in "abcdefghi"], HAPPY)
    ).telling.set_index("term")
    assert found.index.tolist()[0] == "builder gave up waiting"
    assert found.loc["months of waiting and no word", "dissatisfied"] == 9
    low, high = newcombe(12 / 30, 30, 0, 30)
    row = found.loc["builder gave up waiting"]
    assert [row["difference"], row["lower"], row["upper"]] == pytest.approx([0.4, low, high])


def test_p_is_fishers_and_discoveries_are_benjamini_and_hochbergs():
    k, j = np.array([18, 12, 3]), np.array([0, 5, 9])
    ours = fisher(k, j, 30, 30)
    for own, first, second in zip(ours, k, j, strict=True):
        tails = [
            fisher_exact([[first, 30 - first], [second, 30 - second]], alternative=side).pvalue
            for side in ("less", "greater")
        ]
        assert own == pytest.approx(min(1, 2 * min(tails)))
    found = find_drivers(comments(CHASED, HAPPY)).terms
    expected = multipletests(found["p"], alpha=0.05, method="fdr_bh")[0]
    assert found["stands_out"].tolist() == expected.tolist()


def test_comments_drawn_alike_have_hardly_a_driver():
    rng = np.random.default_rng(4)
    words = [f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    false = 0
    for _ in range(40):
        texts = [" ".join(rng.choice(words, size=6, replace=False)) for _ in range(80)]
        false += find_drivers(comments(texts[:40], texts[40:])).terms["stands_out"].any()
    assert false <= 5  # one month in twenty, and chance on top


def test_a_word_of_four_people_is_passed_over_and_redactions_are_no_words():
    texts = ["Mr Grimsdale was rude"] * 4 + ["late [phone] [name]"] * 10
    found = find_drivers(comments(texts, ["fine thanks"] * 12)).terms["term"]
    assert not found.str.contains("grimsdale|phone|name").any()


@pytest.mark.parametrize("count", [0, 1, 9])
def test_with_few_comments_it_says_why_there_is_nothing(count):
    found = find_drivers(comments(["late"] * count, HAPPY))
    assert found.terms.empty
    assert found.why_none == (
        f"{count} dissatisfied and 30 satisfied people wrote something; comparing them needs "
        "10 of each."
    )


def test_what_dissatisfied_patients_mention_is_counted_as_in_the_raw_file(real_data):
    raw = pd.read_csv(real_data / "nhs-friends-family-survey" / "responses_train.csv", dtype=str)
    rated = raw["FFT categorical answer"].map(
        {"1": "satisfied", "2": "satisfied", "4": "dissatisfied", "5": "dissatisfied"}
    )
    said = raw["FFT answer"].mask(raw["FFT answer"].eq("Did not answer"))
    found = find_drivers(pd.DataFrame({"opinion": rated, "comment": said}))
    said = said.str.replace(r"\[[^\]]{1,40}\]", " ", regex=True).str.replace("\u2019", "'")
    told = rated.notna() & said.str.contains("[A-Za-z]{2}", na=False)
    assert found.dissatisfied == (told & rated.eq("dissatisfied")).sum()
    assert found.satisfied == (told & rated.eq("satisfied")).sum()
    words = found.terms[~found.terms["term"].str.contains("[ ,]") & found.terms["stands_out"]]
    assert len(words) > 20
    for row in words.head(10).to_dict("records"):
        used = said.str.casefold().str.contains(rf"\b{row['term']}\b", na=False)
        assert row["dissatisfied"] == (used & rated.eq("dissatisfied")).sum()
        assert row["satisfied"] == (used & rated.eq("satisfied")).sum()
