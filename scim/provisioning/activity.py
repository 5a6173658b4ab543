"""What identity providers do without leaving anything else behind, counted in memory and written in parts."""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from .models import Activity

logger = logging.getLogger(__name__)

DOUBLED_PATH: Final = "doubled path"
UNKNOWN_TOKEN: Final = "unknown token"  # noqa: S105 -- a sign, not a secret
RATE_LIMITED: Final = "rate limited"


@dataclass
class Count:
    """The requests of one identity provider since the last writing."""

    started_at: datetime
    ended_at: datetime
    requests: int = 0
    looked_up: int = 0
    signs: set[str] = field(default_factory=set)


class Tally:
    """The counts of this process; any thread may add to them.

    Attributes:
        ticking: somebody calls `flush` every few seconds, so that requests need not.
    """

    def __init__(self) -> None:
        self.ticking = False
        self._lock = threading.Lock()
        self._counts: dict[int | None, Count] = {}
        self._flushed = time.monotonic()

    def count(self, provider_id: int | None, *, looked_up: bool = False, signs: Iterable[str] = ()) -> None:
        """Counts one request.

        Args:
            provider_id: primary key of the identity provider; None for a token that was never issued.
            signs: what was noticed about it.
        """
        now = timezone.now()
        with self._lock:
            count = self._counts.get(provider_id)
            if count is None:
                count = self._counts[provider_id] = Count(now, now)
            count.ended_at = now
            count.requests += 1
            count.looked_up += looked_up
            count.signs.update(signs)
        if not self.ticking and time.monotonic() - self._flushed > settings.ACTIVITY_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes what was counted, one row for each identity provider; a busy database gets it next time."""
        with self._lock:
            counts, self._counts = self._counts, {}
            self._flushed = time.monotonic()
        rows = [_row(provider_id, count) for provider_id, count in counts.items()]
        if not rows:
            return
        try:
            Activity.objects.bulk_create(rows)
        except Error as error:
            # No exception text: a driver may quote values of the statement in it.
            logger.warning("The database did not take the counts of requests: %s", type(error).__name__)
            self._take_back(counts)

    def clear(self) -> None:
        """Forgets what was counted."""
        with self._lock:
            self._counts.clear()

    def _take_back(self, counts: dict[int | None, Count]) -> None:
        with self._lock:
            for provider_id, count in counts.items():
                if later := self._counts.get(provider_id):
                    count.ended_at = later.ended_at
                    count.requests += later.requests
                    count.looked_up += later.looked_up
                    count.signs |= later.signs
                self._counts[provider_id] = count


tally: Final = Tally()


def tick() -> None:
    """Lets a thread of its own write the counts of this process from now on."""
    tally.ticking = True
    threading.Thread(target=_tick, name="activity", daemon=True).start()


def _tick() -> None:
    while True:
        time.sleep(settings.ACTIVITY_SECONDS)
        connection.close_if_unusable_or_obsolete()
        tally.flush()


def _row(provider_id: int | None, count: Count) -> Activity:
    return Activity(
        identity_provider_id=provider_id,
        started_at=count.started_at,
        ended_at=count.ended_at,
        requests=count.requests,
        looked_up=count.looked_up,
        signs=sorted(count.signs),
    )
