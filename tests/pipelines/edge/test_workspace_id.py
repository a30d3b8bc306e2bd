from pathlib import Path

import pytest

from pipelines.edge.workspace import WORKSPACE_ID, WorkspaceError, prepare_folders


def test_the_id_of_a_workspace_is_whole_or_absent_however_its_making_ends(tmp_path, monkeypatch):
    plain = Path.write_text

    def killed(path, text, **options):
        plain(path, text[:5], **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare_folders(tmp_path)
    assert not (tmp_path / WORKSPACE_ID).exists()
    prepare_folders(tmp_path)
    identity = (tmp_path / WORKSPACE_ID).read_text(encoding="utf-8")
    assert len(identity.strip()) == 36
    prepare_folders(tmp_path)
    assert (tmp_path / WORKSPACE_ID).read_text(encoding="utf-8") == identity
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_a_lost_id_is_named_and_none_made_in_its_place(workspace):
    (workspace.root / WORKSPACE_ID).unlink()
    with pytest.raises(WorkspaceError, match=r"workspace\.id is missing.*backup"):
        assert workspace.key
    assert not (workspace.root / WORKSPACE_ID).exists()
