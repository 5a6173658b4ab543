"""Refusals that are about who is let in and how requests are sent, the more particular ones first."""

from typing import Final

from .explanation_case import Case
from .kinds import GUIDES
from .models import IdentityProvider

Kind = IdentityProvider.Kind

TO_ROTATE: Final = "Rotate the token here and paste the new one into the identity provider."
TOKEN_FIXES: Final[dict[str, str]] = {
    kind: f"Rotate the token here. {guide.place} Paste the new one into {guide.token_field}."
    for kind, guide in GUIDES.items()
    if kind != Kind.OTHER
}
OURS: Final = "Nothing has to be changed there: it will send the request again."

ACCESS: Final = (
    # Who is let in
    Case(
        401,
        "The token has expired",
        "The identity provider goes on using a token whose last day has passed.",
        TO_ROTATE,
        TOKEN_FIXES,
        detail="expired",
    ),
    Case(
        401,
        "The token was revoked",
        "Somebody ended this token here, or rotated it, and the identity provider was not given the new one.",
        TO_ROTATE,
        TOKEN_FIXES,
        detail="revoked",
    ),
    Case(
        401,
        "The token was not accepted",
        "The Authorization header has no token that opens this service.",
        "Send it as “Authorization: Bearer <token>”; some products want the word Bearer in front of it.",
        TOKEN_FIXES,
    ),
    Case(
        403,
        "Provisioning is disabled",
        "An administrator disabled employee provisioning; every identity provider is answered this.",
        "Enable it on this site, under Integrations > Employee provisioning. What was missed is sent again.",
        {
            Kind.ENTRA: "Enable it on this site. Entra ID has slowed down meanwhile: use Restart provisioning"
            " there to have everything sent again at once."
        },
        detail="provisioning is disabled",
    ),
    Case(
        403,
        "This identity provider is paused",
        "An administrator paused it here: what it reads is answered, what it writes is not taken.",
        "Resume it on this site, on the page of the identity provider. What was missed is sent again.",
        {
            Kind.ENTRA: "Resume it on this site. Entra ID retries what failed; Restart provisioning there has"
            " everything sent again at once."
        },
        detail="is paused",
    ),
    Case(
        403,
        "All seats are taken",
        "The identity provider manages as many active employees as its seat limit allows, and sent one more.",
        "Raise the seat limit on the page of the identity provider, or assign fewer people to Peakon there.",
        {
            Kind.ENTRA: "Raise the seat limit here, or remove people under Users and groups of the enterprise"
            " application in Entra ID.",
            Kind.OKTA: "Raise the seat limit here, or remove people under Assignments of the Peakon"
            " application in Okta.",
            Kind.ADSELFSERVICE: "Raise the seat limit here, or narrow the policy that Just-in-Time"
            " Provisioning is enabled for.",
        },
        detail="seats",
    ),
    Case(
        403, "Not allowed", "What was asked for is switched off here.", "Read the sentence that was answered."
    ),
    # How it was sent
    Case(
        405,
        "This method is not taken here",
        "The request went to an address that takes other methods: often the SCIM URL has too much in it.",
        "Check that the SCIM URL in the identity provider ends where the one shown here does.",
    ),
    Case(
        406,
        "The answer would not be understood",
        "The client accepts neither application/scim+json nor application/json.",
        "Set the Accept header to application/scim+json in the client.",
    ),
    Case(
        412,
        "The employee was changed meanwhile",
        "The request was meant for an older version of the employee; somebody else wrote in between.",
        "Nothing has to be changed: the identity provider reads the employee again and repeats it.",
    ),
    Case(
        413,
        "The request is too large",
        "The body has more bytes, or the bulk request more operations, than are taken at once.",
        "Send fewer operations in a request; /ServiceProviderConfig says how many are taken.",
    ),
    Case(
        415,
        "The body is not JSON",
        "The Content-Type of the request is neither application/scim+json nor application/json.",
        "Choose SCIM 2.0 and application/scim+json as content type in the client.",
    ),
    Case(
        429,
        "Too many requests at once",
        "The identity provider sent more than its share; it was told when to come again.",
        f"{OURS} Should it give up instead, lower its requests a second, or raise SCIM_RATE_LIMIT here.",
    ),
    Case(
        500,
        "Something went wrong here",
        "This is a defect of this site, not of the identity provider. Nothing was written.",
        f"{OURS} Tell the operator of this site the moment of this entry: the log of the site has the cause.",
    ),
    Case(
        501,
        "This is not supported here",
        "The request asked for a part of SCIM that is optional, and that this site does not have.",
        "Switch the feature off in the client; /ServiceProviderConfig lists what is supported.",
    ),
    Case(
        503,
        "The database could not be reached",
        "For a moment this site could not write. Nothing was lost.",
        OURS,
    ),
    Case(
        400,
        "The request was not understood",
        "The address or the body of the request does not belong to this service.",
        "Check the SCIM URL in the identity provider, and the host names that this site answers to.",
        scim_type="",
    ),
)
