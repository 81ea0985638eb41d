"""Who may log in where, and who the application is told they are (attack cases U04 to U10)."""

import secrets

import pytest

from e2e.harness.people import PORTAL, Person, create_person, subject_of
from e2e.harness.plain_http import HttpBrowser, answer_of
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System


def logged_in(provider: System, person: Person) -> HttpBrowser:
    browser = HttpBrowser(provider)
    browser.log_in(person)
    return browser


def userinfo(party: RelyingParty, browser: HttpBrowser) -> dict[str, object]:
    return party.userinfo(party.tokens(browser)["access_token"]).json()


@pytest.fixture(params=["code", "implicit"])
def own(request: pytest.FixtureRequest, provider: System) -> RelyingParty:
    """An application of either flow, for a test that changes it."""
    if request.param == "code":
        return register(provider)
    return register(provider, "https://o.example/x", security_profile="odoo_login")


def answer(party: RelyingParty, browser: HttpBrowser) -> dict[str, str]:
    is_odoo = party.redirect_uri.startswith("https://o.example/")
    parameters = party.implicit_parameters() if is_odoo else party.parameters()
    return answer_of(browser.authorize(parameters))


def test_u04_user_outside_the_groups_of_the_application(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    member = create_person(provider)
    provider.run(
        "inner, outer = env['res.groups'].create([{'name': 'inner'}, {'name': 'outer'}])\n"
        "outer.implied_ids = inner\n"
        "env['oauth2.provider.client'].browse(id).group_ids = inner\n"
        "env['res.users'].browse(uid).group_ids += outer",
        id=own.application.id,
        uid=member.id,
    )
    denied = answer(own, visitor)
    assert denied["error"] == "access_denied"
    assert "code" not in denied
    assert "access_token" not in denied
    assert "error" not in answer(own, logged_in(provider, member)), "membership may be implied"


def test_u06_portal_user_at_an_application_for_internal_users(
    provider: System, visitor: HttpBrowser, own: RelyingParty
) -> None:
    portal = logged_in(provider, create_person(provider, PORTAL))
    assert "error" not in answer(own, portal)
    provider.run(
        "env['oauth2.provider.client'].browse(id).allowed_users = 'internal'",
        id=own.application.id,
    )
    assert answer(own, portal)["error"] == "access_denied"
    assert "error" not in answer(own, visitor)


def test_u08_address_that_only_its_user_claims_is_withheld(
    provider: System, web: RelyingParty
) -> None:
    person = create_person(provider, PORTAL)
    browser = logged_in(provider, person)
    expected = {"administrator": (person.login, False), "verified": (person.login, True)}
    for origin in ("administrator", "self", "verified"):
        provider.run(
            "env['res.users'].browse(uid).write({'oauth2_email_origin': origin, 'oauth2_chose_login': True})",
            uid=person.id,
            origin=origin,
        )
        claims = userinfo(web, browser)
        found = (claims.get("email"), claims.get("email_verified"))
        assert found == expected.get(origin, (None, None))
        assert claims.get("preferred_username") == found[0]
        assert claims["sub"] == subject_of(provider, person)


def test_u09_subject_outlives_every_name_and_is_never_used_again(
    provider: System, web: RelyingParty
) -> None:
    person = create_person(provider)
    subject = userinfo(web, logged_in(provider, person))["sub"]
    provider.run(
        "env['res.users'].browse(uid).write({'name': 'New', 'login': 'new-' + login, 'email': 'new-' + login})",
        uid=person.id,
        login=person.login,
    )
    renamed = Person(person.id, "New", f"new-{person.login}", person.password)
    claims = userinfo(web, logged_in(provider, renamed))
    assert claims["email"] == renamed.login
    assert claims["sub"] == subject
    provider.run("env['res.users'].browse(uid).unlink()", uid=person.id)
    successor = provider.run(
        "result = env['res.users'].with_context(no_reset_password=True)"
        ".create({'name': 'New', 'login': 'new-' + login, 'email': 'new-' + login}).oauth2_subject",
        login=person.login,
    )
    assert successor
    assert successor != subject


def test_u09_subject_tells_nothing(provider: System, visitor: HttpBrowser, ada: Person) -> None:
    subjects = provider.run(
        "result = env['res.users'].with_context(active_test=False).search([]).mapped('oauth2_subject')"
    )
    assert all(subjects)
    assert len(set(subjects)) == len(subjects)
    subject = subject_of(provider, ada)
    assert subject not in (str(ada.id), ada.login)
    copied = provider.run(
        "result = env['res.users'].browse(uid).copy({'login': login}).oauth2_subject",
        uid=ada.id,
        login=f"copy-of-ada-{secrets.token_hex(4)}",
    )
    assert copied not in subjects


@pytest.mark.parametrize(
    "name",
    [
        '"},"sub":"1","x":{"y":"',
        "<script>alert(1)</script>",
        "one\ntwo\r\n\tthree",
        "\u202eright to left \U0001f600 \\u0000",
    ],
)
def test_u10_a_name_cannot_become_another_claim(
    provider: System, web: RelyingParty, name: str
) -> None:
    person = create_person(provider)
    provider.run("env['res.users'].browse(uid).name = name", uid=person.id, name=name)
    browser = logged_in(provider, person)
    token = web.tokens(browser)["access_token"]
    for path in ("/oauth2/userinfo", "/oauth2/tokeninfo"):
        response = web.userinfo(token, path)
        assert response.headers["Content-Type"].startswith("application/json")
        assert response.json()["sub"] == subject_of(provider, person)
        assert response.json()["name"] == name


def test_u10_a_name_is_escaped_on_the_consent_page(provider: System, asking: RelyingParty) -> None:
    person = create_person(provider)
    script = "<script>alert('u10')</script>"
    provider.run("env['res.users'].browse(uid).name = name", uid=person.id, name=script)
    page = logged_in(provider, person).authorize(asking.parameters())
    assert 'id="oauth2_consent"' in page.text
    assert script not in page.text
