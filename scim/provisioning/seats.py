"""Seats: how many active employees an identity provider may manage."""

from scim.protocol.errors import Forbidden

from .brake import managed
from .models import IdentityProvider


class Seats:
    """The seats of an identity provider within one transaction."""

    def __init__(self, provider: IdentityProvider) -> None:
        self._provider = provider
        self._free: int | None = None

    def take(self) -> None:
        """Takes a seat for somebody new.

        Raises:
            Forbidden: none is free.
        """
        limit = self._provider.seat_limit
        if limit is None:
            return
        if self._free is None:
            self._free = limit - managed(self._provider.key, limit)
        if self._free <= 0:
            raise Forbidden(
                f"All {limit:,} seats of this identity provider are taken: new people are refused, everybody"
                " who is here already goes on being updated. An administrator can raise the seat limit under"
                " Integrations > Employee provisioning, or somebody has to be deactivated first."
            )
        self._free -= 1
