"""The identity providers we know: what they are called, and what to paste where in each."""

import re
from dataclasses import dataclass

from .models import IdentityProvider

Kind = IdentityProvider.Kind


@dataclass(frozen=True)
class Guide:
    """Where the SCIM URL and the token go, in the words of the identity provider's own pages.

    `url_field` is None where the identity provider asks for no address; `groups_off` is the switch to turn
    when it sends groups.
    """

    place: str
    url_field: str | None
    token_field: str
    then: str
    groups_off: str


GUIDES = {
    Kind.ENTRA: Guide(
        "In the Azure portal, open Enterprise applications > Peakon > Provisioning, set Provisioning Mode to"
        " Automatic and open Admin Credentials.",
        "Tenant URL",
        "Secret Token",
        "Click Test Connection, save, and set Provisioning Status to On. Entra ID synchronises every 40"
        " minutes.",
        "In the Azure portal, open Enterprise applications > Peakon > Provisioning > Mappings > Provision"
        " Microsoft Entra ID Groups, set Enabled to No and save.",
    ),
    Kind.OKTA: Guide(
        "In the Okta Admin Console, open Applications > Peakon > Provisioning > Integration, choose HTTP"
        " Header as authentication mode and userName as unique identifier field for users.",
        "SCIM connector base URL",
        "OAuth Bearer Token",
        "Click Test Connector Configuration and save. Then, under To App, enable Create Users, Update User"
        " Attributes and Deactivate Users.",
        "In the Okta Admin Console, open Applications > Peakon > Provisioning > Integration and clear Push"
        " Groups and Import Groups under Supported provisioning actions.",
    ),
    Kind.ADSELFSERVICE: Guide(
        "In ADSelfService Plus, open Configuration > Self-Service > Password Sync/Single Sign On > Peakon,"
        " click SCIM and select Enable Just-in-Time Provisioning.",
        None,
        "OAuth Bearer Token",
        "Click Add Application. Employees arrive when they first sign in to Peakon; ADSelfService Plus knows"
        " the address itself.",
        "Just-in-time provisioning concerns employees alone: find the other system that uses this token, and"
        " switch off the synchronisation of groups there.",
    ),
    Kind.ONELOGIN: Guide(
        "In the OneLogin administration, open Applications > your SCIM Provisioner > Configuration.",
        "SCIM Base URL",
        "SCIM Bearer Token",
        "Enable the API status, save, and switch on Enable provisioning on the Provisioning tab.",
        "In the OneLogin administration, open Applications > your SCIM Provisioner > Parameters > Groups and"
        " clear Include in User Provisioning.",
    ),
    Kind.OTHER: Guide(
        "In the SCIM 2.0 settings of your identity provider:",
        "SCIM URL",
        "OAuth Bearer Token",
        "Choose userName as the matching attribute, and synchronise users only: groups are not supported.",
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
