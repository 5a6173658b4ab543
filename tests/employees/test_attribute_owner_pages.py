"""Administration > Attributes: owners are given, aliases are taken; also from the command line."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError
from django.test import Client

from employees.attribute_services import add_alias
from employees.attributes import ADMINISTRATORS
from employees.models import Attribute, AttributeAlias
from scim.provisioning.models import IdentityProvider
from tests.employees.pages import edited, form_data, messages
from tests.employees.test_attribute_command import run

pytestmark = pytest.mark.django_db

LIST = "/admin/employees/attribute/"
ADD = f"{LIST}add/"


@pytest.fixture
def okta() -> IdentityProvider:
    return IdentityProvider.objects.create(name="Okta <b>")


def standard(name: str = "Job Title") -> Attribute:
    return Attribute.objects.get(name=name)


def page_of(attribute: Attribute) -> str:
    return f"{LIST}{attribute.pk}/change/"


def removal_of(alias: AttributeAlias) -> str:
    return f"{LIST}{alias.attribute_id}/aliases/{alias.pk}/remove/"


def test_an_owner_is_given_and_taken(admin_client: Client, okta: IdentityProvider) -> None:
    url = page_of(standard())
    form = admin_client.get(url).context["adminform"].form
    assert form.fields["owner"].choices == [
        ("", "Everybody who sends it"), (ADMINISTRATORS, "Administrators only"), (okta.key, "Okta <b>")
    ]  # fmt: skip
    assert "ignored, not refused, and noted in the log" in form.fields["owner"].help_text
    for owner in (okta.key, ADMINISTRATORS, ""):
        admin_client.post(url, edited(form_data(admin_client, url), owner=owner))
        assert standard().owner == owner
    form = (
        admin_client.post(url, edited(form_data(admin_client, url), owner="idp0")).context["adminform"].form
    )
    assert list(form.errors) == ["owner"]
    assert standard().owner == ""


def test_an_attribute_is_added_with_its_owner(admin_client: Client, okta: IdentityProvider) -> None:
    data = edited(form_data(admin_client, ADD), name="Cost Center", type="option", owner=okta.key)
    admin_client.post(ADD, data)
    assert standard("Cost Center").owner == okta.key


def test_only_a_changed_owner_is_written(admin_client: Client, okta: IdentityProvider) -> None:
    url = page_of(standard())
    data = form_data(admin_client, url)
    Attribute.objects.update(owner=okta.key)
    admin_client.post(url, edited(data, description="What they do."))
    assert (standard().description, standard().owner) == ("What they do.", okta.key)


def test_the_list_and_a_page_for_reading_name_the_owner(
    admin_client: Client, client: Client, okta: IdentityProvider
) -> None:
    Attribute.objects.filter(name="Job Title").update(owner=okta.key)
    Attribute.objects.filter(name="Gender").update(owner=ADMINISTRATORS)
    text = admin_client.get(LIST).text
    assert [text.count(name) for name in ("Okta &lt;b&gt;", "Administrators only")] == [1, 1]
    assert "<b>" not in text
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_attribute"))
    client.force_login(reader)
    alias = add_alias(standard(), "Position")
    text = client.get(page_of(standard())).text
    assert "Okta &lt;b&gt;" in text
    assert okta.key not in text
    assert "Position" in text
    assert removal_of(alias) not in text
    assert [client.get(removal_of(alias)).status_code, client.post(removal_of(alias)).status_code] == [
        403,
        403,
    ]
    assert standard().aliases.count() == 1


def test_removing_an_alias_asks_first(admin_client: Client) -> None:
    alias, kept = add_alias(standard(), "Pos <b>ition"), add_alias(standard(), "Rank")
    assert f'href="{removal_of(alias)}"' in admin_client.get(page_of(standard())).text
    question = admin_client.get(removal_of(alias)).text
    assert "Remove the alias “Pos &lt;b&gt;ition” of “Job Title”?" in question
    assert "goes to the attribute inbox from then on" in question
    assert "<b>" not in question
    assert standard().aliases.count() == 2
    answer = admin_client.post(removal_of(alias), follow=True)
    assert messages(answer) == ["“Pos <b>ition” is no alias any more."]
    assert list(standard().aliases.all()) == [kept]
    assert admin_client.post(removal_of(alias)).status_code == 404
    other = f"{LIST}{standard('Gender').pk}/aliases/{kept.pk}/remove/"
    assert admin_client.get(other).status_code == 404


def test_the_owner_from_the_command_line(okta: IdentityProvider) -> None:
    assert run("owner", "job title") == ["Job Title belongs to nobody"]
    assert run("owner", "Job Title", "--identity-provider", "OKTA  <b>") == ["Job Title belongs to Okta <b>"]
    assert standard().owner == okta.key
    assert run("owner", "Job Title") == ["Job Title belongs to Okta <b>"]
    assert run("owner", "Job Title", "--administrators") == ["Job Title belongs to administrators"]
    assert standard().owner == ADMINISTRATORS
    assert run("owner", "Job Title", "--nobody") == ["Job Title belongs to nobody"]
    assert standard().owner == ""


def test_aliases_from_the_command_line() -> None:
    assert run("alias", "job title", "My  Position") == ["Job Title answers to My Position"]
    assert run("alias", "my position", "Rank") == ["Job Title answers to Rank"]
    assert run("alias", "Job Title", "RANK", "--remove") == ["Job Title no longer answers to RANK"]
    assert [alias.name for alias in standard().aliases.all()] == ["My Position"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("owner", "Size"), "No attribute is named 'Size'. Known: Date of Birth"),
        (("owner", "Gender", "--identity-provider", "Entra"), "named 'Entra'. Known: Okta <b>."),
        (("owner", "Gender", "--nobody", "--administrators"), "not allowed with"),
        (("alias", "Size", "x"), "No attribute is named 'Size'"),
        (("alias", "Gender", "JOB title"), "'JOB title' is a name of the attribute Job Title already."),
        (("alias", "Gender", " "), "at least one character"),
        (("alias", "Gender", "x", "--remove"), "Gender has no alias 'x'. Its aliases: none."),
        (("alias", "Gender"), "required"),
    ],
)
def test_errors_on_the_command_line(okta: IdentityProvider, arguments: tuple[str, ...], error: str) -> None:
    with pytest.raises(CommandError) as raised:
        run(*arguments)
    assert error in str(raised.value)
