"""Claims of an administrator's own making (OpenID Connect Core §5.1.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import Provider
from fakes.wire import code_exchange, fragment_of, query_of, tokens_of
from hypothesis import given
from hypothesis import strategies as st
from protocol.entities.end_user import EndUser
from protocol.own_claims import RESERVED_CLAIMS, OwnClaim, check_names, claims_document, path_of

SCOPE = frozenset({"groups"})


def own(name: str, value: Any, scope: str = "groups", **places: bool) -> OwnClaim:
    return OwnClaim(name, value, scope, **{"in_id_token": True, "in_userinfo": True} | places)


@pytest.fixture
def provider() -> Provider:
    provider = Provider(OPENID_CLIENT)
    provider.change_client(has_own_claims=True, own_claims_scope=SCOPE)
    provider.directory.claims = [own("groups", ["staff", "a,b"]), own("realm_access.roles", ["x"])]
    provider.log_in(auth_time=provider.clock.now())
    return provider


def tokens(provider: Provider, **changes: str) -> dict[str, Any]:
    form = code_exchange(provider.get_code(openid_request(**changes)))
    del form["code_verifier"]
    return tokens_of(provider.post_token(form))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("groups", ("groups",)),
        ("realm_access.roles", ("realm_access", "roles")),
        (r"resource_access.my\.app.roles", ("resource_access", "my.app", "roles")),
        ("https://example.com/claims/groups", ("https://example.com/claims/groups",)),
        ("urn:example.com:groups", ("urn:example.com:groups",)),
    ],
)
def test_names(name: str, path: tuple[str, ...]) -> None:
    assert path_of(name) == path


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", ".a", "a..b", "a b", 'a"b', "a\nb", "é", "a.b.c.d.e.f", "x" * 201, "a\\b"],
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"name"):
        path_of(name)


@pytest.mark.parametrize("name", sorted(RESERVED_CLAIMS))
def test_t20_standard_members_have_a_meaning_of_their_own(name: str) -> None:
    for taken in (name, f"{name}.inside"):
        with pytest.raises(ValueError, match="meaning of its own"):
            path_of(taken)
        assert claims_document([own(taken, "forged")], SCOPE) == {}


@pytest.mark.parametrize("names", [["a", "a.b"], ["a.b", "a.b.c", "a.c"], ["a.b.c", "a"]])
def test_a_value_cannot_hold_another(names: list[str]) -> None:
    with pytest.raises(ValueError, match="cannot be a value"):
        check_names(names)
    document = claims_document([own(name, "v") for name in names], SCOPE)
    assert json.loads(json.dumps(document)) == document


def test_names_that_stand_beside_each_other() -> None:
    names = ["a.b", "a.c", "ab", "groups", "https://a.b/c"]
    check_names(names)
    assert claims_document([own(name, 1) for name in names], SCOPE) == {
        "a": {"b": 1, "c": 1},
        "ab": 1,
        "groups": 1,
        "https://a.b/c": 1,
    }


def test_only_what_was_granted_and_has_a_value() -> None:
    claims = [own("a", 1, "profile"), own("b", None), own("c", []), own("d", False)]
    assert claims_document(claims, SCOPE) == {"c": [], "d": False}


@given(st.lists(st.text(), max_size=5))
def test_u10_a_value_stays_one_entry(values: list[str]) -> None:
    """Whatever stands in it: lists are lists, nothing is joined."""
    document = claims_document([own("groups", values)], SCOPE)
    assert json.loads(json.dumps(document))["groups"] == values


def test_everywhere_the_client_looks(provider: Provider) -> None:
    issued = tokens(provider)
    expected = {"groups": ["staff", "a,b"], "realm_access": {"roles": ["x"]}}
    id_token = read(issued["id_token"])
    userinfo = provider.get("userinfo", issued["access_token"]).json or {}
    renewed = read(tokens_of(provider.refresh(issued["refresh_token"]))["id_token"])
    implicit = read(
        fragment_of(provider.agree(openid_request(response_type="id_token")))["id_token"]
    )
    for claims in (id_token, userinfo, renewed, implicit):
        assert {name: claims[name] for name in expected} == expected


def test_only_where_it_was_told_to_be(provider: Provider) -> None:
    provider.directory.claims = [
        own("a", 1, in_userinfo=False),
        own("b", 2, in_id_token=False),
    ]
    issued = tokens(provider)
    id_token = read(issued["id_token"])
    userinfo = provider.get("userinfo", issued["access_token"]).json or {}
    assert ("a" in id_token, "b" in id_token) == (True, False)
    assert ("a" in userinfo, "b" in userinfo) == (False, True)


def test_t20_nothing_of_the_token_is_replaced(provider: Provider) -> None:
    provider.directory.claims = [own(name, "forged") for name in RESERVED_CLAIMS]
    issued = tokens(provider, scope="openid profile email")
    for claims in (
        read(issued["id_token"]),
        provider.get("userinfo", issued["access_token"]).json or {},
    ):
        assert "forged" not in claims.values()


def test_they_are_those_of_the_person(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(user: EndUser, client_id: int) -> list[OwnClaim]:
        return [own("groups", [user.login, client_id])]

    monkeypatch.setattr(provider.directory, "own_claims", named)
    assert read(tokens(provider)["id_token"])["groups"] == ["alice", OPENID_CLIENT.id]


def test_only_clients_that_have_some_pay(provider: Provider) -> None:
    provider.change_client(has_own_claims=False)
    issued = tokens(provider)
    provider.get("userinfo", issued["access_token"])
    assert provider.directory.asked_for_claims == 0


def test_people_are_asked_for_what_is_told_without_asking(provider: Provider) -> None:
    page = provider.go_on(provider.start(openid_request())).page
    assert page is not None
    assert page.values["scope"] == ["openid", "groups"]
    provider.agree(openid_request())
    assert "code" in query_of(provider.go_on(provider.start(openid_request())))


def test_what_was_added_after_the_consent_waits_for_the_next(provider: Provider) -> None:
    provider.change_client(has_own_claims=False, own_claims_scope=frozenset())
    issued = tokens(provider)
    provider.change_client(has_own_claims=True, own_claims_scope=SCOPE)
    assert "groups" not in (provider.get("userinfo", issued["access_token"]).json or {})
    renewed = tokens_of(provider.refresh(issued["refresh_token"]))
    assert "groups" not in read(renewed["id_token"])
    assert provider.go_on(provider.start(openid_request())).page is not None


def test_only_if_asked(provider: Provider) -> None:
    provider.change_client(
        own_claims_scope=frozenset(), scope=frozenset({"openid", "profile", "email", "groups"})
    )
    assert "groups" not in read(tokens(provider)["id_token"])
    assert "groups" in read(tokens(provider, scope="openid groups")["id_token"])
