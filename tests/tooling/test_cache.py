"""`make clean` removes nothing but a cache."""

import pytest

from dev import cache
from dev.settings import DevError


def test_a_new_folder_becomes_a_cache_and_can_be_removed(tmp_path):
    folder = tmp_path / "new"
    cache.claim(folder)
    (folder / "something").touch()
    cache.claim(folder)
    cache.remove(folder)
    assert not folder.exists()


def test_somebody_elses_folder_is_neither_used_nor_removed(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(DevError):
        cache.claim(tmp_path)
    with pytest.raises(DevError):
        cache.remove(tmp_path)
    assert (tmp_path / "letter.txt").exists()
