"""What counts as a good run of Odoo's tests; Odoo itself is content with skipped tests and with none."""

import pytest

from dev.log_check import records
from dev.odoo_tests import OdooTests, Tally
from dev.results import Results

HEAD = "2026-01-02 03:04:05,678 99"
SUMMARY = f"{HEAD} INFO db odoo.tests.result: {{}} failed, {{}} error(s) of {{}} tests when loading"


def results(*lines: str, code: int = 0) -> Results:
    tally = Tally()
    for record in records(lines):
        tally.count(record)
    tally.code = code
    return tally.results()


def test_passed_tests():
    assert results(SUMMARY.format(0, 0, 3)) == Results(passed=3)
    assert Results(passed=3).good


def test_failures_and_errors_are_failed():
    assert results(SUMMARY.format(1, 2, 5), code=1) == Results(passed=2, failed=3)


def test_a_skipped_test_is_not_good():
    skipped = f"{HEAD} INFO db odoo.addons.x.tests.test_x: skipped test_x : no Chrome"
    found = results(skipped, SUMMARY.format(0, 0, 2))
    assert found == Results(passed=1, skipped=1)
    assert not found.good


def test_no_tests_are_not_good():
    found = results(SUMMARY.format(0, 0, 0))
    assert found == Results()
    assert not found.good


def test_a_warning_in_the_log_fails_a_run_whose_tests_pass():
    warning = f"{HEAD} WARNING db odoo.models: something"
    assert results(warning, SUMMARY.format(0, 0, 2)) == Results(passed=2, failed=1)


def test_an_exit_code_fails_a_run_without_a_summary():
    assert results(f"{HEAD} INFO db odoo: started", code=1) == Results(failed=1)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [("", "/m"), (":TestX", "/m:TestX"), (".test_y", "/m.test_y"), ("/other,tag", "/other,tag")],
)
def test_tags_without_a_module_mean_the_tested_module(tags, expected):
    assert OdooTests("m", tags).test_tags == expected


def test_names_of_the_tests_are_kept():
    tally = Tally()
    lines = (
        f"{HEAD} INFO db odoo.addons.x.tests.test_x: Starting TestX.test_r01_good ... ",
        f"{HEAD} INFO db odoo.addons.x.tests.test_x: Starting TestX.test_r02_bad ... ",
        f"{HEAD} ERROR db odoo.addons.x.tests.test_x: FAIL: TestX.test_r02_bad",
        f"{HEAD} INFO db odoo.addons.x.tests.test_x: Starting TestX.test_r03_partly ... ",
        f"{HEAD} ERROR db odoo.addons.x.tests.test_x: ERROR: Subtest TestX.test_r03_partly (a=1)",
    )
    for record in records(lines):
        tally.count(record)
    names = ["TestX.test_r01_good", "TestX.test_r02_bad", "TestX.test_r03_partly"]
    assert tally.started == [("odoo.addons.x.tests.test_x", name) for name in names]
    assert tally.broken == {"TestX.test_r02_bad", "TestX.test_r03_partly"}
