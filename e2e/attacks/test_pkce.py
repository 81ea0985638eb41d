"""PKCE, S256 alone (attack cases P01 to P08, Q31)."""

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, challenge_of, register, told
from e2e.harness.systems import System


@pytest.mark.parametrize("kind", ["web", "native"])
def test_p01_p08_without_a_challenge_there_is_no_code(
    request: pytest.FixtureRequest, visitor: HttpBrowser, kind: str
) -> None:
    party = request.getfixturevalue(kind)
    without = {"code_challenge": None, "code_challenge_method": None}
    opt_out = {"pkce": "false", "require_pkce": "0"}
    for changes in (without, without | opt_out, without | {"code_challenge_method": "S256"}):
        assert told(visitor, party.parameters(**changes))["error"] == "invalid_request"


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(None, id="p04_none_means_plain"),
        pytest.param("plain", id="p05_plain"),
        pytest.param("s256", id="p05_small"),
        pytest.param("S512", id="p05_unknown"),
        pytest.param("S256\nplain", id="p05_newline"),
        pytest.param("S256 ", id="p05_space"),
    ],
)
def test_challenge_method_must_be_s256(
    visitor: HttpBrowser, web: RelyingParty, method: str | None
) -> None:
    answer = told(visitor, web.parameters(code_challenge_method=method))
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize("challenge", ["x", "x" * 42, "x" * 44, "x" * 42 + "=", "\u00e9" * 43])
def test_p05_malformed_challenge(visitor: HttpBrowser, web: RelyingParty, challenge: str) -> None:
    answer = told(visitor, web.parameters(code_challenge=challenge))
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize(
    "verifier",
    [
        pytest.param(None, id="p02_missing"),
        pytest.param("", id="p02_empty"),
        pytest.param("w" * 43, id="p02_other"),
        pytest.param("\u00e9" * 50, id="p02_not_ascii"),
        pytest.param("v" * 100_0, id="p02_too_long"),
    ],
)
def test_wrong_verifier_redeems_nothing(
    visitor: HttpBrowser, web: RelyingParty, verifier: str | None
) -> None:
    response = web.redeem(web.code(visitor), code_verifier=verifier)
    expect_json_error(response, 400, "invalid_grant")


def test_p02_challenge_itself_is_no_verifier(visitor: HttpBrowser, web: RelyingParty) -> None:
    response = web.redeem(web.code(visitor), code_verifier=challenge_of(web.verifier))
    expect_json_error(response, 400, "invalid_grant")


def test_p03_verifier_for_a_code_that_had_no_challenge(
    provider: System, visitor: HttpBrowser, web: RelyingParty
) -> None:
    """No request of this client makes such a code; one that came about otherwise is not redeemable with a verifier."""
    code = web.code(visitor)
    provider.run(
        "env.cr.execute('UPDATE oauth2_provider_authorization_code SET code_challenge = NULL"
        " WHERE client_id = %s', [id])",
        id=web.application.id,
    )
    expect_json_error(web.redeem(code), 400, "invalid_grant")


REUSED = """
found = env["oauth2.provider.event"].search(
    [("client_identifier", "=", client), ("event_type", "=", "value_reused")], order="id")
result = [[event.user_id.id, event.detail] for event in found]
"""


@pytest.mark.parametrize("name", ["code_challenge", "nonce"])
def test_q31_a_value_that_comes_for_several_people_is_recorded(provider: System, name: str) -> None:
    party = register(provider)
    constant = {name: challenge_of("constant")}
    people = [create_person(provider) for _number in range(2)]
    for person in people:
        browser = HttpBrowser(provider)
        browser.log_in(person)
        own = {"code_challenge": challenge_of(person.login), "nonce": person.login}
        for _page_is_loaded_twice in range(2):
            assert told(browser, party.parameters(**own | constant))["code"]
    recorded = provider.run(REUSED, client=party.identifier)
    assert recorded == [[people[1].id, name]]
