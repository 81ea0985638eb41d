"""Distinguished names (RFC 4514)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.distinguished_name import format_distinguished_name, parse_distinguished_name

COMMON_NAME, ORGANIZATION, COUNTRY = "2.5.4.3", "2.5.4.10", "2.5.4.6"


def parts(*pairs: tuple[str, str]) -> tuple[frozenset[tuple[str, str]], ...]:
    return tuple(frozenset({pair}) for pair in pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CN=client", parts((COMMON_NAME, "client"))),
        (
            "cn=client, o=Bank ,C=BE",
            parts((COMMON_NAME, "client"), (ORGANIZATION, "Bank"), (COUNTRY, "BE")),
        ),
        (r"O=Bank\, Trust", parts((ORGANIZATION, "Bank, Trust"))),
        (r"O=Bank\2C Trust", parts((ORGANIZATION, "Bank, Trust"))),
        (r"CN=Lu\C4\8Di\C4\87", parts((COMMON_NAME, "Lučić"))),
        ("CN=Lučić", parts((COMMON_NAME, "Lučić"))),
        (r"CN=\#1\ ", parts((COMMON_NAME, "#1 "))),
        ("CN=a=b", parts((COMMON_NAME, "a=b"))),
        ("2.5.4.3=client", parts((COMMON_NAME, "client"))),
        ("OID.2.5.4.3=client", parts((COMMON_NAME, "client"))),
        ("emailAddress=a@b.example", parts(("1.2.840.113549.1.9.1", "a@b.example"))),
        (
            "CN=a+O=b,C=BE",
            (frozenset({(COMMON_NAME, "a"), (ORGANIZATION, "b")}), frozenset({(COUNTRY, "BE")})),
        ),
    ],
)
def test_reading(text: str, expected: object) -> None:
    assert parse_distinguished_name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "client",
        "CN",
        "CN=",
        "CN=a,",
        "CN=a,,O=b",
        "CN=a+",
        "/CN=a/O=b",
        "CN=a;O=b",
        'CN="a"',
        "CN=#0403616263",
        "XY=a",
        "CN=a\\",
        r"CN=\C4",
        "CN=a\0",
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_distinguished_name(text)


VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=10
).filter(lambda text: text.strip(" ") == text)
TYPES = st.sampled_from([COMMON_NAME, ORGANIZATION, COUNTRY, "2.5.4.97", "1.2.3.4"])
NAMES = st.lists(
    st.frozensets(st.tuples(TYPES, VALUES), min_size=1, max_size=2), min_size=1, max_size=3
)


@pytest.mark.parametrize("value", [" a", "#a", "a ", " ", "#", "a b", ' "a", <b>; c+d=e\\ '])
def test_what_must_be_escaped_comes_back(value: str) -> None:
    name = parts((COMMON_NAME, value))
    assert parse_distinguished_name(format_distinguished_name(name)) == name


@given(NAMES.map(tuple))
def test_what_is_written_can_be_read(name: tuple[frozenset[tuple[str, str]], ...]) -> None:
    assert parse_distinguished_name(format_distinguished_name(name)) == name
