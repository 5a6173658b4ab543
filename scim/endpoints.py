"""The endpoints of the SCIM service: HTTP to the handlers and back."""

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import discovery
from .authentication import BearerAuthentication
from .company import Company, company_at
from .handlers import Users
from .http import JsonRenderer, ScimNegotiation, ScimRenderer, error_response, read_json
from .protocol.attributes import ResourceType
from .protocol.bodies import require_object
from .protocol.documents import Document
from .protocol.errors import NotFound, NotImplementedHere
from .protocol.messages import Projection, SearchRequest
from .provisioning import tokens
from .provisioning.addresses import scim_base_url
from .provisioning.tokens import Credential
from .sources import Context

NO_GROUPS = (
    "Groups are not supported here; switch their provisioning off in the identity provider "
    "(Entra ID: Provisioning > Mappings > Provision Groups > Enabled: No; Okta: Push Groups)."
)


class ScimView(APIView):
    """What every endpoint shares: the token first, JSON in and out, SCIM errors for all that fails."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerAuthentication,)
    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (ScimRenderer, JsonRenderer)
    content_negotiation_class = ScimNegotiation

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # The token comes before anything else is said, the media types included.
        self.perform_authentication(request)
        if isinstance(request.auth, Credential):
            tokens.touch(request.auth.token)
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        return error_response(exc)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    @property
    def base_url(self) -> str:
        return scim_base_url(self.request)

    @property
    def users(self) -> Users:
        context = Context(self.credential.identity_provider.key, self.base_url)
        return Users(context, self.credential.actor, self.company)

    @property
    def credential(self) -> Credential:
        return cast(Credential, self.request.auth)

    @property
    def company(self) -> Company:
        return company_at(self.credential.attributes_version)

    @property
    def resource_type(self) -> ResourceType:
        """The User resource type with the attributes that the company has at this moment."""
        return self.company.resource_type

    @property
    def projection(self) -> Projection:
        parameters = self.request.query_params
        return Projection.parse(
            self.resource_type, parameters.get("attributes"), parameters.get("excludedAttributes")
        )


class UsersEndpoint(ScimView):
    """`/Users`: search and create."""

    def get(self, request: Request) -> Response:
        search = SearchRequest.parse(self.resource_type, request.query_params)
        return Response(self.users.search(search))

    def post(self, request: Request) -> Response:
        projection = self.projection
        document = self.users.create(read_json(request._request))
        return _resource(document, projection, status=201)


class SearchEndpoint(ScimView):
    """`/.search` and `/Users/.search`: a search whose filter stays out of the address (RFC 7644 §3.4.3)."""

    def post(self, request: Request) -> Response:
        parameters = require_object(read_json(request._request), "A search")
        return Response(self.users.search(SearchRequest.parse(self.resource_type, parameters)))


class UserEndpoint(ScimView):
    """`/Users/{id}`: one employee."""

    def get(self, request: Request, user_id: str) -> Response:
        return _resource(self.users.read(user_id), self.projection)

    def put(self, request: Request, user_id: str) -> Response:
        projection = self.projection
        return _resource(self.users.replace(user_id, read_json(request._request)), projection)

    def patch(self, request: Request, user_id: str) -> Response:
        projection = self.projection
        return _resource(self.users.patch(user_id, read_json(request._request)), projection)

    def delete(self, request: Request, user_id: str) -> Response:
        self.users.delete(user_id)
        return Response(status=204)


class ServiceProviderConfigEndpoint(ScimView):
    """`/ServiceProviderConfig`, open to everybody (RFC 7643 §5)."""

    authentication_classes = ()

    def get(self, request: Request) -> Response:
        return Response(discovery.service_provider_config(self.base_url))


class ResourceTypesEndpoint(ScimView):
    """`/ResourceTypes`."""

    def get(self, request: Request) -> Response:
        return Response(discovery.listed([discovery.resource_type(self.resource_type, self.base_url)]))


class ResourceTypeEndpoint(ScimView):
    """`/ResourceTypes/{name}`."""

    def get(self, request: Request, name: str) -> Response:
        if name != self.resource_type.name:
            raise NotFound(f"There is no resource type “{name[:100]}” here; the only one is User.")
        return Response(discovery.resource_type(self.resource_type, self.base_url))


class SchemasEndpoint(ScimView):
    """`/Schemas`."""

    def get(self, request: Request) -> Response:
        schemas = self.resource_type.schemas
        return Response(discovery.listed([discovery.schema(schema, self.base_url) for schema in schemas]))


class SchemaEndpoint(ScimView):
    """`/Schemas/{urn}`."""

    def get(self, request: Request, urn: str) -> Response:
        for schema in self.resource_type.schemas:
            if schema.urn.casefold() == urn.casefold():
                return Response(discovery.schema(schema, self.base_url))
        raise NotFound(f"There is no schema “{urn[:100]}” here; /Schemas lists all of them.")


class GroupsEndpoint(ScimView):
    """`/Groups`: not supported, and says what to switch off."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(NO_GROUPS)


class MeEndpoint(ScimView):
    """`/Me`: a bearer token is no person (RFC 7644 §3.11)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotImplementedHere("/Me is not supported: a bearer token stands for an identity provider.")


class UnknownEndpoint(ScimView):
    """Everything else under the service."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(
            "There is no such endpoint. Below the SCIM URL there are /Users, /Schemas, /ResourceTypes and "
            "/ServiceProviderConfig; a path that is there twice means the identity provider appends its own."
        )


def _resource(document: Document, projection: Projection, status: int = 200) -> Response:
    """A resource with its Location and entity tag, whatever of it the client asked to see."""
    headers = {"Location": document["meta"]["location"], "ETag": document["meta"]["version"]}
    return Response(projection.apply(document), status=status, headers=headers)
