"""The addresses of the SCIM service, the same under every base URL that is in circulation."""

from django.urls import include, re_path

from . import endpoints

app_name = "scim"

# Base URLs end at the host, at /scim, at the version (RFC 7644 §3.13) or at both, below /api or not, and some
# clients append what the administrator has given already. A doubled or trailing slash is the same place.
ALIAS = r"(?:/*(?:(?:api/+)?scim|v2)(?=/|$))"

doors = [
    re_path(r"^$", endpoints.BaseEndpoint.as_view()),
    re_path(r"^Users/*$", endpoints.UsersEndpoint.as_view()),
    re_path(r"^(?:Users/+)?\.search/*$", endpoints.SearchEndpoint.as_view()),
    re_path(r"^Users/+(?P<user_id>[^/]+)/*$", endpoints.UserEndpoint.as_view()),
    re_path(r"^Bulk/*$", endpoints.BulkEndpoint.as_view()),
    re_path(r"^ServiceProviderConfig/*$", endpoints.ServiceProviderConfigEndpoint.as_view()),
    re_path(r"^ResourceTypes/*$", endpoints.ResourceTypesEndpoint.as_view()),
    re_path(r"^ResourceTypes/+(?P<name>[^/]+)/*$", endpoints.ResourceTypeEndpoint.as_view()),
    re_path(r"^Schemas/*$", endpoints.SchemasEndpoint.as_view()),
    re_path(r"^Schemas/+(?P<urn>[^/]+)/*$", endpoints.SchemaEndpoint.as_view()),
    re_path(r"^Groups(?:/.*)?$", endpoints.GroupsEndpoint.as_view()),
    re_path(r"^Me(?:/.*)?$", endpoints.MeEndpoint.as_view()),
]

urlpatterns = [
    re_path(rf"^{ALIAS}*/*", include(doors)),
    re_path(rf"^{ALIAS}+", endpoints.UnknownEndpoint.as_view()),
]
