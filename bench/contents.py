"""Fills the provider: people, applications, and as many live tokens as a busy provider has."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from dev.databases import Databases
from dev.odoo_shell import OdooShell

LIVE_TOKENS = 100_000
PEOPLE = 200
APPLICATIONS = 10
ISSUER = "http://localhost:8069"
REDIRECT_URI = "https://client.example/callback"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

_REGISTER = """
env["ir.config_parameter"].set_param("oauth2_provider.issuer", issuer)
env["ir.config_parameter"].set_param("oauth2_provider.issuer_confirmed", "1")
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Person {number}", "login": f"person{number}@acme.example",
     "email": f"person{number}@acme.example", "group_ids": [(6, 0, [env.ref("base.group_user").id])]}
    for number in range(people)
])
clients = env["oauth2.provider.client"].create([
    {"name": f"Application {number}", "use_refresh_token": True,
     "redirect_uri_ids": [(0, 0, {"uri": redirect_uri})]}
    for number in range(applications)
])
secrets = [env["oauth2.provider.client.secret"]._generate(client) for client in clients]
result = {
    "users": users.ids,
    "clients": clients.ids,
    "credentials": list(zip(clients.mapped("client_identifier"), secrets)),
}
"""
# Secret number i is its prefix and i, written with 43 digits; its hash is all that the provider ever sees.
_HASH = "encode(sha256(('{prefix}' || lpad(number::text, 43, '0'))::bytea), 'hex')"
_AUTHORIZATIONS = """
    INSERT INTO oauth2_provider_authorization
           (id, client_id, user_id, scope, redirect_uri, session_hash, auth_time, created_at, expires_at)
    SELECT number, (%s::int[])[1 + number %% %s], (%s::int[])[1 + number %% %s], 'openid profile email', %s,
           md5(number::text), now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC' + interval '180 days'
      FROM generate_series(1, %s) number
"""
_TOKENS = """
    INSERT INTO oauth2_provider_token
           (kind, token_hash, authorization_id, scope, audience, issued_at, expires_at)
    SELECT '{kind}', {hash}, number, scope, '{issuer}', created_at,
           created_at + interval '7 days'
      FROM (SELECT id AS number, * FROM oauth2_provider_authorization WHERE id <= %s) AS authz
"""
_CODES = f"""
    INSERT INTO oauth2_provider_authorization_code
           (code_hash, authorization_id, client_id, redirect_uri, redirect_uri_sent, code_challenge, expires_at)
    SELECT {_HASH.format(prefix="o2c_")}, number, client_id, redirect_uri, TRUE, %s, created_at + interval '7 days'
      FROM (SELECT id AS number, * FROM oauth2_provider_authorization WHERE id <= %s) AS authz
"""


@dataclass(frozen=True)
class Contents:
    """What was put in; the secrets are numbered from 1. `credentials`: Authorization header of each application."""

    credentials: tuple[str, ...]

    def authorization_header(self, number: int) -> str:
        """Who may redeem the code or refresh token of that number."""
        return self.credentials[number % len(self.credentials)]


def secret(prefix: str, number: int) -> str:
    """The code or token of that number."""
    return f"{prefix}{number:043d}"


def fill(shell: OdooShell, databases: Databases, database: str, *, redeemed: int) -> Contents:
    """Put people, applications, LIVE_TOKENS access tokens, and `redeemed` codes and refresh tokens into a database."""
    made = shell.run(
        _REGISTER,
        issuer=ISSUER,
        people=PEOPLE,
        applications=APPLICATIONS,
        redirect_uri=REDIRECT_URI,
    )

    def execute(statement: str, *parameters: object) -> None:
        databases.query(statement, *parameters, database=database)

    clients, users = made["clients"], made["users"]
    execute(_AUTHORIZATIONS, clients, len(clients), users, len(users), REDIRECT_URI, LIVE_TOKENS)
    for kind, prefix, count in (("access", "o2a_", LIVE_TOKENS), ("refresh", "o2r_", redeemed)):
        hashed = _HASH.format(prefix=prefix)
        execute(_TOKENS.format(kind=kind, hash=hashed, issuer=ISSUER), count)
    execute(_CODES, CHALLENGE, redeemed)
    # else PostgreSQL would do both in the middle of the measurement
    execute("VACUUM ANALYZE")
    execute("CHECKPOINT")
    return Contents(tuple(_basic(*pair) for pair in made["credentials"]))


def _basic(identifier: str, client_secret: str) -> str:
    return "Basic " + b64encode(f"{identifier}:{client_secret}".encode()).decode()
