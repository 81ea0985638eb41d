"""What strangers' JSON may be (RFC 8259 §9, RFC 7493 §2)."""

from __future__ import annotations

import pytest
from protocol.storable_text import is_storable, to_storable
from protocol.strict_json import MAXIMUM_DEPTH, parse_array, parse_object


def test_what_can_be_stored() -> None:
    assert is_storable("é\n\U0001f600")
    assert not is_storable("a\0")
    assert to_storable("a\0\ud800b") == "a\ufffd\ufffdb"


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def test_objects_and_arrays() -> None:
    members = {"a": [1, 0.5, None, True, "é\U0001f600"], "b": {}}
    text = '{"a": [1, 0.5, null, true, "é\\ud83d\\ude00"], "b": {}}'
    assert parse_object(text, maximum_length=99) == members
    assert parse_object(text.encode(), maximum_length=99) == members
    assert parse_array("[1]", maximum_length=3) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        b"\xff{}",
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": [-1e999]}',
        '{"a": "\\u0000"}',
        '{"a\\u0000": 1}',
        '{"a": [{"b": "\\ud800"}]}',
        '{"\\udfff": 1}',
        b'{"a": "\xed\xa0\x80"}',
        '{"a": ' + nested(99_999) + "}",
        '{"a": "' + "x" * 999_999 + '"}',
    ],
)
def test_what_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        parse_object(text, maximum_length=500_000)


def test_no_object_is_no_array() -> None:
    with pytest.raises(ValueError, match="array"):
        parse_array("{}", maximum_length=99)


def test_how_deep_it_may_be() -> None:
    parse_array(nested(MAXIMUM_DEPTH), maximum_length=999)
    with pytest.raises(ValueError, match="deep"):
        parse_array(nested(MAXIMUM_DEPTH + 1), maximum_length=999)
    with pytest.raises(ValueError, match="deep"):
        parse_array('[{"a":' * 20 + "1" + "}]" * 20, maximum_length=999)
