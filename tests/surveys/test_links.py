"""A personal link is made from an invitation, and leads back to it and to no other."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees.surveys import links
from employees.surveys.models import Invitation
from peakon_scim.logs import redact
from tests.surveys.invitations import invite

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_invitation() -> None:
    first, second = invite("ada@example.com"), invite("bob@example.com")
    tokens = [links.token_of(invitation) for invitation in (first, second)]
    assert [links.invitation_of(token) for token in tokens] == [first, second]
    assert tokens == [links.token_of(invitation) for invitation in (first, second)]
    assert len(set(tokens)) == 2
    assert all(len(token) <= 32 for token in tokens)
    assert links.path_of(first) == f"/s/{tokens[0]}/"


def test_the_address_in_mail(settings: Any) -> None:
    invitation = invite()
    settings.PUBLIC_URL = "https://peakon.example.com"
    assert links.address_of(invitation) == f"https://peakon.example.com{links.path_of(invitation)}"


def test_no_other_token_leads_anywhere() -> None:
    invitation = invite()
    token = links.token_of(invitation)
    other = links.token_of(Invitation(pk=invitation.pk + 1))
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    swapped = f"{token.partition('.')[0]}.{other.partition('.')[2]}"
    with CaptureQueriesContext(connection) as captured:
        for wrong in ["", ".", "x", token[:-1], f"{token}A", f"0{token}", f"é{token}", swapped, *changed]:
            with pytest.raises(Invitation.DoesNotExist):
                links.invitation_of(wrong)
    assert len(captured) == 0
    with pytest.raises(Invitation.DoesNotExist):
        links.invitation_of(other)


def test_links_are_made_with_the_secret_key(settings: Any) -> None:
    invitation = invite()
    token, key = links.token_of(invitation), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(Invitation.DoesNotExist):
        links.invitation_of(token)
    settings.SECRET_KEY_FALLBACKS = [key]
    assert links.invitation_of(token) == invitation


@pytest.mark.parametrize(
    "line", ["GET {} 200 5B 1ms", "Gone: {}", 'Not Found: {}?x=1 "{}"', "at https://peakon.example.com{}"]
)
def test_logs_do_not_tell_links(line: str) -> None:
    path = links.path_of(invite())
    told = redact(line.format(path, path))
    assert links.token_of(Invitation.objects.get()) not in told
    assert "/s/[token]" in told


def test_logs_tell_other_paths() -> None:
    paths = "GET /scim/v2/Users/1 /static/surveys/answer.css /admin/surveys/"
    assert redact(paths) == paths
