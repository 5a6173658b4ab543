"""The folded shadows of text and JSON, and the order of text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.fields import FoldedField, FoldedJSONField, IndexKeyField, fold_json
from employees.folding import INDEXED_BYTES, fits_index, fold, index_key
from employees.models import Employee
from tests.employees.people import change, hire, now

FOLDED = {
    "ADA": "ada",
    "Straße": "strasse",
    "ÉLODIE": "élodie",
    "e\u0301": "é",
    "ＡＤＡ１": "ada1",
    "ﬁ": "fi",
}


@pytest.mark.parametrize(("text", "folded"), FOLDED.items())
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=2000))
def test_index_keys_fit(text: str) -> None:
    key = index_key(text)
    assert len(key.encode()) <= INDEXED_BYTES
    assert (key == fold(text)) == fits_index(text)


def test_index_keys_of_long_texts_ignore_case_and_differ() -> None:
    assert index_key("A" * 5000) == index_key("a" * 5000) != index_key("a" * 4999)


def test_fold_json_folds_values_and_keeps_keys() -> None:
    value: Any = {"Type": ["WORK", {"Deep": "É"}], "n": 1, "b": True, "none": None}
    assert fold_json(value) == {"Type": ["work", {"Deep": "é"}], "n": 1, "b": True, "none": None}


@pytest.mark.django_db
def test_shadows_follow_every_write() -> None:
    employee = hire("ADA@Example.com", title="CHEF", manager="BOSS" + "x" * 900)
    stored = now(employee)
    assert (stored.user_name_key, stored.profile_folded) == ("ada@example.com", {"title": "chef"})
    assert stored.manager_awaited_key == "boss" + "x" * 900
    change(employee, user_name="Ärger", title="Straße", manager="")
    stored = now(employee)
    assert (stored.user_name_key, stored.profile_folded) == ("ärger", {"title": "strasse"})
    assert stored.manager_awaited_key == ""


@pytest.mark.django_db
def test_text_is_ordered_by_code_point_on_every_database() -> None:
    names = ["a", "B", "c", "Z", "é", "_", "1", "ß", "李"]
    for name in names:
        hire(name)
    assert list(Employee.objects.order_by("user_name").values_list("user_name", flat=True)) == sorted(names)
    folded = Employee.objects.order_by("user_name_key", "pk").values_list("user_name_key", flat=True)
    assert list(folded) == sorted(map(fold, names))


@pytest.mark.parametrize("kind", [FoldedField, IndexKeyField, FoldedJSONField])
def test_migrations_can_write_the_fields(kind: type[FoldedField | FoldedJSONField]) -> None:
    field = kind(of="source")
    _, path, args, kwargs = field.deconstruct()
    again = kind(*args, **kwargs)
    assert path == f"employees.fields.{kind.__name__}"
    assert (again.of, again.editable, again.blank) == ("source", False, True)
