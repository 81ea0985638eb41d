"""Where drivers are listed: a driver uses what one value of one metadata member offers, as a client would.

A value that is offered and has no driver fails `test_every_offer.py`; so does a driver for what is not offered.
"""

from collections.abc import Callable
from typing import Any

from .scene import Scene

Driver = Callable[[Scene, Any], None]
DRIVERS: dict[tuple[str, str], Driver] = {}


def drives(member: str, *values: Any) -> Callable[[Driver], Driver]:
    """The decorated function drives these values of a list, or the one value of a member that is no list."""

    def add(driver: Driver) -> Driver:
        for value in values or ("",):
            key = (member, str(value))
            assert key not in DRIVERS, key
            DRIVERS[key] = driver
        return driver

    return add


def offers(metadata: dict[str, Any]) -> set[tuple[str, str]]:
    """Everything that the metadata offers: each value of a list, else the member itself."""
    return {
        (member, str(value))
        for member, values in metadata.items()
        for value in (values if isinstance(values, list) else [""])
    }
