"""Provisioning events: written once, final, readable in the administration and nothing else."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from employees.append_only import AppendOnly, AuditRowsAreFinal
from scim.provisioning import services, tokens
from scim.provisioning.models import IdentityProvider, ProvisioningEvent
from tests.scim.provisioning.helpers import ACTOR

pytestmark = pytest.mark.django_db

EVENTS = ProvisioningEvent.objects
CHANGELIST = "admin:provisioning_provisioningevent_changelist"


@pytest.fixture
def event() -> ProvisioningEvent:
    services.switch(True, actor=ACTOR)
    return EVENTS.get()


def test_it_works() -> None:
    services.switch(True, actor=ACTOR)
    provider, token = services.connect_with_token("Okta", IdentityProvider.Kind.OKTA, actor=ACTOR)
    tokens.revoke(provider, actor=ACTOR)
    services.switch(False, actor=ACTOR)
    rows = EVENTS.order_by("pk").values_list("action", "identity_provider__name", "actor_name", "details")
    hint = f"…{token[-4:]}"
    assert list(rows) == [
        ("enabled", None, "ada@example.com", ""),
        ("connected", "Okta", "ada@example.com", "Okta"),
        ("token issued", "Okta", "ada@example.com", f"{hint}, does not expire"),
        ("token revoked", "Okta", "ada@example.com", hint),
        ("disabled", None, "ada@example.com", ""),
    ]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda event: event.save(),
        lambda event: event.save(force_update=True),
        lambda event: event.delete(),
        lambda event: EVENTS.update(actor_name="nobody"),
        lambda event: EVENTS.filter(pk=event.pk).delete(),
        lambda event: EVENTS.bulk_update([event], ["actor_name"]),
        lambda event: EVENTS.update_or_create(pk=event.pk, defaults={"actor_name": "nobody"}),
        lambda event: EVENTS.bulk_create(
            [event], update_conflicts=True, unique_fields=["id"], update_fields=["actor_name"]
        ),
    ],
)
def test_events_are_final(event: ProvisioningEvent, tamper: Callable[[ProvisioningEvent], object]) -> None:
    event.actor_name = "nobody"
    with pytest.raises(AuditRowsAreFinal):
        tamper(event)
    assert EVENTS.get().actor_name == "ada@example.com"


@pytest.mark.parametrize("model", AppendOnly.__subclasses__())
def test_every_audit_table_is_final(model: type[AppendOnly]) -> None:
    for tamper in (model._default_manager.update, model._default_manager.all().delete):
        with pytest.raises(AuditRowsAreFinal):
            tamper()


@pytest.fixture
def auditor(client: Client) -> Client:
    """Staff who may see provisioning events and nothing else."""
    user = User.objects.create_user("auditor@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_provisioningevent"))
    client.force_login(user)
    return client


def test_auditors_read_them(auditor: Client, event: ProvisioningEvent) -> None:
    assert b"Provisioning enabled" in auditor.get(reverse(CHANGELIST)).content
    assert (
        auditor.get(reverse("admin:provisioning_provisioningevent_change", args=[event.pk])).status_code
        == 200
    )


def test_not_even_a_superuser_changes_them(admin_client: Client, event: ProvisioningEvent) -> None:
    row = [event.pk]
    for name, arguments in [("change", row), ("delete", row), ("add", [])]:
        address = reverse(f"admin:provisioning_provisioningevent_{name}", args=arguments)
        assert admin_client.post(address, {"actor_name": "nobody", "post": "yes"}).status_code == 403
    delete = {"action": "delete_selected", "_selected_action": row, "post": "yes"}
    admin_client.post(reverse(CHANGELIST), delete)
    assert EVENTS.get().actor_name == "ada@example.com"
