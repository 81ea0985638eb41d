"""What surrounds the protocol: headers, paths, sizes, failures, sessions (attack cases S01 to S13, O5 to O10)."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from dev.workbench import Workbench
from e2e.harness.held_transaction import held
from e2e.harness.moments import let_pass
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.rpc import Call
from e2e.harness.systems import System

ENDPOINTS = ("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect", "/oauth2/userinfo")
PAGES = ("/oauth2/authorize", "/oauth2/authorize/continue")
TOKENS = "oauth2_provider_token"
EVERYWHERE = (*ENDPOINTS, *PAGES, "/oauth2/tokeninfo", "/oauth2/authorize/consent")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "evil.example"}, id="host"),
        pytest.param(
            {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}, id="forwarded_for"
        ),
        pytest.param({"Forwarded": "host=evil.example;proto=https"}, id="forwarded"),
        pytest.param({"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"}, id="rewrite"),
    ],
)
def test_s01_o10_headers_change_no_address(
    stranger: HttpBrowser, web: RelyingParty, headers: dict[str, str]
) -> None:
    """Behind a proxy that Odoo trusts it is the same: see ../operations/test_concurrency.py."""
    sent = stranger.send("GET", "/oauth2/authorize", params=web.parameters(), headers=headers)
    assert sent.headers["Location"].startswith("/oauth2/authorize/continue?rid=")
    cookies = sent.raw.headers.getlist("Set-Cookie")
    assert not [cookie for cookie in cookies if "domain=" in cookie.lower()]
    login = stranger.send("GET", sent.headers["Location"], headers=headers)
    assert "evil" not in login.headers.get("Location", "")
    wrong = web.parameters(response_type="nonsense")
    answered = stranger.send("GET", "/oauth2/authorize", params=wrong, headers=headers)
    assert answer_of(answered)["iss"] == stranger.base


def test_o10_base_url_of_odoo_is_not_the_issuer(
    provider: System, visitor: HttpBrowser, web: RelyingParty, moved_base_url: str
) -> None:
    answer = answer_of(visitor.authorize(web.parameters()))
    assert answer["iss"] == provider.url != moved_base_url


@pytest.fixture
def moved_base_url(provider: System) -> Iterator[str]:
    provider.parameter("web.base.url", "https://moved.example")
    yield "https://moved.example"
    provider.parameter("web.base.url", provider.url)


@pytest.mark.parametrize(
    "path",
    [
        "/oauth2;x/token",
        "/oauth2/token;x=1",
        "/oauth2%2Ftoken",
        "/oauth2/%74oken",
        "/oauth2//token",
        "//oauth2/token",
        "/oauth2/./token",
        "/oauth2/x/../token",
        "/oauth2/token/",
        "/oauth2/token/x",
        "/OAUTH2/TOKEN",
        "/en/oauth2/token",
        "/oauth2/token.json",
    ],
)
def test_s02_other_spellings_of_the_path_open_no_other_door(web: RelyingParty, path: str) -> None:
    """Prepared by hand, because clients tidy addresses."""
    form = {"grant_type": "authorization_code", "client_id": web.identifier, "code": "x"}
    prepared = requests.Request("POST", web.provider.url, data=form).prepare()
    prepared.url = web.provider.url + path
    with requests.Session() as session:
        response = session.send(prepared, allow_redirects=False)
    assert response.status_code in (301, 303, 308, 400, 401, 404)
    if response.status_code in (400, 401) and "invalid_" in response.text:
        expect_json_error(response, 401, "invalid_client")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_s06_large_bodies_are_refused_before_any_work(
    visitor: HttpBrowser, allowed_loggers: list[str], path: str
) -> None:
    allowed_loggers.append("odoo.http")
    started = time.monotonic()
    for body in (
        {"x": "y" * 1_000_000},
        {f"parameter{number}": "x" for number in range(10_000)},
    ):
        response = visitor.send("POST", path, data=body)
        assert response.status_code in (400, 413)
    many = visitor.send("POST", path, data=[("a", "1")] * 10_000)
    assert many.status_code in (400, 401, 405, 413)
    deep = visitor.send(
        "POST", path, data="[" * 50_000, headers={"Content-Type": "application/json"}
    )
    assert deep.status_code in (400, 401, 405, 413, 415)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("path", ENDPOINTS)
def test_s06_body_without_a_length(provider: System, path: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    pieces = iter([b"grant_type=", b"x" * 200_000])
    response = requests.post(provider.url + path, data=pieces, headers=headers)
    assert response.status_code == 411
    assert "Traceback" not in response.text


STRANGE = [
    pytest.param({"params": {"rid": "\0", "client_id": "\0"}}, id="nul"),
    pytest.param({"params": b"client_id=%FF%FE&rid=%FF&access_token=%FF"}, id="not_utf8"),
    pytest.param({"params": b"&&&=&==&;;&%&%z"}, id="broken_query"),
    pytest.param({"params": {"rid[]": "x", "client_id[$ne]": "x"}}, id="brackets"),
    pytest.param({"headers": {"Cookie": "session_id=x; oauth2_request_=x; =;;"}}, id="cookies"),
    pytest.param({"headers": {"Content-Type": "x/y; charset=nonsense"}}, id="charset"),
    pytest.param(
        {"data": b"a=\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        id="raw_bytes",
    ),
    pytest.param(
        {"data": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        id="broken_multipart",
    ),
    pytest.param({"headers": {"User-Agent": "\u00ff" * 3000, "X-Forwarded-For": "x"}}, id="agent"),
]


UNKNOWN = ("/oauth2/userinfo/x", "/oauth2/userinfo/%00", "/oauth2/picture/x", "/oauth2/picture/%00")


@pytest.mark.parametrize("path", [*EVERYWHERE, *UNKNOWN])
@pytest.mark.parametrize("options", STRANGE)
def test_s08_nothing_from_outside_makes_the_server_fail(
    provider: System, allowed_loggers: list[str], path: str, options: dict[str, object]
) -> None:
    allowed_loggers.append("odoo.http")  # the consent page reports its missing CSRF token
    for method in ("GET", "POST"):
        response = HttpBrowser(provider).send(method, path, **options)
        assert 300 <= response.status_code < 500, response.text[-2000:]
        assert "Traceback" not in response.text


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("pieces", [b"grant_type=x", b"ffffffff\r\nx", b"5\r\na=b", b"-1\r\n"])
def test_s06_s08_body_in_broken_pieces(provider: System, path: str, pieces: bytes) -> None:
    """Written by hand, since no client library sends this. A piece of 4 GB must not be waited for, nor made up."""
    address = urlsplit(provider.url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(head.encode() + pieces)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    status, _, text = answer.partition(b"\r\n")
    assert re.fullmatch(rb"HTTP/1\.[01] 4\d\d .*", status), answer
    assert b"Traceback" not in text


def test_o5_machines_need_no_csrf_token_and_get_no_cookie(
    visitor: HttpBrowser, web: RelyingParty
) -> None:
    """Even if a browser sends its session along: the endpoints for machines do not look at it."""
    form = web.redemption("x") | {
        "client_id": web.identifier,
        "client_secret": web.application.secret,
    }
    expect_json_error(visitor.send("POST", "/oauth2/token", data=form), 400, "invalid_grant")


def test_o7_bearer_token_makes_no_session_and_leaves_the_other_alone(
    provider: System, visitor: HttpBrowser, web: RelyingParty
) -> None:
    bob = create_person(provider)
    browser = HttpBrowser(provider)
    browser.log_in(bob)
    token = web.tokens(visitor)["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    response = browser.send("GET", "/oauth2/userinfo", headers=header)
    assert response.json()["email"] != bob.login
    assert "Set-Cookie" not in response.headers
    session = browser.send("POST", "/web/session/get_session_info", json={}).json()
    assert session["result"]["username"] == bob.login
    info = requests.post(f"{provider.url}/web/session/get_session_info", json={}, headers=header)
    assert "result" not in info.json()
    json2 = f"{provider.url}/json/2/res.users/search_count"
    assert requests.post(json2, json={"domain": []}, headers=header).status_code == 401


def clean(provider: System, call_as_admin: Call) -> None:
    """As the administrator does who runs that scheduled job by hand."""
    job = provider.run("result = env.ref('base.autovacuum_job').id")
    call_as_admin("ir.cron", "method_direct_trigger", [job])


def test_s12_cleanup_waits_for_nobody(
    provider: System,
    visitor: HttpBrowser,
    call_as_admin: Call,
    workbench: Workbench,
    tmp_path: Path,
) -> None:
    party = register(provider)
    party.tokens(visitor)
    let_pass(provider, 200 * 86400, party.application.id)
    lock = f"env.cr.execute('SELECT FROM {TOKENS} FOR UPDATE')"
    with workbench.shell(provider.database) as other, held(other, tmp_path, lock):
        clean(provider, call_as_admin)
        assert count_tokens(provider, party) == 1
    clean(provider, call_as_admin)
    assert count_tokens(provider, party) == 0


def count_tokens(provider: System, party: RelyingParty) -> int:
    return provider.run(
        "result = env['oauth2.provider.token'].search_count([('client_id', '=', id)])",
        id=party.application.id,
    )


def test_s13_cleanup_keeps_what_detects_a_replay(
    provider: System, visitor: HttpBrowser, call_as_admin: Call
) -> None:
    party = register(provider, use_refresh_token=True, offline_access="always")
    code = party.code(visitor)
    first = party.redeem(code).json()
    newest = party.refresh(first["refresh_token"]).json()
    second_code = party.code(visitor)
    second = party.redeem(second_code).json()
    let_pass(provider, 29 * 86400, party.application.id)
    newest = party.refresh(newest["refresh_token"]).json()
    second = party.refresh(second["refresh_token"]).json()
    let_pass(provider, 20 * 86400, party.application.id)
    clean(provider, call_as_admin)
    # the rotated token lies behind its own end by now, the code for weeks
    expect_json_error(party.refresh(first["refresh_token"]), 400, "invalid_grant")
    expect_json_error(party.refresh(newest["refresh_token"]), 400, "invalid_grant")
    expect_json_error(party.redeem(second_code), 400, "invalid_grant")
    expect_json_error(party.refresh(second["refresh_token"]), 400, "invalid_grant")


def test_cleanup_removes_what_has_ended(provider: System, visitor: HttpBrowser) -> None:
    party = register(provider, use_refresh_token=True)
    party.tokens(visitor)
    let_pass(provider, 200 * 86400, party.application.id)
    left = provider.run(
        "result = {}\n"
        "for name in ('token', 'authorization.code', 'authorization.request', 'authorization'):\n"
        "    model = env['oauth2.provider.' + name]\n"
        "    model._gc_expired()\n"
        "    result[name] = model.search_count([('client_id', '=', id)])",
        id=party.application.id,
    )
    assert not any(left.values()), left
