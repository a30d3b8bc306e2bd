"""Errors a person can act on; their messages never contain a resident's words."""

from collections.abc import Iterable, Mapping


class InsightError(Exception):
    """Base of every error this system raises on purpose."""


class MissingColumnsError(InsightError):
    """A frame lacks columns that a function needs.

    Parameters
    ----------
    columns
        Names of the missing columns.
    where
        What lacks them, such as a file's name.
    likely
        For some of them, the heading there that likely is meant.
    given
        All headings there, where the reader may want to look at them.
    """

    def __init__(
        self,
        columns: Iterable[str],
        where: str = "the data",
        likely: Mapping[str, str] | None = None,
        given: Iterable[str] = (),
    ) -> None:
        self.columns = sorted(columns)
        self.likely = dict(likely or {})
        self.given = tuple(given)
        to_do = "Add it, or map another column to it."
        if self.likely:
            meant = ", ".join(f'{name} called "{head}"' for name, head in self.likely.items())
            to_do = f"Is {meant} there? Then write so under columns in the mapping."
        super().__init__(f"{where} has no column {', '.join(self.columns)}. {to_do}")
