"""What is known of each product, and that the service takes what its guide says to paste."""

import pytest

from scim.provisioning.kinds import ENTRA_FLAG, GUIDES
from scim.provisioning.models import IdentityProvider
from tests.scim.provisioning.guided import connect

Kind = IdentityProvider.Kind


def test_every_kind_has_a_guide() -> None:
    assert set(GUIDES) == set(Kind)
    for guide in GUIDES.values():
        assert all((guide.tagline, guide.place, guide.token_field, guide.test, guide.then, guide.groups_off))


@pytest.mark.django_db
def test_the_flag_of_entra_changes_nothing_here() -> None:
    client = connect(Kind.ENTRA).scim.client
    for path in ("/scim/v2", "/scim/v2/", "/scim/v2/Users", "/scim/v2/Schemas"):
        assert client.get(path + ENTRA_FLAG).json() == client.get(path).json()
    found = client.get(f'/scim/v2/Users{ENTRA_FLAG}&filter=userName eq "nobody@example.com"')
    assert found.json()["totalResults"] == 0
