"""JSON from strangers: bounded, without repeated names, NaN or endless nesting (RFC 8725 §2.8, RFC 8259 §9)."""

from __future__ import annotations

import json
from typing import Any, NoReturn


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
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("The JSON is nested too deeply.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A JSON member is repeated.")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")
