"""Settings: whatever would make the server answer wrongly is refused (RFC 8414 §2, RFC 9207 §2)."""

from __future__ import annotations

import pytest
from protocol.settings import Settings


@pytest.mark.parametrize(
    "issuer",
    [
        "https://id.example.com",
        "https://id.example.com:8443/a/b-c",
        "http://localhost:8069",
        "http://127.0.0.1",
        "http://[::1]:8069/x",
        "https://[2001:db8::1]",
    ],
)
def test_good_issuer(issuer: str) -> None:
    Settings(issuer=issuer).validate()


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "id.example.com",
        "https://",
        "https:///path",
        "ftp://id.example.com",
        "http://id.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "https://id.example.com/",
        "https://id.example.com/a/",
        "https://id.example.com//evil.example.com",
        "https://id.example.com?",
        "https://id.example.com?a=b",
        "https://id.example.com#",
        "https://id.example.com#a",
        "https://user@id.example.com",
        "https://:secret@id.example.com",
        "https://id.example.com:port",
        "https://id.example.com:99999",
        "https://[not-an-ip]",
        "https://id.example.com/a b",
        "https://id.example.com/a;Path=",
        "https://id.exa\nmple.com",
        "https://id.example.com\n",
        " https://id.example.com",
        "https://id.example.com/../a",
    ],
)
def test_bad_issuer(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        Settings(issuer=issuer).validate()


@pytest.mark.parametrize("issuer", ["HTTPS://id.example.com", "https://ID.example.com"])
def test_issuer_is_written_in_small_letters(issuer: str) -> None:
    """Clients compare it byte for byte, and a scheme in capitals would cost the cookie its Secure."""
    with pytest.raises(ValueError, match="issuer"):
        Settings(issuer=issuer).validate()


@pytest.mark.parametrize(
    "options",
    [
        {"code_lifetime": 0},
        {"code_lifetime": -1},
        {"code_lifetime": 601},
        {"request_lifetime": 0},
        {"request_lifetime": -1},
    ],
)
def test_lifetimes_out_of_range(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="lifetime"):
        Settings("https://id.example.com", **options).validate()


@pytest.mark.parametrize("options", [{"code_lifetime": 1}, {"code_lifetime": 600}])
def test_lifetimes_at_the_edge(options: dict[str, int]) -> None:
    Settings("https://id.example.com", **options).validate()


def test_what_follows_from_the_issuer() -> None:
    assert Settings("https://id.example.com").issuer_path == ""
    assert Settings("https://id.example.com/a").issuer_path == "/a"
    assert Settings("https://id.example.com").is_secure
    assert not Settings("http://localhost").is_secure
