"""What not even an OAuth 2 administrator may see or do (attack cases O8, U12)."""

import pytest

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.rpc import RIGHTS, Call, Refused, refused
from e2e.harness.systems import System

MODEL = "oauth2.provider."


@pytest.fixture(autouse=True)
def refusals_are_logged(allowed_loggers: list[str]) -> None:
    allowed_loggers.append("odoo.http")


def test_subject_cannot_be_chosen_by_an_administrator_either(
    provider: System, call_as_admin: Call
) -> None:
    eve = create_person(provider)
    refused(RIGHTS, call_as_admin, "res.users", "write", [eve.id], {"oauth2_subject": "x"})


HIDDEN = [
    ("client.secret", "secret_hash"),
    ("authorization", "session_hash"),
    ("token", "token_hash"),
    ("authorization.code", "code_hash"),
    ("authorization.code", "code_challenge"),
    ("authorization.request", "handle_hash"),
    ("authorization.request", "parameters"),
]


@pytest.mark.parametrize(("model", "field"), HIDDEN)
def test_o8_administrators_see_no_hash_either(
    provider: System,
    visitor: HttpBrowser,
    call_as_admin: Call,
    web: RelyingParty,
    model: str,
    field: str,
) -> None:
    """Neither by reading nor by guessing in a search, a group, an export or a path through another record."""
    web.tokens(visitor)
    name = MODEL + model
    found = provider.run(f"result = env['{name}'].search([], limit=1).ids") or [1]
    refused(RIGHTS, call_as_admin, name, "read", found, [field])
    refused(RIGHTS, call_as_admin, name, "search_read", [], [field])
    refused(RIGHTS, call_as_admin, name, "search_count", [[field, "=like", "a%"]])
    refused(RIGHTS, call_as_admin, name, "formatted_read_group", [], [field])
    refused(RIGHTS, call_as_admin, name, "export_data", found, [field])


def test_o8_no_hash_through_another_record(call_as_admin: Call) -> None:
    domain = [["secret_ids.secret_hash", "=like", "a%"]]
    refused(RIGHTS, call_as_admin, f"{MODEL}client", "search_count", domain)
    refused(RIGHTS, call_as_admin, f"{MODEL}client", "export_data", [1], ["secret_ids/secret_hash"])


def test_o8_chatter_and_events_hold_no_secret(
    provider: System, visitor: HttpBrowser, call_as_admin: Call
) -> None:
    party = register(provider, use_refresh_token=True, is_trusted=False)
    tokens = party.tokens(visitor)
    party.refresh(tokens["refresh_token"])
    party.redeem("o2c_" + "x" * 43)
    messages = call_as_admin("mail.message", "search_read", [], ["body", "tracking_value_ids"])
    events = call_as_admin(f"{MODEL}event", "search_read", [], [])
    everything = str(messages) + str(events)
    for secret in (
        party.application.secret,
        tokens["access_token"],
        tokens["refresh_token"],
        party.verifier,
        "o2c_",
    ):
        assert secret not in everything
    assert any(event["client_identifier"] == party.identifier for event in events)


@pytest.mark.parametrize("method", ["write", "unlink", "create"])
def test_events_cannot_be_forged_or_removed_by_an_administrator(
    call_as_admin: Call, provider: System, method: str
) -> None:
    event = provider.run("result = env['oauth2.provider.event'].search([], limit=1).ids")
    arguments = {"write": [event, {"detail": "x"}], "unlink": [event], "create": [[{}]]}[method]
    refused(RIGHTS, call_as_admin, f"{MODEL}event", method, *arguments)


def test_secret_cannot_be_planted_by_an_administrator(
    call_as_admin: Call, web: RelyingParty
) -> None:
    """Whoever could choose a hash would know a secret that nobody saw being made."""
    values = {"client_id": web.application.id, "secret_hash": "0" * 64}
    refused(RIGHTS, call_as_admin, f"{MODEL}client.secret", "create", [values])
    through = {"secret_ids": [[0, 0, {"secret_hash": "0" * 64}]]}
    with pytest.raises(Refused):
        call_as_admin(f"{MODEL}client", "write", [web.application.id], through)
    response = web.redeem("unknown")
    expect_json_error(response, 400, "invalid_grant")
