"""Who takes part: each filled with the same people, and served in the same way."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from tests.site import fresh_database

from .in_memory import Scim2Server, Scimmy
from .sites import Contender, Floor, Ours, Peer

QUIET: Final = {"SCIM_RATE_LIMIT": "0", "LOG_LEVEL": "WARNING"}
OTHERS: Final[tuple[type[Any], ...]] = (Floor, Peer, Scim2Server, Scimmy)


@contextmanager
def serve(folder: Path, people: int, names: list[str]) -> Iterator[dict[str, Contender]]:
    """The sites of those names and ours, filled and served; DATABASE_URL names the server for all of them."""
    with ExitStack() as stack:

        def new(kind: type[Contender]) -> Any:
            home = folder / kind.name
            home.mkdir()
            return kind(home, stack.enter_context(fresh_database(home)), **QUIET)

        ours: Ours = new(Ours)
        ours.fill(people)
        stack.enter_context(ours.serving())
        served: dict[str, Contender] = {ours.name: ours}
        documents = ours.everybody()
        for kind in OTHERS:
            if kind.name in names:
                other = new(kind)
                other.fill(documents, ours.bearer)
                served[kind.name] = stack.enter_context(other.serving())
        yield served


def missing(names: list[str]) -> list[str]:
    """Which of the sites cannot be served here: those that need a node that is not installed."""
    return [
        name for name in names if name == Scimmy.name and not (shutil.which("node") and shutil.which("npm"))
    ]
