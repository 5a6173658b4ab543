"""The guide to connecting an identity provider, which can be opened again at any time."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from employees.models import Attribute
from scim.provisioning.kinds import ENTRA_FLAG, GUIDES
from scim.provisioning.models import IdentityProvider
from tests.scim.provisioning.guided import PROVIDERS, Connection, administrator, connect

pytestmark = pytest.mark.django_db
Kind = IdentityProvider.Kind


def opened(connection: Connection, client: Client | None = None) -> str:
    response = (client or administrator()).get(connection.guide)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    return response.content.decode()


@pytest.mark.parametrize("kind", Kind)
def test_it_says_everything_but_the_token(kind: IdentityProvider.Kind) -> None:
    connection = connect(kind)
    page, guide = opened(connection), GUIDES[kind]
    for sentence in (
        guide.place,
        guide.token_field,
        guide.test,
        guide.then,
        guide.mapping,
        guide.import_place,
    ):
        assert escape(sentence) in page
    assert ("http://testserver/scim/v2" in page) is (guide.url_field is not None)
    assert guide.url_field is None or f">{guide.url_field}</label>" in page
    assert connection.scim.token not in page
    assert f'href="{PROVIDERS}{connection.provider.pk}/rotate/"' in page


def test_entra_gets_the_flag_with_the_url() -> None:
    assert f'value="http://testserver/scim/v2{ENTRA_FLAG}"' in opened(connect(Kind.ENTRA))
    assert ENTRA_FLAG not in opened(connect(Kind.OKTA))


@pytest.mark.parametrize("kind", Kind)
def test_every_attribute_of_the_company_is_there_to_copy(kind: IdentityProvider.Kind) -> None:
    page = opened(connect(kind))
    for attribute in Attribute.objects.all():
        shown = escape(attribute.name if kind == Kind.OKTA else attribute.scim_path)
        assert f">{shown}</textarea>" in page or f"name: {attribute.scim_path}" in page
    copied = re.findall(r'data-copy="([\w-]+)"', page)
    assert len(copied) == len(set(copied)) > 20
    assert all(f' id="{id_}"' in page and f'data-copy-status="{id_}"' in page for id_ in copied)


def test_it_updates_itself_or_by_a_link() -> None:
    connection = connect(Kind.ENTRA)
    page = opened(connection)
    assert f'data-refresh-url="{connection.guide}checklist/"' in page
    assert "provisioning/refresh.js" in page
    assert (
        f'<a class="provisioning-button" href="{connection.guide}" data-refresh-instead>Refresh</a>' in page
    )
    assert "0 of 6 steps are done." in page


def test_names_are_escaped() -> None:
    Attribute.objects.filter(name="Job Title").update(name="<b>Job</b>")
    page = opened(connect(Kind.OTHER, "<i>Directory</i>"))
    assert "<b>Job</b>" not in page
    assert "<i>Directory</i>" not in page


def test_without_attributes_it_leads_to_them() -> None:
    Attribute.objects.update(active=False)
    page = opened(connect(Kind.ENTRA))
    assert "no attributes of its own that are active" in page
    assert 'href="/admin/employees/attribute/"' in page


def test_the_site_url_goes_before_the_host(settings: Settings) -> None:
    settings.SITE_URL = "https://peakon.example.com"
    assert f'value="https://peakon.example.com/scim/v2{ENTRA_FLAG}"' in opened(connect(Kind.ENTRA))


def test_it_costs_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    connection, client = connect(Kind.ENTRA), administrator()
    # session, user, two for permissions; three to observe; the attributes
    with django_assert_num_queries(8):
        opened(connection, client)


def test_it_is_for_administrators() -> None:
    connection = connect(Kind.ENTRA)
    assert Client().get(connection.guide).headers["Location"] == f"/admin/login/?next={connection.guide}"
    user = User.objects.create_user("eve@example.com", is_staff=True)
    user.user_permissions.add(
        Permission.objects.get(codename="view_logentry", content_type__app_label="provisioning")
    )
    client = Client()
    client.force_login(user)
    for part in ("", "checklist/", "mapping/"):
        assert client.get(connection.guide + part).status_code == 403
    assert administrator().get(f"{PROVIDERS}9999/guide/").status_code == 404
    assert administrator().post(connection.guide).status_code == 405
