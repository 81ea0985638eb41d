"""The cleanup and requests do not wait for each other (attack case S12).

Each job of ours is held open after it has deleted and before it commits, until the requests that bring just what it has
deleted are answered. Then the other way round: rows stay locked until the jobs have gone past them.
"""

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import Any

import pytest
import requests
from protocol.endpoints.token import TOKEN, run_grant
from protocol.standard_parts import STANDARD_PARTS

from dev.cleanup_jobs import Job, find_jobs
from dev.odoo_shell import OdooShell
from dev.workbench import Workbench
from e2e.harness.held_transaction import held
from e2e.harness.moments import let_pass
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import DEVICE_GRANT, RelyingParty, register
from e2e.harness.systems import System, Systems
from e2e.harness.together import wait_until
from e2e.offers.scene import ASSERTION_TYPE, jwks_of, sign

YEAR = 365 * 24 * 3600
PATIENCE = 20  # seconds; who waits for a lock would wait for ever
Ask = Callable[..., requests.Response]

FILLED = {
    f"oauth2.provider.{name}"
    for name in (
        "attempt",
        "authorization",
        "authorization.code",
        "authorization.request",
        "client",
        "device.code",
        "event",
        "single.use.value",
        "token",
    )
}
HELD_ROWS = [
    ("refresh_token", "oauth2.provider.token"),
    ("authorization_code", "oauth2.provider.authorization.code"),
]
# What nothing in the harness lets expire.
_AGE = """
for table, column in columns:
    env.cr.execute(f"UPDATE oauth2_provider_{table} SET {column} = {column} - interval '1 year'")
"""
_COLUMNS = [
    ("device_code", "expires_at"),
    ("single_use_value", "expires_at"),
    ("attempt", "occurred_at"),
    ("event", "occurred_at"),
    ("client", "registered_at"),
]
_JOB = "result, _more = getattr(env[model], method)()\n"
_LOCKS = """
for name in models:
    env.cr.execute(f"SELECT FROM {env[name]._table} FOR KEY SHARE")
"""


class Scene:
    """A provider full of what has expired, and one living connection."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self._folder = system, folder
        self.jobs = sorted(find_jobs(system.shell), key=_authorizations_last)
        self._browser = HttpBrowser(system)
        self._browser.log_in(create_person(system))
        robot = {"name": "Robot", "login": str(uuid.uuid4())}
        self._service = register(
            system,
            use_client_credentials=True,
            service_user_id=system.run("result = env['res.users'].create(robot).id", robot=robot),
            token_endpoint_auth_method="private_key_jwt",
            jwks=jwks_of("ES256"),
        )
        assert self._authenticate().ok
        self._living = register(system, use_refresh_token=True)
        self._newest = self._living.tokens(self._browser.copy())
        self.party = register(system, use_refresh_token=True, use_device=True)
        self.expired = self._expired(self.party)
        strict = register(system, use_refresh_token=True, use_device=True, refresh_token_grace=0)
        self.expired |= {f"{name}, no grace": ask for name, ask in self._expired(strict).items()}

    def asks(self) -> dict[str, Ask]:
        """By name: what a client sends."""
        return {
            **self.expired,
            "reused assertion": self._authenticate,
            "living code": lambda: self._living.redeem(self._living.code(self._browser.copy())),
            "living refresh token": self._refresh,
        }

    def held(
        self, shell: OdooShell, code: str, **values: Any
    ) -> contextlib.AbstractContextManager["Future[Any]"]:
        """A transaction of the block's length (e2e/harness/held_transaction.py)."""
        return held(shell, self._folder, code, **values)

    def clean(self) -> dict[str, int]:
        """Run all jobs, each in a transaction of its own; returns how many rows each has deleted."""
        return {model: self.system.run(_JOB, model=model, method=job) for model, job in self.jobs}

    def _expired(self, party: RelyingParty) -> dict[str, Ask]:
        unused, rotated = (party.tokens(self._browser.copy()) for _number in range(2))
        assert party.refresh(rotated["refresh_token"]).ok
        code, used_code = (party.code(self._browser.copy()) for _number in range(2))
        assert party.redeem(used_code).ok
        device = party.device_codes()
        pushed = party.token_request(party.parameters(), "/oauth2/par").json()
        visit = {"client_id": party.identifier, "request_uri": pushed["request_uri"]}
        poll = {"grant_type": DEVICE_GRANT, "device_code": device["device_code"]}
        assert party.token_request({"client_secret": "wrong"} | poll).status_code == 401
        self.system.run(
            "env['oauth2.provider.client'].create({'name': 'Unused', 'registered_at': '2020-01-01'})"
        )
        let_pass(self.system, 3 * YEAR, party.application.id)
        self.system.run(_AGE, columns=_COLUMNS)
        refresh = {"grant_type": "refresh_token", "refresh_token": unused["refresh_token"]}
        redemption = party.redemption(code)
        token = {"token": unused["access_token"]}
        return {
            "refresh_token": lambda **options: party.token_request(refresh, **options),
            "rotated refresh token": lambda: party.refresh(rotated["refresh_token"]),
            "authorization_code": lambda **options: party.token_request(redemption, **options),
            "used code": lambda: party.redeem(used_code),
            "device code": lambda: party.token_request(poll),
            "pushed request": lambda: self._browser.copy().open("/oauth2/authorize", visit),
            "userinfo": lambda: party.userinfo(unused["access_token"]),
            "introspection": lambda: party.token_request(token, "/oauth2/introspect"),
            "revocation": lambda: party.token_request(token, "/oauth2/revoke"),
        }

    def _authenticate(self) -> requests.Response:
        """With an assertion whose identifier was used before, but more than a year ago."""
        now, me = int(time.time()), self._service.identifier
        claims = {"iss": me, "sub": me, "aud": self.system.url, "jti": me, "exp": now + 60}
        form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": sign(claims, "ES256")}
        own = {"client_id": None, "client_secret": None, "grant_type": "client_credentials"}
        return self._service.token_request({**own, **form})

    def _refresh(self) -> requests.Response:
        answer = self._living.refresh(self._newest["refresh_token"])
        self._newest = answer.json()
        return answer


