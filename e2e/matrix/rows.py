"""What is played: a row is a way in which Odoo is installed or started."""

from dataclasses import dataclass

# what the add-on itself depends on, and nothing that Odoo adds of its own accord
BARE = frozenset({"base_setup", "web", "mail", "auth_signup"})
FACTORS = frozenset({"auth_totp", "auth_passkey"})
# classes of tests that log in with factors, and so need the add-ons that bring them
OF_FACTORS = ("TestAuthenticationMethods", "TestStepUp")
NEIGHBOURS = (
    "website",
    "portal",
    "auth_totp",
    "auth_passkey",
    "auth_timeout",
    "auth_oauth",
    "auth_ldap",
)


@dataclass(frozen=True)
class Tests:
    """The add-on's own tests in a database with exactly these modules, whatever they depend on included."""

    title: str
    modules: frozenset[str]
    dependencies: str = "floor"

    @property
    def left_out(self) -> tuple[str, ...]:
        """Tests that cannot be played here."""
        return () if self.modules >= FACTORS else OF_FACTORS


@dataclass(frozen=True)
class Server:
    """A login with everything around it at a server that was started in this way."""

    title: str
    workers: int
    options: tuple[str, ...] = ()
    tls: bool = False


TESTS = (
    Tests("nothing that is not needed", BARE),
    *(Tests(f"with {name}", BARE | {name}) for name in NEIGHBOURS),
    Tests("with all of them", BARE | frozenset(NEIGHBOURS)),
    Tests("with all of them, newest libraries", BARE | frozenset(NEIGHBOURS), "newest"),
)
SERVERS = tuple(
    Server(
        f"{workers} workers"
        + (", --dev=replica" if replica else "")
        + (", behind a proxy with TLS" if tls else ""),
        workers,
        ("--dev=replica",) if replica else (),
        tls,
    )
    for workers in (0, 2)
    for replica in (False, True)
    for tls in (False, True)
)
