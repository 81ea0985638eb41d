"""A whole login of a bank-grade application, with real signatures and proofs (FAPI 2.0 Security Profile, RFC 9449)."""

import pytest

from e2e.harness.bank import Bank, new_key, register_bank
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.systems import System
from e2e.harness.together import at_once


@pytest.fixture(scope="module")
def bank(provider: System) -> Bank:
    return register_bank(provider)


@pytest.fixture(scope="module")
def person(provider: System) -> Person:
    return create_person(provider)


@pytest.fixture
def browser(provider: System, person: Person) -> HttpBrowser:
    made = HttpBrowser(provider)
    made.log_in(person)
    return made


def test_whole_login(bank: Bank, browser: HttpBrowser, person: Person) -> None:
    tokens = bank.tokens(browser)
    assert tokens["token_type"] == "DPoP"
    claims = bank.id_token_claims(tokens["id_token"])
    assert claims["nonce"] == "some nonce"
    answer = bank.userinfo(tokens["access_token"]).json()
    assert (answer["sub"], answer["email"]) == (claims["sub"], person.login)
    for _time in range(2):
        # FAPI 2.0 §5.3.2.1: the refresh token stays the same.
        renewed = bank.refresh(tokens["refresh_token"])
        assert renewed.status_code == 200, renewed.text
        assert (
            renewed.json().get("refresh_token", tokens["refresh_token"]) == tokens["refresh_token"]
        )
        assert bank.userinfo(renewed.json()["access_token"]).status_code == 200


def test_x06_a_stolen_token_is_worth_nothing(bank: Bank, browser: HttpBrowser) -> None:
    tokens = bank.tokens(browser)
    token = tokens["access_token"]
    thief = bank.proof("GET", "userinfo_endpoint", token, key=new_key())
    expect_json_error(
        bank.userinfo(token, {"Authorization": f"Bearer {token}"}), 401, "invalid_token"
    )
    expect_json_error(
        bank.userinfo(token, {"Authorization": f"DPoP {token}", **thief}), 401, "invalid_token"
    )
    expect_json_error(bank.refresh(tokens["refresh_token"], {}), 400, "invalid_request")


def test_x05_one_of_many_equal_proofs_counts(bank: Bank, browser: HttpBrowser) -> None:
    """Sent at the same moment, to however many workers."""
    token = bank.tokens(browser)["access_token"]
    headers = {
        "Authorization": f"DPoP {token}",
        **bank.proof("GET", "userinfo_endpoint", token),
    }
    answers = at_once(lambda: bank.userinfo(token, headers), 8)
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 7]


def test_c01_a_code_counts_once_whatever_is_proven(bank: Bank, browser: HttpBrowser) -> None:
    code = bank.code(browser)
    assert bank.request_tokens(bank.redemption(code)).status_code == 200
    expect_json_error(bank.request_tokens(bank.redemption(code)), 400, "invalid_grant")
