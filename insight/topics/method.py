"""How enquiries become topics: every choice in one frozen object."""

from dataclasses import dataclass

from insight.errors import InsightError


class TopicMethodError(InsightError):
    """A choice in `TopicMethod` that cannot work."""


@dataclass(frozen=True, slots=True)
class TopicMethod:
    """How labelled texts become a topic model.

    Parameters
    ----------
    word_lengths
        Shortest and longest run of words counted as one term.
    character_lengths
        Shortest and longest run of characters inside a word counted as one term.
    minimum_texts
        Terms in fewer texts are forgotten: they hardly help, and they may be somebody's name.
    penalty
        How closely the linear model follows its examples (the support vector machine's C).
    balance
        0 weighs every text alike, 1 every topic alike; between them, common topics lose some
        of their pull.
    minimum_examples
        A topic with fewer different texts is left out.
    folds
        Parts the examples are cut into, so that each is scored by a model that never saw it.
    wanted_precision
        Share of accepted answers that should be right; the acceptance threshold is the lowest
        whose 95% interval stays above it.
    kept_in_scope
        Share of held-out examples whose raw score counts as "this could be ours"; a text that
        scores lower fits no topic and is not given one.
    maximum_characters
        The rest of a longer text is not read.
    keywords
        Telling terms kept for each topic.
    """

    word_lengths: tuple[int, int] = (1, 2)
    character_lengths: tuple[int, int] = (2, 5)
    minimum_texts: int = 2
    penalty: float = 0.3
    balance: float = 0.5
    minimum_examples: int = 10
    folds: int = 5
    wanted_precision: float = 0.85
    kept_in_scope: float = 0.95
    maximum_characters: int = 20_000
    keywords: int = 10

    def __post_init__(self) -> None:
        """Refuse what cannot work, naming the choice and what is allowed."""
        shares = {
            "wanted_precision": self.wanted_precision,
            "kept_in_scope": self.kept_in_scope,
            "balance": self.balance,
        }
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise TopicMethodError(f"{name} is {share}; it must lie between 0 and 1.")
        if not 2 <= self.folds <= self.minimum_examples:
            raise TopicMethodError(
                f"folds is {self.folds}; it must lie between 2 and minimum_examples "
                f"({self.minimum_examples}), so that every part can hold every topic."
            )
        if self.penalty <= 0:
            raise TopicMethodError(f"penalty is {self.penalty}; it must be above 0.")
