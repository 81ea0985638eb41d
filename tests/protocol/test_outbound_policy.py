"""Where the server may connect to on a stranger's word."""

from __future__ import annotations

import pytest
from protocol.outbound_policy import Destination, OutboundPolicy, destination_of, is_public

SOMEWHERE = Destination("app.example.com", 443)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"],
)
def test_d14_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_d14_j07_special_addresses(address: str) -> None:
    assert not is_public(address)
    assert not OutboundPolicy().permits(SOMEWHERE, address)


def test_public_addresses_need_no_permission() -> None:
    assert OutboundPolicy().permits(SOMEWHERE, "8.8.8.8")


@pytest.mark.parametrize(
    ("entry", "destination", "address", "permitted"),
    [
        ("app.example.com", SOMEWHERE, "10.0.0.1", True),
        ("APP.example.com", SOMEWHERE, "10.0.0.1", True),
        ("app.example.com:443", SOMEWHERE, "10.0.0.1", True),
        ("app.example.com:8443", SOMEWHERE, "10.0.0.1", False),
        ("example.com", SOMEWHERE, "10.0.0.1", False),
        ("10.0.0.0/8", SOMEWHERE, "10.1.2.3", True),
        ("10.0.0.0/8", SOMEWHERE, "::ffff:10.1.2.3", False),
        ("10.0.0.1", SOMEWHERE, "10.0.0.1", True),
        ("10.0.0.1", SOMEWHERE, "10.0.0.2", False),
        ("10.0.0.1:443", SOMEWHERE, "10.0.0.1", True),
        ("10.0.0.1:8443", SOMEWHERE, "10.0.0.1", False),
        ("[::1]:443", SOMEWHERE, "::1", True),
        ("[::1]:8443", SOMEWHERE, "::1", False),
        ("[::1]", SOMEWHERE, "::1", True),
        ("::1", SOMEWHERE, "::1", True),
        ("fd00::/8", SOMEWHERE, "fd12::1", True),
        ("fd00::/8", SOMEWHERE, "10.0.0.1", False),
    ],
)
def test_what_an_administrator_opens(
    entry: str, destination: Destination, address: str, permitted: bool
) -> None:
    assert OutboundPolicy.of([entry]).permits(destination, address) is permitted


@pytest.mark.parametrize(
    "entry",
    ["", "https://app.example.com", "10.0.0", "10.0.0.0/40", "a:0", "a:65536", "a:b", "*.a", "a/b"],
)
def test_entries_that_open_nothing_are_refused(entry: str) -> None:
    with pytest.raises(ValueError):
        OutboundPolicy.of([entry])


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://app.example.com/keys", "app.example.com", 443),
        ("https://App.example.com:8443", "app.example.com", 8443),
        ("https://[::1]:8443/a?b#c", "::1", 8443),
        ("https://[::1]", "::1", 443),
        ("https://app.example.com#c", "app.example.com", 443),
    ],
)
def test_destinations(url: str, host: str, port: int) -> None:
    assert destination_of(url) == Destination(host, port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://app.example.com/",
        "HTTPS://app.example.com/",
        "file:///etc/passwd",
        "gopher://app.example.com/",
        "https://",
        "https:///path",
        "https://user@app.example.com/",
        "https://user:secret@app.example.com/",
        "https://app.example.com:0/",
        "https://app.example.com:99999/",
        "https://app.example.com:/",
        "https://app.example.com\\@evil.example/",
        "https://app.example.com/a b",
        "https://app.example.com/\r\nHost: evil",
        "https://äpp.example.com/",
        "https://[::1/",
        "https://app.example.com/" + "a" * 2000,
    ],
)
def test_j07_addresses_that_are_never_fetched(url: str) -> None:
    with pytest.raises(ValueError):
        destination_of(url)
