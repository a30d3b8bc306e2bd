"""How well chasing contacts are told: on the invented borough, and on public texts.

Run with ``python -m tests.benchmarks.chasing [SEED ...]``. The borough is synthetic: who chases was
decided before the words were chosen, but its phrases were written by the same hands as the words
looked for, so it shows that the parts fit and not how well a real council's words are told. With
``INSIGHT_REAL_DATA`` set, the words are held to Banking77, whose labels are other people's: the
intents below ask what became of something. Nobody looked at its texts to choose the words.
"""

import os
import sys
from pathlib import Path

import pandas as pd

from insight.demand import AGAIN, CUES, has_cue
from insight.intervals import wilson
from tests.insight.demand.chased_borough import chased_borough

ASKS_AFTER = (
    "card_arrival", "pending_cash_withdrawal", "pending_top_up", "pending_card_payment",
    "pending_transfer", "transfer_not_received_by_recipient", "Refund_not_showing_up",
    "balance_not_updated_after_bank_transfer", "balance_not_updated_after_cheque_or_cash_deposit",
)  # fmt: skip


def say(name: str, truth: pd.Series, found: pd.Series) -> None:
    """Print precision and recall with their intervals."""
    hit = int((truth & found).sum())
    parts = []
    for what, of in (("precision", int(found.sum())), ("recall", int(truth.sum()))):
        share = hit / max(of, 1)
        low, high = (float(end) for end in wilson(share, of))
        parts.append(f"{what} {share:.3f} ({low:.3f} to {high:.3f}; {hit} of {of})")
    sys.stdout.write(f"{name}: {', '.join(parts)}\n")


def borough(seed: int) -> None:
    """Judge all that chases by what the borough's maker knows."""
    made = chased_borough(seed=seed)
    found = made.found["chasing"]
    planning = made.found["service"].astype("string").eq("planning")
    logged, mail = planning & made.logged, planning & ~made.logged
    say(f"seed {seed}, planning, noted by the contact centre", made.chases[logged], found[logged])
    say(f"seed {seed}, planning, e-mails", made.chases[mail], found[mail])
    say(f"seed {seed}, all services, who asks after a case", made.chases, found)
    say(
        f"seed {seed}, all services, those too who say it is the second time",
        made.chases | made.again,
        found,
    )
    wrong = made.found[found & ~made.chases & ~made.again]
    for evidence, count in wrong["evidence"].value_counts().items():
        sys.stdout.write(f"    neither, but found by {evidence}: {count}\n")


def public_texts(folder: Path) -> None:
    """Judge the words alone by Banking77's labels."""
    texts = pd.read_csv(folder / "banking77" / "train.csv", dtype="string")
    truth = texts["category"].isin(ASKS_AFTER)
    found = pd.Series(has_cue(texts["text"], CUES))
    say("Banking77, the words alone", truth, found)
    say("Banking77, those of a second contact too", truth, found | has_cue(texts["text"], AGAIN))
    share = found.groupby(texts["category"]).mean().sort_values(ascending=False)
    told = ", ".join(f"{name} {value:.0%}" for name, value in share.head(8).items())
    sys.stdout.write(f"    found most in: {told}\n")


def main(arguments: list[str]) -> None:
    """Print what each was like."""
    for seed in [int(text) for text in arguments] or [2026]:
        borough(seed)
    if folder := os.environ.get("INSIGHT_REAL_DATA"):
        public_texts(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
