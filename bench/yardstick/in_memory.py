"""Peers that keep their people in memory: for the record, beside sites that answer for a database."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from tests.site import ROOT

from .figures import SCIM2_SERVER, SCIMMY
from .floor import PEAKON
from .sites import ENVIRONMENT, Answer, Contender, run, shape
from .works import Document

SENT: Final = ("userName", "name", "displayName", "title", "active", "emails")
PEERS: Final = ROOT / "bench" / "yardstick" / "peer"


class InMemory(Contender):
    """One process, whose people nobody else knows: two would each have their own."""

    def fill(self, people: list[Document], token: str) -> None:
        self.bearer, self.filled = token, len(people)
        file = self.folder / "people.json"
        file.write_text(json.dumps([_without_peakon(person) for person in people]))
        self.environment |= {"PEOPLE": str(file), "BEARER": token, "WEB_CONCURRENCY": "1"}
        self.install()

    def install(self) -> None:
        """Makes an environment for it."""
        raise NotImplementedError

    @contextmanager
    def serving(self) -> Iterator["Contender"]:
        with ExitStack() as self.running:
            self.running.enter_context(super().serving())
            yield self

    def forget_newcomers(self) -> None:
        """Begins anew with the first people."""
        self.running.close()
        self.running.enter_context(super().serving())

    def alike(self, answer: Answer, ours: Answer) -> bool:
        """Whether it speaks of as many people and has kept of them what was sent, unless it says nothing."""
        return answer[0] == 204 or _sent(answer[1]) == _sent(ours[1])


class Scim2Server(InMemory):
    """scim2-server on the store that comes with it."""

    name = SCIM2_SERVER
    application = "bench.yardstick.peer.in_memory"
    python = str(ENVIRONMENT / "bin" / "python")

    def install(self) -> None:
        run(sys.executable, "-m", "venv", str(ENVIRONMENT))
        run(self.python, "-m", "pip", "install", "--quiet", "--requirement", "bench/requirements.txt")


class Scimmy(InMemory):
    """scimmy-routers on express and a Map."""

    name = SCIMMY
    home = ENVIRONMENT / "scimmy"

    def server(self) -> list[str]:
        return ["node", str(self.home / "server.mjs")]

    def install(self) -> None:
        shutil.copytree(PEERS / "scimmy", self.home, dirs_exist_ok=True)
        run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(self.home))


def _without_peakon(person: Document) -> Document:
    """What its schemas know of a person."""
    known = {name: value for name, value in person.items() if name != PEAKON}
    return known | {"schemas": [urn for urn in person["schemas"] if urn != PEAKON]}


def _sent(document: Any) -> list[Any]:
    people = document.get("Resources", [document])
    return [[shape(person[name]) for name in SENT] for person in people]
