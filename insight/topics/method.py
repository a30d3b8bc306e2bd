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
    pair_distance
        Words at most so far apart are also read as a pair, whichever comes first.
    character_lengths
        Shortest and longest run of characters counted as one term; runs cross word edges.
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
        at which 95% confidence says so.
    kept_in_scope
        Share of held-out examples that count as "this could be ours", near copies counting as
        one; a text that looks stranger than them fits no topic and is not given one.
    maximum_characters
        The rest of a longer text is not read.
    keywords
        Telling terms kept for each topic.
    few_examples
        With a pool of unlabelled texts, and no more labelled texts a topic than this, the
        model also teaches itself on the pool.
    """

    pair_distance: int = 6
    character_lengths: tuple[int, int] = (3, 4)
    minimum_texts: int = 2
    penalty: float = 1.0
    balance: float = 0.5
    minimum_examples: int = 5
    folds: int = 5
    wanted_precision: float = 0.85
    kept_in_scope: float = 0.95
    maximum_characters: int = 20_000
    keywords: int = 10
    few_examples: int = 30

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
        shortest, longest = self.character_lengths
        if not 2 <= shortest <= longest:
            raise TopicMethodError(
                f"character_lengths is {shortest} to {longest}; the shortest must be 2 or more, "
                "and the longest no shorter."
            )
        if self.pair_distance < 0:
            raise TopicMethodError(f"pair_distance is {self.pair_distance}; it can't be negative.")
