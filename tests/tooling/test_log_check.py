"""The guard that fails a run when Odoo's log complains."""

from pathlib import Path

import pytest

from dev.log_check import AllowList, problems, records
from dev.settings import DevError

HEAD = "2026-01-02 03:04:05,678 99"


def allow_list(folder: Path, line: str) -> AllowList:
    path = folder / "allowed.txt"
    path.write_text(f"# a remark\n\n{line}\n")
    return AllowList(path)


def test_a_traceback_belongs_to_the_entry_before_it():
    lines = [
        f"{HEAD} ERROR db odoo.http: broken",
        "Traceback",
        "ValueError",
        f"{HEAD} INFO db odoo: fine",
    ]
    first, second = records(lines)
    assert (first.level, first.logger, first.text) == ("ERROR", "odoo.http", "\n".join(lines[:3]))
    assert second.message == "fine"


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_a_complaint_is_a_problem(level):
    assert len(problems([f"{HEAD} {level} db odoo.models: something"])) == 1


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "RUNBOT"])
def test_other_levels_are_not(level):
    assert problems([f"{HEAD} {level} db odoo.models: something"]) == []


@pytest.mark.parametrize(
    "message",
    [
        "FAIL: TestX.test_y",
        "ERROR: TestX.test_y",
        "Module x: 1 failures, 0 errors of 3 tests",
        "1 failed, 0 error(s) of 3 tests when loading database 'db'",
    ],
)
def test_the_report_of_a_failed_test_is_not_counted_twice(message):
    assert problems([f"{HEAD} ERROR db odoo.tests.result: {message}"]) == []


def test_an_allowed_entry_is_no_problem_for_that_logger_and_message_alone(tmp_path):
    allowed = allow_list(tmp_path, "odoo.x | Known .* thing | upstream issue")
    lines = [
        f"{HEAD} WARNING db odoo.x: Known old thing",
        f"{HEAD} WARNING db odoo.y: Known old thing",
        f"{HEAD} WARNING db odoo.x: A Known old thing",
    ]
    assert [allowed.problem(record) for record in records(lines)] == [False, True, True]


@pytest.mark.parametrize(
    ("table", "is_problem"), [("discuss_channel_member", False), ("oauth2_provider_token", True)]
)
def test_a_serialization_failure_is_known_in_tables_of_odoo_alone(table, is_problem):
    lines = [
        f'{HEAD} ERROR db odoo.sql_db: bad query: b\' UPDATE "{table}"',
        '     SET "write_date" = now()\'',
        "ERROR: could not serialize access due to concurrent update",
    ]
    assert bool(problems(lines)) == is_problem


@pytest.mark.parametrize(
    "line",
    [
        "odoo.x | no cause",
        "odoo.x | cause missing | ",
        "odoo.addons.oauth2_provider.models | .* | ours",
    ],
)
def test_an_entry_without_cause_or_of_our_own_is_refused(tmp_path, line):
    with pytest.raises(DevError):
        allow_list(tmp_path, line)
