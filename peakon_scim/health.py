"""Whether the site can serve."""

import logging

from django.contrib.auth import get_user_model
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from employees.models import Employee

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 `{"status": "ok"}` while the tables of both applications can be read, 503 otherwise."""
    try:
        get_user_model().objects.exists()
        Employee.objects.exists()
    except Error:
        logger.warning("The database cannot serve.", exc_info=True)
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
