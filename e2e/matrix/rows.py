"""What is played: a row is a way in which Odoo is installed or started."""

from dataclasses import dataclass

from dev import settings

# what the add-on itself depends on, and nothing that Odoo adds of its own accord
BARE = frozenset({"base_setup", "web", "mail", "auth_signup"})
# what brings a second factor: tests that need it carry its name as a tag
FACTORS = ("auth_totp", "auth_totp_mail", "auth_passkey")
# Odoo's expression for the tests of what neighbours change: logins, pages, people, settings
SHORT = f"neighbours/{settings.ADDON}"
NEIGHBOURS = (
    "website",
    "portal",
    "auth_totp",
    "auth_passkey",
    "auth_timeout",
    "auth_oauth",
    "auth_ldap",
)


# Our add-on that needs one of them, which others bring along.
PORTAL, PORTALS = "oauth2_provider_portal", {"portal", "website"}


@dataclass(frozen=True)
class Tests:
    """The tests of our add-ons in a database with exactly these modules, whatever they depend on included.

    `alone`: the main add-on without the others.
    """

    title: str
    modules: frozenset[str]
    dependencies: str = "floor"
    alone: bool = False

    @property
    def ours(self) -> list[str]:
        if self.alone:
            return [settings.ADDON]
        return [
            addon for addon in settings.our_modules() if addon != PORTAL or self.modules & PORTALS
        ]


@dataclass(frozen=True)
class Server:
    """A login with everything around it at a server that was started in this way."""

    title: str
    workers: int
    options: tuple[str, ...] = ()
    tls: bool = False


@dataclass(frozen=True)
class EndToEnd:
    """Every end-to-end test, its servers started with these options (`e2e/conftest.py`)."""

    title: str
    options: tuple[str, ...] = ()
    dependencies: str = "floor"


TESTS = (
    Tests("nothing that is not needed", BARE, alone=True),
    *(Tests(f"with {name}", BARE | {name}) for name in NEIGHBOURS),
    Tests("with all of them and all of ours", BARE | frozenset(NEIGHBOURS)),
    Tests(
        "with all of them and all of ours, newest libraries", BARE | frozenset(NEIGHBOURS), "newest"
    ),
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
END_TO_END = (
    EndToEnd("end to end, newest libraries", dependencies="newest"),
    EndToEnd("end to end, every server with 2 workers", ("--server-workers=2",)),
    EndToEnd("end to end, every server with --dev=replica", ("--server-option=--dev=replica",)),
)
