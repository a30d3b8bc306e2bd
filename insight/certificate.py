"""The certificate of an erasure: what went, what could not be searched, and nobody's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from insight.periods import uk_date


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    `fingerprint` is short and keyed; `removed` counts rows by table; the lists name files,
    backups and fitted models by their names alone.
    """

    council: str
    erased_at: datetime
    version: str
    run_id: str
    fingerprint: str
    removed: Mapping[str, int]
    originals: Sequence[str] = field(default=())
    unsearched: Sequence[str] = field(default=())
    backups: Sequence[str] = field(default=())
    models: Sequence[str] = field(default=())
    free_text: Sequence[str] = field(default=())
    samples: Sequence[str] = field(default=())


def certificate_text(certificate: Certificate) -> str:
    """Write the certificate as plain text.

    Examples
    --------
    >>> from datetime import UTC
    >>> made = Certificate("A council", datetime(2026, 11, 2, 9, tzinfo=UTC), "0.1.0", "run", "ab",
    ...     {"contacts": 2})
    >>> print(certificate_text(made).splitlines()[0])
    Certificate of erasure: A council
    """
    made = certificate
    total = sum(made.removed.values())
    lines = [
        f"Certificate of erasure: {made.council}",
        "",
        f"Erased on: {uk_date(made.erased_at.date())} at {made.erased_at:%H:%M %Z}",
        f"By: council-insight {made.version}, run {made.run_id}",
        f"Fingerprint of the customer: {made.fingerprint}",
        "The fingerprint can be made again only with the council's key and the customer's",
        "reference; it names nobody to anyone else.",
        "",
        f"What was erased ({total} rows):",
        *(_listed(f"{name}: {count}" for name, count in made.removed.items()) or ["  nothing"]),
        "",
        "Rows of this customer dated up to the erasure will not be taken in again, neither from an",
        "original nor from a restored backup. The next run computes the figures without them.",
        "",
        "What was not erased, and must be looked at by hand:",
        *_part(
            made.originals,
            "- Originals in the inbox that still hold their rows; delete or rewrite them:",
            "- No original in the inbox holds rows of this customer.",
        ),
        *_part(
            made.unsearched,
            "- Originals that could not be searched:",
            "- Every original that is known of was searched.",
        ),
        *_part(
            made.backups,
            "- Backups made before, which hold the rows until they are deleted; copies that were",
            "- No backup made before lies in the workspace; copies that were",
            "  taken elsewhere are not known here.",
        ),
        *_part(
            made.models,
            "- Fitted models that learnt from texts of this customer; delete their folders:",
            "- No fitted model learnt from a text of this customer.",
        ),
        *_part(
            made.samples,
            "- Samples of contacts from months in which they were in touch; look for the day,",
            "- No sample of contacts is from a month in which they were in touch.",
            "  channel and service of theirs and clear the row:",
        )[: None if made.samples else 1],
        "- Free text that names no customer can't be searched for one. It is redacted before it is",
        f"  stored. Inputs that have such text: {', '.join(made.free_text) or 'none'}.",
    ]
    return "\n".join(lines) + "\n"


def _part(names: Sequence[str], some: str, none: str, then: str = "") -> list[str]:
    return [some if names else none, *([then] if then else []), *_listed(names)]


def _listed(names: Iterable[str]) -> list[str]:
    return [f"  {name}" for name in names]
