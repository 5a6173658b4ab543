"""A resource type to test the protocol on: a part of User, the enterprise extension, and customers' names."""

from typing import Any

from scim.protocol import urns
from scim.protocol.attributes import Attribute, Mutability, ResourceType, Returned, Schema, Type

ENTERPRISE = urns.ENTERPRISE_USER
PEAKON = urns.PEAKON_USER
CUSTOMER_NAMES = (
    "Job Title",
    "R&D / Ops (EU) [x]",
    "Pay.Grade",
    "Ratio: A",
    'He said "hi"',
    "and",
    "or eq",
    "Größe",
    "City, Country",
    "Job",
)


def listed(name: str, *parts: Attribute) -> Attribute:
    labels = (Attribute("type"), Attribute("primary", Type.BOOLEAN))
    return Attribute(name, Type.COMPLEX, multi_valued=True, sub_attributes=(*parts, *labels))


VALUED = (Attribute("value"), Attribute("display"))
READ_ONLY = Mutability.READ_ONLY

CORE = Schema(
    urns.USER,
    "User",
    "",
    (
        Attribute("userName", required=True),
        Attribute(
            "name",
            Type.COMPLEX,
            sub_attributes=(
                Attribute("formatted"),
                Attribute("givenName", aliases=("firstName",)),
                Attribute("familyName", aliases=("lastName",)),
            ),
        ),
        Attribute("displayName"),
        Attribute("title"),
        Attribute("active", Type.BOOLEAN),
        Attribute("password", returned=Returned.NEVER, mutability=Mutability.WRITE_ONLY),
        Attribute("externalId", case_exact=True),
        Attribute("badge", mutability=Mutability.IMMUTABLE, returned=Returned.REQUEST),
        Attribute("tags", multi_valued=True),
        listed("emails", *VALUED),
        listed("roles", *VALUED),
        listed("addresses", Attribute("locality"), Attribute("country")),
        Attribute("groups", Type.COMPLEX, multi_valued=True, mutability=READ_ONLY, sub_attributes=VALUED),
    ),
)

USER = ResourceType(
    "User",
    "/Users",
    "",
    CORE,
    extensions=(
        Schema(
            ENTERPRISE,
            "Enterprise",
            "",
            (
                Attribute("employeeNumber"),
                Attribute("department"),
                Attribute(
                    "manager",
                    Type.COMPLEX,
                    sub_attributes=(
                        Attribute("value"),
                        Attribute("$ref", Type.REFERENCE),
                        Attribute("displayName", mutability=READ_ONLY),
                    ),
                ),
            ),
        ),
        Schema(
            PEAKON,
            "Peakon",
            "",
            (
                *(Attribute(name) for name in CUSTOMER_NAMES),
                Attribute("Level", Type.INTEGER),
                Attribute("Salary", Type.DECIMAL),
                Attribute("Start Date", Type.DATETIME),
                Attribute("Photo", Type.BINARY, case_exact=True),
            ),
        ),
    ),
    common=(
        Attribute("schemas", multi_valued=True, mutability=READ_ONLY, returned=Returned.ALWAYS),
        Attribute("id", case_exact=True, mutability=READ_ONLY, returned=Returned.ALWAYS),
        Attribute(
            "meta",
            Type.COMPLEX,
            mutability=READ_ONLY,
            sub_attributes=(Attribute("resourceType"), Attribute("created", Type.DATETIME)),
        ),
    ),
)

ADA: dict[str, Any] = {
    "id": "2819c223",
    "meta": {"resourceType": "User", "created": "2024-01-31T09:00:00Z"},
    "userName": "Ada@Example.com",
    "name": {"givenName": "Ada", "familyName": "Größe"},
    "active": False,
    "externalId": "Ext-1",
    "tags": ["Red", "blue"],
    "emails": [
        {"value": "ada@example.com", "type": "work", "primary": True},
        {"value": "ada@home.example", "type": "home"},
        {"value": "bare@example.com"},
    ],
    ENTERPRISE: {"employeeNumber": "007", "manager": {"value": "m-1", "displayName": "Grace"}},
    PEAKON: {
        "Job Title": "Engineer, Lead",
        "Level": 7,
        "Salary": 50000.5,
        "Start Date": "2020-02-29T12:30:00.500000Z",
        "R&D / Ops (EU) [x]": "yes",
        "and": "both",
        "or eq": "either",
        "Größe": "XL",
        'He said "hi"': "hello",
    },
}
