"""Topics, what to build on line and comments on the pages, worked out again from the letters."""

import numpy as np
import pandas as pd
import pytest

from insight.topics.scoring import topic_beliefs, trained_shares
from pipelines.edge.topic_folders import read_folder
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import Hand, counted, plain_share, poisson, wilson
from tests.pipelines.pages.reading import (
    Page,
    figures_of,
    rows_of,
    same_figures,
    same_numbers,
    same_share,
    table_of,
)

NOW = made.PERIOD
EVERY = ["planning", "waste", "all"]
# The workspace's own assumptions: settings/topics.yaml, take_up.
TAKE_UP = {"Build": (0.2, 0.4, 0.6), "Mend": (0.1, 0.25, 0.4), "Rewrite": (0.1, 0.2, 0.35)}
LISTED = (("refunds", "Build"), ("bands", "Build"), ("bins", "Mend"), ("bands", "Rewrite"))


def asked(service):
    """Give the conversations: a reply is no new enquiry."""
    rows = made.enquiries()
    return rows[~rows["reply"] & (rows["service"].eq(service) | (service == "all"))]


def burdens(rows):
    """Give how many chase by their words, and how many the topic or the words make avoidable."""
    chase = rows["text"].str.startswith("Any update")
    needless = {each["name"] for each in made.TOPICS if "avoidable" in each}
    return chase.sum(), (chase | rows["topic"].isin(needless)).sum(), len(rows)


@pytest.fixture(scope="module")
def corrected(outputs):
    """Estimate each service's corrected shares from the model's beliefs, by plain EM."""
    (folder,) = (outputs / "models" / "enquiry_topics").iterdir()
    model = read_folder(folder)
    found = {}
    for service in ("waste", "all"):
        beliefs = topic_beliefs(model, asked(service)["text"])
        trained = trained_shares(model)
        draw = np.random.default_rng(5)
        n, again = len(beliefs), []
        value = expected_shares(beliefs, np.ones(n), trained, model.sharpness)
        for _ in range(600):
            times = np.bincount(draw.integers(0, n, n), minlength=n).astype(float)
            again.append(expected_shares(beliefs, times, trained, model.sharpness))
        ends = np.quantile(again, [0.025, 0.975], axis=0)
        found[service] = {
            topic: Hand(value[at], ends[0][at], ends[1][at], n)
            for at, topic in enumerate(model.topics)
        }
    return found


