"""Parallel requests with real commits on two workers (attack cases C02, F02, O3, O4, O9).

An error in the server's log fails each of these tests too.
"""

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, consent_form
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.harness.together import at_once, in_parallel

PARALLEL = 20


@pytest.fixture(scope="module")
def session(two_workers: System) -> HttpBrowser:
    browser = HttpBrowser(two_workers)
    browser.log_in(create_person(two_workers))
    return browser


@pytest.fixture
def browser(session: HttpBrowser) -> HttpBrowser:
    return session.copy()


@pytest.fixture(scope="module")
def web(two_workers: System) -> RelyingParty:
    return register(two_workers, use_refresh_token=True)


@pytest.mark.parametrize("attempt", range(5))
def test_c02_one_of_20_parallel_redemptions_wins_and_then_loses_its_tokens(
    browser: HttpBrowser, web: RelyingParty, attempt: int
) -> None:
    code = web.code(browser)
    answers = at_once(lambda: web.redeem(code), PARALLEL)
    winners = [answer.json() for answer in answers if answer.status_code == 200]
    losers = [answer.json()["error"] for answer in answers if answer.status_code == 400]
    assert len(winners) == 1
    assert losers == ["invalid_grant"] * (PARALLEL - 1)
    assert not web.accepts(winners[0]["access_token"])
    assert web.refresh(winners[0]["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("attempt", range(3))
def test_g04_one_of_20_parallel_questions_of_a_device_wins(
    two_workers: System, browser: HttpBrowser, attempt: int
) -> None:
    device = register(two_workers, use_device=True)
    codes = device.device_codes()
    page = browser.open("/oauth2/device", {"user_code": codes["user_code"]})
    assert "oauth2_device_done" in browser.decide_device(page, "allow").text
    answers = at_once(lambda: device.poll(codes["device_code"]), PARALLEL)
    winners = [answer for answer in answers if answer.status_code == 200]
    losers = {answer.json()["error"] for answer in answers if answer.status_code == 400}
    assert len(winners) == 1
    assert losers <= {"authorization_pending", "invalid_grant"}
    assert device.accepts(winners[0].json()["access_token"])


@pytest.mark.parametrize("attempt", range(3))
def test_x09_one_of_20_parallel_answers_to_a_pushed_request_wins(
    two_workers: System, browser: HttpBrowser, web: RelyingParty, attempt: int
) -> None:
    pushed = web.token_request(web.parameters(prompt="consent"), "/oauth2/par").json()
    visit = {"client_id": web.identifier, "request_uri": pushed["request_uri"]}
    browsers = [browser.copy() for _number in range(PARALLEL)]
    forms = [
        {**consent_form(one.open("/oauth2/authorize", visit)), "consent": "allow"}
        for one in browsers
    ]
    pairs = iter(list(zip(browsers, forms, strict=True)))

    def agree() -> str:
        one, form = next(pairs)
        return one.submit("/oauth2/authorize/consent", form).headers.get("Location", "")

    answers = at_once(agree, PARALLEL)
    assert len([address for address in answers if "code=" in address]) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_f02_20_parallel_refreshes_get_the_same_answer(
    browser: HttpBrowser, web: RelyingParty, attempt: int
) -> None:
    tokens = web.tokens(browser)
    answers = at_once(lambda: web.refresh(tokens["refresh_token"]), PARALLEL)
    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    for kind in ("access_token", "refresh_token", "expires_in"):
        assert len({answer.json()[kind] for answer in answers}) == 1, kind
    newest = answers[0].json()
    assert web.accepts(newest["access_token"])
    following = web.refresh(newest["refresh_token"])
    assert following.status_code == 200
    assert web.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert not web.accepts(following.json()["access_token"])


@pytest.mark.parametrize("attempt", range(3))
def test_f02_without_grace_20_parallel_refreshes_never_leave_two_living_chains(
    two_workers: System, browser: HttpBrowser, attempt: int
) -> None:
    party = register(two_workers, use_refresh_token=True, refresh_token_grace=0)
    tokens = party.tokens(browser)
    answers = at_once(lambda: party.refresh(tokens["refresh_token"]), PARALLEL)
    winners = [answer.json() for answer in answers if answer.status_code == 200]
    losers = [answer.json()["error"] for answer in answers if answer.status_code == 400]
    assert len(winners) == 1
    assert losers == ["invalid_grant"] * (PARALLEL - 1)
    for winner in (*winners, tokens):
        assert not party.accepts(winner["access_token"])
        assert party.refresh(winner["refresh_token"]).json()["error"] == "invalid_grant"


def test_f02_parallel_refreshes_for_different_scopes_share_one_chain(
    browser: HttpBrowser, web: RelyingParty
) -> None:
    tokens = web.tokens(browser)
    scopes = ["openid", "openid profile", "openid email", "openid"] * 3
    answers = in_parallel(
        lambda scope: web.refresh(tokens["refresh_token"], scope=scope).json(), scopes, threads=12
    )
    assert [answer["scope"] for answer in answers] == scopes
    assert len({answer["refresh_token"] for answer in answers}) == 1
    assert len({answer["access_token"] for answer in answers}) == 3


def test_o4_redemption_and_replay_of_several_codes_at_once(
    browser: HttpBrowser, web: RelyingParty
) -> None:
    """Pairs of requests, many pairs at a time: each code has one winner, whichever worker answers."""
    codes = [web.code(browser) for _number in range(20)]
    answers = in_parallel(lambda code: (code, web.redeem(code)), codes * 2, threads=16)
    for code in codes:
        statuses = sorted(answer.status_code for sent, answer in answers if sent == code)
        assert statuses == [200, 400]
    winners = [answer.json()["access_token"] for _code, answer in answers if answer.ok]
    assert not any(in_parallel(web.accepts, winners))


def test_200_codes_of_several_applications_are_redeemed_in_parallel(
    two_workers: System, session: HttpBrowser
) -> None:
    parties = [register(two_workers, use_refresh_token=True) for _number in range(4)]
    work = parties * 50
    codes = in_parallel(lambda party: party.code(session.copy()), work)
    answers = in_parallel(lambda pair: pair[0].redeem(pair[1]), list(zip(work, codes, strict=True)))
    assert [answer.status_code for answer in answers] == [200] * 200
    tokens = [answer.json()["access_token"] for answer in answers]
    assert len(set(codes)) == len(set(tokens)) == 200
    pairs = list(zip(work, tokens, strict=True))
    owners = in_parallel(lambda pair: pair[0].userinfo(pair[1]).json()["client_id"], pairs)
    assert owners == [party.identifier for party in work]


def test_one_request_is_answered_once_however_often_allow_is_pressed(
    two_workers: System, browser: HttpBrowser
) -> None:
    party = register(two_workers, is_trusted=False)
    form = {**consent_form(browser.authorize(party.parameters())), "consent": "allow"}
    answers = at_once(
        lambda: browser.copy_with_all_cookies().send(
            "POST", "/oauth2/authorize/consent", data=form
        ),
        8,
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    code = next(answer_of(answer)["code"] for answer in answers if answer.status_code == 303)
    assert party.redeem(code).status_code == 200


def test_consent_in_several_tabs_at_once(two_workers: System, browser: HttpBrowser) -> None:
    party = register(two_workers, is_trusted=False)
    pages = [browser.authorize(party.parameters(state=str(tab))) for tab in range(8)]
    answers = in_parallel(lambda page: browser.decide(page, "allow"), pages)
    assert {answer_of(answer)["state"] for answer in answers} == set("01234567")
    consents = two_workers.run(
        "result = env['oauth2.provider.consent'].search_count([('client_id', '=', id)])",
        id=party.application.id,
    )
    assert consents == 1


def test_parallel_jwts_of_a_service_live_until_what_they_share_is_ended(
    two_workers: System,
) -> None:
    """Whoever finds no authorization to share begins one, so there may be a few; nobody waits or fails for it."""
    user = two_workers.run("result = env['res.users'].create({'name': 'R', 'login': 'robot'}).id")
    service = register(
        two_workers, use_client_credentials=True, service_user_id=user, access_token_format="jwt"
    )
    form = {"grant_type": "client_credentials"}
    answers = at_once(lambda: service.token_request(form), PARALLEL)
    assert [answer.status_code for answer in answers] == [200] * PARALLEL
    tokens = [answer.json()["access_token"] for answer in answers]
    assert len(set(tokens)) == PARALLEL

    def is_active(token: str) -> bool:
        answer = service.token_request({"token": token}, path="/oauth2/introspect")
        return bool(answer.json()["active"])

    assert all(in_parallel(is_active, tokens))
    count = "env['oauth2.provider.authorization'].search_count([('client_id', '=', id)])"
    begun = two_workers.run(f"result = {count}", id=service.application.id)
    in_parallel(lambda _number: service.token_request(form), range(PARALLEL))
    # one more if a period ends in between
    assert two_workers.run(f"result = {count}", id=service.application.id) <= begun + 1
    two_workers.run(
        "env['oauth2.provider.client'].browse(id).action_revoke_authorizations()",
        id=service.application.id,
    )
    assert not any(in_parallel(is_active, tokens))
    assert is_active(service.token_request(form).json()["access_token"])


def test_o9_revocation_counts_at_every_worker_at_once(
    two_workers: System, browser: HttpBrowser, web: RelyingParty
) -> None:
    token = web.tokens(browser)["access_token"]
    assert all(in_parallel(lambda _number: web.accepts(token), range(20)))
    web.token_request({"token": token}, path="/oauth2/revoke")
    assert not any(in_parallel(lambda _number: web.accepts(token), range(20)))


def test_o9_new_redirect_address_counts_at_every_worker_at_once(
    two_workers: System, browser: HttpBrowser, web: RelyingParty
) -> None:
    new = "https://new.example/callback"
    in_parallel(lambda _number: browser.copy().authorize(web.parameters()), range(10))
    two_workers.run(
        "env['oauth2.provider.redirect.uri'].create({'client_id': id, 'uri': uri})",
        id=web.application.id,
        uri=new,
    )
    parameters = web.parameters(redirect_uri=new)
    answers = in_parallel(lambda _number: browser.copy().authorize(parameters), range(10))
    assert all("code" in answer_of(answer) for answer in answers)


def test_s01_forwarded_host_of_a_trusted_proxy_is_not_the_issuer(
    two_workers: System, browser: HttpBrowser, web: RelyingParty
) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.7",
    }
    sent = browser.send("GET", "/oauth2/authorize", params=web.parameters(), headers=headers)
    assert sent.headers["Location"].startswith("/oauth2/authorize/continue?rid=")
    answered = browser.send("GET", sent.headers["Location"], headers=headers)
    assert answer_of(answered)["iss"] == two_workers.url
