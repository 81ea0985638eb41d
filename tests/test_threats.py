"""docs/threats.md and the tests name the same attack cases, and each names the other."""

from collections import Counter

import pytest

from dev import cases, http_tests

ROWS = cases.cases()
TESTS = cases.tests_by_case()
OVER_HTTP = cases.cases_over_http()
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
        assert set(row.files) == TESTS.get(row.id, set())


@pytest.mark.parametrize("row", [row for row in ROWS if row.files], ids=lambda row: row.id)
def test_case_is_shown_over_http(row):
    assert row.id in OVER_HTTP or row.why_not_over_http, (
        f"docs/threats.md, {row.id}: needs a test in e2e/ or in an HttpCase"
    )


def test_what_is_over_http_is_known_by_the_names_that_runs_report():
    names = {
        "e2e/attacks/test_pkce.py::test_p01_no_challenge[web]": True,
        "tests/protocol/test_pkce.py::test_p01_no_challenge": False,
        "odoo.addons.oauth2_provider.tests.test_device.TestDevice.test_g04": True,
        "odoo.addons.oauth2_provider.tests.test_cleanup.TestCleanup.test_s12": False,
        "odoo.addons.oauth2_provider.tests.test_translations.TestTranslations.test_u14": False,
        "odoo.addons.oauth2_provider.tests.test_own_claims.TestOwnClaims.test_t20": True,
        "odoo.addons.oauth2_provider_registration.tests.test_documents.TestDocuments.test_d22": True,
    }
    assert {name: http_tests.is_over_http(name) for name in names} == names


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
