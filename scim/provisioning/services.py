"""What administrators and commands do to provisioning: switch it on or off, connect an identity provider."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from employees.audit import Actor
from employees.folding import fold

from . import events, tokens
from .models import IdentityProvider, ProvisioningEvent, ProvisioningSettings


class AlreadyConnected(Exception):
    """An identity provider of that name exists; names are compared without case."""


def current_settings() -> ProvisioningSettings:
    """The one row, or a fresh unsaved one while nobody has decided."""
    row = ProvisioningSettings.objects.filter(pk=ProvisioningSettings.SINGLE_ROW).first()
    return row or ProvisioningSettings(pk=ProvisioningSettings.SINGLE_ROW)


@transaction.atomic
def switch(enabled: bool, *, actor: Actor) -> bool:
    """Enables or disables provisioning.

    Returns:
        False when it was so already: then nothing is written.
    """
    settings = locked_settings()
    if settings.enabled is enabled:
        return False
    settings.enabled, settings.changed_at, settings.changed_by = enabled, timezone.now(), actor.name
    settings.save(update_fields=["enabled", "changed_at", "changed_by"])
    action = ProvisioningEvent.Action.ENABLED if enabled else ProvisioningEvent.Action.DISABLED
    events.record(action, actor=actor)
    return True


@transaction.atomic
def enable_unless_decided(*, actor: Actor) -> bool:
    """Enables provisioning when nobody has decided yet; an administrator's "disable" stands.

    Returns:
        whether provisioning is enabled now.
    """
    settings = locked_settings()
    if settings.enabled is None:
        return switch(True, actor=actor)
    return settings.enabled


@transaction.atomic
def connect(name: str, kind: IdentityProvider.Kind, *, actor: Actor) -> IdentityProvider:
    """Creates an identity provider, without a token.

    Raises:
        ValidationError: the name is empty or longer than 100 characters.
        AlreadyConnected: the name is taken.
    """
    identity_provider = IdentityProvider(name=name.strip(), kind=kind)
    identity_provider.clean_fields()
    try:
        with transaction.atomic():
            identity_provider.save()
    except IntegrityError as error:
        raise AlreadyConnected(f"An identity provider named {name} is connected already.") from error
    events.record(
        ProvisioningEvent.Action.CONNECTED,
        actor=actor,
        identity_provider=identity_provider,
        details=identity_provider.get_kind_display(),
    )
    return identity_provider


@transaction.atomic
@sensitive_variables("token")
def connect_with_token(
    name: str, kind: IdentityProvider.Kind, *, actor: Actor, expires_at: datetime | None = None
) -> tuple[IdentityProvider, str]:
    """Creates an identity provider and its first token.

    Returns:
        the identity provider and the clear text of the token.

    Raises:
        AlreadyConnected: the name is taken.
    """
    identity_provider = connect(name, kind, actor=actor)
    token = tokens.issue(identity_provider, actor=actor, expires_at=expires_at)
    return identity_provider, token


def find(name: str) -> IdentityProvider | None:
    """The identity provider of that name, compared without case and outer blanks."""
    return IdentityProvider.objects.filter(name_key=fold(name.strip())).first()


def locked_settings() -> ProvisioningSettings:
    """The one row, locked until the caller's transaction ends."""
    row, _ = ProvisioningSettings.objects.select_for_update().get_or_create(
        pk=ProvisioningSettings.SINGLE_ROW
    )
    return row
