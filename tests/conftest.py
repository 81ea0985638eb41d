"""What the tests of the protocol share."""

from __future__ import annotations

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT
from hypothesis import settings

# A slow or busy machine must not fail a test; the same examples every time, so that a failure can be repeated.
settings.register_profile("core", deadline=None, derandomize=True, database=None)
settings.load_profile("core")


@pytest.fixture
def provider() -> Provider:
    """A provider with a confidential web client, another Odoo and a native client; nobody is logged in."""
    return Provider(CLIENT, ODOO_CLIENT, NATIVE_CLIENT)
