"""The names of those besides administrators who set values, told by the applications that know them."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Source: TypeAlias = Callable[[], Mapping[str, str]]
_sources: Final[list[Source]] = []


def register(source: Source) -> None:
    """Adds a source of names by `audit.Actor.key`; once, when its application is ready."""
    _sources.append(source)


def names() -> dict[str, str]:
    """The present name of everybody whose values may be owned or managed, by `audit.Actor.key`."""
    return {key: name for source in _sources for key, name in source().items()}
