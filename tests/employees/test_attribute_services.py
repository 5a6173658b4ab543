"""The company's attributes: their names, twins and aliases, and that every worker notices a change."""

from collections.abc import Callable

import pytest

from employees.attribute_services import (
    InvalidName,
    NameTaken,
    add_alias,
    add_attribute,
    describe_attribute,
    find_attribute,
    rename_attribute,
    switch_attribute,
)
from employees.models import Attribute, AttributeAlias, AttributeCatalog

pytestmark = pytest.mark.django_db

OPTION, TEXT = Attribute.Type.OPTION, Attribute.Type.TEXT
LONG = "x" * 1000
UNFIT = ["", " \t ", "x" * 1001, "ß" * 501, "a\0b", "a\x07b", "\ud800"]


def standard(name: str = "Job Title") -> Attribute:
    return Attribute.objects.get(name=name)


def version() -> int:
    return AttributeCatalog.objects.get().version


@pytest.mark.parametrize(
    ("name", "legal_name"),
    [
        ("Cost Center", "costCenter"),
        ("costCenter", "costCenter"),
        ("  HR\u00a0 Region ", "HRRegion"),
        ("Größe & Maß (cm)", "grosseMassCm"),
        ("T-Shirt: Farbe/Größe", "tShirtFarbeGrosse"),
        ('a "quoted" [name].x', "aQuotedNameX"),
        ("2nd Office", "attribute2ndOffice"),
        ("部署", "attribute"),
        ("and", "and"),
    ],
)
def test_a_twin_within_the_alphabet_of_rfc_7643(name: str, legal_name: str) -> None:
    attribute = add_attribute(name, OPTION)
    assert (attribute.name, attribute.legal_name) == (" ".join(name.split()), legal_name)
    assert {find_attribute(spelling) for spelling in (name, name.upper(), legal_name)} == {attribute}
    assert Attribute.objects.get(pk=attribute.pk).name_key == attribute.name_key


def test_twins_are_unambiguous() -> None:
    names = ["Cost-Center", "Cost Center", "cost/center", "部署", "職種", "Job-Title", "cost.center"]
    twins = [add_attribute(name, TEXT).legal_name for name in names]
    assert twins == [
        "costCenter", "costCenter2", "costCenter3", "attribute", "attribute2", "jobTitle2", "costCenter4"
    ]  # fmt: skip


def test_a_twin_avoids_the_aliases_of_others() -> None:
    add_alias(standard(), "seat")
    assert [add_attribute(name, TEXT).legal_name for name in ("Se-at", "seat!")] == ["seAt2", "seat3"]


@pytest.mark.parametrize(
    "name", ["Job Title", "JOB  title ", "jobTitle", "JOBTITLE", "Position", "ﬁne  Print"]
)
@pytest.mark.parametrize("write", [lambda name: add_attribute(name, TEXT),
                                   lambda name: add_alias(standard("Gender"), name),
                                   lambda name: rename_attribute(standard("Gender"), name)])  # fmt: skip
def test_a_name_is_taken_without_case_and_runs_of_blanks(name: str, write: Callable[[str], object]) -> None:
    add_alias(standard(), "position")
    add_alias(standard(), "Fine print")
    before = version()
    with pytest.raises(NameTaken, match=r"^Job Title$"):
        write(name)
    assert (version(), standard("Gender").aliases.count()) == (before, 0)


@pytest.mark.parametrize("name", UNFIT)
@pytest.mark.parametrize("write", [lambda name: add_attribute(name, TEXT),
                                   lambda name: add_alias(standard(), name),
                                   lambda name: rename_attribute(standard(), name)])  # fmt: skip
def test_an_unfit_name_is_refused(name: str, write: Callable[[str], object]) -> None:
    with pytest.raises(InvalidName, match="at least one character and at most 1000 bytes"):
        write(name)
    assert find_attribute(name) is None
    assert standard().aliases.count() == 0


def test_long_names_have_facts_of_their_own() -> None:
    attributes = [add_attribute(name, TEXT) for name in (LONG, LONG[:-1], LONG[:-2] + " y")]
    facts = {attribute.fact for attribute in attributes}
    assert (len(facts), max(map(len, facts)) <= 80) == (3, True)
    assert [find_attribute(attribute.name) for attribute in attributes] == attributes


def test_a_new_name_keeps_the_old_one_and_the_values() -> None:
    renamed = rename_attribute(standard(), " Role  Name ")
    assert (renamed.name, renamed.legal_name, renamed.fact) == ("Role Name", "jobTitle", "attribute_jobtitle")
    assert {find_attribute(name) for name in ("role name", "job title", "jobTitle")} == {renamed}
    assert [alias.name for alias in renamed.aliases.all()] == ["Job Title"]
    with pytest.raises(NameTaken, match="Role Name"):
        add_attribute("Job Title", TEXT)


def test_the_old_name_given_back_is_no_alias_any_more() -> None:
    rename_attribute(rename_attribute(standard(), "Role"), "JOB TITLE")
    attribute = standard("JOB TITLE")
    assert [alias.name for alias in attribute.aliases.all()] == ["Role"]
    rename_attribute(attribute, "Job Title")
    assert [alias.name for alias in attribute.aliases.all()] == ["Role"]


def test_a_twin_may_become_the_name() -> None:
    renamed = rename_attribute(standard(), "jobTitle")
    assert (renamed.name, find_attribute("Job Title")) == ("jobTitle", renamed)


def test_every_change_moves_the_version() -> None:
    changes: list[Callable[[], object]] = [
        lambda: add_attribute("Cost Center", OPTION, "Who pays."),
        lambda: rename_attribute(standard("Cost Center"), "Cost Unit"),
        lambda: add_alias(standard("Cost Unit"), "kst"),
        lambda: describe_attribute(standard("Cost Unit"), "Who really pays."),
        lambda: switch_attribute(standard("Cost Unit"), active=False),
    ]
    versions = [version()]
    for change in changes:
        change()
        versions.append(version())
    assert len(set(versions)) == len(versions)
    attribute = standard("Cost Unit")
    assert (attribute.description, attribute.active, attribute.type) == ("Who really pays.", False, "option")


def test_switching_says_whether_it_changed_anything() -> None:
    switch_attribute(standard(), active=True)
    assert [switch_attribute(standard(), active=active) for active in (True, False, False, True)] == [
        False, True, False, True
    ]  # fmt: skip
    switch_attribute(standard(), active=False)
    assert find_attribute("job title") == standard()
    with pytest.raises(NameTaken):
        add_attribute("Job title", TEXT)


def test_the_standard_attributes_are_there_from_the_start() -> None:
    assert list(Attribute.objects.values_list("name", flat=True)) == [
        "Date of Birth", "Department", "Employment Status", "Gender", "Job Title", "Location", "Manager",
        "Separation Date", "Separation Reason", "Start Date",
    ]  # fmt: skip
    assert not AttributeAlias.objects.exists()
    for attribute in Attribute.objects.all():
        assert find_attribute(attribute.legal_name.upper()) == attribute
