"""The commands for automation: what they print, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from scim.provisioning import services, tokens
from scim.provisioning.models import IdentityProvider, ProvisioningEvent
from scim.provisioning.tokens import Standing
from tests.scim.provisioning.helpers import ACTOR, NOW, standing

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    """What the command prints on its standard output and error."""
    output, errors = StringIO(), StringIO()
    call_command(*arguments, stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def scim_token(action: str, name: str, *options: str) -> str:
    return run("scim_token", action, "--identity-provider", name, *options)[0].removesuffix("\n")


def test_it_works() -> None:
    output, errors = run("scim_token", "issue", "--identity-provider", "Okta Nordics", "--kind", "okta")
    token = output.removesuffix("\n")
    credential = tokens.authenticate(token)
    assert credential
    assert credential.provisioning_enabled, "the first token switches provisioning on"
    assert credential.identity_provider.kind == IdentityProvider.Kind.OKTA
    assert errors == ""
    assert ProvisioningEvent.objects.filter(actor_name="manage.py scim_token").count() == 3


def test_issue_knows_an_identity_provider_by_its_name_without_case() -> None:
    first, second = scim_token("issue", "Größe AG"), scim_token("issue", "  GRÖSSE ag ")
    assert IdentityProvider.objects.get().kind == IdentityProvider.Kind.OTHER
    assert (standing(first), standing(second)) == (Standing.LIVING, Standing.LIVING)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("entra", "entra"),
        ("Entra ID", "entra"),
        ("azure-ad", "entra"),
        ("OKTA", "okta"),
        ("ADSelfService Plus", "adselfservice"),
        ("one_login", "onelogin"),
        ("other", "other"),
    ],
)
def test_kinds_are_taken_as_people_write_them(text: str, kind: str) -> None:
    scim_token("issue", "Directory", "--kind", text)
    assert IdentityProvider.objects.get().kind == kind


def test_a_decision_to_disable_stands() -> None:
    services.switch(False, actor=ACTOR)
    output, errors = run("scim_token", "issue", "--identity-provider", "Okta")
    assert standing(output.strip()) is Standing.LIVING
    assert "Provisioning is disabled" in errors
    assert services.current_settings().enabled is False


@pytest.mark.parametrize(
    ("options", "hours"),
    [((), 24), (("--overlap", "1"), 1), (("--overlap", "0"), 0), (("--overlap", "0.5"), 0.5)],
)
def test_rotate_leaves_an_overlap(options: tuple[str, ...], hours: float) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        old = scim_token("issue", "Okta")
        new = scim_token("rotate", "okta", *options)
        clock.shift(timedelta(hours=hours, seconds=-1))
        assert standing(old) is Standing.LIVING
        clock.shift(1)
        assert (standing(old), standing(new)) == (Standing.EXPIRED, Standing.LIVING)


def test_a_token_with_an_end() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = scim_token("issue", "Okta", "--expires-in", "30")
        clock.shift(timedelta(days=30))
        assert standing(token) is Standing.EXPIRED


def test_revoke_says_how_many() -> None:
    issued = [scim_token("issue", "Okta") for _ in range(2)]
    assert scim_token("revoke", "OKTA") == "revoked 2"
    assert [standing(token) for token in issued] == [Standing.REVOKED] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rotate", "Entra"), "No identity provider is named Entra. Known: Okta."),
        (("revoke", "Entra"), "Known: Okta."),
        (("rotate", "Okta", "--overlap", "-1"), "cannot be negative"),
        (("rotate", "Okta", "--overlap", "soon"), "soon is not a number of hours"),
        (("rotate", "Okta", "--overlap", "nan"), "not a number of hours"),
        (("issue", "Okta", "--expires-in", "0"), "must live for some time"),
        (("issue", "Okta", "--expires-in", "1e9"), "not a number of days"),
        (("issue", "Okta", "--kind", "entra"), "Okta is connected as Okta"),
        (("issue", "New", "--kind", "ldap"), "ldap is none of: entra, okta, adselfservice, onelogin, other"),
        (("issue", " "), "cannot be blank"),
        (("issue", "x" * 101), "at most 100 characters"),
        (("invent", "Okta"), "invalid choice"),
    ],
)
def test_mistakes_are_named_and_change_nothing(arguments: tuple[str, ...], message: str) -> None:
    scim_token("issue", "Okta", "--kind", "okta")
    before = list(ProvisioningEvent.objects.values())
    with pytest.raises(CommandError, match=message):
        scim_token(*arguments)
    assert list(ProvisioningEvent.objects.values()) == before


def test_provisioning_prints_its_state() -> None:
    states = [run("provisioning", action) for action in ("status", "enable", "enable", "status", "disable")]
    assert [output for output, _ in states] == [
        "disabled\n",
        "enabled\n",
        "enabled\n",
        "enabled\n",
        "disabled\n",
    ]
    assert {errors for _, errors in states} == {""}
    assert ProvisioningEvent.objects.count() == 2, "nothing changed, nothing written"
