"""Data files: every profile and every calendar change is read, once."""

from core.store.datafiles import DATA, calendars, profile_texts, profiles


def test_every_file_is_read():
    assert len(profile_texts()) == len(list((DATA / "profiles").glob("*.toml"))) == 17


def test_they_are_read_once_a_process():
    assert profiles() is profiles()
    assert calendars() is calendars()
