"""Connecting: the choice of a product, and its own labels beside the token."""

import re

import pytest
from django.utils.html import escape

from scim.provisioning.kinds import ENTRA_FLAG, GUIDES
from scim.provisioning.models import IdentityProvider
from tests.scim.provisioning.guided import administrator

pytestmark = pytest.mark.django_db
Kind = IdentityProvider.Kind
CONNECT = "/admin/integrations/employee-provisioning/connect/"


def test_each_product_is_a_radio_button_with_a_word_about_it() -> None:
    page = administrator().get(CONNECT).content.decode()
    assert re.findall(r'type="radio" name="kind" value="(\w+)"', page) == list(Kind.values)
    assert "checked" not in page
    for kind in Kind:
        assert escape(GUIDES[kind].tagline) in page


def test_one_has_to_be_chosen() -> None:
    page = administrator().post(CONNECT, {"name": "Directory"}).content.decode()
    assert "Choose an identity provider." in page
    assert 'aria-describedby="id_kind_error"' in page
    assert 'value="Directory"' in page
    assert not IdentityProvider.objects.exists()


def test_a_choice_is_kept_beside_another_mistake() -> None:
    page = administrator().post(CONNECT, {"kind": "okta", "name": ""}).content.decode()
    assert re.search(r'value="okta"[^>]* checked', page)


@pytest.mark.parametrize("kind", Kind)
def test_the_token_is_called_what_the_product_calls_it(kind: IdentityProvider.Kind) -> None:
    page = administrator().post(CONNECT, {"kind": kind, "name": "Directory"}).content.decode()
    guide, provider = GUIDES[kind], IdentityProvider.objects.get()
    assert re.search(rf'<label for="token"[^>]*>{guide.token_field}</label>', page)
    assert re.search(r'<input id="token"[^>]* value="peakon_scim_\w{49}"', page)
    if guide.url_field:
        assert re.search(rf'<label for="scim-url"[^>]*>{guide.url_field}</label>', page)
    for sentence in (guide.place, guide.test, guide.then):
        assert escape(sentence) in page
    assert f'href="/admin/integrations/employee-provisioning/identity-providers/{provider.pk}/guide/"' in page
    assert (ENTRA_FLAG in page) is (kind == Kind.ENTRA)
