"""People with an account, each made for one test."""

import itertools
from dataclasses import dataclass

from dev import two_odoos

from .systems import ADMIN_PASSWORD, System

INTERNAL = "base.group_user"
PORTAL = "base.group_portal"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who can log in; `login` is also the e-mail address. `id` is the user's at the system that made it."""

    id: int
    name: str
    login: str
    password: str


ADMIN = Person(2, "Administrator", "admin", ADMIN_PASSWORD)


def someone(id: int = 0) -> Person:
    """A person that no system knows yet, unless `id` says so."""
    number = next(_numbers)
    return Person(id, f"Person {number}", f"person{number}@example.com", f"Password-{number}")


def create_person(system: System, group: str = INTERNAL) -> Person:
    """A new user of a system, internal unless `group` says otherwise."""
    person = someone()
    uid = two_odoos.create_user(system.shell, person.name, person.login, person.password, group)
    return Person(uid, person.name, person.login, person.password)


def subject_of(provider: System, person: Person) -> str:
    """The `sub` by which applications know a person."""
    return provider.run("result = env['res.users'].browse(uid).oauth2_subject", uid=person.id)