def expected_shares(beliefs, times, trained, sharpness):
    """Saerens, Latinne and Decaestecker's EM, its move cut by what chance explains."""
    ratio, shares = beliefs / trained, trained.copy()
    prior = 5.0 * len(trained)
    before = 0 * shares
    while np.abs(shares - before).sum() > 1e-7:
        turned = ratio * shares
        turned /= turned.sum(axis=1, keepdims=True)
        before, shares = shares, (times @ turned + prior * trained) / (times.sum() + prior)
    gain = times @ np.log(ratio @ shares)
    alike = pd.DataFrame(beliefs.round(6)).groupby(list(range(beliefs.shape[1]))).size()
    chance = (alike**2).sum() / alike.sum() * (len(trained) - 1)
    kept = 1 - chance / gain if gain > chance else 0.0
    mixed = ratio * (trained + kept * (shares - trained))
    sharp = (mixed / mixed.max(axis=1, keepdims=True)) ** sharpness
    return times / times.sum() @ (sharp / sharp.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("service", EVERY)
def test_each_topics_number_share_channels_chasing_and_avoidable_are_counts(outputs, service):
    page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
    rows = asked(service)
    (table,) = [t for t in page.tables if ": enquiries by topic (" in t.caption]
    same_numbers(table.caption.partition("(")[2], len(rows))
    assert len(table.rows) == rows["topic"].nunique()
    for topic, own in rows.groupby("topic"):
        label = topic.capitalize()
        same_numbers(table.column("Number")[label], len(own))
        same_share(table.column("Share")[label], len(own) / len(rows))
        channels = own["channel"].value_counts()
        assert table.column("How they came")[label] == ", ".join(
            f"{name.capitalize()} {number}" for name, number in channels.items()
        )
        chasing, avoidable, n = burdens(own)
        same_share(table.column("Chasing")[label], chasing / n, *wilson(chasing, n))
        same_share(table.column("Seen to be avoidable")[label], avoidable / n,
                   *wilson(avoidable, n))  # fmt: skip
    (sorted_,) = [t for _, t in page.sentences if t.startswith("Sorted into topics")]
    share, _, base = sorted_.partition(";")
    same_share(share, 1.0, *wilson(len(rows), len(rows)))
    same_numbers(base, len(rows))
    (further,) = [t for _, t in page.sentences if t.startswith("Seen to ask about a second")]
    share, _, base = further.partition(";")
    same_share(share, 0.0, *wilson(0, len(rows)))
    same_numbers(base, len(rows))


def test_the_corrected_share_is_plain_em_and_its_interval_a_bootstrap_of_the_letters(
    outputs, corrected
):
    for service, topics in corrected.items():
        page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
        (table,) = [t for t in page.tables if ": enquiries by topic (" in t.caption]
        told = figures_of(outputs, service, ["topic_share_corrected"])
        told_beside = table_of(outputs, "enquiry_topics", service, ["channel", "topic"])
        for topic, figure in topics.items():
            stored = told.get(("topic_share_corrected", NOW, f"topic={topic}"))
            assert stored.value == pytest.approx(figure.value, abs=2e-4)
            assert stored.base == figure.base
            # Ours draws two hundred samples: its ends are right to within their own scatter.
            assert stored.lower == pytest.approx(figure.lower, abs=0.04)
            assert stored.upper == pytest.approx(figure.upper, abs=0.04)
            beside = told_beside.get(("topic_share_corrected", NOW, f"topic={topic}"))
            assert beside == stored, "the file of all services' topics has the same"
            label = topic.capitalize()
            if label in table.column("Topic"):
                cell = table.column("Corrected share")[label]
                same_share(cell, stored.value, stored.lower, stored.upper)


@pytest.mark.parametrize("service", EVERY)
def test_the_enquiries_of_the_files_are_counts_of_the_letters(outputs, service):
    rows, found = asked(service), {}
    both = rows.groupby(["channel", "topic"])
    parts = [
        ("", rows),
        *((f"channel={c}", own) for c, own in rows.groupby("channel")),
        *((f"topic={t}", own) for t, own in rows.groupby("topic")),
        *((f"channel={c};topic={t}", own) for (c, t), own in both),
    ]
    for key, own in parts:
        found["enquiries", NOW, key] = counted(len(own))
        if "topic" not in key:
            found["enquiries_classified_share", NOW, key] = plain_share(len(own), len(own))
        if "channel" not in key:
            chasing, avoidable, n = burdens(own)
            found["topic_chasing_share", NOW, key] = plain_share(chasing, n)
            found["topic_avoidable_share", NOW, key] = plain_share(avoidable, n)
            found["enquiries_several_topics_share", NOW, key] = plain_share(0, n)
    told = table_of(outputs, "enquiry_topics", service, ["channel", "topic"])
    same_figures({k: v for k, v in told.items() if k[0] != "topic_share_corrected"}, found)
    figures = figures_of(outputs, service, {key[0] for key in found})
    same_figures(figures, found)


def test_what_to_build_mend_and_rewrite_is_worked_out_from_the_letters_and_the_views(outputs):
    page = Page(outputs / "2026-12" / "service-managers" / "online.html")
    folder = outputs / "2026-12" / "service-managers"
    file = {
        (row["list"].capitalize(), row["topic"]): row for row in rows_of(folder / "form_gaps.csv")
    }
    assert any("from 1 month of enquiries" in text for text in page.lede)
    assert sum(len(table.rows) for table in page.tables) == len(file) == len(LISTED)
    views = made.web()[made.web()["date"].map(lambda day: day.month == 12 and day.year == 2026)]
    for topic, name in LISTED:
        rows, low_middle_high = asked("all"), TAKE_UP[name]
        (assumed,) = [t for above, t in page.sentences if above == name and "Assumed" in t]
        low, middle, high = low_middle_high
        assumed, _, rule = assumed.partition("Assumed")[2].partition("Listed")
        same_share(assumed, middle, low, high)
        same_numbers(rule, least := 12 if name == "Build" else 1)
        own = rows[rows["topic"].eq(topic)]
        n = len(own)
        few, most = poisson(n)
        assert few * low * 12 >= least  # a year's, from one month
        saved = (n * middle, few * low, most * high)
        chasing, avoidable, _ = burdens(own)
        hours = own["channel"].map(made.MINUTES).fillna(0).mean() / 60  # a letter has none
        (table,) = [t for t in page.tables if t.above == name]
        ((_, label),) = [(row[0], row[1]) for row in table.rows if row[1].startswith(topic)]
        cells = dict(zip(table.head, next(r for r in table.rows if r[1] == label), strict=True))
        same_numbers(cells["Enquiries"], n)
        again = sum(number % 10 == 0 for number in range(n)) / n
        same_share(cells["Wrote again"], again)
        same_share(cells["Chasing"], chasing / n, *wilson(chasing, n))
        same_share(cells["Avoidable"], avoidable / n, *wilson(avoidable, n))
        same_numbers(cells["Enquiries saved"], *saved)
        same_numbers(cells["Staff hours"], *(each * hours for each in saved))
        costs = [own["channel"].map(lambda c, at=at: made.POUNDS.get(c, (0, 0))[at]).mean()
                 for at in (0, 1)]  # fmt: skip
        pounds = (saved[0] * sum(costs) / 2, saved[1] * costs[0], saved[2] * costs[1])
        same_numbers(cells["Pounds"], *pounds)
        row = file[name, topic]
        assert (row["months"], float(row["enquiries"])) == ("1", n)
        for column, each in zip(("pounds", "pounds_lower", "pounds_upper"), pounds, strict=True):
            assert float(row[column]) == pytest.approx(each)
        read = views.loc[views["page"].eq("/bands"), "views"].sum()
        assert row["views"] == (f"{read}" if topic == "bands" else "")
        assert cells["Order"] == row["rank"]
        if row["rank"] == "1":
            (first,) = [t for _, t in page.sentences if t.startswith(f"{name} first: {topic} (")]
            same_numbers(first.partition(" about ")[2], saved[0], n, 1, *saved[1:])
        for column, each in zip(("saved", "saved_lower", "saved_upper"), saved, strict=True):
            assert float(row[column]) == pytest.approx(each)
            hour = column.replace("saved", "hours")
            assert float(row[hour]) == pytest.approx(each * hours)
        if name == "Rewrite":
            same_numbers(cells["Page views"], read)
            same_numbers(row["words"].partition(":")[0], n, read)
        if name == "Mend":
            form = views[views["page"].eq("/missed-bin")]
            begun, sent = form["form_starts"].sum(), form["form_completions"].sum()
            same_numbers(cells["Forms begun"], begun)
            ends = wilson(begun - sent, begun)
            same_share(cells["Given up"], 1 - sent / begun, *ends)
            assert (float(row["form_starts"]), float(row["form_completions"])) == (begun, sent)
            told = [float(row[f"given_up{end}"]) for end in ("", "_lower", "_upper")]
            assert told == pytest.approx([1 - sent / begun, *ends])
        given = [float(row[f"{what}{end}"]) for what in ("chasing", "avoidable")
                 for end in ("", "_lower", "_upper")]  # fmt: skip
        wanted = [chasing / n, *wilson(chasing, n), avoidable / n, *wilson(avoidable, n)]
        assert given == pytest.approx(wanted)
        assert float(row["wrote_again"]) == pytest.approx(again)


@pytest.mark.parametrize("service", ["waste", "all"])
def test_praise_stands_apart_and_each_theme_has_as_many_comments_as_were_written(outputs, service):
    page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
    for caption, texts in (("Praise", made.PRAISED), ("Everything else", made.BLAMED)):
        table = page.table(caption)
        counts = made.comments()["text"].value_counts()
        assert len(table.rows) == 2
        for theme, number in table.rows:
            words = theme.lower().replace(",", "").split()
            (text,) = [t for t in texts if all(word in t.lower() for word in words)]
            same_numbers(number, counts[text])
    wanted = ["comments_received", "comments_praise_share"]
    told = figures_of(outputs, service, wanted)
    praise, n = made.comments()["kind"].eq("compliment").sum(), len(made.comments())
    assert told["comments_received", NOW, ""] == pytest.approx(counted(n))
    assert told["comments_praise_share", NOW, ""] == pytest.approx(plain_share(praise, n))
    split = {key[2]: figure.value for key, figure in told.items() if key[2]}
    assert split["kind=compliment"] == split["told=praise"] == praise
    assert split["kind=comment"] == split["told=not praise"] == n - praise