def _authorizations_last(job: Job) -> tuple[bool, Job]:
    """They go only when nothing hangs on them any more."""
    return job[0] == "oauth2.provider.authorization", job


@pytest.fixture(scope="module")
def held_requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("held")


@pytest.fixture(scope="module")
def system(systems: Systems, held_requests: Path) -> Iterator[System]:
    made = systems.start_provider(
        "cleanup",
        ["oauth2_provider_registration", "oauth2_provider_held"],
        workers=3,
        environment={"OAUTH2_HELD_REQUESTS": str(held_requests)},
    )
    yield made
    systems.stop(made)


@pytest.fixture
def scene(system: System, tmp_path: Path) -> Scene:
    return Scene(system, tmp_path)


def test_s12_no_request_waits_for_a_cleanup_that_deletes_what_it_brings(scene: Scene) -> None:
    late, deleted = [], {}
    with ThreadPoolExecutor() as pool:
        for model, method in scene.jobs:
            with scene.held(scene.system.shell, _JOB, model=model, method=method) as job:
                if first := _first_late(pool, scene.asks()):
                    late.append(f"{first} waits for {model}")
            deleted[model] = job.result()
    assert not late
    assert {model for model, count in deleted.items() if count} >= FILLED


def _first_late(pool: ThreadPoolExecutor, asks: dict[str, Ask]) -> str | None:
    """The first request that gets no answer in time. What lives must be answered well, the rest not by a failure."""
    for name, ask in asks.items():
        try:
            answer = pool.submit(ask).result(timeout=PATIENCE)
        except NotYet:
            return name
        assert answer.ok if "living" in name else answer.status_code < 500, (name, answer.text)
    return None


def test_s12_the_cleanup_goes_past_rows_that_somebody_holds(
    scene: Scene, workbench: Workbench
) -> None:
    """As weakly as the insertion of what refers to them does."""
    models = [model for model, _method in scene.jobs]
    with (
        ThreadPoolExecutor(1) as pool,
        workbench.shell(scene.system.database) as other,
        scene.held(other, _LOCKS, models=models),
    ):
        deleted = pool.submit(scene.clean).result(timeout=PATIENCE)
        assert set(deleted.values()) == {0}
    assert {model for model, count in scene.clean().items() if count} >= FILLED


@pytest.mark.parametrize(("grant", "table"), HELD_ROWS)
def test_s12_the_cleanup_goes_past_the_row_of_a_running_request(
    scene: Scene, held_requests: Path, grant: str, table: str
) -> None:
    (held_requests / "release").unlink(missing_ok=True)
    moment = f"{_after_finding(grant)}-{uuid.uuid4()}"
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(scene.expired[grant], headers={"X-Hold-Before": moment})
        try:
            wait_until((held_requests / moment).exists)
            assert pool.submit(scene.clean).result(timeout=PATIENCE)[table] > 1
        finally:
            (held_requests / "release").touch()
        expect_json_error(answer.result(), 400, "invalid_grant")
    assert scene.clean()[table] == 1


def _after_finding(grant: str) -> int:
    """The number of the step after the one that finds and locks the row."""
    before = [step for step in TOKEN.steps if step is not run_grant]
    assert STANDARD_PARTS.grants[grant].steps[0].__name__.startswith("load_")
    return len(before) + 1
