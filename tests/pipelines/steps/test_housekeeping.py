from datetime import date

import pytest

from pipelines.edge.backup_reading import BackupError
from pipelines.steps import backup
from pipelines.steps.backup import make_backup
from pipelines.steps.events import read_events
from pipelines.steps.housekeeping import keep_house
from pipelines.steps.restore import check_backup

OLD = "1,03/02/2023 09:30,phone,waste,C1,,bin not emptied"
NEW = "2,03/10/2026 09:30,phone,waste,C1,,bin not emptied"


def test_what_is_due_goes_before_the_backup_is_made(workspace, feed):
    feed(workspace, "contacts", OLD, NEW)
    told = keep_house(workspace, date(2026, 10, 1))
    assert "retention period and deleted: 1." in told.headline
    assert told.table == [
        {"what": "contacts", "deleted": 1, "oldest": "2023-02-03", "newest": "2023-02-03"}
    ]
    (made,) = workspace.backups.iterdir()
    assert read_events(workspace, "contacts")["contact_id"].tolist() == ["2"]
    # One contact, the file that brought it, how far each of eleven inputs was purged, and by
    # which rules the rest is redacted.
    assert check_backup(workspace, made).rows == 1 + 1 + 11 + 1


def test_a_second_backup_within_the_second_is_refused_rather_than_replaced(workspace, monkeypatch):
    monkeypatch.setattr(backup, "backup_name", lambda _: "insight-x.backup.zip")
    make_backup(workspace)
    with pytest.raises(BackupError, match="isn't overwritten"):
        make_backup(workspace)
