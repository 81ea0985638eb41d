"""Forms that pages of other sites send (attack case Q23)."""

import pytest
from protocol.own_forms import is_sent_by_another_site

HERE = {"host": "odoo.example.com", "issuer": "https://login.example.com/odoo"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://odoo.example.com"},
        {"Origin": "http://ODOO.example.com"},
        {"Origin": "https://login.example.com"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        # A proxy that changes the host; the browser knows better.
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://public.example.com"},
    ],
)
def test_own_forms_are_taken(headers):
    assert not is_sent_by_another_site(headers, **HERE)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://odoo.example.com.evil.example"},
        {"Origin": "https://odoo.example.com:8443"},
        {"Origin": "https://evil.example/odoo.example.com"},
        {"Origin": "odoo.example.com"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        # A frame in a sandbox hides where it stands.
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://odoo.example.com"},
    ],
)
def test_q23_forms_of_other_sites_are_not(headers):
    assert is_sent_by_another_site(headers, **HERE)
