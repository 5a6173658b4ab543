"""The addresses of the SCIM service, the same under every base URL that is in circulation."""

from django.urls import re_path

from . import discovery_endpoints, endpoints

# Base URLs end at the host, at /scim, at the version (RFC 7644 §3.13) or at both, below /api or not, and some
# clients append what the administrator has given already. A doubled or trailing slash is the same place.
ALIAS = r"(?:/*(?:(?:api/+)?scim|v2)(?=/|$))"

DOORS = (
    (r"Users/*", endpoints.UsersEndpoint),
    (r"Users/+(?P<user_id>[^/]+)/*", endpoints.UserEndpoint),
    (r"Bulk/*", endpoints.BulkEndpoint),
    (r"ServiceProviderConfig/*", discovery_endpoints.ServiceProviderConfigEndpoint),
    (r"ResourceTypes/*", discovery_endpoints.ResourceTypesEndpoint),
    (r"ResourceTypes/+(?P<name>[^/]+)/*", discovery_endpoints.ResourceTypeEndpoint),
    (r"Schemas/*", discovery_endpoints.SchemasEndpoint),
    (r"Schemas/+(?P<urn>[^/]+)/*", discovery_endpoints.SchemaEndpoint),
    (r"Groups(?:/.*)?", endpoints.GroupsEndpoint),
    (r"Me(?:/.*)?", endpoints.MeEndpoint),
    (r"", endpoints.BaseEndpoint),
)

urlpatterns = [
    # Before the one person whose id it could be.
    re_path(rf"^{ALIAS}*/*(?:Users/+)?\.search/*$", endpoints.SearchEndpoint.as_view()),
    *(re_path(rf"^{ALIAS}*/*{door}$", endpoint.as_view()) for door, endpoint in DOORS),
    re_path(rf"^{ALIAS}+", endpoints.UnknownEndpoint.as_view()),
]
