"""What the commands of employee provisioning share."""

from django.core.management.base import CommandError

from .models import IdentityProvider
from .services import find


def known_provider(name: str) -> IdentityProvider:
    """The identity provider of that name.

    Raises:
        CommandError: there is none; it lists those that there are.
    """
    if provider := find(name):
        return provider
    names = ", ".join(IdentityProvider.objects.values_list("name", flat=True))
    raise CommandError(f"No identity provider is named {name}. Known: {names or 'none yet'}.")
