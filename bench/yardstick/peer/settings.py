"""Settings of the smallest site that serves the same people with django-scim2."""

import environ

_env = environ.Env()
SECRET_KEY = "only for measurements"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_scim", "bench.yardstick.peer"]
MIDDLEWARE = ["bench.yardstick.peer.web.BearerMiddleware"]
ROOT_URLCONF = "bench.yardstick.peer.web"
AUTH_USER_MODEL = "peer.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _env.db("DATABASE_URL") | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
# User names are unique in upper case, as django-scim2 compares them.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
USE_I18N = False
USE_TZ = True
LOGGING_CONFIG = None
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "localhost",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "OAuth", "description": "A token."}],
    "USER_ADAPTER": "bench.yardstick.peer.adapters.Person",
    "USER_FILTER_PARSER": "bench.yardstick.peer.filters.PersonFilter",
    "BASE_LOCATION_GETTER": "bench.yardstick.peer.web.base_location",
}
