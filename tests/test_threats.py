"""docs/threats.md and the tests name the same attack cases, and each names the other."""

from collections import Counter

import pytest

from dev import cases

ROWS = cases.cases()
TESTS = cases.tests_by_case()
WITHOUT_TESTS = ("not shipped yet: ", "does not apply: ")


def test_every_case_has_one_row():
    assert ROWS
    assert [case for case, count in Counter(row.id for row in ROWS).items() if count > 1] == []


def test_every_case_that_a_test_names_is_explained():
    assert set(TESTS) - {row.id for row in ROWS} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_names_where_it_is_shown(row):
    if not row.files:
        assert row.shown_by.startswith(WITHOUT_TESTS)
        assert row.id not in TESTS, f"docs/threats.md, {row.id}: name {sorted(TESTS[row.id])}"
    else:
        assert set(row.files) <= TESTS.get(row.id, set())


def test_ids_are_found_in_the_names_that_runs_report():
    names = {
        "test_r02_dots": {"R02"},
        "test_o1_u05_half_logged_in": {"O1", "U05"},
        "test_address[r01_longer_host]": {"R01"},
        "test_address[path0-r12_x-web]": {"R12"},
        "TestRevocation.test_t15_ends_both": {"T15"},
        "test_o2a_is_a_prefix": set(),
        "test_nothing": set(),
    }
    assert {name: cases.ids_of(name) for name in names} == names
