"""Fills the provider: people, applications, and as many live tokens as asked for."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from dev.databases import Databases
from dev.odoo_shell import OdooShell

PEOPLE = 200
APPLICATIONS = 10
ISSUER = "http://localhost:8069"
REDIRECT_URI = "https://client.example/callback"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
OPENID = "openid profile email"
# Spreads what is redeemed over all authorizations; a prime, so that it meets each of them.
STRIDE = 7919

_REGISTER = """
env["ir.config_parameter"].set_param("oauth2_provider.issuer", issuer)
env["ir.config_parameter"].set_param("oauth2_provider.issuer_confirmed", "1")
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Person {number}", "login": f"person{number}@acme.example",
     "email": f"person{number}@acme.example", "group_ids": [(6, 0, [env.ref("base.group_user").id])]}
    for number in range(people)
])
scope = env["oauth2.provider.scope"].create({"name": "reports", "description": "Reports"})
service = {"use_client_credentials": True, "service_user_id": users[0].id, "scope_ids": [(4, scope.id)]}
services = env["oauth2.provider.client"].create([
    {"name": "Service", **service, "access_token_format": "opaque"},
    {"name": "Service with JWT", **service, "access_token_format": "jwt"},
])
clients = env["oauth2.provider.client"].create([
    {"name": f"Application {number}", "use_refresh_token": True,
     "redirect_uri_ids": [(0, 0, {"uri": redirect_uri})]}
    for number in range(applications)
])
credentials = [
    (client.client_identifier, env["oauth2.provider.client.secret"]._generate(client))
    for client in services + clients
]
result = {"users": users.ids, "clients": clients.ids, "credentials": credentials}
"""
# Secret number i is its prefix and i, written with 43 digits; its hash is all that the provider ever sees.
_HASH = "encode(sha256(('{prefix}' || lpad(number::text, 43, '0'))::bytea), 'hex')"
_AUTHORIZATIONS = """
    INSERT INTO oauth2_provider_authorization
           (id, client_id, user_id, scope, redirect_uri, session_hash, auth_time, created_at, expires_at,
            epoch)
    SELECT number, (%s::int[])[1 + number %% %s], (%s::int[])[1 + number %% %s],
           CASE WHEN number > %s THEN 'profile email' ELSE %s END, %s,
           md5(number::text), now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC' + interval '180 days', 0
      FROM generate_series(1, %s) number
"""
_TOKENS = """
    INSERT INTO oauth2_provider_token
           (kind, token_hash, authorization_id, scope, audience, issued_at, expires_at)
    SELECT '{kind}', {hash}, {authorization}, '{scope}', '{issuer}', now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC' + interval '7 days'
      FROM generate_series({first}, {last}) number
"""
_CODES = f"""
    INSERT INTO oauth2_provider_authorization_code
           (code_hash, authorization_id, client_id, redirect_uri, redirect_uri_sent, code_challenge, expires_at)
    SELECT {_HASH.format(prefix="o2c_")}, authz.id, authz.client_id, authz.redirect_uri, TRUE, %s,
           authz.created_at + interval '7 days'
      FROM generate_series(1, %s) number
      JOIN oauth2_provider_authorization authz ON authz.id = {{authorization}}
"""


@dataclass(frozen=True)
class Contents:
    """What was put in. Secrets are numbered from 1.

    ``live``: access tokens that are never used up.
    ``redeemed``: how many secrets of each kind can be used up.
    ``credentials``: Authorization header of each application, after the two services.
    """

    live: int
    redeemed: int
    credentials: tuple[str, ...] = ()

    @property
    def authorizations(self) -> int:
        """Each has two access tokens."""
        return max(self.live // 2, 1)

    @property
    def plain(self) -> int:
        """Refresh tokens above this number are of authorizations without openid."""
        return self.redeemed

    @property
    def revoked(self) -> int:
        """Access tokens above this number are alone in their authorization, so that they can be revoked."""
        return self.live

    @property
    def service(self) -> str:
        """Authorization header of a service with opaque tokens."""
        return self.credentials[0]

    @property
    def jwt_service(self) -> str:
        """Authorization header of a service with JWT access tokens."""
        return self.credentials[1]

    def owner_of_access_token(self, number: int) -> str:
        """Authorization header of the application that the access token belongs to."""
        if number > self.revoked:
            return self.owner(self.authorizations + self.redeemed + number - self.revoked)
        return self.owner(1 + number % self.authorizations)

    def owner_of_grant(self, number: int) -> str:
        """Who may redeem the code or refresh token of that number."""
        if number > self.plain:
            return self.owner(self.authorizations + number - self.plain)
        return self.owner(1 + number * STRIDE % self.authorizations)

    def owner(self, authorization: int) -> str:
        """Authorization header of the application that an authorization belongs to."""
        return self.credentials[2 + authorization % APPLICATIONS]

    def statements(self) -> list[str]:
        """The SQL that puts the tokens in."""
        access, refresh = _HASH.format(prefix="o2a_"), _HASH.format(prefix="o2r_")
        spread = f"1 + number::bigint * {STRIDE} % {self.authorizations}"
        after = f"{self.authorizations} + number - {self.plain}"
        last = f"{self.authorizations + self.redeemed} + number - {self.revoked}"
        alive, used = self.live, self.redeemed
        parts = (
            ("access", access, f"1 + number % {self.authorizations}", OPENID, 1, alive),
            ("access", access, last, OPENID, alive + 1, alive + used),
            ("refresh", refresh, spread, OPENID, 1, used),
            ("refresh", refresh, after, "profile email", used + 1, 2 * used),
        )
        names = ("kind", "hash", "authorization", "scope", "first", "last")
        return [
            _TOKENS.format(issuer=ISSUER, **dict(zip(names, part, strict=True))) for part in parts
        ]


def secret(prefix: str, number: int) -> str:
    """The code or token of that number."""
    return f"{prefix}{number:043d}"


def register(shell: OdooShell) -> dict:
    """Make people and applications."""
    return shell.run(
        _REGISTER,
        issuer=ISSUER,
        people=PEOPLE,
        applications=APPLICATIONS,
        redirect_uri=REDIRECT_URI,
    )


def fill(
    shell: OdooShell,
    databases: Databases,
    database: str,
    *,
    live: int,
    redeemed: int,
    before: str = "",
) -> Contents:
    """Put people, applications, and tokens into a database.

    :param before: SQL that each of the connections starts with
    """
    made = register(shell)
    contents = Contents(live, redeemed, tuple(basic(*pair) for pair in made["credentials"]))
    clients, users = made["clients"], made["users"]

    def execute(statement: str, *parameters: object) -> None:
        databases.query(before + statement, *parameters, database=database)

    plain_from = contents.authorizations
    total = contents.authorizations + 2 * redeemed
    execute(
        _AUTHORIZATIONS,
        *(clients, len(clients), users, len(users), plain_from, OPENID, REDIRECT_URI, total),
    )
    execute("SELECT setval('oauth2_provider_authorization_id_seq', %s)", total)
    for statement in contents.statements():
        execute(statement)
    spread = f"1 + number::bigint * {STRIDE} %% {contents.authorizations}"
    execute(_CODES.format(authorization=spread), CHALLENGE, redeemed)
    return contents


def settle(databases: Databases, database: str) -> None:
    """Have PostgreSQL do now what it would else do in the middle of the measurement."""
    databases.query("VACUUM ANALYZE", database=database)
    databases.query("CHECKPOINT", database=database)


def basic(identifier: str, client_secret: str) -> str:
    """Authorization header of an application."""
    return "Basic " + b64encode(f"{identifier}:{client_secret}".encode()).decode()
