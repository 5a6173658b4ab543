"""An identity provider that is being connected, and the administrator who watches it."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.test import Client

from scim import watching
from scim.provisioning import services
from scim.provisioning.activity import tally
from scim.provisioning.models import IdentityProvider
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.helpers import ACTOR

PROVIDERS = "/admin/integrations/employee-provisioning/identity-providers/"


@dataclass
class Connection:
    """A connected identity provider with its first token."""

    provider: IdentityProvider
    scim: ScimClient

    @property
    def guide(self) -> str:
        return f"{PROVIDERS}{self.provider.pk}/guide/"


def connect(kind: IdentityProvider.Kind, name: str = "") -> Connection:
    """An identity provider of that kind, on a site where nothing has been counted yet."""
    tally.clear()
    # Primary keys come again when a test is rolled back, and with them who was kept out a moment ago.
    watching._kept_out.clear()
    services.switch(True, actor=ACTOR)
    provider, token = services.connect_with_token(name or kind.label, kind, actor=ACTOR)
    return Connection(provider, ScimClient(token, provider.key))


def administrator() -> Client:
    """Signed in with the permission to manage provisioning."""
    user, _ = User.objects.get_or_create(username="ada@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="manage_provisioning"))
    client = Client()
    client.force_login(user)
    return client
