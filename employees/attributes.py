"""The company's own attributes of employees: their names, their types, and where their values live."""

from django.db import models
from django.utils import timezone

from .fields import ExactTextField, FoldedField

OPTION_LENGTH = 256
ATTRIBUTE_FACT = "attribute_"
"""Prefix of the fact of an attribute that has no older home: `attribute_<key>`."""

ADMINISTRATORS = "administrators"
"""Owner of an attribute that no identity provider may write."""

PEAKON_URN = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
"""The schema under which identity providers send attributes.

It stands here because administrators paste it from an attribute's page, and employees know nothing of SCIM
(the arrows of `tests/test_architecture.py`).
"""


class Attribute(models.Model):
    """An attribute that administrators define and identity providers fill.

    `name` is what people and SCIM call it; `legal_name` is its twin within RFC 7643's alphabet, for clients
    that cannot put blanks into a path. `fact` names the value in `employees.facts` and never changes: a new
    name costs nothing. `owner` is the `audit.Actor.key` of the one identity provider whose values count, or
    `ADMINISTRATORS`; "" when everybody's do.
    """

    class Type(models.TextChoices):
        OPTION = "option", "Option"
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DECIMAL = "decimal", "Decimal"
        BOOLEAN = "boolean", "Yes or no"
        DATE = "date", "Date"
        DATETIME = "datetime", "Date and time"
        EMPLOYEE = "employee", "Employee"

    name = ExactTextField("name")
    name_key = FoldedField(of="name", unique=True)
    legal_name = ExactTextField("name for strict clients")
    legal_name_key = FoldedField(of="legal_name", unique=True)
    type = models.CharField("type", max_length=10, choices=Type.choices)
    description = models.TextField("description", blank=True, default="")
    active = models.BooleanField("active", default=True)
    owner = models.CharField("owner", max_length=64, blank=True, default="")
    fact = models.CharField(max_length=80, unique=True, editable=False)
    created_at = models.DateTimeField("created", default=timezone.now)

    class Meta:
        ordering = ("name_key",)

    def __str__(self) -> str:
        return self.name

    @property
    def scim_path(self) -> str:
        """What to enter in an identity provider's mapping."""
        return f"{PEAKON_URN}:{self.name}"

    @property
    def strict_scim_path(self) -> str:
        """The same for identity providers that cannot put blanks into a path."""
        return f"{PEAKON_URN}:{self.legal_name}"


class AttributeAlias(models.Model):
    """A further name that an attribute answers to: what it was called before, or what a provider calls it."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="aliases")
    name = ExactTextField("name")
    name_key = FoldedField(of="name", unique=True)

    class Meta:
        ordering = ("name_key",)
        verbose_name_plural = "attribute aliases"

    def __str__(self) -> str:
        return self.name


class AttributeCatalog(models.Model):
    """The one row whose `version` moves with every change of an attribute, so that every worker notices."""

    SINGLE_ROW = 1

    version = models.PositiveBigIntegerField(default=1)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"version {self.version}"
