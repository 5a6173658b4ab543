"""Refusals that are about employees and their attributes, the more particular ones first."""

from typing import Final

from .explanation_case import Case
from .kinds import GUIDES
from .mapping import ENTRA_SOURCES
from .models import IdentityProvider

Kind = IdentityProvider.Kind

ENTRA_MAPPINGS: Final = "In Entra ID, open Provisioning > Mappings > Provision Microsoft Entra ID Users"
OKTA_MAPPINGS: Final = "In the Okta Admin Console, open Applications > Peakon > Provisioning > To App"
ONELOGIN_PARAMETERS: Final = "In OneLogin, open Applications > your SCIM Provisioner > Parameters"

CONTENT: Final = (
    # Who it is about
    Case(
        409,
        "The user name belongs to somebody else",
        "There is an employee with this user name already, perhaps created by another identity provider or by"
        " hand. The identity provider tried to create a second one, because it did not look them up by user"
        " name, or it renamed somebody to a name that is taken.",
        "Match people by userName there, so that it finds the employee who is here and updates them.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} and see to it that userName has matching precedence 1; then use"
            " Provision on demand for this person. If two people share the address there, correct one.",
            Kind.OKTA: "In Okta, see to it that userName is the unique identifier field for users"
            " (Provisioning > Integration), then assign the person again.",
            Kind.ONELOGIN: f"{ONELOGIN_PARAMETERS} and see to it that scimusername is the e-mail address;"
            " then choose Retry on the person's entry under Users.",
        },
        scim_type="uniqueness",
    ),
    Case(
        409,
        "What it depends on had failed",
        "Within one bulk request this operation needed another one, which was refused.",
        "Look for the refusal of the same moment in this log, and correct that; this one follows by itself.",
    ),
    Case(
        404,
        "Groups are not supported",
        "The identity provider synchronises groups too. Employees are not affected, but each attempt fails.",
        GUIDES[Kind.OTHER].groups_off,
        {kind: guide.groups_off for kind, guide in GUIDES.items()},
        target="^/Groups",
    ),
    Case(
        404,
        "This employee does not exist any more",
        "The identity provider remembers somebody by an id that is not here: they were deleted, or the id is"
        " from another system or from before a restart of the connection.",
        "Let it look the person up again: usually it does so by itself in its next cycle, and creates them.",
        {
            Kind.ENTRA: "Use Restart provisioning in Entra ID: it forgets the ids that it remembers and looks"
            " everybody up by user name.",
            Kind.OKTA: "In Okta, remove the person's assignment to Peakon and assign them again.",
            Kind.ONELOGIN: "In OneLogin, delete the person's login for Peakon under Users and add it again.",
        },
        target="^/Users/",
    ),
    Case(
        404,
        "There is no such address",
        "The SCIM URL in the identity provider is not the one shown here: a part is doubled or missing.",
        "Copy the SCIM URL from Integrations > Employee provisioning and paste it as it is, without /Users.",
        {
            kind: f"Copy the SCIM URL from here and paste it as it is into {guide.url_field}, without /Users."
            for kind, guide in GUIDES.items()
            if guide.url_field and kind != Kind.OTHER
        },
    ),
    # What was asked
    Case(
        400,
        "The filter names an attribute that does not exist",
        "People are looked up by an attribute that employees do not have here; so nobody can be found.",
        "Choose userName as the matching attribute there.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} and choose userName (or externalId) as the attribute with matching"
            " precedence 1.",
            Kind.OKTA: "In Okta, enter userName as the unique identifier field for users (Provisioning >"
            " Integration).",
        },
        scim_type="invalidFilter",
        detail="has no attribute",
    ),
    Case(
        400,
        "The filter is not understood",
        "What people are looked up by is no filter of SCIM, or compares an attribute with a value of another"
        " type.",
        'Use a comparison such as userName eq "ada@example.com" as the matching rule.',
        scim_type="invalidFilter",
    ),
    Case(
        400,
        "The search takes too much work",
        "The filter has to look at every employee, and was stopped.",
        "Look people up with eq on userName, externalId, e-mail or employeeNumber.",
        scim_type="tooMany",
    ),
    Case(
        400,
        "An attribute does not exist",
        "The mapping sends a name that no attribute here answers to, or one with a typing error.",
        "Take the exact names from the mapping table of the guide, or remove the attribute from the mapping.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} > Show advanced options > Edit attribute list, and correct the"
            " name as the mapping table of the guide spells it; then choose it in the mapping.",
            Kind.OKTA: "In the Okta Admin Console, open Directory > Profile Editor > Peakon and correct"
            " External name and External namespace as the mapping table of the guide spells them.",
            Kind.ONELOGIN: "In the SCIM JSON Template under Configuration, correct the name as the mapping"
            " table of the guide spells it.",
        },
        scim_type="invalidPath",
        detail="has no attribute",
    ),
    Case(
        400,
        "The path is not understood",
        "The path of a PATCH operation is malformed.",
        "Compare the attribute's name there with the mapping table of the guide; quotes and brackets count.",
        {Kind.ENTRA: f"{ENTRA_MAPPINGS} > Show advanced options > Edit attribute list and correct the path."},
        scim_type="invalidPath",
    ),
    Case(
        400,
        "Something required is missing",
        "An employee cannot be without this value, and the directory has none for this person.",
        "Fill it in for the person in the directory, or map another attribute that everybody has.",
        {
            Kind.ENTRA: "Fill it in for the person in Entra ID, or give the mapping a default value"
            " (Mappings > the attribute > Default value if null).",
            Kind.OKTA: f"Fill it in for the person. {OKTA_MAPPINGS} shows where the value comes from.",
        },
        scim_type="invalidValue",
        detail="required|must not be empty",
    ),
    Case(
        400,
        "A value is neither true nor false",
        "The attribute says yes or no, and something else was sent, for instance the name of a status.",
        "Map it to a value, or an expression, that is true or false.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} and choose an expression that yields it, for active"
            f" {ENTRA_SOURCES['active']}.",
            Kind.OKTA: "In Directory > Profile Editor > Peakon, choose the data type boolean, and map it with"
            " an expression that yields true or false.",
        },
        scim_type="invalidValue",
        detail="of type boolean",
    ),
    Case(
        400,
        "A value is not a date",
        "The attribute holds a date, and it came in another order or in words.",
        "Send it as 2024-01-31, or with a time as 2024-01-31T09:00:00Z.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS}, set the type of the attribute to String, and use an expression"
            ' such as FormatDateTime([employeeHireDate], , "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-dd").',
            Kind.OKTA: "In Directory > Profile Editor > Peakon, map it with an expression that yields the"
            " date as 2024-01-31.",
        },
        scim_type="invalidValue",
        detail="of type dateTime",
    ),
    Case(
        400,
        "A value has the wrong type",
        "The attribute holds another kind of value than was sent, for instance a number or a list.",
        "Send it in the form that the sentence asks for; the mapping table of the guide names each type.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} > Show advanced options > Edit attribute list, and choose the type"
            " that the mapping table of the guide names.",
            Kind.OKTA: "In Directory > Profile Editor > Peakon, choose the data type that the mapping table"
            " of the guide names, and map it with an expression that yields it.",
        },
        scim_type="invalidValue",
        detail="of type|is complex|takes one value|must be|an object",
    ),
    Case(
        400,
        "A value is not accepted",
        "What was sent for an attribute cannot be kept as it is: too long, or twice primary.",
        "Correct the value in the directory, or the expression of the mapping that makes it.",
        scim_type="invalidValue",
    ),
    Case(
        400,
        "There is nothing that could be changed",
        "A PATCH operation points at a list element that this employee does not have, or removes without"
        " saying what.",
        'Map the value to a type that is sent as a whole, such as emails[type eq "work"].value.',
        {
            Kind.ENTRA: "Add ?aadOptscim062020 to the Tenant URL, which makes Entra ID send standard PATCH"
            " requests; then check the mapping of the attribute."
        },
        scim_type="noTarget",
    ),
    Case(
        400,
        "The attribute is read-only",
        "The mapping writes something that only this site sets, such as id or meta.",
        "Remove the attribute from the mapping.",
        {
            Kind.ENTRA: f"{ENTRA_MAPPINGS} and delete the line of this attribute.",
            Kind.OKTA: f"{OKTA_MAPPINGS} and remove the mapping of this attribute.",
            Kind.ONELOGIN: "Remove it from the SCIM JSON Template under Configuration.",
        },
        scim_type="mutability",
    ),
    Case(
        400,
        "The request is malformed",
        "The body is not the JSON that SCIM prescribes; standard connectors do not send this.",
        "Compare the request below with the sentence that was answered, and correct the template.",
        {Kind.ONELOGIN: "Correct the SCIM JSON Template under Configuration: commas, quotes and braces."},
        scim_type="invalidSyntax",
    ),
    Case(
        400,
        "The next page could not be read",
        "The search was walked through with a cursor that is not valid here, or not any more.",
        "Nothing has to be changed: the next cycle begins the search anew.",
        scim_type="invalidCursor|expiredCursor|invalidCount",
    ),
)
