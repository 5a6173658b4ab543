"""The table: every attribute of the User resource, what RFC 7643 says of it, and where its value lives."""

from .protocol import urns
from .protocol.attributes import Attribute, Mutability, ResourceType, Returned, Schema, Type, Uniqueness
from .sources import (
    Column,
    Element,
    ExternalId,
    Fixed,
    Identifier,
    Listed,
    Location,
    Manager,
    ManagerPart,
    Profile,
    Schemas,
    Source,
    Version,
    column,
)


def _text(name: str, description: str, source: Source, *aliases: str) -> Attribute:
    return Attribute(name, description=description, aliases=aliases, source=source)


def _known(name: str, description: str, source: Source, type_: Type = Type.STRING) -> Attribute:
    """A read-only attribute that this service provider keeps by itself."""
    exact = type_ in (Type.STRING, Type.REFERENCE)
    references = ("uri",) if type_ is Type.REFERENCE else ()
    return Attribute(
        name,
        type_,
        description,
        case_exact=exact,
        mutability=Mutability.READ_ONLY,
        reference_types=references,
        source=source,
    )


def _part(
    name: str,
    description: str,
    type_: Type = Type.STRING,
    *,
    canonical_values: tuple[str, ...] = (),
    reference_types: tuple[str, ...] = (),
) -> Attribute:
    return Attribute(
        name,
        type_,
        description,
        case_exact=type_ in (Type.REFERENCE, Type.BINARY),
        canonical_values=canonical_values,
        reference_types=reference_types,
        source=Element(),
    )


def _listed(
    name: str, fact: str, description: str, *parts: Attribute, types: tuple[str, ...] = ()
) -> Attribute:
    """A multi-valued complex attribute: its own parts, then those that RFC 7643 §2.4 gives to all of them."""
    return Attribute(
        name,
        Type.COMPLEX,
        description,
        multi_valued=True,
        sub_attributes=(
            *parts,
            _part("type", "What the value is for.", canonical_values=types),
            _part("primary", "True for the one preferred value; at most one of them.", Type.BOOLEAN),
        ),
        source=Listed(fact),
    )


VALUE = _part("value", "The value itself.")
DISPLAY = _part("display", "A name to show for the value.")

COMMON = (
    Attribute(
        "schemas",
        Type.REFERENCE,
        "The URNs of the schemas that the resource has attributes of.",
        multi_valued=True,
        case_exact=True,
        mutability=Mutability.READ_ONLY,
        returned=Returned.ALWAYS,
        source=Schemas(),
    ),
    Attribute(
        "id",
        description="The identifier that this service provider gave the employee; it never changes.",
        case_exact=True,
        mutability=Mutability.READ_ONLY,
        returned=Returned.ALWAYS,
        uniqueness=Uniqueness.GLOBAL,
        source=Identifier(),
    ),
    Attribute(
        "meta",
        Type.COMPLEX,
        "What the service provider knows about the resource itself.",
        mutability=Mutability.READ_ONLY,
        sub_attributes=(
            _known("resourceType", "The name of the resource type.", Fixed("User")),
            _known("created", "When the employee was created here.", Column("created_at"), Type.DATETIME),
            _known("lastModified", "When the employee last changed.", Column("updated_at"), Type.DATETIME),
            _known("location", "The canonical URL of the resource.", Location(), Type.REFERENCE),
            _known("version", "The weak entity tag of the resource.", Version()),
        ),
    ),
)

NAME = Attribute(
    "name",
    Type.COMPLEX,
    "The parts of the employee's name.",
    sub_attributes=(
        _text("formatted", "The full name, ready for display.", Profile("formatted_name")),
        _text("familyName", "Last name.", column("family_name"), "lastName"),
        _text("givenName", "First name.", column("given_name"), "firstName"),
        _text("middleName", "Middle names.", Profile("middle_name")),
        _text("honorificPrefix", "Title before the name.", Profile("honorific_prefix")),
        _text("honorificSuffix", "Suffix after the name.", Profile("honorific_suffix")),
    ),
)

