"""What nobody should have to remember: retention, redaction by today's rules, then a backup."""

from datetime import date

from pipelines.edge.run_lock import hold_store
from pipelines.edge.workspace import Workspace
from pipelines.steps.backup import make_backup
from pipelines.steps.purge import purge
from pipelines.steps.redact_again import redact_again
from pipelines.steps.summary import Plain, StepSummary


def keep_house(workspace: Workspace, month: date) -> StepSummary:
    """Purge what is due, redact the rest by newer rules and back the store up.

    `month` is not asked for, since all are of today. The backup goes last, so that it doesn't hold
    what was due or wasn't to be read.
    """
    with hold_store(workspace, doing="housekeeping"):
        purged = purge(workspace, carry_out=True)
        again = redact_again(workspace)
        made = make_backup(workspace)
    rows: list[dict[str, Plain]] = [
        {
            "what": each.kind,
            "deleted": each.count,
            "oldest": each.oldest.isoformat() if each.oldest else None,
            "newest": each.newest.isoformat() if each.newest else None,
        }
        for each in purged.due
        if each.count
    ]
    redacted = f"Redacted again by newer rules: {again.total}. " if again.total else ""
    return StepSummary(
        "housekeeping",
        f"Past their retention period and deleted: {purged.total}. {redacted}Backed up to "
        f"{made.path.name}: {made.rows} rows.",
        table=rows,
        problems=list(purged.kept),
    )
