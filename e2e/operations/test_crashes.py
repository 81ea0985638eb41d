"""A worker, or PostgreSQL, is killed between any two steps of a redemption and of a refresh: nothing is done twice, and
nothing is lost.

One request is held before each step – the steps are read from the protocol, so that a new one is covered by itself –,
then all of them are killed at once.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests
from protocol.endpoints.token import TOKEN, run_grant
from protocol.standard_parts import STANDARD_PARTS

from dev.workbench import Workbench
from e2e.harness.own_postgresql import OwnPostgresql, opened_for_crashes
from e2e.harness.people import create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, expect_json_error
from e2e.harness.processes import kill_at_once
from e2e.harness.relying_party import register
from e2e.harness.systems import System, Systems
from e2e.harness.together import in_parallel, wait_until

REFRESH, CODE = "refresh_token", "authorization_code"
SECONDS_TO_ANSWER = 100
OWN_LOGGER = "odoo.addons.oauth2_provider"
STOCK_LOGGERS = [
    "odoo.sql_db",
    "odoo.http",
    "odoo.service.server",
    "odoo.addons.base.models.ir_http",
]


def moments(grant_type: str) -> list[str]:
    """Where a request of a grant can be held: before each step that it runs, before the commit, before the answer."""
    steps = [step for step in TOKEN.steps if step is not run_grant]
    steps += STANDARD_PARTS.grants[grant_type].steps
    names = [*(step.__name__ for step in steps), "commit", "answer"]
    return [f"{number}-{grant_type}-{name}" for number, name in enumerate(names)]


ALL_MOMENTS = [*moments(CODE), *moments(REFRESH)]


@dataclass
class Held:
    """A request that stands still at a moment. `secret`: the code or refresh token that it brings."""

    moment: str
    secret: str
    answer: "Future[requests.Response]"

    @property
    def is_committed(self) -> bool:
        return self.moment.endswith("-answer")


class Scene:
    """A provider with a worker for each request that is held, and two to spare."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        self.party = register(system, use_refresh_token=True, refresh_token_grace=60)
        self._folder = folder
        self._browser = HttpBrowser(system)
        self._browser.log_in(create_person(system))
        # the first of all refreshes makes a secret of the server, for which others wait
        self.party.refresh(self.party.tokens(self._browser.copy())["refresh_token"])

    def hold_everywhere(self, pool: ThreadPoolExecutor) -> list[Held]:
        """Send one request for each moment, and wait until all of them stand there."""
        for file in self._folder.iterdir():
            file.unlink()
        secrets = in_parallel(self._secret, ALL_MOMENTS, threads=4)
        held = [
            Held(moment, secret, pool.submit(self._send, moment, secret))
            for moment, secret in zip(ALL_MOMENTS, secrets, strict=True)
        ]
        try:
            wait_until(lambda: len(self.workers()) == len(held), seconds=SECONDS_TO_ANSWER)
        except AssertionError:
            self.release()
            raise
        return held

    def workers(self) -> dict[str, int]:
        """The processes that hold a request, by moment."""
        files = [file for file in self._folder.iterdir() if file.name != "release"]
        return {file.name: int(text) for file in files if (text := file.read_text())}

    def release(self) -> None:
        (self._folder / "release").touch()

    def _secret(self, moment: str) -> str:
        if CODE in moment:
            return self.party.code(self._browser.copy())
        return self.party.tokens(self._browser.copy())["refresh_token"]

    def _send(self, moment: str, secret: str) -> requests.Response:
        refresh = {"grant_type": REFRESH, "refresh_token": secret}
        form = self.party.redemption(secret) if CODE in moment else refresh
        credentials = (self.party.identifier, self.party.application.secret)
        # not by the harness's own way, whose patience is too short
        return requests.post(
            f"{self.system.url}/oauth2/token",
            data=form,
            auth=credentials,
            headers={"X-Hold-Before": moment},
            timeout=5 * SECONDS_TO_ANSWER,
        )

    def access_tokens_of(self, code: str) -> int:
        """How many access tokens were ever stored for a code."""
        return self.system.run(
            """
env.cr.execute('''SELECT count(*) FROM oauth2_provider_token token
                    JOIN oauth2_provider_authorization_code code USING (authorization_id)
                   WHERE code.code_hash = %s AND token.kind = 'access' ''', [hash])
result = env.cr.fetchone()[0]
""",
            hash=sha256(code.encode()).hexdigest(),
        )


@pytest.fixture(scope="module")
def crashing() -> Iterator[Workbench]:
    with opened_for_crashes() as workbench:
        yield workbench


