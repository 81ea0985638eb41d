"""Where the pages of ours lead back to."""

from __future__ import annotations

import pytest
from protocol.authorization_request.local_address import (
    MAXIMUM_USER_CODE,
    address_to_go_on,
    device_address,
)
from protocol.settings import Settings

SETTINGS = Settings(issuer="https://odoo.example/sub")


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ({"rid": "o2q_x"}, "/oauth2/authorize/continue?rid=o2q_x"),
        ({"user_code": "BCDF-GHJK"}, "/oauth2/device?user_code=BCDF-GHJK"),
        ({"user_code": "", "rid": "o2q_x"}, "/oauth2/authorize/continue?rid=o2q_x"),
        ({}, "/oauth2/authorize/continue?rid="),
        ({"user_code": "//evil.example/?a=b&c"}, "/oauth2/device?user_code=%2F%2Fevil.example%2F%3Fa%3Db%26c"),
    ],
)  # fmt: skip
def test_r22_a_form_leads_to_one_of_two_places(form: dict[str, str], address: str) -> None:
    assert address_to_go_on(SETTINGS, form) == f"/sub{address}"


def test_devices() -> None:
    assert device_address(SETTINGS, "") == "/sub/oauth2/device"
    assert len(device_address(SETTINGS, "B" * 5000)) < MAXIMUM_USER_CODE + 50
