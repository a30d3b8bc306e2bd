"""The pseudonym key: made once, whole and private, the same for all who ask."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from filelock import FileLock

from pipelines.edge import keys
from pipelines.edge.keys import KEY_VARIABLE, KeyUnavailableError, key_path, pseudonym_key

POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes")


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "user_data_path", lambda name, appauthor: tmp_path / name)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_a_key_is_made_on_first_use_and_found_afterwards():
    key = pseudonym_key("oadby-1")
    assert len(key) == 32
    assert pseudonym_key("oadby-1") == key
    assert pseudonym_key("oadby-2") != key


def test_the_key_is_kept_in_the_users_folder_without_leftovers(tmp_path):
    pseudonym_key("oadby")
    names = sorted(path.name for path in (tmp_path / "council-insight" / "keys").iterdir())
    assert [name for name in names if not name.endswith(".lock")] == ["oadby.key"]


@POSIX
def test_only_its_owner_may_read_the_key():
    pseudonym_key("oadby")
    path = key_path("oadby")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@POSIX
def test_a_key_that_others_may_read_is_refused_with_the_remedy():
    pseudonym_key("oadby")
    key_path("oadby").chmod(0o644)
    with pytest.raises(KeyUnavailableError, match="chmod 600"):
        pseudonym_key("oadby")


def test_the_environment_goes_before_the_file(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, " " + "0a" * 40 + "\n")
    assert pseudonym_key("oadby") == b"\n" * 40
    assert not key_path("oadby").exists()


@pytest.mark.parametrize("wrong", ["secret words", "0a" * 31, "0a" * 32 + "g", "0" * 65])
def test_a_wrong_key_is_refused_and_never_shown_or_replaced(monkeypatch, wrong):
    monkeypatch.setenv(KEY_VARIABLE, wrong)
    with pytest.raises(KeyUnavailableError, match="does not hold a pseudonym key") as refusal:
        pseudonym_key("oadby")
    assert wrong not in str(refusal.value)
    assert refusal.value.__cause__ is None
    monkeypatch.delenv(KEY_VARIABLE)
    pseudonym_key("oadby")
    key_path("oadby").write_text(wrong, encoding="ascii")
    with pytest.raises(KeyUnavailableError, match="Restore it"):
        pseudonym_key("oadby")
    assert key_path("oadby").read_text(encoding="ascii") == wrong


@pytest.mark.parametrize("workspace", ["", "../../etc/passwd", "a/b", ".hidden", "a" * 101])
def test_a_workspace_id_cannot_lead_elsewhere(workspace):
    with pytest.raises(KeyUnavailableError, match="letters, digits"):
        pseudonym_key(workspace)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "council-insight").write_text("a file where the folder should be")
    with pytest.raises(KeyUnavailableError, match=f"or set {KEY_VARIABLE}"):
        pseudonym_key("oadby")


def test_a_write_that_fails_leaves_no_half_key(monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KeyUnavailableError):
        pseudonym_key("oadby")
    assert [path.suffix for path in key_path("oadby").parent.iterdir()] in ([".lock"], [])


def test_what_a_run_left_that_was_killed_while_it_made_the_key_is_cleared_away():
    path = key_path("oadby")
    path.parent.mkdir(parents=True)
    left = path.with_name("oadby.0123456789abcdef.new")
    others = path.with_name("oadby.2.0123456789abcdef.new")
    for draft in (left, others):
        draft.write_text("0b0b", encoding="ascii")
    assert pseudonym_key("oadby") != b"\x0b\x0b"
    assert not left.exists()
    assert others.exists()  # of a workspace whose id begins alike


def test_a_run_that_waited_for_the_lock_takes_the_key_made_meanwhile(monkeypatch):
    class SlowLock(FileLock):
        def __enter__(self):
            path = key_path("oadby")
            path.touch(mode=0o600)
            path.write_text("0b" * 32, encoding="ascii")
            return super().__enter__()

    monkeypatch.setattr(keys, "FileLock", SlowLock)
    assert pseudonym_key("oadby") == b"\x0b" * 32


def _key_from(folder):
    keys.user_data_path = lambda name, appauthor: folder / name
    return pseudonym_key("shared")


def test_runs_that_start_together_get_one_key(tmp_path):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = set(pool.map(_key_from, [tmp_path] * 8))
    assert len(found) == 1
