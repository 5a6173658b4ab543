"""Random filters and sort orders select the same people through SQL as through the in-memory interpreter."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees.audit import Actor
from employees.folding import fold
from employees.models import Attribute as CompanyAttribute
from employees.models import Employee
from scim.company import company_of
from scim.handlers import Users
from scim.protocol.attributes import Attribute, AttributePath, Type
from scim.protocol.filters import evaluate, parse_filter
from scim.protocol.messages import SearchRequest
from scim.rendering import Renderer
from scim.sources import Context

COMPANY = {
    CompanyAttribute(pk=position, name=name, legal_name=name, type=type_, fact=f"attribute_{position}"): ()
    for position, (name, type_) in enumerate(
        [
            ("Job Title", CompanyAttribute.Type.OPTION),
            ("R&D (EU) [x]", CompanyAttribute.Type.TEXT),
            ("Level", CompanyAttribute.Type.NUMBER),
            ("Share", CompanyAttribute.Type.DECIMAL),
            ("Remote", CompanyAttribute.Type.BOOLEAN),
            ("Date of Birth", CompanyAttribute.Type.DATE),
            ("Badge Issued", CompanyAttribute.Type.DATETIME),
        ]
    )
}
RESOURCE_TYPE = company_of(COMPANY).resource_type
CONTEXT = Context("idp1", "https://peakon.test/scim/v2")
USERS = Users(CONTEXT, Actor.identity_provider("idp1", "Directory"), company_of(COMPANY))
WORDS = [
    *("Ada", "ADA", "ada ", "Zoë", "ZOË", "straße", "STRASSE", "Σίσυφος", "σίσυφοσ", "İstanbul", "i̇stanbul"),
    *(
        "名前",
        "ｆｕｌｌ",
        "full",
        "ﬁn",
        "fin",
        "a_b",
        "a%b",
        "a\\b",
        'say "hi"',
        "it's",
        "1",
        "10",
        "9",
        "true",
    ),
    *("work", "home", "WORK", "ada@example.com", "Ada@Example.com", "x\ty", "é", "e\u0301", "zz", "Z", "~"),
]
FRAGMENTS: list[str] = ["", *WORDS, *(word[:2] for word in WORDS), *(word[-2:] for word in WORDS)]
NUMBERS = [-1, 0, 1, 9, 10, 2**60]
DECIMALS = [-0.5, 0, 0.1, 1, 1.5, 9.75, 1e20]
MOMENTS = [
    "1999-12-31T23:59:59.999999Z",
    "2000-01-01T00:00:00.5Z",
    "2000-01-01",
    "2011-05-13T04:42:34Z",
    "2100-01-01T00:00:00+02:00",
    "2026-01-01",
]
SAMPLES: dict[Type, list[Any]] = {
    Type.INTEGER: NUMBERS,
    Type.DECIMAL: DECIMALS,
    Type.BOOLEAN: [True, False],
    Type.DATETIME: MOMENTS,
}
EQUALITY = ["eq", "ne"]
PATTERNS = ["co", "sw", "ew"]
ORDERING = ["gt", "ge", "lt", "le"]
OPERATORS = [*EQUALITY, *PATTERNS, *ORDERING]


def leaves() -> list[AttributePath]:
    """Every attribute and sub-attribute that a filter can name."""
    found = []
    for schema in (RESOURCE_TYPE.root, *RESOURCE_TYPE.extensions):
        extension = RESOURCE_TYPE.is_extension(schema)
        for attribute in schema.attributes:
            for sub in attribute.sub_attributes or (None,):
                found.append(AttributePath(schema, attribute, sub, extension))
    return found


PATHS = {path.name: path for path in leaves()}
LISTED = {item.name: item for item in RESOURCE_TYPE.schema.attributes if item.sub_attributes}


def person(numbers: random.Random, position: int) -> dict[str, Any]:
    """A SCIM body in which about half of the attributes have a value."""
    body: dict[str, Any] = {
        "userName": f"{numbers.choice(WORDS)}{position}",
        "active": numbers.random() < 0.7,
    }
    for path in RESOURCE_TYPE.units():
        attribute, leaf = path.attribute, path.leaf
        if leaf.read_only or attribute.read_only or leaf.name in ("userName", "active", "manager"):
            continue
        if numbers.random() < 0.5:
            continue
        target = body.setdefault(path.schema.urn, {}) if path.extension else body
        if path.sub_attribute:
            target.setdefault(attribute.name, {})[leaf.name] = numbers.choice(WORDS)
        elif attribute.multi_valued:
            target[attribute.name] = [element(numbers, attribute) for _ in range(numbers.randint(1, 3))]
        else:
            target[attribute.name] = numbers.choice(SAMPLES.get(leaf.type, WORDS))
    return body


def element(numbers: random.Random, attribute: Attribute) -> dict[str, Any]:
    parts = [part for part in attribute.sub_attributes if part.name != "primary"]
    stated = {part.name: numbers.choice(WORDS) for part in parts if numbers.random() < 0.7}
    return stated or {parts[0].name: "only"}


@pytest.fixture
def company(db: None) -> list[dict[str, Any]]:
    """Forty people, some of them managers, some waiting for theirs; their documents by userName."""
    numbers = random.Random(20260101)
    for position in range(40):
        body = person(numbers, position)
        manager = Employee.objects.order_by("?").first() if position % 3 == 0 else None
        reference = str(manager.uuid) if manager else numbers.choice(["", "nobody@example.com", "ADA"])
        body.setdefault(RESOURCE_TYPE.extensions[0].urn, {})["manager"] = reference
        if position % 4 == 0 and body.get("emails"):
            body["emails"][-1]["primary"] = True
        USERS.create(body)
    people = Employee.objects.for_reading()
    return [Renderer(RESOURCE_TYPE).render(employee, CONTEXT) for employee in people]


def literals(path: AttributePath) -> st.SearchStrategy[Any]:
    """Values that stand in the company, and values near them."""
    if path.leaf.type in SAMPLES:
        return st.sampled_from(SAMPLES[path.leaf.type])
    known = [
        *FRAGMENTS,
        "User",
        "/Users/",
        'W/"1"',
        RESOURCE_TYPE.schema.urn,
        RESOURCE_TYPE.extensions[0].urn,
    ]
    return st.sampled_from(known) | st.none()


@st.composite
def terms(draw: st.DrawFn, attribute: str = "") -> str:
    """One term; inside a value path of `attribute`, about one of its sub-attributes."""
    names = [name for name in PATHS if name.startswith(f"{attribute}.")] if attribute else list(PATHS)
    path = PATHS[draw(st.sampled_from(names))]
    name = path.leaf.name if attribute else path.name
    if draw(st.integers(0, 5)) == 0:
        return f"{name} pr"
    value = draw(literals(path))
    allowed = EQUALITY if value is None or path.leaf.type is Type.BOOLEAN else OPERATORS
    if path.leaf.type in (Type.DATETIME, Type.INTEGER, Type.DECIMAL):
        allowed = [operator for operator in OPERATORS if operator not in PATTERNS]
    if path.leaf.type is Type.BINARY:
        allowed = [operator for operator in allowed if operator not in ORDERING]
    return f"{name} {draw(st.sampled_from(allowed))} {json.dumps(value)}"


@st.composite
def value_paths(draw: st.DrawFn) -> str:
    """`attribute[condition]`, or with a comparison behind it as Entra writes it."""
    attribute = draw(st.sampled_from(list(LISTED)))
    condition = draw(combined(terms(attribute)))
    if f"{attribute}.value" not in PATHS or draw(st.booleans()):
        return f"{attribute}[{condition}]"
    value = json.dumps(draw(st.sampled_from(FRAGMENTS)))
    return f"{attribute}[{condition}].value {draw(st.sampled_from(EQUALITY))} {value}"


def combined(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
            inner.map(lambda text: f"not ({text})"),
            inner.map(lambda text: f"({text})"),
        ),
        max_leaves=5,
    )


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=combined(terms() | value_paths()))
def test_filters_agree(company: list[dict[str, Any]], text: str) -> None:
    node = parse_filter(RESOURCE_TYPE, text)
    expected = [document["userName"] for document in company if evaluate(node, document)]
    request = SearchRequest.parse(RESOURCE_TYPE, {"filter": text, "count": "200"})
    found = [document["userName"] for document in USERS.search(request)["Resources"]]
    assert found == expected, text


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_sorting_agrees(company: list[dict[str, Any]], order: str) -> None:
    for path in PATHS.values():
        if path.name == "schemas":
            continue
        parameters = {"sortBy": path.name, "sortOrder": order, "count": "200"}
        found = USERS.search(SearchRequest.parse(RESOURCE_TYPE, parameters))["Resources"]
        keys = [sort_key(document, path) for document in found]
        assert keys == sorted(keys, reverse=order == "descending"), path
        assert len(keys) == len(company)


def sort_key(document: dict[str, Any], path: AttributePath) -> tuple[bool, Any]:
    """No value comes last ascending; a list sorts by its primary or first value (RFC 7644 §3.4.2.3)."""
    holder = document.get(path.schema.urn, {}) if path.extension else document
    value = holder.get(path.attribute.name)
    if isinstance(value, list) and path.attribute.sub_attributes:
        value = next((item for item in value if item.get("primary") is True), value[0])
    if isinstance(value, dict):
        value = value.get(path.leaf.name)
    if value is None or value == "":
        return True, ""
    if path.leaf.type in (Type.INTEGER, Type.DECIMAL, Type.BOOLEAN):
        return False, value
    if path.leaf.type is Type.DATETIME:
        return False, value.removesuffix("Z")
    return False, value if path.leaf.case_exact else fold(value)
