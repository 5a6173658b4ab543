"""How many operations an identity provider may send, counted together by all processes of a machine."""

import fcntl
import logging
import math
import mmap
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final
from zlib import crc32

from django.conf import settings

from .protocol.errors import TooManyRequests

logger = logging.getLogger(__name__)

BURST_SECONDS: Final = 10
STATE: Final = Struct("<dd")
"""How many operations are in a bucket, and at what moment, in seconds of the clock."""
SLOT: Final = Struct(f"<{STATE.size}sI12x")
"""The state and its CRC-32; an empty file holds none that fits."""
SLOTS: Final = 4096
SIZE: Final = SLOT.size * SLOTS


class RateLimit:
    """A bucket for each key, which operations fill and time empties; whoever would overfill it has to wait.

    The buckets are in a memory-mapped file, so that taking costs neither a query nor a write to the disk. A
    slot that does not hold what was written there is an empty bucket: the worst that a damaged or a lost file
    does is to let one more burst through.

    Args:
        rate: how many operations a second drain; more than 0. A bucket holds ten seconds' worth.
        path: the file, made by whoever comes first; where it cannot be, each process counts for itself.
        clock: seconds since a moment that is the same for all processes.
    """

    # Record locks exclude other processes only; the threads of this one need a lock of their own.
    _threads: Final = Lock()

    def __init__(self, rate: float, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = rate * BURST_SECONDS
        self._path = path
        self._clock = clock
        self._file: int | None = None
        with self._threads:
            self._open()

    def take(self, key: int, cost: int = 1, taken: int = 0) -> float:
        """Takes all of the operations, or none.

        A cost that no bucket holds is taken by an empty one and overfills it: it has to be possible at some
        time, and what comes after it waits the longer.

        Args:
            key: whose bucket, a small non-negative integer: keys that are 4,096 apart share one.
            cost: how many operations.
            taken: how many of them were taken before.

        Returns:
            0 when they were taken, else in how many seconds all of them will be, nobody else taking any.
        """
        offset = key % SLOTS * SLOT.size
        with self._threads:
            if self._is_damaged():
                self._open()
            self._lock(fcntl.LOCK_EX, offset)
            try:
                # Not before: another process may have taken at a later moment while this one waited.
                now = self._clock()
                level = self._level(offset, now)
                excess = level + min(cost, self.burst) - self.burst
                if excess > taken:
                    return excess / self.rate
                state = STATE.pack(level + max(0, cost - taken), now)
                SLOT.pack_into(self._memory, offset, state, crc32(state))
                return 0.0
            finally:
                self._lock(fcntl.LOCK_UN, offset)

    def _level(self, offset: int, now: float) -> float:
        """How many operations are in the bucket; a moment to come is one before the machine was restarted."""
        state, checksum = SLOT.unpack_from(self._memory, offset)
        level, at = STATE.unpack(state)
        intact = checksum == crc32(state) and at <= now
        return max(0.0, level - (now - at) * self.rate) if intact else 0.0

    def _lock(self, operation: int, offset: int) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, operation, SLOT.size, offset)

    def _is_damaged(self) -> bool:
        """True when the file was deleted or cut off; to touch memory beyond its end would end the process."""
        status = os.fstat(self._file) if self._file is not None else None
        return status is not None and (status.st_nlink == 0 or status.st_size < SIZE)

    def _open(self) -> None:
        self._close()
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            # Written rather than skipped: a full disk is noticed here, and not when the memory is touched.
            missing = SIZE - os.fstat(self._file).st_size
            os.pwrite(self._file, bytes(max(0, missing)), SIZE - missing)
            fcntl.lockf(self._file, fcntl.LOCK_UN)
            self._memory = mmap.mmap(self._file, SIZE)
        except OSError as error:
            logger.warning("Each process limits requests for itself: %s: %s", self._path, error.strerror)
            self._close()
            self._memory = mmap.mmap(-1, SIZE)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


@cache
def _rate_limit(rate: float, path: Path) -> RateLimit:
    return RateLimit(rate, path)


def charge(identity_provider_id: int, operations: int = 1, taken: int = 0) -> None:
    """Counts operations of an identity provider against `SCIM_RATE_LIMIT`.

    Args:
        operations: how many the request has; a bulk request has as many as there are in it.
        taken: how many of them are charged already.

    Raises:
        TooManyRequests: they are beyond the limit, and none of them is charged.
    """
    rate: int = settings.SCIM_RATE_LIMIT
    if not rate:
        return
    wait = _rate_limit(rate, settings.VAR_DIR / "rate_limit").take(identity_provider_id, operations, taken)
    if wait:
        seconds = max(1, math.ceil(wait))
        share = f"{rate:,} operations a second, and {rate * BURST_SECONDS:,} at once after a pause"
        raise TooManyRequests(f"Each identity provider may send {share}; try again in {seconds} s.", seconds)
