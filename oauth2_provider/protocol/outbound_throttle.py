"""How often, and how many at a time, a stranger can have this server call another one (RFC 9101 §10.4, RFC 9700 §4.11).

A fetch that a request sets off keeps a worker waiting, and hits whoever the address belongs to. So fetches are counted
for who asked and for the host, over all workers; failed ones count more; and only a few are under way at any moment,
however slow the other side is. Nobody waits for a place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from .outbound_policy import destination_of
from .ports import Document, OutboundError
from .server import Ports

KIND = "outbound"
FAILED_KIND = "outbound_failed"
PERIOD = 60
# Within the period.
CALLER_LIMIT = 120
CALLER_FAILURE_LIMIT = 30
HOST_LIMIT = 240
HOST_FAILURE_LIMIT = 30


class OutboundThrottled(OutboundError):
    """The other server was not called: too many calls, or no place."""


@dataclass(frozen=True)
class Caller:
    """Who has the server call another one.

    ``name``: whose calls are counted together.
    ``group``: callers of one group share places and the counts of hosts, so that strangers cannot use up those of
    persons who have logged in.
    ``places``: how many of the group's calls may be under way at one moment.
    ``is_person``: somebody who has logged in, not an address alone.
    """

    name: str
    group: str
    places: int
    is_person: bool = False


def throttled_fetch(
    ports: Ports,
    caller: Caller,
    url: str,
    *,
    maximum_bytes: int,
    now: int,
    claim: Callable[[], bool] = lambda: True,
) -> Document:
    """``outbound.fetch`` within the limits.

    :param claim: whether it is this request's turn; it may wait for another one, so a place is taken before
    :raises OutboundError: as that does, and OutboundThrottled if the limits forbid it
    """
    host = _host_of(url)
    keys = (caller.name, f"host {caller.group} {sha256(host.encode()).hexdigest()[:32]}")
    _check_limits(ports, keys, now)
    if not ports.places.take_place(f"{KIND} {caller.group}", caller.places):
        raise OutboundThrottled(f"{host}: too many calls are under way")
    if not claim():
        raise OutboundThrottled(f"{url} is being fetched or was called a moment ago")
    ports.attempts.record_attempt(KIND, keys, now)
    try:
        document = ports.outbound.fetch(url, maximum_bytes=maximum_bytes)
    except OutboundError:
        ports.attempts.record_attempt(FAILED_KIND, keys, now)
        raise
    if document.status != 200:
        ports.attempts.record_attempt(FAILED_KIND, keys, now)
    return document


def _host_of(url: str) -> str:
    try:
        return destination_of(url).host
    except ValueError as error:
        raise OutboundError(str(error)) from error


def _check_limits(ports: Ports, keys: tuple[str, str], now: int) -> None:
    for kind, limits in (
        (KIND, (CALLER_LIMIT, HOST_LIMIT)),
        (FAILED_KIND, (CALLER_FAILURE_LIMIT, HOST_FAILURE_LIMIT)),
    ):
        counts = ports.attempts.count_attempts(kind, keys, now - PERIOD)
        for key, limit in zip(keys, limits, strict=True):
            if counts.get(key, 0) >= limit:
                raise OutboundThrottled(f"{key}: {kind} {limit} times within {PERIOD} seconds")
