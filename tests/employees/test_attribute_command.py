"""`manage.py attribute`: adding, listing and switching attributes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from employees.models import Attribute

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("attribute", *arguments, stdout=output)
    return output.getvalue().splitlines()


@pytest.mark.parametrize(
    ("spelling", "type_"),
    [
        *((value, value) for value in Attribute.Type.values),
        ("Option", "option"), ("DATE-TIME", "datetime"), ("date and time", "datetime"), ("Integer", "number"),
        ("bool", "boolean"), ("Yes or no", "boolean"), ("string", "text"), ("float", "decimal"),
    ],
)  # fmt: skip
def test_add(spelling: str, type_: str) -> None:
    assert run("add", "Cost  Center", "--type", spelling, "--description", "Who pays.") == ["Cost Center"]
    attribute = Attribute.objects.get(name="Cost Center")
    assert (attribute.type, attribute.description) == (type_, "Who pays.")


def test_list_and_switch() -> None:
    Attribute.objects.update(active=True)
    assert run("deactivate", "job title") == ["Job Title is inactive"]
    assert run("deactivate", "jobTitle") == ["Job Title is inactive already"]
    everything = list(Attribute.objects.values_list("name", flat=True))
    assert run("list", "--all") == everything
    assert run("list") == [name for name in everything if name != "Job Title"]
    assert run("activate", "Job Title") == ["Job Title is active"]
    assert run("list") == everything


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("add", "job title", "--type", "text"), "'job title' is a name of the attribute Job Title"),
        (("add", " ", "--type", "text"), "at least one character"),
        (
            ("add", "Size", "--type", "colour"),
            "'colour' is no type of attribute; choose option, text, number",
        ),
        (("add", "Size"), "--type"),
        (("deactivate", "Size"), "No attribute is named 'Size'. Known: Date of Birth, Department"),
        (("activate", "Size"), "No attribute is named 'Size'"),
        (("remove", "Size"), "invalid choice"),
        ((), "required"),
    ],
)
def test_errors(arguments: tuple[str, ...], error: str) -> None:
    with pytest.raises(CommandError) as raised:
        run(*arguments)
    assert error in str(raised.value)
