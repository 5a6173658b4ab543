"""The site in this process on a database of its own, and an identity provider that speaks to it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

from tests import postgresql

NAME = "Directory"


@contextmanager
def prepared(*, sqlite: bool) -> Iterator[None]:
    """Sets Django up on a migrated database: new ones of both kinds, or what DATABASE_URL names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if sqlite:
        os.environ["DATABASE_URL"] = ""
    if sqlite or os.environ.get("DATABASE_URL"):
        _set_up()
        yield
        return
    with postgresql.server() as os.environ["DATABASE_URL"]:
        _set_up()
        yield


def _set_up() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


class Directory:
    """The identity provider of the measurements, with a bearer token for the whole in-process request."""

    def __init__(self) -> None:
        from django.test import Client

        from employees.audit import Actor
        from scim.provisioning import services, tokens
        from scim.provisioning.models import IdentityProvider

        operator = Actor.command("bench")
        services.switch(True, actor=operator)
        kind = IdentityProvider.Kind.OTHER
        provider = services.find(NAME) or services.connect(NAME, kind, actor=operator)
        token = tokens.issue(provider, actor=operator)
        self.actor = Actor.identity_provider(provider.key, provider.name)
        self.client = Client(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME="localhost")

    def search(self, query: dict[str, Any]) -> dict[str, Any]:
        """The ListResponse of `GET /Users`.

        Raises:
            RuntimeError: the answer was no success.
        """
        response = self.client.get("/scim/v2/Users", query)
        if response.status_code != 200:
            raise RuntimeError(response.content.decode())
        page: dict[str, Any] = json.loads(response.content)
        return page
