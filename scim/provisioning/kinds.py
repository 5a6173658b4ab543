"""The identity providers we know: what they are called, and what to paste where in each."""

import re
from dataclasses import dataclass
from typing import Final

from .models import IdentityProvider

Kind = IdentityProvider.Kind


@dataclass(frozen=True)
class Guide:
    """What to do in an identity provider, in the words of its own pages.

    `url_field` is None where the identity provider asks for no address; `url_suffix` belongs behind the SCIM
    URL there. `test` sends the first request, `then` starts the synchronisation, `mapping` is where
    attributes are mapped, `import_place` where the file with the mapping goes. `groups_off` is the switch to
    turn when it sends groups.
    """

    tagline: str
    place: str
    url_field: str | None
    token_field: str
    test: str
    then: str
    mapping: str
    import_place: str
    groups_off: str
    url_suffix: str = ""


ENTRA_FLAG: Final = "?aadOptscim062020"
"""Makes Entra ID send PATCH as RFC 7644 has it (Microsoft: flags to alter the SCIM behaviour)."""

GUIDES = {
    Kind.ENTRA: Guide(
        "Microsoft Entra ID, formerly Azure AD. It synchronises every 40 minutes.",
        "In the Azure portal, open Enterprise applications > Peakon > Provisioning, set Provisioning Mode to"
        " Automatic and open Admin Credentials.",
        "Tenant URL",
        "Secret Token",
        "Click Test Connection, then save.",
        "Set Provisioning Status to On. Entra ID synchronises every 40 minutes; Provision on demand sends one"
        " person at once.",
        "Open Provisioning > Mappings > Provision Microsoft Entra ID Users. The attributes to add are entered"
        " under Show advanced options > Edit attribute list; then Add New Mapping leads a value to each.",
        "Under Show advanced options, open Review your schema here and download it as a copy. Add the entries"
        " of the file at the same places of your schema: to the attributes of your application’s directory"
        " and to the attributeMappings of its users. Your schema has identifiers of its own, so the file is"
        " merged into it and never replaces it.",
        "In the Azure portal, open Enterprise applications > Peakon > Provisioning > Mappings > Provision"
        " Microsoft Entra ID Groups, set Enabled to No and save.",
        url_suffix=ENTRA_FLAG,
    ),
    Kind.OKTA: Guide(
        "A SCIM app in your Okta organisation. It sends changes as they happen.",
        "In the Okta Admin Console, open Applications > Peakon > Provisioning > Integration, choose HTTP"
        " Header as authentication mode and userName as unique identifier field for users.",
        "SCIM connector base URL",
        "API token",
        "Click Test Connector Configuration, then save. Where the page has no field of the token's name, it"
        " is called Authorization.",
        "Under To App, enable Create Users, Update User Attributes and Deactivate Users, and assign people.",
        "Open Directory > Profile Editor > Peakon User and click Add Attribute for each attribute to add;"
        " Mappings leads a value to it.",
        "Send the file with your own token of the Okta API: POST /api/v1/meta/schemas/apps/{appId}/default."
        " It adds the attributes and leaves the others alone.",
        "In the Okta Admin Console, open Applications > Peakon > Provisioning > Integration and clear Push"
        " Groups and Import Groups under Supported provisioning actions.",
    ),
    Kind.ADSELFSERVICE: Guide(
        "ManageEngine. It creates employees when they first sign in.",
        "In ADSelfService Plus, open Configuration > Self-Service > Password Sync/Single Sign On > Peakon,"
        " click SCIM and select Enable Just-in-Time Provisioning.",
        None,
        "OAuth Bearer Token",
        "Click Add Application. ADSelfService Plus knows the address itself and sends no test.",
        "Sign in to Peakon as somebody who is not here yet: employees arrive when they first sign in.",
        "ADSelfService Plus chooses itself what it sends. What else is known of an employee can come from"
        " another identity provider, or be entered on the employee's page.",
        "A list for your records: ADSelfService Plus imports none.",
        "Just-in-time provisioning concerns employees alone: find the other system that uses this token, and"
        " switch off the synchronisation of groups there.",
    ),
    Kind.ONELOGIN: Guide(
        "SCIM Provisioner with SAML (SCIM v2 Enterprise).",
        "In the OneLogin administration, open Applications > your SCIM Provisioner > Configuration.",
        "SCIM Base URL",
        "SCIM Bearer Token",
        "Enable the API status, then save.",
        "Switch on Enable provisioning on the Provisioning tab, and assign people.",
        "Everything is mapped in Configuration > SCIM JSON Template.",
        "Paste the file into Configuration > SCIM JSON Template, and put the names of your own fields in"
        " place of those after “custom_fields.”.",
        "In the OneLogin administration, open Applications > your SCIM Provisioner > Parameters > Groups and"
        " clear Include in User Provisioning.",
    ),
    Kind.OTHER: Guide(
        "Any other SCIM 2.0 system: Ping, JumpCloud, Google, an HR system.",
        "In the SCIM 2.0 settings of your identity provider:",
        "SCIM URL",
        "OAuth Bearer Token",
        "Test the connection, when there is a button for it.",
        "Choose userName as the matching attribute, and synchronise users only: groups are not supported.",
        "Map what you want to fill to the names below; the second name is for systems that cannot put a"
        " blank into one.",
        "A list of all names, for spreadsheets.",
        "In its SCIM settings, switch off the synchronisation of groups and keep that of users.",
    ),
}

_OTHER_NAMES = {
    "azure": Kind.ENTRA,
    "azuread": Kind.ENTRA,
    "entraid": Kind.ENTRA,
    "microsoftentra": Kind.ENTRA,
    "microsoftentraid": Kind.ENTRA,
    "adselfserviceplus": Kind.ADSELFSERVICE,
    "manageengine": Kind.ADSELFSERVICE,
}


def kind_of(text: str) -> IdentityProvider.Kind:
    """The kind a person means, whatever the case, blanks and punctuation: `Entra ID`, `azure-ad`, `okta`.

    Raises:
        ValueError: it means none; the message lists what would be right.
    """
    word = re.sub(r"[\W_]+", "", text.casefold())
    if word in _OTHER_NAMES:
        return _OTHER_NAMES[word]
    try:
        return Kind(word)
    except ValueError as error:
        raise ValueError(f"{text} is none of: {', '.join(Kind.values)}") from error
