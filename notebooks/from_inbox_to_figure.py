# %% [markdown]
# # From inbox to figure
#
# One month of planning satisfaction, step by step, with the functions that the flows call.
# The borough is invented by code, and so is every figure below.

# %%
import tempfile
from datetime import date
from pathlib import Path

from IPython.display import SVG

from insight.chart_words import describe_period_trend
from insight.charts import period_trend, svg_text
from insight.intervals import newcombe
from insight.results import join_results
from insight.satisfaction import answer_account, satisfaction_results
from pipelines.edge.demo import write_demo
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.events import read_events
from pipelines.steps.figures import window
from pipelines.steps.ingest import ingest_inbox

MONTH = date(2026, 10, 1)

# %% [markdown]
# ## A workspace with files in its inbox

# %%
folder = Path(tempfile.mkdtemp()) / "borough"
files = write_demo(folder, last_month=MONTH, months=6, seed=2026)
prepare_folders(folder)
workspace = open_workspace(folder)
files.summary()

# %% [markdown]
# ## Ingest: every row accounted for
#
# The planning survey is a wide workbook, one row per response. Its mapping turns each answer into
# a row, and blanks are counted as filtered.

# %%
for outcome in ingest_inbox(workspace, sources=["planning-survey"]):
    print(outcome.account.sentence())

# %% [markdown]
# ## Answers, and what can be counted of them

# %%
months = window(MONTH, 6)
answers = read_events(workspace, "surveys", months=months)
answer_account(answers, MONTH)

# %% [markdown]
# ## The share satisfied, with its base and interval

# %%
figures = join_results(satisfaction_results(answers, month) for month in months)
overall = figures[
    figures["measure"].eq("satisfaction_share")
    & figures["service"].eq("planning")
    & figures["breakdown"].eq("")
]
overall[["period", "value", "lower", "upper", "base"]]

# %% [markdown]
# ## Is the change real?
#
# Newcombe's interval for the difference of two shares: a change is real only if 0 lies outside.

# %%
first, last = overall.iloc[0], overall.iloc[-1]
lower, upper = newcombe(last["value"], last["base"], first["value"], first["base"])
points = 100 * (last["value"] - first["value"])
verdict = "real" if float(lower) > 0 or float(upper) < 0 else "no more than chance can make"
print(
    f"From {first['period']} to {last['period']}: {points:+.0f} points "
    f"({100 * float(lower):+.0f} to {100 * float(upper):+.0f}), which is {verdict}."
)

# %% [markdown]
# ## The chart, and what it says in words

# %%
print(describe_period_trend(overall))
SVG(svg_text(period_trend(overall, title="Applicants satisfied with planning")))
