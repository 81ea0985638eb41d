"""What the tests of the protocol share."""

from __future__ import annotations

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT
from hypothesis import is_hypothesis_test, settings

# A slow or busy machine must not fail a test; the same examples every time, so that a failure can be repeated.
settings.register_profile("core", deadline=None, derandomize=True, database=None)
# Of `make fuzz`, which gives the seed.
settings.register_profile("fuzz", deadline=None, database=None)
settings.load_profile("core")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What generated examples go through by chance counts as untested; and measuring would make them slow."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)) or "properties" in item.path.parts:
            item.add_marker("no_cover")


@pytest.fixture
def provider() -> Provider:
    """A provider with a confidential web client, another Odoo and a native client; nobody is logged in."""
    return Provider(CLIENT, ODOO_CLIENT, NATIVE_CLIENT)
