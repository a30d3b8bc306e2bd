"""Errors a person can act on; their messages never contain a resident's words."""

from collections.abc import Iterable


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
    """

    def __init__(self, columns: Iterable[str], where: str = "the data") -> None:
        self.columns = sorted(columns)
        names = ", ".join(self.columns)
        super().__init__(f"{where} has no column {names}. Add it, or map another column to it.")
