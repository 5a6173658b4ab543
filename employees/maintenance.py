"""What has to be done from time to time, told by the applications that know how."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

Task: TypeAlias = Callable[[datetime], str]
"""Does what is due at a moment and says in a few words what that was, "" for nothing.

It may run at any time, as often as one likes, and at the same time in two processes.
"""

logger = logging.getLogger(__name__)
_tasks: Final[dict[str, Task]] = {}


@dataclass(frozen=True)
class Outcome:
    """What has become of one task: `done` in its own words, or `failed` with the kind of the failure."""

    name: str
    done: str = ""
    failed: str = ""


def register(name: str, task: Task) -> None:
    """Adds a task under the name that reports give it; once, when its application is ready."""
    _tasks[name] = task


def run(now: datetime) -> Iterator[Outcome]:
    """Runs every task in the order in which they were registered; one that fails leaves the others alone."""
    for name, task in _tasks.items():
        try:
            yield Outcome(name, done=task(now))
        except Exception as error:
            logger.exception("Maintenance failed: %s", name)
            yield Outcome(name, failed=type(error).__name__)
