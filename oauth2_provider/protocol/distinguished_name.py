"""Distinguished names as text, most specific part first (RFC 4514)."""

from __future__ import annotations

import re

# From the most specific part to the root; each part is a set of pairs of type (its OID) and value.
DistinguishedName = tuple[frozenset[tuple[str, str]], ...]

# RFC 4514 §3, and what tools write for the others that certificates have.
_TYPES = {
    "cn": "2.5.4.3",
    "sn": "2.5.4.4",
    "serialnumber": "2.5.4.5",
    "c": "2.5.4.6",
    "l": "2.5.4.7",
    "st": "2.5.4.8",
    "street": "2.5.4.9",
    "o": "2.5.4.10",
    "ou": "2.5.4.11",
    "title": "2.5.4.12",
    "businesscategory": "2.5.4.15",
    "postalcode": "2.5.4.17",
    "givenname": "2.5.4.42",
    "organizationidentifier": "2.5.4.97",
    "dc": "0.9.2342.19200300.100.1.25",
    "uid": "0.9.2342.19200300.100.1.1",
    "emailaddress": "1.2.840.113549.1.9.1",
    "e": "1.2.840.113549.1.9.1",
}
_NAMES = {oid: name.upper() for name, oid in reversed(_TYPES.items())}
_OID = re.compile(r"(?:OID\.)?([0-2](?:\.[0-9]+)+)", re.I)
# A type, then characters that are either escaped or need no escape (RFC 4514 §3), then what joins the next pair.
_PAIR = re.compile(
    r"\s*([A-Za-z0-9.-]+)\s*=((?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\,+\"<>;\0])*)([,+]|\Z)"
)
_ESCAPE = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)", re.S)


def parse_distinguished_name(text: str) -> DistinguishedName:
    """:raises ValueError: with a sentence for the administrator, if it is none"""
    parts: list[frozenset[tuple[str, str]]] = []
    group: set[tuple[str, str]] = set()
    position = 0
    while True:
        found = _PAIR.match(text, position)
        if not found:
            raise ValueError("A subject looks like CN=client,O=Example Bank,C=BE.")
        group.add((_type(found[1]), _value(found[2])))
        if found[3] != "+":
            parts.append(frozenset(group))
            group = set()
        if not found[3]:
            return tuple(parts)
        position = found.end()


def format_distinguished_name(name: DistinguishedName) -> str:
    """The text of a name, as ``parse_distinguished_name`` reads it."""
    return ",".join(
        "+".join(f"{_NAMES.get(oid, oid)}={_escaped(value)}" for oid, value in sorted(part))
        for part in name
    )


def _type(name: str) -> str:
    oid = _OID.fullmatch(name)
    if oid:
        return oid[1]
    try:
        return _TYPES[name.lower()]
    except KeyError:
        raise ValueError(f"The part {name} of the subject is unknown; write its number.") from None


def _value(text: str) -> str:
    if text.lstrip().startswith("#"):
        raise ValueError("A subject with an encoded value (#) cannot be compared.")
    # Spaces at the ends count only if they are escaped.
    text = text.lstrip(" ")
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    value = _ESCAPE.sub(_unescaped, text)
    if not value:
        raise ValueError("A part of the subject is empty.")
    return value


def _unescaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    return bytes.fromhex(found[1].replace("\\", "")).decode("utf-8")


def _escaped(value: str) -> str:
    return re.sub(r'[\\,+"<>;]|\A[ #]| \Z', r"\\\g<0>", value)
