"""JSON from strangers: bounded, and with nothing in it that the next reader could not take: no repeated names, no
numbers without end, no text that cannot be stored (RFC 8259 §9, RFC 7493 §2, RFC 8725 §2.8)."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn

from .storable_text import is_storable

# Deeper than anything that a standard sends; whoever reads it again has less room than we had.
MAXIMUM_DEPTH = 32


def parse_object(text: str | bytes, *, maximum_length: int) -> dict[str, Any]:
    """The JSON object that ``text`` is.

    :param maximum_length: in characters or bytes, whichever ``text`` has
    :raises ValueError: if it is too long, no JSON, no object, or ambiguous
    """
    value = _parse(text, maximum_length)
    if not isinstance(value, dict):
        raise ValueError("The JSON is not an object.")
    return value


def parse_array(text: str | bytes, *, maximum_length: int) -> list[Any]:
    """The JSON array that ``text`` is, likewise."""
    value = _parse(text, maximum_length)
    if not isinstance(value, list):
        raise ValueError("The JSON is not an array.")
    return value


def _parse(text: str | bytes, maximum_length: int) -> Any:
    if len(text) > maximum_length:
        raise ValueError("The JSON is too long.")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise ValueError("The JSON is nested too deeply.") from error
    _check(value, MAXIMUM_DEPTH)
    return value


def _check(value: Any, levels: int) -> None:
    if isinstance(value, str):
        if not is_storable(value):
            raise ValueError("A JSON text holds a forbidden character.")
    elif isinstance(value, (dict, list)):
        if levels == 0:
            raise ValueError("The JSON is nested too deeply.")
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(part, levels - 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A JSON member is repeated.")
    return members


def _finite(digits: str) -> float:
    """Python reads 1e999 as infinity, which is no JSON when it is written."""
    number = float(digits)
    return number if isfinite(number) else _refuse_constant(digits[:20])


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")
