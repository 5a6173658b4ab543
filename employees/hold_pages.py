"""Where administrators decide about removals that are held, told by the application that knows."""

from collections.abc import Callable
from typing import Final, TypeAlias

Address: TypeAlias = Callable[[str], str]
_addresses: Final[list[Address]] = []


def register(address: Address) -> None:
    """Tells how a provider's key (`audit.Actor.key`) leads to the page, "" when there is none; once."""
    _addresses.append(address)


def address_of(provider: str) -> str:
    """The address of the page that decides about the removals by a provider, "" when nobody knows one."""
    return next(filter(None, (address(provider) for address in _addresses)), "")
