"""The developer's environment variables."""

from pathlib import Path

import pytest

from dev.settings import DevError, load


def test_defaults():
    chosen = load({"HOME": "/home/ann"})
    assert (chosen.odoo_path, chosen.odoo_python) == (None, None)
    assert (chosen.odoo_deps, chosen.postgresql) == ("floor", "auto")


def test_an_empty_variable_is_as_if_not_set():
    assert load({"HOME": "/home/ann", "ODOO_DEPS": "", "ODOO_PATH": ""}).odoo_deps == "floor"


def test_own_cache(tmp_path):
    assert load({"OAUTH2_DEV_CACHE": str(tmp_path)}).cache == tmp_path


def test_a_python_that_is_a_link_stays_one(tmp_path):
    link = tmp_path / "python"
    link.symlink_to(Path(__file__))
    assert load({"HOME": "/", "ODOO_PYTHON": str(link)}).odoo_python == link


@pytest.mark.parametrize(
    ("name", "value"),
    [("ODOO_DEPS", "oldest"), ("ODOO_DEV_PG", "mysql"), ("ODOO_PATH", "/nowhere/odoo")],
)
def test_a_value_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(DevError, match=name):
        load({"HOME": "/", name: value})
