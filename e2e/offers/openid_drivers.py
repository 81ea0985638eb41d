"""Drivers for what OpenID Connect offers: ID tokens, claims, UserInfo."""

from typing import Any

from e2e.harness.people import subject_of

from .drivers import drives
from .scene import Scene

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
# all that a person can write about themselves
PERSONAL = {
    "street": "Main Street 1",
    "zip": "12345",
    "city": "Springfield",
    "phone": "+1 555 0100",
    "website": "https://person.example",
}


@drives("id_token_signing_alg_values_supported", *ALGORITHMS)
def id_token_algorithm(scene: Scene, value: str) -> None:
    party = scene.party(id_token_signed_response_alg=value)
    claims = scene.claims_of(scene.tokens(party)["id_token"], party, value)
    assert claims["sub"] == subject_of(scene.provider, scene.person)


@drives("userinfo_signing_alg_values_supported", *ALGORITHMS)
def userinfo_algorithm(scene: Scene, value: str) -> None:
    party = scene.party(userinfo_signed_response_alg=value)
    response = party.userinfo(scene.tokens(party)["access_token"])
    assert response.headers["Content-Type"].startswith("application/jwt")
    assert scene.claims_of(response.text, party, value)["name"] == scene.person.name


@drives("subject_types_supported", "public", "pairwise")
def subject_type(scene: Scene, value: str) -> None:
    def subject() -> str:
        party = scene.party(subject_type=value)
        return scene.claims_of(scene.tokens(party)["id_token"], party)["sub"]

    subjects = {subject(), subject(), subject_of(scene.provider, scene.person)}
    assert len(subjects) == (1 if value == "public" else 3)


@drives("claim_types_supported", "normal")
def claim_type(scene: Scene, value: str) -> None:
    party = scene.party()
    user = party.userinfo(scene.tokens(party)["access_token"]).json()
    assert not user.keys() & {"_claim_names", "_claim_sources"}


@drives("claims_supported", "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce")
def id_token_claim(scene: Scene, value: str) -> None:
    party = scene.party(require_auth_time=True)
    wish = '{"id_token": {"acr": null, "amr": null}}'
    tokens = scene.tokens(party, acr_values="sfa", claims=wish)
    kind = {"amr": list, "exp": int, "iat": int, "auth_time": int}.get(value, str)
    assert isinstance(scene.claims_of(tokens["id_token"], party)[value], kind)


@drives("claims_supported", "azp")
def authorized_party(scene: Scene, value: str) -> None:
    """Only needed with several audiences (OpenID Connect Core §2); if it is there it is the client."""
    party = scene.party()
    claims = scene.claims_of(scene.tokens(party)["id_token"], party)
    assert claims.get(value, party.identifier) == party.identifier


@drives(
    "claims_supported",
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "address",
    "phone_number",
    "phone_number_verified",
)
def personal_claim(scene: Scene, value: str) -> None:
    """Asked for by its own name: what is known is told, typed as OpenID Connect Core §5.1 says, the rest left out."""
    scene.provider.run(
        "env['res.users'].browse(uid).partner_id.write(values)",
        uid=scene.person.id,
        values=PERSONAL,
    )
    party = scene.party()
    tokens = scene.tokens(party, scope="openid", claims=f'{{"userinfo": {{"{value}": null}}}}')
    user: dict[str, Any] = party.userinfo(tokens["access_token"]).json()
    assert user.keys() <= {"sub", value}
    kinds = {
        "email_verified": bool,
        "phone_number_verified": bool,
        "updated_at": int,
        "address": dict,
    }
    assert all(isinstance(user[name], kinds.get(name, str)) for name in user), user
    always = ("name", "email", "address", "phone_number", "website", "updated_at", "picture")
    assert value in user or value not in always, user
