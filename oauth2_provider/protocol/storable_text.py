"""Text that every database takes and every address can carry."""

from __future__ import annotations

import re

# NUL and unpaired surrogates.
_FORBIDDEN = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _FORBIDDEN.search(text) is None


def to_storable(text: str) -> str:
    """The same with the usual sign for what cannot be shown."""
    return _FORBIDDEN.sub("\ufffd", text)
