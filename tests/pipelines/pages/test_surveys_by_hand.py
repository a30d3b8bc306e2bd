"""Satisfaction on the pages and in their files, worked out again from the made answers."""

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages import surveys_by_hand as hand
from tests.pipelines.pages.all_by_hand import by_hand, hand_of
from tests.pipelines.pages.reading import (
    Page,
    figures_of,
    same_figures,
    same_numbers,
    same_share,
    table_of,
)

MONTHS = [f"2025-{n}" for n in (10, 11, 12)] + [f"2026-{n:02d}" for n in range(1, 13)]
EVERY = ["housing", "planning", "all"]


@pytest.mark.parametrize("service", EVERY)
def test_satisfaction_is_a_share_of_voices_with_wilsons_interval(outputs, service):
    wanted = ["satisfaction_share", "survey_responses"]
    same_figures(figures_of(outputs, service, wanted), hand_of(service, wanted))


@pytest.mark.parametrize("service", EVERY)
def test_a_rolling_quarter_is_raked_by_plain_iteration(outputs, service):
    wanted = ["satisfaction_share_quarter"]
    same_figures(figures_of(outputs, service, wanted), hand_of(service, wanted))


@pytest.mark.parametrize("service", EVERY)
def test_the_file_of_satisfaction_has_share_net_and_mean_by_question(outputs, service):
    found = {
        key: figure for key, figure in by_hand(service).items()
        if key[0].startswith("satisfaction") and key[2].split("=")[0] in ("", "question")
    }  # fmt: skip
    same_figures(table_of(outputs, "satisfaction", service, ["question"]), found)


def page_of(outputs, service):
    name = "planning/index" if service == "the planning team" else f"service-managers/{service}"
    return Page(outputs / "2026-12" / f"{name}.html")


def same_change(text, points, relative=None):
    """Hold a change in words against its points and, where it says so, its ratio."""
    if points.lower <= 0 <= points.upper:
        assert "no clear change" in text.lower()
        same_share(text, abs(points.lower), points.upper)
        return
    first, _, second = text.partition("which is")
    assert first.lower().startswith("up by" if points.value > 0 else "down by")
    ends = sorted((abs(points.lower), abs(points.upper)))
    same_share(first, abs(points.value), *ends)
    if second or relative:
        ends = sorted((abs(relative.lower), abs(relative.upper)))
        same_share(second, abs(relative.value), *ends)


SINCE = {"three months before": 3, "six months before": 6, "a year before": 12}


@pytest.mark.parametrize("service", ["planning", "all", "the planning team"])
def test_a_change_is_newcombes_in_points_and_as_a_ratio_and_for_the_same_mix(outputs, service):
    page, whose = page_of(outputs, service), "all" if service == "all" else "planning"
    if service == "the planning team":
        table = page.table("The last three months compared")
        mixed = table.column("For the same mix of decisions and applicants")
        told = {row: (words, mixed[row]) for row, words in table.column("Change").items()}
    else:
        said = [t for _, t in page.sentences if t.startswith("Against ")]
        told = {}
        for text in said:
            since, _, words = text.removeprefix("Against ").partition(": ")
            plain, _, mix = words.partition(" For the same mix of cases: ")
            told[since] = (plain, mix)
    assert len(told) == 3
    real = []
    for since, (words, mix) in told.items():
        points, relative = hand.change(whose, SINCE[since.lower()])
        same_change(words, points, relative)
        still = None if whose == "all" else hand.adjusted(whose, SINCE[since.lower()])
        if still is None:
            assert mix in ("", "Not known")
        else:
            same_change(mix, still)
        if points.lower > 0 or points.upper < 0:
            real.append((abs(points.value), SINCE[since.lower()], since, points, relative))
    # On planning's own page the headline opens the page as well.
    (headline,) = {t for _, t in page.sentences if t.startswith("Satisfaction is ")}
    _, _, since, points, relative = max(real)
    assert headline.endswith(f"compared with {since.lower()}.")
    same_change(headline.removeprefix("Satisfaction is "), points, relative)


def test_newcombe_by_hand_is_statsmodels(outputs):
    now, then = (
        hand.split(hand.of(hand.weighed(period), "planning"))[""] for period in MONTHS[-1:-14:-12]
    )
    counts = []
    for rows in (now, then):
        known = rows[rows["answer"].ne("don't know")]["answer"]
        counts += [known.isin(made.SATISFIED).sum(), len(known)]
    low, high = confint_proportions_2indep(*counts, method="newcomb")
    points, _ = hand.change("planning", 12)
    assert (points.lower, points.upper) == pytest.approx((low, high))


@pytest.mark.parametrize("service", ["planning", "the planning team"])
def test_what_the_dissatisfied_mention_is_counted_phrase_by_phrase(outputs, service):
    rows = hand.voices(tuple(month for month in MONTHS if month >= "2026-01"))
    rows = rows[rows["service"].eq("planning") & rows["question"].eq("overall")
                & rows["comment"].ne("") & rows["answer"].ne("don't know")]  # fmt: skip
    happy = rows["answer"].isin(made.SATISFIED)
    n, m = (~happy).sum(), happy.sum()
    table = page_of(outputs, service).table("What the dissatisfied mention")
    mentioned = set()
    for words, *told in table.rows:
        (phrase,) = [each for each in made.SAID[False] if words.lower() in each.lower()]
        mentioned.add(phrase)
        k, j = (
            (rows["comment"].eq(phrase) & ~happy).sum(),
            (rows["comment"].eq(phrase) & happy).sum(),
        )
        same_numbers(told[0], k, n)
        same_numbers(told[1], j, m)
        same_share(told[2], *confint_proportions_2indep(k, n, j, m, method="newcomb"))
    assert mentioned == set(made.SAID[False])


def test_who_is_missing_is_a_count_beside_the_margins(outputs):
    page = page_of(outputs, "all")
    table = page.table("Who answered the residents")
    people = hand.answers()[hand.answers()["survey"].eq("residents")]
    missing = {}
    for name, groups in made.MARGINS.items():
        for group, number in groups.items():
            label = f"{name.capitalize().replace('_', ' ')}: {group}"
            k, share = people[name].eq(group).sum(), number / sum(groups.values())
            low, high = proportion_confint(k, len(people), method="wilson")
            same_numbers(table.column("Answered")[label], k, len(people))
            same_share(table.column("Share")[label], k / len(people))
            same_share(table.column("Likely between")[label], low, high)
            same_share(table.column("Of those who live here")[label], share)
            assert table.column("Note")[label] == ("Missing" if high < share else "")
            if high < share:
                missing[label.replace(":", "")] = (k / len(people), share)
    assert len(table.rows) == 5
    told = [
        t for above, t in page.sentences if above.startswith("Who we") and " of those who " in t
    ]
    assert len(told) == len(missing) >= 1
    for text in told:
        label, _, numbers = text.partition(": ")
        same_share(numbers, *missing[label])


def test_the_recovery_sheet_has_decembers_satisfaction_and_chasing(outputs):
    page = Page(outputs / "now" / "recovery-planning" / "index.html")
    figure = hand.monthly("planning", made.PERIOD)["satisfaction_share", made.PERIOD, ""]
    share, month, ends, base = page.tile("Satisfied").split("; ")
    assert month == "December 2026"
    same_share(share, figure.value)
    same_share(ends, figure.lower, figure.upper)
    same_numbers(base, figure.base)
    tax = Page(outputs / "now" / "recovery-council-tax" / "index.html")
    assert tax.tile("Satisfied") == "Not measured yet"