@pytest.fixture(scope="module")
def scene(
    crashing: Workbench, chosen_start: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("held")
    systems = Systems(crashing, **chosen_start)
    system = systems.start_provider(
        "crashing",
        ["oauth2_provider_held"],
        workers=len(ALL_MOMENTS) + 2,
        options=("--limit-time-real=600", "--limit-time-cpu=600"),
        environment={"OAUTH2_HELD_REQUESTS": str(folder)},
    )
    # PostgreSQL 15 takes the sequences of a copied database back at a crash, up to the first checkpoint
    crashing.databases.query("CHECKPOINT")
    yield Scene(system, folder)
    # Odoo tells of each broken connection; we have nothing to add
    own = [record.text for record in system.new_problems() if OWN_LOGGER in record.logger]
    systems.stop_all()
    assert not own, "\n".join(own)


@pytest.fixture(scope="module")
def own_postgresql(crashing: Workbench) -> OwnPostgresql:
    return OwnPostgresql(crashing)


def patiently(send: Callable[[], requests.Response]) -> requests.Response:
    """Come again as long as we are told to: each worker finds out for itself that its connections have broken."""
    for _time in range(2 * len(ALL_MOMENTS)):
        answer = send()
        if answer.status_code != 503:
            return answer
        expect_come_again(answer)
    raise AssertionError("told to come again for ever")


def expect_code_is_neither_lost_nor_used_twice(scene: Scene, held: Held) -> None:
    party, code = scene.party, held.secret
    again = patiently(lambda: party.redeem(code))
    if held.is_committed:
        # the answer is lost, and nobody holds its tokens; by the second use they are dead, too
        expect_json_error(again, 400, "invalid_grant")
    else:
        assert again.status_code == 200, f"{held.moment}: {again.text}"
        token = again.json()["access_token"]
        assert patiently(lambda: party.userinfo(token)).status_code == 200, held.moment
        expect_json_error(patiently(lambda: party.redeem(code)), 400, "invalid_grant")
        assert patiently(lambda: party.userinfo(token)).status_code == 401, held.moment
    assert scene.access_tokens_of(code) == 1, held.moment


def expect_family_lives(scene: Scene, held: Held) -> None:
    party = scene.party
    again = patiently(lambda: party.refresh(held.secret))
    assert again.status_code == 200, f"{held.moment}: {again.text}"
    newest = again.json()
    assert patiently(lambda: party.userinfo(newest["access_token"])).ok, held.moment
    following = patiently(lambda: party.refresh(newest["refresh_token"]))
    assert following.status_code == 200, held.moment
    expect_json_error(patiently(lambda: party.refresh(held.secret)), 400, "invalid_grant")
    newest = following.json()
    assert patiently(lambda: party.userinfo(newest["access_token"])).status_code == 401, held.moment


def expect_nothing_lost(scene: Scene, all_held: list[Held]) -> None:
    # the lost answer of a refresh is repeated for a short while only
    for held in sorted(all_held, key=lambda held: not held.is_committed):
        if CODE in held.moment:
            expect_code_is_neither_lost_nor_used_twice(scene, held)
        else:
            expect_family_lives(scene, held)


def test_s11_worker_is_killed_between_any_two_steps(scene: Scene) -> None:
    with ThreadPoolExecutor(len(ALL_MOMENTS)) as pool:
        all_held = scene.hold_everywhere(pool)
        kill_at_once(list(scene.workers().values()))
        for held in all_held:
            with pytest.raises(requests.ConnectionError):
                held.answer.result(timeout=SECONDS_TO_ANSWER)
    wait_until_answered(scene.system)
    expect_nothing_lost(scene, all_held)


def test_s11_postgresql_is_killed_between_any_two_steps(
    scene: Scene, own_postgresql: OwnPostgresql
) -> None:
    given = []
    with ThreadPoolExecutor(len(ALL_MOMENTS)) as pool:
        all_held = scene.hold_everywhere(pool)
        with own_postgresql.away():
            scene.release()
            for held in all_held:
                answer = held.answer.result(timeout=SECONDS_TO_ANSWER)
                if held.is_committed:
                    assert answer.status_code == 200, f"{held.moment}: {answer.text}"
                    given.append((held.moment, answer.json()["access_token"]))
                else:
                    expect_come_again(answer)
    scene.system.shell.close()
    scene.system.shell = own_postgresql.workbench.shell(scene.system.database)
    expect_nothing_lost(scene, all_held)
    # each code and each refresh token came a second time
    assert given
    for moment, token in given:
        assert scene.party.userinfo(token).status_code == 401, moment


def wait_until_answered(system: System) -> None:
    """Killed workers are replaced by their parent."""
    end = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < end:
        try:
            if requests.get(f"{system.url}/oauth2/jwks", timeout=TIMEOUT).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError("no worker came back")


def expect_come_again(response: requests.Response) -> None:
    expect_json_error(response, 503, "temporarily_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "Traceback" not in response.text
