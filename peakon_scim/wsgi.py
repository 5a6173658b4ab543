"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakon_scim.settings")
application = get_wsgi_application()
# Loads every view now: a worker that cannot is never put to work, and no first request waits for it.
_ = get_resolver().url_patterns
