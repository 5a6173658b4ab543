"""The endpoints of the SCIM service: HTTP to the handlers and back."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from employees import databases

from . import discovery, rate_limit, watching
from .authentication import BearerAuthentication
from .bulk import Bulk
from .company import Company, company_at
from .handlers import Users
from .http import (
    BODY_LIMIT,
    SCIM_JSON,
    empty_response,
    error_response,
    json_response,
    negotiate,
    problem_of,
    read_json,
)
from .protocol.attributes import ResourceType
from .protocol.bodies import require_object
from .protocol.documents import Document
from .protocol.errors import Forbidden, NotFound, NotImplementedHere
from .protocol.messages import Projection, SearchRequest
from .protocol.versions import Precondition, opaque, parse_tags
from .provisioning import group_sync, tokens
from .provisioning.addresses import scim_base_url
from .provisioning.tokens import Credential
from .sources import Context

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ScimView(APIView):
    """What every endpoint shares: the token first, JSON in and out, SCIM errors for all that fails.

    Attributes:
        credential: whose token came with the request.
        body: the JSON that came with it, once it is read.
        look_ups: the methods that look people up.
        media_type: of what is answered when nothing goes wrong.
    """

    credential: Credential
    body: Any = None
    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerAuthentication,)
    look_ups: frozenset[str] = frozenset()
    media_type = SCIM_JSON

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpRequest:  # type: ignore[override]
        """Django's own request: `read_json` does what parsers are for, `initial` the rest."""
        return request

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # The token comes before anything else is said, the media types included.
        for authentication in self.get_authenticators():
            found: Any = authentication.authenticate(cast(Request, request))
            self.credential = found[1]
            rate_limit.charge(self.credential.identity_provider.pk)
            tokens.touch(self.credential.token)
            watching.count(request, self.credential, looked_up=request.method in self.look_ups)
            self._refuse_writes_while_paused()
        self.media_type = negotiate(request.META.get("HTTP_ACCEPT", ""))

    def _refuse_writes_while_paused(self) -> None:
        provider = self.credential.identity_provider
        if provider.paused_at and self.request.method not in READS | self.look_ups:
            raise Forbidden(
                f"{provider} is paused here, and nothing was changed. An administrator resumes it under "
                "Integrations > Employee provisioning; send the request again then."
            )

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        error = problem_of(exc)
        watching.refused(self.request, self.body, error, let_in=hasattr(self, "credential"))
        return error_response(error)

    def read(self, limit: int = BODY_LIMIT) -> Any:
        """The JSON body; raises as `read_json`."""
        self.body = read_json(self.request, limit)
        return self.body

    def finalize_response(  # type: ignore[override]
        self, request: HttpRequest, response: HttpResponse, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response.headers["Vary"] = "Accept"
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = self._allow
        return response

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: an answer does not need to name the methods that it was not asked for."""
        return {}

    @property
    def _allow(self) -> str:
        return ", ".join(self.allowed_methods)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        return empty_response(HTTPStatus.NO_CONTENT, {"Allow": self._allow})

    def answer(
        self, document: Document, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        return json_response(document, status, headers, self.media_type)

    def found(self, parameters: Mapping[str, Any]) -> HttpResponse:
        """The page of a search; raises as `SearchRequest.parse` and `Users.search`."""
        search = SearchRequest.parse(self.resource_type, parameters)
        with databases.reading():
            return self.answer(self.users.search(search))

    def resource(self, document: Document, projection: Projection, status: int = 200) -> HttpResponse:
        """A resource with its Location and entity tag, whatever of it the client asked to see."""
        headers = {"Location": document["meta"]["location"], "ETag": document["meta"]["version"]}
        return self.answer(projection.apply(document), status, headers)

    @property
    def base_url(self) -> str:
        return scim_base_url(self.request)

    @property
    def users(self) -> Users:
        context = Context(self.credential.identity_provider.key, self.base_url)
        return Users(context, self.credential.actor, self.company, self.credential.identity_provider)

    @property
    def company(self) -> Company:
        return company_at(self.credential.attributes_version)

    @property
    def resource_type(self) -> ResourceType:
        """The User resource type with the attributes that the company has at this moment."""
        return self.company.resource_type

    @property
    def projection(self) -> Projection:
        parameters = self.request.GET
        return Projection.parse(
            self.resource_type, parameters.get("attributes"), parameters.get("excludedAttributes")
        )


class BaseEndpoint(ScimView):
    """The base URL: a search over all resource types (RFC 7644 §3.4.2.1), of which there is one."""

    look_ups = frozenset({"GET"})

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.found(request.GET.dict())


class UsersEndpoint(BaseEndpoint):
    """`/Users`: search and create."""

    def post(self, request: HttpRequest) -> HttpResponse:
        projection = self.projection
        document = self.users.create(self.read())
        return self.resource(document, projection, status=201)


class SearchEndpoint(ScimView):
    """`/.search` and `/Users/.search`: a search whose filter stays out of the address (RFC 7644 §3.4.3)."""

    look_ups = frozenset({"POST"})

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.found(require_object(self.read(), "A search"))


class UserEndpoint(ScimView):
    """`/Users/{id}`: one employee."""

    look_ups = frozenset({"GET"})

    def get(self, request: HttpRequest, user_id: str) -> HttpResponse:
        projection = self.projection
        with databases.reading():
            document = self.users.read(user_id)
        version = document["meta"]["version"]
        self.precondition.check(version)
        if self._is_known(version):
            return empty_response(HTTPStatus.NOT_MODIFIED, {"ETag": version})
        return self.resource(document, projection)

    def put(self, request: HttpRequest, user_id: str) -> HttpResponse:
        projection = self.projection
        body = self.read()
        return self.resource(self.users.replace(user_id, body, self.precondition), projection)

    def patch(self, request: HttpRequest, user_id: str) -> HttpResponse:
        projection = self.projection
        body = self.read()
        return self.resource(self.users.patch(user_id, body, self.precondition), projection)

    def delete(self, request: HttpRequest, user_id: str) -> HttpResponse:
        self.users.delete(user_id, self.precondition)
        return empty_response(HTTPStatus.NO_CONTENT)

    @property
    def precondition(self) -> Precondition:
        return Precondition.parse(self.request.META.get("HTTP_IF_MATCH"))

    def _is_known(self, version: str) -> bool:
        """Whether the client has that version already, by its If-None-Match (RFC 9110 §13.1.2)."""
        header = self.request.META.get("HTTP_IF_NONE_MATCH")
        if header is None:
            return False
        tags = parse_tags(header, "If-None-Match")
        return tags is None or opaque(version) in tags


class BulkEndpoint(ScimView):
    """`/Bulk`: many writes at once (RFC 7644 §3.7)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        body = self.read(discovery.MAX_PAYLOAD)
        return self.answer(Bulk(self.users).run(body, self._charge))

    def _charge(self, operations: int) -> None:
        """Each operation counts for the rate limit; the request itself has counted for the first."""
        rate_limit.charge(self.credential.identity_provider.pk, operations, taken=1)


class GroupsEndpoint(ScimView):
    """`/Groups`: not supported; says what to switch off to the client and to administrators."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        group_sync.note(self.credential.identity_provider)
        switch = group_sync.switch_of(self.credential.identity_provider)
        raise NotFound(f"Groups are not supported here; switch them off in the identity provider. {switch}")


class MeEndpoint(ScimView):
    """`/Me`: a bearer token is no person (RFC 7644 §3.11)."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotImplementedHere("/Me is not supported: a bearer token stands for an identity provider.")


class UnknownEndpoint(ScimView):
    """Everything else under the service."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(
            "There is no such endpoint. Below the SCIM URL there are /Users, /Bulk, /Schemas, /ResourceTypes "
            "and /ServiceProviderConfig; the URL to give to an identity provider ends before them."
        )
