"""What to map: the table in each product's words, and the file that it imports, tried on the service."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from employees import attribute_services
from employees.models import Attribute
from scim import company
from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER
from scim.provisioning.mapping import Line, Paste, Target, okta_variable, table, targets
from scim.provisioning.mapping_files import file_for
from scim.provisioning.models import IdentityProvider
from tests.scim.provisioning.guided import Connection, administrator, connect

pytestmark = pytest.mark.django_db
Kind = IdentityProvider.Kind
Type = Attribute.Type
# What a client of each type sends, and what it reads back.
VALUES: dict[str, tuple[Any, Any]] = {
    Type.OPTION: ("Sales", "Sales"),
    Type.TEXT: ("Anything", "Anything"),
    Type.NUMBER: ("7", 7),
    Type.DECIMAL: ("0.5", 0.5),
    Type.BOOLEAN: ("True", True),
    Type.DATE: ("2024-01-31", "2024-01-31T00:00:00Z"),
    Type.DATETIME: ("2024-01-31T09:00:00Z", "2024-01-31T09:00:00Z"),
}

# Of Microsoft Graph: the values of attributeType, the properties of attributeDefinition and attributeMapping.
GRAPH_TYPES = {"String", "Integer", "Reference", "Binary", "Boolean", "DateTime"}
GRAPH_ATTRIBUTE = {
    *("anchor", "apiExpressions", "caseExact", "defaultValue", "flowNullValues", "metadata", "multivalued"),
    *("mutability", "name", "referencedObjects", "required", "type"),
}
GRAPH_MAPPING = {
    *("defaultValue", "exportMissingReferences", "flowBehavior", "flowType", "matchingPriority", "source"),
    "targetAttributeName",
}


@pytest.fixture
def _one_of_each_type() -> None:
    for type_ in Type:
        attribute_services.add_attribute(f"Of type “{type_.label}”", type_)
    company._known.clear()


def own(kind: IdentityProvider.Kind) -> dict[str, Line]:
    return {line.target.label: line for line in table(kind).to_add}


def known(kind: IdentityProvider.Kind) -> dict[str, Line]:
    return {line.target.label: line for line in table(kind).known}


def pasted(line: Line) -> dict[str, str]:
    return {paste.label: paste.text for paste in line.pastes}


def download(connection: Connection, client: Client | None = None) -> tuple[str, str]:
    """The content of the file and its Content-Disposition."""
    response = (client or administrator()).get(f"{connection.guide}mapping/")
    assert response.status_code == 200
    return response.content.decode(), response.headers["Content-Disposition"]


@pytest.mark.usefixtures("_one_of_each_type")
@pytest.mark.parametrize("strict", [False, True])
def test_every_path_of_the_table_works(strict: bool) -> None:
    scim = connect(Kind.OTHER).scim
    ada = scim.create()
    for target in targets():
        if target.is_own and target.type in VALUES:
            sent, _ = VALUES[target.type]
            path = target.strict_path if strict else target.path
            answer = scim.patch(f"/Users/{ada['id']}", {"op": "add", "path": path, "value": sent})
            assert answer.status == 200, answer.body
    stored = scim.get(f"/Users/{ada['id']}").body[PEAKON_USER]
    expected = {each.name: VALUES[each.type][1] for each in targets() if each.is_own and each.type in VALUES}
    assert stored == expected


def test_only_active_attributes_are_mapped_each_under_its_own_name() -> None:
    attribute_services.rename_attribute(Attribute.objects.get(name="Job Title"), "Role")
    attribute_services.rename_attribute(Attribute.objects.get(name="Department"), "Unit")
    Attribute.objects.filter(name="Gender").update(active=False)
    lines = own(Kind.ENTRA)
    assert pasted(lines["Role"]) == {"Name": f"{PEAKON_USER}:Role"}
    assert lines["Role"].source == "jobTitle"
    assert not {"Gender", "Job Title", "Unit", "Manager"} & set(lines)
    unit = known(Kind.ENTRA)["Unit"]
    assert pasted(unit) == {"Name": f"{ENTERPRISE_USER}:department"}
    assert unit.note.endswith(f"{PEAKON_USER}:Unit")


@pytest.mark.usefixtures("_one_of_each_type")
def test_types_are_those_of_each_product() -> None:
    types = {kind: {line.target.type: line.type for line in own(kind).values()} for kind in Kind}
    assert types[Kind.ENTRA] == {
        Type.OPTION: "String",
        Type.TEXT: "String",
        Type.NUMBER: "Integer",
        Type.DECIMAL: "String",
        Type.BOOLEAN: "Boolean",
        Type.DATE: "DateTime",
        Type.DATETIME: "DateTime",
        Type.EMPLOYEE: "String",
    }
    assert set(types[Kind.OKTA].values()) == {"string", "integer", "number", "boolean"}
    assert set(types[Kind.ONELOGIN].values()) == {"string", "integer", "decimal", "boolean", "dateTime"}
    assert known(Kind.ENTRA)["Manager"].type == "Reference"


def test_entra_is_told_its_own_sources() -> None:
    lines = known(Kind.ENTRA) | own(Kind.ENTRA)
    assert lines["User name"].source == "userPrincipalName"
    assert lines["Work e-mail"].source == "mail"
    assert pasted(lines["Work e-mail"]) == {"Name": 'emails[type eq "work"].value'}
    assert lines["Manager"].source == "manager"
    assert lines["Gender"].source == ""


def test_okta_is_told_the_three_names_that_it_asks_for() -> None:
    assert table(Kind.OKTA).shared == Paste("External namespace", PEAKON_USER)
    assert pasted(own(Kind.OKTA)["Job Title"]) == {"Variable name": "jobTitle", "External name": "Job Title"}
    assert pasted(known(Kind.OKTA)["Manager"])["External name"] == "manager.value"
    assert "Takes part in surveys" not in known(Kind.OKTA), "Okta does that by itself"


def test_an_okta_variable_has_letters_digits_and_underscores() -> None:
    target = Target("Pay", PEAKON_USER, "Pay", "pay-in$", Type.TEXT, "attribute_pay")
    assert okta_variable(target) == "pay_in_"


def test_others_are_told_both_names() -> None:
    assert pasted(own(Kind.OTHER)["Job Title"]) == {
        "SCIM attribute": f"{PEAKON_USER}:Job Title",
        "Without blanks": f"{PEAKON_USER}:jobTitle",
    }
    assert pasted(known(Kind.OTHER)["Department"]).keys() == {"SCIM attribute"}


@pytest.mark.usefixtures("_one_of_each_type")
def test_the_schema_for_entra_is_a_part_of_microsofts() -> None:
    content, disposition = download(connect(Kind.ENTRA))
    schema = json.loads(content)
    assert disposition == 'attachment; filename="peakon-entra-schema.json"'
    (directory,) = schema["directories"]
    (users,) = directory["objects"]
    paths = [target.path for target in targets() if target.is_own]
    assert [attribute["name"] for attribute in users["attributes"]] == paths
    assert {attribute["type"] for attribute in users["attributes"]} <= GRAPH_TYPES
    assert all(set(attribute) == GRAPH_ATTRIBUTE for attribute in users["attributes"])
    (rule,) = schema["synchronizationRules"]
    (mapping,) = rule["objectMappings"]
    assert rule["targetDirectoryName"] == directory["name"]
    assert mapping["targetObjectName"] == users["name"]
    assert all(set(each) == GRAPH_MAPPING for each in mapping["attributeMappings"])
    assert {
        each["targetAttributeName"]: each["source"]["expression"] for each in mapping["attributeMappings"]
    } == {
        f"{PEAKON_USER}:Job Title": "[jobTitle]",
        f"{PEAKON_USER}:Location": "[physicalDeliveryOfficeName]",
    }


@pytest.mark.usefixtures("_one_of_each_type")
def test_the_attributes_for_okta_are_the_body_of_its_schemas_api() -> None:
    content, disposition = download(connect(Kind.OKTA))
    assert disposition == 'attachment; filename="peakon-okta-attributes.json"'
    custom = json.loads(content)["definitions"]["custom"]
    assert (custom["id"], custom["type"]) == ("#custom", "object")
    assert len(custom["properties"]) == len(own(Kind.OKTA))
    assert custom["properties"]["jobTitle"] == {
        "title": "Job Title",
        "description": "What the employee does.",
        "type": "string",
        "externalName": "Job Title",
        "externalNamespace": PEAKON_USER,
        "required": False,
        "scope": "NONE",
    }
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) for name in custom["properties"])


@pytest.mark.usefixtures("_one_of_each_type")
def test_the_template_for_onelogin_creates_somebody() -> None:
    connection = connect(Kind.ONELOGIN)
    content, _ = download(connection)
    values = {
        f"{{$user.custom_fields.{target.legal_name}}}": VALUES.get(target.type, ("ada@example.com",))[0]
        for target in targets()
        if target.is_own
    }
    values |= {
        "{$parameters.scimusername}": "ada@example.com",
        "{$user.email}": "ada@example.com",
        "{$user.firstname}": "Ada",
    }
    for macro, value in values.items():
        content = content.replace(macro, value)
    answer = connection.scim.post("/Users", json.loads(re.sub(r"\{\$[\w.]+\}", "", content)))
    assert answer.status == 201, answer.body
    assert answer.body["name"]["givenName"] == "Ada"
    expected = {each.name: VALUES[each.type][1] for each in targets() if each.is_own and each.type in VALUES}
    assert expected.items() <= answer.body[PEAKON_USER].items()


@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.ADSELFSERVICE])
def test_others_get_a_list_that_no_spreadsheet_takes_for_formulas(kind: IdentityProvider.Kind) -> None:
    attribute_services.add_attribute('=HYPERLINK("https://example.com")', Type.TEXT)
    content, disposition = download(connect(kind))
    assert disposition == 'attachment; filename="peakon-attributes.csv"'
    rows = list(csv.reader(io.StringIO(content)))
    assert len(rows) == len(targets()) + 1
    assert [f"{PEAKON_USER}:Job Title", f"{PEAKON_USER}:jobTitle"] in [row[1:3] for row in rows]
    cells = [cell for row in rows for cell in row]
    assert """'=HYPERLINK("https://example.com")""" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_file_costs_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    connection, client = connect(Kind.ENTRA), administrator()
    # session, user, two for permissions; the identity provider, the attributes
    with django_assert_num_queries(6):
        download(connection, client)


def test_a_file_is_for_administrators() -> None:
    connection = connect(Kind.ENTRA)
    assert Client().get(f"{connection.guide}mapping/").status_code == 302
    assert administrator().post(f"{connection.guide}mapping/").status_code == 405
    assert (
        administrator()
        .get("/admin/integrations/employee-provisioning/identity-providers/9999/guide/mapping/")
        .status_code
        == 404
    )


def test_every_kind_has_a_file() -> None:
    assert all(file_for(kind, targets()).content for kind in Kind)
