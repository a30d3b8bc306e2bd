"""How satisfied people say they are, by service and question, and whether it changed.

Each scale says which of its answers are for, against and in between, so its direction is never
guessed.
"""

from insight.satisfaction.method import SurveyMethod
from insight.satisfaction.scales import (
    DISSATISFIED,
    DONT_KNOW,
    NEUTRAL,
    SATISFIED,
    SCALES,
    UNREADABLE,
    Scale,
    opinions,
    read_answers,
)
from insight.satisfaction.shares import (
    answer_account,
    satisfaction_figures,
    satisfaction_results,
)

__all__ = [
    "DISSATISFIED",
    "DONT_KNOW",
    "NEUTRAL",
    "SATISFIED",
    "SCALES",
    "UNREADABLE",
    "Scale",
    "SurveyMethod",
    "answer_account",
    "opinions",
    "read_answers",
    "satisfaction_figures",
    "satisfaction_results",
]
