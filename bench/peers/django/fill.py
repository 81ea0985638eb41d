"""Makes the tables, and puts people, applications and tokens in through its own models.

Reads the job from standard input (see `servers.py`), writes what it made to standard output.
"""

import datetime
import json
import platform
import sys
import uuid
from importlib.metadata import version

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402  Django has to be set up before
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from oauth2_provider.models import (  # noqa: E402
    AccessToken,
    Application,
    Grant,
    RefreshToken,
    set_token_value,
)

OPENID, PLAIN = "openid profile email", "profile email"
EXPIRES = timezone.now() + datetime.timedelta(days=7)
DISTRIBUTIONS = ("Django", "django-oauth-toolkit", "gunicorn", "psycopg")


class Filling:
    def __init__(self, job: dict) -> None:
        self.job = job
        User.objects.bulk_create(
            User(
                username=f"person{number}",
                first_name="Person",
                last_name=str(number),
                email=f"person{number}@acme.example",
            )
            for number in range(job["people"])
        )
        self.people = list(User.objects.all())
        self.service = self._application("Service", Application.GRANT_CLIENT_CREDENTIALS)
        self.applications = [
            self._application(f"Application {number}", Application.GRANT_AUTHORIZATION_CODE)
            for number in range(job["applications"])
        ]

    def made(self) -> dict:
        live, once = self.job["live"], self.job["redeemed"]
        return {
            "service": credentials(self.service),
            "applications": [credentials(application) for application in self.applications],
            "live": self._access("l", live),
            "revocable": self._access("a", once),
            "refresh": self._refresh("r", OPENID, once),
            "plain_refresh": self._refresh("p", PLAIN, once),
            "codes": self._codes(once),
            "versions": {name: version(name) for name in DISTRIBUTIONS}
            | {"Python": platform.python_version()},
        }

    def _application(self, name: str, grant_type: str) -> Application:
        is_service = grant_type == Application.GRANT_CLIENT_CREDENTIALS
        application = Application(
            name=name,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=grant_type,
            redirect_uris="" if is_service else self.job["redirect_uri"],
            algorithm=Application.NO_ALGORITHM if is_service else Application.RS256_ALGORITHM,
            hash_client_secret=self.job["hash_client_secret"],
        )
        application.clear_secret = application.client_secret
        application.save()
        return application

    def _owned(self, number: int) -> dict:
        return {
            "user": self.people[number % len(self.people)],
            "application": self.applications[number % len(self.applications)],
        }

    def _access(self, prefix: str, count: int, scope: str = OPENID) -> list:
        """Access tokens; what is told of each is its text and the number of its application."""
        texts = [f"{prefix}{number:043d}" for number in range(count)]
        tokens = []
        for number, text in enumerate(texts):
            token = AccessToken(expires=EXPIRES, scope=scope, **self._owned(number))
            set_token_value(token, text)
            tokens.append(token)
        self.last = AccessToken.objects.bulk_create(tokens)
        return self._told(texts)

    def _refresh(self, prefix: str, scope: str, count: int) -> list:
        self._access(f"b{prefix}", count, scope)
        texts = [f"{prefix}{number:043d}" for number in range(count)]
        tokens = []
        for number, text in enumerate(texts):
            token = RefreshToken(
                access_token=self.last[number], token_family=uuid.uuid4(), **self._owned(number)
            )
            set_token_value(token, text)
            tokens.append(token)
        RefreshToken.objects.bulk_create(tokens)
        return self._told(texts)

    def _codes(self, count: int) -> list:
        texts = [f"c{number:043d}" for number in range(count)]
        Grant.objects.bulk_create(
            Grant(
                code=text,
                expires=EXPIRES,
                redirect_uri=self.job["redirect_uri"],
                scope=OPENID,
                code_challenge=self.job["code_challenge"],
                code_challenge_method=Grant.CODE_CHALLENGE_S256,
                claims="{}",
                **self._owned(number),
            )
            for number, text in enumerate(texts)
        )
        return self._told(texts)

    def _told(self, texts: list[str]) -> list:
        return [[text, number % len(self.applications)] for number, text in enumerate(texts)]


def credentials(application: Application) -> list[str]:
    return [application.client_id, application.clear_secret]


call_command("migrate", verbosity=0)
json.dump(Filling(json.load(sys.stdin)).made(), sys.stdout)
