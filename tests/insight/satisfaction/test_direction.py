from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.satisfaction.direction import off_the_scale, turned_waves, without_turned

USUAL = [0.05, 0.1, 0.15, 0.4, 0.3]


def wave(month, shares, *, count=120, scale="satisfaction-5", seed=1, words=None):
    rng = np.random.default_rng([seed, *map(int, month.split("-"))])
    answers = rng.choice([1, 2, 3, 4, 5], size=count, p=shares)
    said = pd.Series(answers).astype("string")
    return pd.DataFrame(
        {
            "survey": "panel",
            "answered_at": pd.Timestamp(f"{month}-10", tz="Europe/London"),
            "question": "overall",
            "scale": scale,
            "answer": said.map(words) if words else said,
        }
    )


def waves(*parts):
    return pd.concat(parts, ignore_index=True)


def test_a_wave_with_its_numbers_turned_round_is_found_and_left_out():
    rows = waves(wave("2026-08", USUAL), wave("2026-09", USUAL), wave("2026-10", USUAL[::-1]))
    turned = turned_waves(rows)
    assert turned["period"].tolist() == ["2026-10"]
    kept, doubted = without_turned(rows, turned)
    assert len(kept) == 240
    assert doubted["base"].tolist() == [120]
    kept, doubted = without_turned(rows, turned, confirmed=["panel, 2026-10"])
    assert len(kept) == 360
    assert doubted.empty


def test_of_two_waves_that_mirror_each_other_the_newer_is_doubted():
    rows = waves(wave("2026-09", USUAL), wave("2026-10", USUAL[::-1]))
    assert turned_waves(rows)["period"].tolist() == ["2026-10"]


def test_two_turned_waves_among_many_are_both_found():
    parts = [wave(f"2026-{month:02d}", USUAL) for month in range(1, 9)]
    turned = [wave(month, USUAL[::-1]) for month in ("2026-09", "2026-10")]
    assert turned_waves(waves(*parts, *turned))["period"].tolist() == ["2026-09", "2026-10"]


def test_a_wave_mapped_to_the_reversed_scale_is_right_and_stays():
    rows = waves(
        wave("2026-08", USUAL),
        wave("2026-09", USUAL),
        wave("2026-10", USUAL[::-1], scale="reverse-5"),
    )
    assert turned_waves(rows).empty


@pytest.mark.parametrize(
    "fallen",
    [[0.15, 0.2, 0.2, 0.3, 0.15], [0.2, 0.25, 0.2, 0.2, 0.15], [0.1, 0.2, 0.35, 0.25, 0.1]],
)
def test_a_true_fall_is_not_taken_for_a_turned_scale(fallen):
    rows = waves(wave("2026-08", USUAL), wave("2026-09", USUAL), wave("2026-10", fallen))
    assert turned_waves(rows).empty


def test_chance_alone_turns_no_wave():
    found = [
        turned_waves(
            waves(*(wave(f"2026-{m:02d}", [0.2] * 5, count=40, seed=seed) for m in range(1, 13)))
        )
        for seed in range(20)
    ]
    assert sum(map(len, found)) == 0


def test_words_say_what_they_mean_and_are_never_doubted():
    words = {
        "5": "Very satisfied", "4": "Fairly satisfied", "3": "Neither",
        "2": "Fairly dissatisfied", "1": "Very dissatisfied",
    }  # fmt: skip
    rows = waves(
        wave("2026-08", USUAL, words=words),
        wave("2026-09", USUAL, words=words),
        wave("2026-10", USUAL[::-1], words=words),
    )
    assert turned_waves(rows).empty


def test_thirty_answers_are_needed_to_doubt_a_wave():
    rows = waves(wave("2026-09", USUAL), wave("2026-10", USUAL[::-1], count=29))
    assert turned_waves(rows).empty


def test_answers_off_their_scale_are_counted_by_question():
    rows = wave("2026-10", USUAL, count=10)
    rows.loc[0, "answer"] = "7"
    rows.loc[1, "answer"] = None
    (row,) = off_the_scale(rows, date(2026, 10, 1)).to_dict("records")
    assert row == {
        "survey": "panel", "question": "overall", "scale": "satisfaction-5",
        "unreadable": 1, "answers": 9,
    }  # fmt: skip
    assert off_the_scale(rows, date(2026, 9, 1)).empty


def test_no_month_of_the_friends_and_family_test_is_doubted(real_data):
    raw = pd.read_csv(real_data / "nhs-friends-family-survey" / "responses_train.csv", dtype=str)
    rows = pd.DataFrame(
        {
            "survey": "friends and family",
            "answered_at": pd.to_datetime(raw["Date"], format="%d/%m/%Y", errors="coerce"),
            "question": raw["FFT question"],
            "scale": "reverse-5",
            "answer": raw["FFT categorical answer"],
        }
    ).dropna(subset="answered_at")
    assert turned_waves(rows).empty
    # The same answers with one large month turned round are.
    month = rows["answered_at"].dt.to_period("M").value_counts().index[0]
    inside = rows["answered_at"].dt.to_period("M").eq(month)
    six_less = 6 - pd.to_numeric(rows["answer"], errors="coerce")
    rows["answer"] = rows["answer"].mask(inside, six_less.astype("Int64").astype("string"))
    assert turned_waves(rows)["period"].unique().tolist() == [str(month)]
