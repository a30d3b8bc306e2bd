"""The question bank: which answers a scale has, best first, and which way it runs.

What an answer means is looked up; an answer the scale doesn't have is counted as unreadable and
reported, never turned into an opinion.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

SATISFIED = "satisfied"
NEUTRAL = "neutral"
DISSATISFIED = "dissatisfied"
DONT_KNOW = "don't know"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale's answers and its direction.

    Parameters
    ----------
    rungs
        The answers, best first; each with all its spellings.
    top, bottom
        How many rungs from the best down count for, and from the worst up against.
    direction
        Which way it runs, in words.
    asks
        The standard question, and where its wording comes from.
    satisfaction
        False for scales that ask something else (recommending, ease): they have shares of
        their own question, but don't enter a service's satisfaction.
    """

    rungs: tuple[tuple[str, ...], ...]
    top: int
    bottom: int
    direction: str
    asks: str
    satisfaction: bool = True

    @property
    def satisfied(self) -> tuple[str, ...]:
        """The answers that count for."""
        return tuple(answer for rung in self.rungs[: self.top] for answer in rung)

    @property
    def neutral(self) -> tuple[str, ...]:
        """The answers in between."""
        between = self.rungs[self.top : len(self.rungs) - self.bottom]
        return tuple(answer for rung in between for answer in rung)

    @property
    def dissatisfied(self) -> tuple[str, ...]:
        """The answers that count against."""
        return tuple(answer for rung in self.rungs[-self.bottom :] for answer in rung)


def _numbered(first: int, last: int) -> tuple[tuple[str, ...], ...]:
    step = 1 if last >= first else -1
    return tuple((str(number),) for number in range(first, last + step, step))


SCALES = MappingProxyType(
    {
        "satisfaction-5": Scale(
            (
                ("very satisfied", "5"),
                ("fairly satisfied", "satisfied", "4"),
                ("neither", "neither satisfied nor dissatisfied",
                 "neither satisfied or dissatisfied", "3"),
                ("fairly dissatisfied", "dissatisfied", "2"),
                ("very dissatisfied", "1"),
            ),
            2, 2,
            "5 is very satisfied, 1 is very dissatisfied",
            "Overall, how satisfied or dissatisfied are you with ...? (LGA; GOV.UK asks the same "
            "of a service, without 'fairly')",
        ),
        "agreement-5": Scale(
            (
                ("strongly agree", "5"),
                ("tend to agree", "agree", "4"),
                ("neither", "neither agree nor disagree", "3"),
                ("tend to disagree", "disagree", "2"),
                ("strongly disagree", "1"),
            ),
            2, 2,
            "5 is strongly agree, 1 is strongly disagree",
            "To what extent do you agree or disagree that ...? The statement must be a good one: "
            "agreeing counts as satisfied.",
        ),
        "happy-5": Scale(
            _numbered(5, 1), 2, 2, "5 is best, 1 is worst",
            "Any question with five numbered answers, of which 5 is best.",
        ),
        "reverse-5": Scale(
            (
                ("1", "very good"),
                ("2", "good"),
                ("3", "neither", "neither good nor poor"),
                ("4", "poor"),
                ("5", "very poor"),
            ),
            2, 2,
            "1 is best, 5 is worst",
            "Overall, how was your experience of our service? (NHS friends and family test)",
        ),
        "yes-no": Scale(
            (("yes", "y", "true"), ("no", "n", "false")), 1, 1,
            "yes is for, no is against",
            "Any question of which yes is the good answer.",
        ),
        "nps-11": Scale(
            _numbered(10, 0), 2, 7,
            "9 and 10 would recommend, 0 to 6 would not",
            "How likely are you to recommend us to a friend? (Net Promoter Score)",
            satisfaction=False,
        ),
        "neteasy-7": Scale(
            (
                ("1", "extremely easy"), ("2", "very easy"), ("3", "fairly easy"),
                ("4", "neither", "neither easy nor difficult"), ("5", "fairly difficult"),
                ("6", "very difficult"), ("7", "extremely difficult"),
            ),
            2, 3,
            "1 is extremely easy, 7 is extremely difficult",
            "Overall, how easy was it to get the help you wanted today? (NetEasy)",
            satisfaction=False,
        ),
    }
)  # fmt: skip
OPINION_SCALES = frozenset(name for name, scale in SCALES.items() if scale.satisfaction)
_DONT_KNOW_ANSWERS = ("don't know", "dont know", "do not know")

_OPINIONS = {
    f"{name}|{answer}": opinion
    for name, scale in SCALES.items()
    for opinion, answers in (
        (SATISFIED, scale.satisfied),
        (NEUTRAL, scale.neutral),
        (DISSATISFIED, scale.dissatisfied),
        (DONT_KNOW, _DONT_KNOW_ANSWERS),
    )
    for answer in answers
}
_POINTS = {
    f"{name}|{answer}": 100 * (1 - place / (len(scale.rungs) - 1))
    for name, scale in SCALES.items()
    for place, rung in enumerate(scale.rungs)
    for answer in rung
}


def read_answers(surveys: pd.DataFrame) -> pd.DataFrame:
    """Read what each answer says and where it stands on its scale.

    Parameters
    ----------
    surveys
        Rows with ``scale`` and ``answer`` (text; a number may be written ``4`` or ``4.0``).

    Returns
    -------
    pandas.DataFrame
        ``opinion`` (satisfied, neutral, dissatisfied, don't know or unreadable; missing where
        nothing was answered) and ``points``, from 0 for the worst answer of the scale to 100
        for the best whichever way its numbers run; missing for all but the scale's own answers.

    Examples
    --------
    >>> rows = pd.DataFrame({"scale": "reverse-5", "answer": ["1", "4", "6", None]})
    >>> read_answers(rows)["points"].tolist()
    [100.0, 25.0, nan, nan]
    """
    answers, spelled = pd.factorize(surveys["answer"].astype("string"))
    scales, named = pd.factorize(surveys["scale"].astype("string"))
    # There are few different answers, however many rows; each pair is looked up once.
    pairs, first = np.unique(np.stack([scales, answers]), axis=1, return_inverse=True)
    said = _plain(pd.Series(spelled, dtype="string")).reindex(pairs[1]).reset_index(drop=True)
    scale = pd.Series(named, dtype="string").str.strip().str.casefold()
    scale = scale.reindex(pairs[0]).fillna("").reset_index(drop=True)
    keys = scale + "|" + said
    opinion = keys.map(_OPINIONS).astype("string").fillna(UNREADABLE).mask(said.isna())
    points = keys.map(_POINTS).astype("float64")
    place = first.reshape(-1)
    return pd.DataFrame(
        {
            "opinion": opinion.take(place).to_numpy(),
            "points": points.take(place).to_numpy(),
        },
        index=surveys.index,
    ).astype({"opinion": "string", "points": "float64"})


def opinions(surveys: pd.DataFrame) -> pd.Series:
    """Read what each answer says: satisfied, neutral, dissatisfied, don't know or unreadable.

    Examples
    --------
    >>> rows = pd.DataFrame({"scale": "reverse-5", "answer": ["1", "5", "6", None]})
    >>> opinions(rows).tolist()
    ['satisfied', 'dissatisfied', 'unreadable', <NA>]
    """
    return read_answers(surveys)["opinion"]


def _plain(answers: pd.Series) -> pd.Series:
    said = (
        answers.str.replace("\u2019", "'", regex=False)
        .str.replace(r"\s+", " ", regex=True)
        .str.strip()
        .str.casefold()
        .str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    )
    return said.mask(said == "")
