"""Time a month's insight on one store: satisfaction, comments, complaints, demand and waits.

Run with ``python tests/benchmarks/insight_month.py [CONTACTS ...]``; 10,000, 100,000 and 1,000,000
when absent. A store of N contacts also holds N / 10 survey answers, N / 25 cases, N / 50 comments
and N / 50 complaints, over 24 months; all of it is drawn at random. The steps run as they do in a
month, from the store and back into it, in a process of their own, so that the memory is theirs.
Times are given as they passed and as the processor's; on a busy machine only the latter compare.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (10_000, 100_000, 1_000_000)
MONTH = date(2026, 10, 1)
SERVICES = [f"service-{number:02d}" for number in range(20)]
CHANNELS = ["phone", "email", "web", "face to face", "post"]
NOTES = ["Any update on the case?", "Advised to use website.", "Still waiting for a reply.",
         "Resolved on call.", "Wants to pay by card.", "New bin ordered."]  # fmt: skip
SAID = ["quick and clear", "nobody rang back", "waiting for months", "very helpful", "lost forms"]
WORDS = np.array([f"word{number}" for number in range(2_000)])
MARGINS = """dimension,group,people
sex,female,51
sex,male,49
age_band,16-34,30
age_band,35-64,45
age_band,65+,25
"""
AT_ONCE = 100_000
Frame = dict[str, object]


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def times(rng: np.random.Generator, size: int) -> pd.Series:
    """Draw moments of the 24 months up to the end of October 2026."""
    seconds = pd.to_timedelta(rng.integers(0, 729 * 86_400, size), unit="s")
    return pd.Series(pd.Timestamp("2024-11-01", tz="UTC") + seconds)


def picked(rng: np.random.Generator, values: list[str], size: int) -> pd.Series:
    """Draw from some texts."""
    return pd.Series(rng.choice(values, size), dtype="string")


def numbered(prefix: str, numbers: np.ndarray) -> pd.Series:
    """Make codes of numbers."""
    return prefix + pd.Series(numbers).astype("string")


def sentences(rng: np.random.Generator, size: int) -> pd.Series:
    """Make texts of eight words, few of them twice, as comments are."""
    drawn = WORDS[np.minimum(rng.zipf(1.3, (size, 8)), len(WORDS)) - 1]
    return pd.Series([" ".join(row) for row in drawn], dtype="string")


def contacts(rng: np.random.Generator, size: int, cases: int) -> Frame:
    """Draw contacts: a third with a note, a tenth with a case."""
    note = picked(rng, NOTES, size) + numbered(" Ref ", rng.integers(0, 10**6, size))
    case = numbered("P/", rng.integers(0, cases, size))
    return {
        "contact_id": numbered("", np.arange(size)),
        "contacted_at": times(rng, size),
        "channel": picked(rng, CHANNELS, size),
        "service": picked(rng, SERVICES, size),
        "customer": numbered("c", rng.integers(0, max(size // 17, 10), size)),
        "reason": picked(rng, ["bill", "missed bin", "application", "moving"], size),
        "outcome": picked(rng, ["Resolved", "Passed on"], size),
        "case_id": case.mask(rng.random(size) > 0.1),
        "text": note.mask(rng.random(size) > 1 / 3),
    }


def answers(rng: np.random.Generator, size: int, cases: int) -> Frame:
    """Draw two answers of each respondent, with what they wrote and who they are."""
    people = size // 2
    both = np.tile(np.arange(people), 2)

    def twice(values: pd.Series) -> pd.Series:
        return pd.concat([values, values], ignore_index=True)

    return {
        "response_id": numbered("r", both),
        "survey": twice(picked(rng, ["panel", "users"], people)),
        "answered_at": twice(times(rng, people)),
        "question": pd.Series(np.repeat(["overall", "informed"], people), dtype="string"),
        "scale": "satisfaction-5",
        "answer": pd.Series(rng.integers(1, 6, 2 * people)).astype("string"),
        "service": twice(picked(rng, SERVICES, people)),
        "case_id": twice(numbered("P/", rng.integers(0, cases, people))),
        "comment": twice(picked(rng, SAID, people)),
        "sex": twice(picked(rng, ["female", "male"], people)),
        "age_band": twice(picked(rng, ["16-34", "35-64", "65+"], people)),
    }


def case_rows(rng: np.random.Generator, size: int) -> Frame:
    """Draw cases, a tenth of them open."""
    received = times(rng, size)
    decided = received + pd.to_timedelta(rng.integers(5, 120, size), unit="D")
    late = decided.gt(pd.Timestamp("2026-11-01", tz="UTC")) | (rng.random(size) < 0.05)
    return {
        "case_id": numbered("P/", np.arange(size)),
        "service": picked(rng, SERVICES, size),
        "case_type": picked(rng, ["householder", "major", "minor"], size),
        "received_at": received,
        "target_at": received + pd.Timedelta(days=56),
        "decided_at": decided.mask(late),
        "outcome": picked(rng, ["granted", "refused"], size).mask(late),
        "applicant_kind": picked(rng, ["agent", "householder"], size),
        "customer": numbered("c", rng.integers(0, 57_000, size)),
        "ward": picked(rng, ["Abbey", "Brook"], size),
    }


def comment_rows(rng: np.random.Generator, size: int) -> Frame:
    """Draw comments, a third of them praise, one in ten with a rating."""
    return {
        "comment_id": numbered("k", np.arange(size)),
        "received_at": times(rng, size),
        "text": sentences(rng, size),
        "service": picked(rng, SERVICES, size),
        "kind": picked(rng, ["compliment", "comment", "suggestion"], size),
        "rating": pd.Series(rng.integers(1, 6, size) * 1.0).mask(rng.random(size) > 0.1),
    }


def complaint_rows(rng: np.random.Generator, size: int) -> Frame:
    """Draw complaints at both stages, most of them answered."""
    received = times(rng, size)
    answered = received + pd.to_timedelta(rng.integers(3, 40, size), unit="D")
    open_ = answered.gt(pd.Timestamp("2026-11-01", tz="UTC"))
    return {
        "complaint_id": numbered("q", np.arange(size)),
        "received_at": received,
        "service": picked(rng, SERVICES, size),
        "stage": picked(rng, ["request", "stage 1", "stage 1", "stage 2"], size),
        "regime": "lgsco",
        "acknowledged_at": received + pd.Timedelta(days=2),
        "responded_at": answered.mask(open_),
        "outcome": picked(rng, ["upheld", "partly upheld", "not upheld"], size).mask(open_),
        "category": picked(rng, ["delay", "staff", "quality"], size),
        "ward": picked(rng, ["Abbey", "Brook"], size),
    }


def chunks(columns: Frame) -> Iterator[pd.DataFrame]:
    """Give rows as the store has them, some at a time."""
    rows = pd.DataFrame(columns)
    key = pd.Series(np.arange(len(rows))).astype("string").str.zfill(9)
    rows = rows.assign(source="made", row_key=key, row_hash="0", file_hash="0", run_id="0",
                       row_number=np.arange(len(rows)))  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        yield rows.iloc[start : start + AT_ONCE]


def fill(root: Path, size: int) -> None:
    """Make a workspace and fill its store."""
    import yaml

    from models import Case, Comment, Complaint, Contact, SurveyResponse
    from pipelines.edge.store import upsert, write_transaction
    from pipelines.edge.workspace import create_workspace, open_workspace

    settings = create_workspace(root) / "settings"
    council = yaml.safe_load((settings / "council.yaml").read_text("utf-8"))
    council["surveys"] = {"margins": {"panel": "reference/population.csv"}}
    services = {"services": [{"code": code, "name": code} for code in SERVICES]}
    for name, content in (("council", council), ("services", services), ("measures", {})):
        (settings / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    margins = root / "reference" / "population.csv"
    margins.parent.mkdir(exist_ok=True)
    margins.write_text(MARGINS, encoding="utf-8")
    rng = np.random.default_rng(2026)
    workspace = open_workspace(root)
    cases = max(size // 25, 1)
    made: list[tuple[type, Callable[[], Frame]]] = [
        (Contact, lambda: contacts(rng, size, cases)),
        (SurveyResponse, lambda: answers(rng, size // 10, cases)),
        (Case, lambda: case_rows(rng, cases)),
        (Comment, lambda: comment_rows(rng, size // 50)),
        (Complaint, lambda: complaint_rows(rng, size // 50)),
    ]
    for table, draw in made:
        for rows in chunks(draw()):
            with write_transaction(workspace.engine) as connection:
                upsert(connection, table, rows)


def measure(root: Path, size: int) -> None:
    """Run the steps on a filled store, and print what each took."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.comments import publish_comments
    from pipelines.steps.complaints import publish_complaints
    from pipelines.steps.demand import publish_demand
    from pipelines.steps.now import publish_due, publish_waits
    from pipelines.steps.satisfaction import publish_satisfaction

    workspace = open_workspace(root)
    parts, whole = [], [0.0, 0.0]
    for step in (publish_satisfaction, publish_comments, publish_complaints, publish_demand,
                 publish_due, publish_waits):  # fmt: skip
        wall, cpu = time.perf_counter(), time.process_time()
        step(workspace, MONTH)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        whole = [whole[0] + wall, whole[1] + cpu]
        parts.append(f"{step.__name__.removeprefix('publish_')} {cpu:.1f}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{size:>9,} contacts, {size // 10:>7,} answers: {whole[0]:.1f} s, {whole[1]:.1f} s of "
        f"processor, {most:,.0f} MB at most. Seconds of processor: {', '.join(parts)}"
    )


def main(arguments: list[str]) -> None:
    """Print a line per size."""
    os.environ.setdefault("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
    if arguments[:1] in (["fill"], ["measure"]):
        {"fill": fill, "measure": measure}[arguments[0]](Path(arguments[1]), int(arguments[2]))
        return
    for size in [int(text) for text in arguments] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for part in ("fill", "measure"):
                words = [sys.executable, __file__, part, f"{folder}/council", str(size)]
                subprocess.run(words, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
