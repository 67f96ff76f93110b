"""Photographs kept for a reload: found by their token alone, no longer and no more than allowed."""

import os
import secrets
import time

import pytest

from restoration.ui.photo_store import PhotoStore

NOTE = {"stem": "cat"}


@pytest.fixture
def store(tmp_path):
    return PhotoStore(tmp_path / "photos", max_age=3600, max_bytes=1000)


@pytest.fixture
def token():
    return secrets.token_urlsafe(32)


def test_what_was_kept_is_found_by_its_token_alone(store, token):
    store.save(token, NOTE, b"pixels")
    assert store.load(token) == (NOTE, b"pixels")
    assert store.load(secrets.token_urlsafe(32)) is None
    store.save(token, {"stem": "dog"}, None)  # only the note has changed
    assert store.load(token) == ({"stem": "dog"}, b"pixels")
    assert not any(token in name for name in os.listdir(store.folder))
    assert all(file.stat().st_mode & 0o077 == 0 for file in [store.folder, *store.folder.iterdir()])
    store.delete(token)
    assert store.load(token) is None
    assert os.listdir(store.folder) == []


@pytest.mark.parametrize(
    "wrong", ["", "off", "../../etc/passwd", "a" * 39, "a" * 43 + "\n", "/" * 43, "é" * 43, "a" * 999]
)
def test_what_is_no_token_leads_nowhere(store, token, wrong):
    store.save(token, NOTE, b"pixels")
    before = sorted(store.folder.rglob("*"))
    store.save(wrong, NOTE, b"other")
    store.delete(wrong)
    assert store.load(wrong) is None
    assert sorted(store.folder.parent.rglob("*")) == [store.folder, *before]


def test_what_is_too_old_is_not_found_and_is_deleted(store, token):
    store.save(token, NOTE, b"pixels")
    for file in store.folder.iterdir():
        os.utime(file, (time.time() - 4000,) * 2)
    assert store.load(token) is None
    store.delete_old()
    assert os.listdir(store.folder) == []


def test_the_oldest_make_room_and_no_hours_keep_nothing(store, token):
    store.save(token, NOTE, bytes(600))
    for file in store.folder.iterdir():
        os.utime(file, (time.time() - 10,) * 2)
    later = secrets.token_urlsafe(32)
    store.save(later, NOTE, bytes(600))
    store.delete_old()
    assert store.load(token) is None
    assert store.load(later) == (NOTE, bytes(600))
    PhotoStore(store.folder / "never", 0).save(token, NOTE, b"pixels")
    assert not (store.folder / "never").exists()
