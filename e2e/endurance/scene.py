"""People, applications and a server with two workers that are never replaced, so that nothing hides what they hold."""

from e2e.harness.people import Person
from e2e.harness.relying_party import register
from e2e.harness.systems import System, Systems
from e2e.harness.together import in_parallel

from .work import Worker

WORKERS = 2
OPTIONS = ("--limit-request=100000000",)
PASSWORD = "the password of all"
# one slow hash for all of them: to make each would take minutes
_CREATE_PEOPLE = """
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Colleague {number}", "login": f"colleague{number}@example.com",
     "email": f"colleague{number}@example.com", "group_ids": [(6, 0, [env.ref("base.group_user").id])]}
    for number in range(count)
])
hashed = users._crypt_context().hash(password)
for user in users:
    user._set_encrypted_password(user.id, hashed)
result = [[user.id, user.name, user.login] for user in users]
"""


def start(systems: Systems) -> System:
    return systems.start_provider("endurance", workers=WORKERS, options=OPTIONS)


def people_at_work(system: System, people: int, applications: int) -> list[Worker]:
    """Half of the applications are trusted, at the others people are asked the first time. Everybody has logged in."""
    parties = [
        register(system, use_refresh_token=True, is_trusted=bool(number % 2))
        for number in range(applications)
    ]
    made = system.run(_CREATE_PEOPLE, count=people, password=PASSWORD)
    workers = [
        Worker(system, Person(uid, name, login, PASSWORD), parties) for uid, name, login in made
    ]
    in_parallel(lambda worker: worker.do("login"), workers, threads=4)
    in_parallel(lambda worker: worker.do("connect"), workers, threads=4)
    return workers
