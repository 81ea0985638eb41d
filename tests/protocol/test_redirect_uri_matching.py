"""Redirect URIs: which are registered ones, which may be registered (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1)."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protocol.redirect_uri_matching import (
    FORBIDDEN_SCHEMES,
    MAXIMUM_LENGTH,
    check_registrable,
    matches,
)

WEB = "https://app.example/cb"
LOOPBACK = "http://127.0.0.1/cb"


def refused(uri: str, application_type: str = "web", *, local_development: bool = False) -> bool:
    try:
        check_registrable(
            uri, application_type=application_type, local_development=local_development
        )
    except ValueError:
        return True
    return False


def is_match(registered: str, sent: str) -> bool:
    """With the loopback exception on, which must not help anything else."""
    return matches([registered], sent, any_loopback_port=True)


def test_the_same_bytes_match() -> None:
    assert matches([WEB, "https://b.example/"], WEB, any_loopback_port=False)
    assert not matches([], WEB, any_loopback_port=True)


@pytest.mark.parametrize(
    "sent",
    [
        "https://app.example.evil.com/cb",
        "https://app.example@evil.com/cb",
        "https://user@app.example/cb",
        "https://evil.com/https://app.example/cb",
        "https://app.example/cb.evil",
        "https://app.example/c",
        "https://app.example:443/cb",
    ],
)
def test_r01_other_hosts_and_longer_addresses(sent: str) -> None:
    assert not is_match(WEB, sent)


@pytest.mark.parametrize(
    "tail",
    [
        "/../evil",
        "/%2e%2e/evil",
        "..%2Fevil",
        "/%252f..%252fevil",
        "/./",
        "/",
        "%2F",
        "//",
        "\\",
        "\t",
    ],
)
def test_r02_nothing_is_normalised(tail: str) -> None:
    assert not is_match(WEB, WEB + tail)
    assert not is_match(LOOPBACK, LOOPBACK + tail)


@pytest.mark.parametrize("tail", ["/..;/evil", ";x=1", ";"])
def test_r03_path_parameters(tail: str) -> None:
    assert not is_match(WEB, WEB + tail)


@pytest.mark.parametrize("tail", ["?next=https://evil.com", "?", "&a=b"])
def test_r05_added_query(tail: str) -> None:
    assert not is_match(WEB, WEB + tail)
    assert not is_match(LOOPBACK, LOOPBACK + tail)


def test_r06_query_is_compared_as_it_stands() -> None:
    registered = WEB + "?a=1&b=2"
    assert is_match(registered, WEB + "?a=1&b=2")
    for other in ("?b=2&a=1", "?a=1", "?a=1&b=3", "?a=1&b=2&c=3", "?a=%31&b=2"):
        assert not is_match(registered, WEB + other)


def test_r07_fragments() -> None:
    for tail in ("#", "#x"):
        assert not is_match(WEB, WEB + tail)
        assert not is_match(LOOPBACK, "http://127.0.0.1:5000/cb" + tail)
        assert refused(WEB + tail)
        assert refused("com.example.app:/cb" + tail, "native")


@pytest.mark.parametrize(
    "sent", ["HTTPS://app.example/cb", "https://APP.example/cb", "https://app.example/CB"]
)
def test_r08_case_counts(sent: str) -> None:
    assert not is_match(WEB, sent)
    assert not is_match(LOOPBACK, "HTTP://127.0.0.1/cb")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_r09_loopback_addresses_with_any_port(host: str) -> None:
    for port in ("", ":1", ":8080", ":65535"):
        assert is_match(f"http://{host}/cb", f"http://{host}{port}/cb")
        assert is_match(f"http://{host}:3000/cb", f"http://{host}{port}/cb")
    assert is_match(f"http://{host}", f"http://{host}:99")


def test_r09_only_where_asked_for() -> None:
    assert not matches([LOOPBACK], "http://127.0.0.1:99/cb", any_loopback_port=False)


def test_r10_localhost_with_any_port() -> None:
    assert is_match("http://localhost/cb", "http://localhost:49152/cb")


@pytest.mark.parametrize(
    "sent",
    [
        "http://attacker@127.0.0.1:99/cb",
        "http://127.0.0.1:99@evil.com/cb",
        "http://127.0.0.1.evil.com:99/cb",
        "http://127.0.0.1:99.evil.com/cb",
        "http://127.0.0.1:99/evil",
        "http://127.0.0.1:99/cb/",
        "http://127.0.0.1:99",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:123456/cb",
        "http://127.0.0.1:99:99/cb",
        "http://127.0.0.1:٣/cb",
        "http://127.0.0.1:-1/cb",
        "http://127.0.0.1:99\\@evil.com/cb",
        "http://127.0.0.1:99/cb\n",
        "http://127.0.0.2:99/cb",
        "http://127.1:99/cb",
        "http://localhost:99/cb",
        "http://[::1]:99/cb",
        "https://127.0.0.1:99/cb",
        "com.example:http://127.0.0.1:99/cb",
    ],
)
def test_r11_the_port_smuggles_nothing_else(sent: str) -> None:
    assert not is_match(LOOPBACK, sent)


def test_r12_web_applications_have_no_loopback() -> None:
    for uri in (LOOPBACK, "http://localhost:8069/cb", "http://[::1]/cb"):
        assert refused(uri, "web")
        assert not refused(uri, "web", local_development=True)
        assert not refused(uri, "native")


@pytest.mark.parametrize("scheme", sorted(FORBIDDEN_SCHEMES))
def test_r13_schemes_that_run_or_read(scheme: str) -> None:
    for application_type in ("web", "native"):
        for rest in ("alert(1)", "//host/x", "text/html,x"):
            assert refused(f"{scheme}:{rest}", application_type, local_development=True)


def test_r13_no_scheme_in_capitals_slips_through() -> None:
    assert refused("JavaScript:alert(1)", "native", local_development=True)


def test_r14_no_patterns() -> None:
    assert not is_match("https://foo.a.example/", "https://fooXa.example/")
    for uri in ("https://*.example.com/cb", "https://app.example/*"):
        assert not is_match(uri, uri.replace("*", "x"))
        assert refused(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "https://[not-an-ip]/cb",
        "https://[::1/cb",
        "https://[" + ":" * 1500 + "]/cb",
        "http://[" + "0:" * 700 + "1]:99/cb",
        "com.example.app://[x",
    ],
)
def test_r24_malformed_ipv6(uri: str) -> None:
    began = time.perf_counter()
    assert not is_match(LOOPBACK, uri)
    assert refused(uri, "native", local_development=True)
    assert time.perf_counter() - began < 0.5


def test_r24_an_administrator_reads_a_sentence() -> None:
    for uri in ("https://[not-an-ip]/cb", "https://[::1/cb", "https://app.example:99999/cb"):
        with pytest.raises(ValueError, match=r"host|port"):
            check_registrable(uri, application_type="web", local_development=False)


def test_r26_plain_http() -> None:
    for application_type in ("web", "native"):
        assert refused("http://app.example/cb", application_type)
        assert refused("http://127.0.0.1.example/cb", application_type)
    assert not refused("http://app.example/cb", local_development=True)


def test_r28_accents_are_refused_and_punycode_is_bytes() -> None:
    assert refused("https://exämple.com/cb")
    assert refused("https://ехample.com/cb")  # two Cyrillic letters
    assert not refused("https://xn--exmple-cua.com/cb")
    assert not is_match("https://xn--exmple-cua.com/cb", "https://exämple.com/cb")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https",
        "https:",
        "https:/app.example/cb",
        "https:app.example/cb",
        "https:///cb",
        "https://:443/cb",
        "https://@/cb",
        "//app.example/cb",
        "/cb",
        "://app.example",
        "1http://app.example/cb",
        "HTTPS://app.example/cb",
        "https://user@app.example/cb",
        "https://user:pw@app.example/cb",
        "https://app.example:port/cb",
        "https://app.example:65536/cb",
        "https://app.example/a b",
        "https://app.example/cb\n",
        "https://app.example/\\evil",
        'https://app.example/"',
        "https://app.example/<x>",
        "https://app.example/a/../cb",
        "https://app.example/./cb",
        "https://app.example/..",
        "https://app.example/%2e%2E/cb",
        "https://app.example/.%2e/cb",
        "https://app.example/" + "a" * MAXIMUM_LENGTH,
        "com.example.app:/cb",
        "myapp:/cb",
    ],
)
def test_not_registrable_for_a_web_application(uri: str) -> None:
    assert refused(uri)


@pytest.mark.parametrize(
    "uri",
    [
        WEB,
        "https://app.example",
        "https://app.example:8443/cb?a=1&b=../x",
        "https://192.0.2.1/cb",
        "https://[2001:db8::1]:8443/cb",
        "https://app.example/.well-known/cb",
        "https://app.example/a..b/cb",
    ],
)
def test_registrable_for_a_web_application(uri: str) -> None:
    assert not refused(uri)


def test_rfc8252_private_schemes_need_a_dot() -> None:
    assert not refused("com.example.app:/cb", "native")
    assert not refused("com.example.app://cb", "native")
    assert refused("myapp:/cb", "native")
    assert refused("com.example.app:/cb", "web", local_development=True)


@pytest.mark.parametrize(
    "name",
    ["code", "state", "iss", "error", "error_description", "error_uri", "access_token", "token_type",
     "expires_in", "scope", "id_token", "session_state", "response"],
)  # fmt: skip
def test_q21_a_query_with_a_name_of_the_answer(name: str) -> None:
    """The client would find that parameter twice and might believe the wrong one."""
    assert refused(f"{WEB}?a=b&{name}=x")
    assert refused(f"{WEB}?{name}")
    assert not refused(f"{WEB}?my_{name}=x")


def test_a_query_begins_at_the_first_question_mark() -> None:
    assert refused("https://app.example/cb?code=1?a=b")
    for uri in ("https://app.example/cb?a=b?code=1", "https://app.example/cb?a=/../b"):
        check_registrable(uri, application_type="web", local_development=False)


def test_letters_of_an_address() -> None:
    start = "https://app.example/cb"
    for letter in map(chr, range(33, 127)):
        is_letter = letter.isalnum() or letter in "-._~:/?[]@!$&'()+,;=%"
        assert refused(f"{start}{letter}x") == (not is_letter), letter


@pytest.mark.parametrize("scheme", ["Com.example", "com.Example", "1com.example", ".com", "com_.x"])
def test_a_scheme_that_is_none(scheme: str) -> None:
    assert refused(f"{scheme}:/cb", "native")


@pytest.mark.parametrize("scheme", ["com.example", "com.a5-b+c", "c9.x"])
def test_a_scheme_of_ones_own(scheme: str) -> None:
    assert not refused(f"{scheme}:/cb", "native")


@pytest.mark.parametrize(
    "host", ["127x0.0.1", "127.0x0.1", "127.0.0x1", "LOCALHOST", "localhost.example", "[::1x"]
)
def test_r10_what_is_no_loopback_keeps_its_port(host: str) -> None:
    assert not is_match(f"http://{host}/cb", f"http://{host}:99/cb")


def test_r10_a_loopback_address_without_a_path() -> None:
    assert is_match("http://127.0.0.1?a=b", "http://127.0.0.1:99?a=b")


def test_r02_dots_make_a_segment_alone() -> None:
    for path in ("a../b", "..a/b", "a.", "...", "%2e%2e%2e/b"):
        assert not refused(f"https://app.example/{path}")
    assert refused("com.example.app:../cb", "native")


def test_half_of_a_bracket_and_half_of_an_address() -> None:
    for uri in ("com.example.app:/cb]", "com.example.app:/[cb", "com.example.app:", "/cb", ""):
        with pytest.raises(ValueError):
            check_registrable(uri, application_type="native", local_development=False)


def test_as_long_as_can_be() -> None:
    start = "http://127.0.0.1:99/"
    longest = start + "a" * (MAXIMUM_LENGTH - len(start))
    check_registrable(longest, application_type="native", local_development=False)
    assert is_match(longest.replace(":99", ""), longest)
    assert not is_match(longest.replace(":99", "") + "a", longest + "a")


def test_too_long_to_be_compared_kindly() -> None:
    long = "http://127.0.0.1:99/" + "a" * MAXIMUM_LENGTH
    assert not is_match(long.replace(":99", ""), long)


URI_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="htps:/.[]@#?%2e1270\\ localhost", max_size=40),
    st.builds("https://{}".format, st.text(alphabet="[]:@.%/?abc019", max_size=20)),
)


@given(URI_TEXT, st.sampled_from(["web", "native"]), st.booleans())
@example("https://[v1.x]/", "web", False)
def test_any_text_is_registrable_or_a_value_error(
    uri: str, application_type: str, local_development: bool
) -> None:
    if not refused(uri, application_type, local_development=local_development):
        assert "#" not in uri and uri.isascii() and uri.isprintable() and " " not in uri
        assert matches([uri], uri, any_loopback_port=False)


@given(URI_TEXT, URI_TEXT)
def test_any_two_texts_match_only_if_equal_or_loopback(registered: str, sent: str) -> None:
    if matches([registered], sent, any_loopback_port=True):
        assert registered == sent or sent.startswith("http://")
