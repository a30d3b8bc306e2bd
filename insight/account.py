"""The row account: what became of every row of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from insight.errors import InsightError

COUNTS = ("rows_read", "accepted", "quarantined", "duplicates", "filtered", "corrections")
"""The numbers of an account; the first is the sum of the next four."""


class AccountError(InsightError):
    """Rows went missing between reading and storing: a fault of ours, never to be hidden."""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """One file's account: rows read = accepted + quarantined + duplicates + filtered.

    `corrections` are those of the accepted that replaced an earlier version of their row;
    `notes` say what was found out about the file, such as a header without rows.
    """

    source: str
    file: str
    contract: str
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int
    filtered: int
    corrections: int = 0
    status: str = "accepted"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an account that does not add up."""
        told = self.accepted + self.quarantined + self.duplicates + self.filtered
        if told != self.rows_read:
            message = (
                f"{self.file}: {self.rows_read} rows were read but {told} are accounted for. "
                "Nothing was stored; please report this."
            )
            raise AccountError(message)

    @classmethod
    def total(cls, accounts: Sequence["RowAccount"], *, file: str) -> "RowAccount":
        """Return the account of several files of one source as that of one, called `file`."""
        counts = {name: sum(getattr(account, name) for account in accounts) for name in COUNTS}
        statuses = {account.status for account in accounts}
        return cls(
            source=accounts[0].source,
            file=file,
            contract=accounts[0].contract,
            status="seen before" if statuses == {"seen before"} else "accepted",
            notes=tuple(note for account in accounts for note in account.notes),
            **counts,
        )

    def sentence(self) -> str:
        """Return the account as one line that a person can add up."""
        return (
            f"{self.file}: {self.rows_read} rows read = {self.accepted} accepted + "
            f"{self.quarantined} quarantined + {self.duplicates} duplicates + "
            f"{self.filtered} filtered"
        )
