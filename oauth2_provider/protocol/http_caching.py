"""For how long an answer of another server stays good by its own word (RFC 9111 §4.2.1, §5.2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r'\s*([A-Za-z-]+)(?:=("[^"]*"|[^\s,]*))?\s*(?:,|$)')
_MAXIMUM = 2**31 - 1


def freshness_of(headers: Mapping[str, str]) -> int | None:
    """Seconds from now on; None if the answer does not say.

    :param headers: names in small letters
    """
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & {"no-store", "no-cache"}:
        return 0
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _until(headers)
    if lifetime is None:
        return None
    return max(0, lifetime - _seconds(headers.get("age", "0")))


def _directives(text: str) -> dict[str, str]:
    return {name.lower(): value.strip('"') for name, value in _DIRECTIVE.findall(text)}


def _seconds(text: str) -> int:
    """RFC 9111 §1.2.2, §4.2.1: what cannot be read is stale already."""
    text = text.strip()
    return min(int(text), _MAXIMUM) if re.fullmatch("[0-9]{1,20}", text) else 0


def _until(headers: Mapping[str, str]) -> int | None:
    """RFC 9111 §5.3: the time of the other server, by its own clock."""
    if "expires" not in headers:
        return None
    try:
        end, start = (parsedate_to_datetime(headers[name]) for name in ("expires", "date"))
        return int((end - start).total_seconds())
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return 0
