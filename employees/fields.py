"""Fields that write the case-folded shadow of another column, and text that sorts alike on every database."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .folding import fold, index_key


class ExactTextField(models.TextField[str, str]):
    """Text in code point order on both databases: PostgreSQL's `C` collation is SQLite's `BINARY`."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class FoldedField(ExactTextField):
    """The case-folded shadow of the text column `of`, rewritten at every save of that column."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"default": "", **kwargs, "blank": True, "editable": False})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("blank", None)
        return name, path, list(args), {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = self.shadow(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded

    def shadow(self, text: str) -> str:
        return fold(text)


class IndexKeyField(FoldedField):
    """A folded shadow that fits an index whatever its length; good for equality alone."""

    def shadow(self, text: str) -> str:
        return index_key(text)


class FoldedJSONField(models.JSONField):
    """The shadow of the JSON column `of` with every string value case-folded; keys stay as they are."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"default": dict, **kwargs, "blank": True, "editable": False})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("blank", None)
        return name, path, list(args), {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        folded = fold_json(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded


def fold_json(value: Any) -> Any:
    """A JSON value with every string folded.

    Args:
        value: anything `json.loads` returns; dictionaries keep their keys.
    """
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, dict):
        return {key: fold_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [fold_json(item) for item in value]
    return value
