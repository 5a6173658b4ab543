"""The addresses of the SCIM service; a doubled or trailing slash is the same place."""

from django.urls import re_path

from . import endpoints

urlpatterns = [
    re_path(r"^scim/v2/+Users/*$", endpoints.UsersEndpoint.as_view()),
    re_path(r"^scim/v2/+(?:Users/+)?\.search/*$", endpoints.SearchEndpoint.as_view()),
    re_path(r"^scim/v2/+Users/+(?P<user_id>[^/]+)/*$", endpoints.UserEndpoint.as_view()),
    re_path(r"^scim/v2/+ServiceProviderConfig/*$", endpoints.ServiceProviderConfigEndpoint.as_view()),
    re_path(r"^scim/v2/+ResourceTypes/*$", endpoints.ResourceTypesEndpoint.as_view()),
    re_path(r"^scim/v2/+ResourceTypes/+(?P<name>[^/]+)/*$", endpoints.ResourceTypeEndpoint.as_view()),
    re_path(r"^scim/v2/+Schemas/*$", endpoints.SchemasEndpoint.as_view()),
    re_path(r"^scim/v2/+Schemas/+(?P<urn>[^/]+)/*$", endpoints.SchemaEndpoint.as_view()),
    re_path(r"^scim/v2/+Groups(?:/.*)?$", endpoints.GroupsEndpoint.as_view()),
    re_path(r"^scim/v2/+Me(?:/.*)?$", endpoints.MeEndpoint.as_view()),
    re_path(r"^scim/v2(?:/.*)?$", endpoints.UnknownEndpoint.as_view()),
]
