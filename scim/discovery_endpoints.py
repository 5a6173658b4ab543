"""The endpoints that describe the SCIM service (RFC 7644 §4)."""

from django.http import HttpRequest, HttpResponse

from . import discovery
from .endpoints import ScimView
from .protocol.errors import NotFound


class ServiceProviderConfigEndpoint(ScimView):
    """`/ServiceProviderConfig`, open to everybody (RFC 7643 §5)."""

    authentication_classes = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(discovery.service_provider_config(self.base_url))


class ResourceTypesEndpoint(ScimView):
    """`/ResourceTypes`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(discovery.listed([discovery.resource_type(self.resource_type, self.base_url)]))


class ResourceTypeEndpoint(ScimView):
    """`/ResourceTypes/{name}`."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        if name != self.resource_type.name:
            raise NotFound(f"There is no resource type “{name[:100]}” here; the only one is User.")
        return self.answer(discovery.resource_type(self.resource_type, self.base_url))


class SchemasEndpoint(ScimView):
    """`/Schemas`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        schemas = self.resource_type.schemas
        return self.answer(discovery.listed([discovery.schema(schema, self.base_url) for schema in schemas]))


class SchemaEndpoint(ScimView):
    """`/Schemas/{urn}`."""

    def get(self, request: HttpRequest, urn: str) -> HttpResponse:
        for schema in self.resource_type.schemas:
            if schema.urn.casefold() == urn.casefold():
                return self.answer(discovery.schema(schema, self.base_url))
        raise NotFound(f"There is no schema “{urn[:100]}” here; /Schemas lists all of them.")
