"""Limits on guessing hold over all workers, and lock nobody out who knows the answer (attack cases A15, G01).

Two workers share the requests: a limit that each of them kept for itself would be twice as high.
"""

import requests

from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.harness.together import in_parallel

SECRETS = 60
USER_CODES = 10
WAIT = 600


def guess_secret(party: RelyingParty, number: int) -> requests.Response:
    """From an address of its own, as a botnet does."""
    return party.token_request(
        {"grant_type": "authorization_code", "code": "x", "client_secret": f"guess {number}"},
        headers={"X-Forwarded-For": f"198.51.100.{number % 250}", "X-Forwarded-Host": "localhost"},
    )


def test_a15_wrong_secrets(two_workers: System) -> None:
    victim, bystander = register(two_workers), register(two_workers)
    answers = in_parallel(lambda number: guess_secret(victim, number), range(SECRETS + 40))
    limited = [answer for answer in answers if answer.status_code == 429]
    refused = [answer for answer in answers if answer.status_code == 401]
    assert len(limited) + len(refused) == SECRETS + 40
    # As many more may get through as were under way at the same moment.
    assert SECRETS <= len(refused) <= SECRETS + 8
    assert {answer.json()["error"] for answer in limited} == {"temporarily_unavailable"}
    assert {answer.headers["Retry-After"] for answer in limited} == {str(WAIT)}
    # The right secret is taken at once, by every worker; and nobody else notices.
    browser = HttpBrowser(two_workers)
    browser.log_in(create_person(two_workers))
    for _time in range(6):
        assert victim.accepts(victim.tokens(browser.copy())["access_token"])
    assert guess_secret(bystander, 1).status_code == 401


def logged_in(system: System, person: Person) -> HttpBrowser:
    made = HttpBrowser(system)
    made.log_in(person)
    return made


def type_code(browser: HttpBrowser, code: str) -> requests.Response:
    return browser.send("GET", "/oauth2/device", params={"user_code": code})


def test_g01_wrong_codes_of_devices(two_workers: System) -> None:
    device = register(two_workers, use_device=True)
    codes = device.device_codes()
    right = codes["user_code"]
    wrong = "BCDF-GHJK" if right != "BCDF-GHJK" else "KJHG-FDCB"
    guesser = logged_in(two_workers, create_person(two_workers))
    browsers = [guesser.copy_with_all_cookies() for _number in range(USER_CODES + 20)]
    answers = in_parallel(lambda browser: type_code(browser, wrong), browsers, threads=4)
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {400, 429}
    assert USER_CODES <= statuses.count(400) <= USER_CODES + 4
    # Now not even the right one is looked at, by no worker.
    for _time in range(6):
        refused = type_code(guesser.copy_with_all_cookies(), right)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(WAIT))
    # The person in front of the device is somebody else, and gets in.
    owner = logged_in(two_workers, create_person(two_workers))
    assert 'id="oauth2_device_confirmation"' in type_code(owner, right).text
