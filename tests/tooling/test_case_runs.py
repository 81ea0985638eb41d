"""What `make cases` calls a pass: each test that names the case was played, and passed."""

import pytest

from dev import case_runs, cases
from dev.case_runs import Played

REPORT = """<testsuites><testsuite>
<testcase classname="e2e.attacks.test_pkce" name="test_p01_good[a]"><properties/></testcase>
<testcase classname="e2e.attacks.test_pkce.TestX" name="test_p01_skipped"><skipped/></testcase>
<testcase classname="e2e.attacks.test_pkce" name="test_p01_failed"><failure/></testcase>
<testcase classname="" name="e2e.attacks.test_pkce"><error message="collection failure"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def played():
    """As if every test that carries the id of a case had passed."""
    named = {test for tests in cases.named_tests().values() for test in tests}
    functions = [Played(file, function, True) for file, function in sorted(named)]
    parameters = [
        Played(file, f"test_parameters[{case.id.lower()}_]", True)
        for case in cases.cases()
        for file in case.files
    ]
    return functions + parameters


def not_good(played):
    return [verdict.case.id for verdict in case_runs.verdicts(played) if not verdict.good]


def test_all_pass(played):
    assert not_good(played) == []
    assert str(case_runs.verdicts(played)[0]).startswith("passed  ")


def test_a_test_that_did_not_pass(played):
    assert not_good([*played, Played("tests/test_x.py", "test_x[r02_dots]", False)]) == ["R02"]


def test_a_test_that_was_not_played(played):
    """As when a class cannot be set up: nothing of it is reported."""
    lost = next(test for test in played if test.function.startswith("test_f17_"))
    left = [test for test in played if test != lost]
    assert not_good(left) == ["F17"]
    verdict = next(one for one in case_runs.verdicts(left) if not one.good)
    assert f"not played: {lost.file}: {lost.function}" in str(verdict)


def test_nothing_was_played():
    with_tests = [case.id for case in cases.cases() if case.files]
    assert not_good([]) == with_tests


def test_a_file_whose_ids_are_those_of_parameters(played):
    files = next(case.files for case in cases.cases() if case.id == "R01")
    left = [test for test in played if test.file not in files]
    assert "R01" in not_good(left)


def test_reports_of_pytest(tmp_path):
    report = tmp_path / "report.xml"
    assert list(case_runs.of_junit(report)) == []
    report.write_text(REPORT)
    found = [(test.file, test.function, test.passed) for test in case_runs.of_junit(report)]
    assert found == [
        ("e2e/attacks/test_pkce.py", "test_p01_good", True),
        ("e2e/attacks/test_pkce.py", "test_p01_skipped", False),
        ("e2e/attacks/test_pkce.py", "test_p01_failed", False),
        ("", "test_pkce", False),
    ]