USER = Schema(
    urns.USER,
    "User",
    "An employee who takes part in engagement surveys.",
    (
        Attribute(
            "externalId",
            description="The identifier that the asking identity provider knows the employee by.",
            case_exact=True,
            source=ExternalId(),
        ),
        Attribute(
            "userName",
            description="The name that identifies the employee, usually the work e-mail address.",
            required=True,
            uniqueness=Uniqueness.SERVER,
            source=column("user_name"),
        ),
        NAME,
        _text("displayName", "The name to show for the employee.", column("display_name")),
        _text("nickName", "What the employee is casually called.", Profile("nick_name")),
        Attribute(
            "profileUrl",
            Type.REFERENCE,
            "The address of the employee's own page.",
            case_exact=True,
            reference_types=("external",),
            source=Profile("profile_url"),
        ),
        _text("title", "The employee's title.", Profile("title")),
        _text("userType", "The employee's relation to the company.", Profile("user_type")),
        _text("preferredLanguage", "Languages in order of preference.", Profile("preferred_language")),
        _text("locale", "How dates and numbers are written for them.", Profile("locale")),
        _text("timezone", "Time zone in IANA form, such as Europe/London.", Profile("timezone")),
        Attribute(
            "active",
            Type.BOOLEAN,
            "True while the employee takes part in engagement surveys.",
            source=Column("active", fact="active"),
        ),
        _listed("emails", "emails", "E-mail addresses.", VALUE, DISPLAY, types=("work", "home", "other")),
        _listed(
            "phoneNumbers",
            "phone_numbers",
            "Telephone numbers.",
            VALUE,
            DISPLAY,
            types=("work", "home", "mobile", "fax", "pager", "other"),
        ),
        _listed("ims", "ims", "Instant messaging addresses.", VALUE, DISPLAY),
        _listed(
            "photos",
            "photos",
            "Addresses of pictures.",
            _part("value", "The address of a picture.", Type.REFERENCE, reference_types=("external",)),
            DISPLAY,
            types=("photo", "thumbnail"),
        ),
        _listed(
            "addresses",
            "addresses",
            "Postal addresses.",
            _part("formatted", "The address as it is written on an envelope."),
            _part("streetAddress", "Street and house number."),
            _part("locality", "City."),
            _part("region", "State or region."),
            _part("postalCode", "Postal code."),
            _part("country", "Country."),
            types=("work", "home", "other"),
        ),
        _listed("entitlements", "entitlements", "What the employee is entitled to.", VALUE, DISPLAY),
        _listed("roles", "roles", "The employee's roles.", VALUE, DISPLAY),
        _listed(
            "x509Certificates",
            "x509_certificates",
            "The employee's certificates.",
            _part("value", "A certificate in base64.", Type.BINARY),
            DISPLAY,
        ),
    ),
)

MANAGER = Attribute(
    "manager",
    Type.COMPLEX,
    "The employee's manager; may be somebody who has not arrived yet.",
    sub_attributes=(
        _text(
            "value",
            "The manager's id; a user name, e-mail address, employee number or externalId is accepted.",
            ManagerPart("value"),
        ),
        Attribute(
            "$ref",
            Type.REFERENCE,
            "The URL of the manager's resource.",
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            reference_types=("User",),
            source=ManagerPart("$ref"),
        ),
        Attribute(
            "displayName",
            description="The manager's displayName.",
            mutability=Mutability.READ_ONLY,
            source=ManagerPart("displayName"),
        ),
    ),
    source=Manager(),
)

ENTERPRISE_USER = Schema(
    urns.ENTERPRISE_USER,
    "EnterpriseUser",
    "The employee's place in the company.",
    (
        _text("employeeNumber", "The number the company gave the employee.", column("employee_number")),
        _text("costCenter", "The cost center.", Profile("cost_center")),
        _text("organization", "The organization.", Profile("organization")),
        _text("division", "The division.", Profile("division")),
        _text("department", "The department.", Profile("department")),
        MANAGER,
    ),
)


def user_resource_type(company: Schema | None = None) -> ResourceType:
    """The User resource type (RFC 7643 §4.1 and §4.3), with the company's own attributes when it has any."""
    extensions = (ENTERPRISE_USER, company) if company else (ENTERPRISE_USER,)
    return ResourceType("User", "/Users", "Employee", USER, extensions, COMMON)
