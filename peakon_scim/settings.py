"""Settings of the site, read from the environment and `.env`; `.env.example` explains each variable."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from .logs import logging_config
from .secret_key import stored_secret_key
from .unfold import UNFOLD as UNFOLD

# Generic base classes of Django and DRF are only generic in their type stubs.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.escape_proxy = True  # lets a value begin with a dollar sign, as \$
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
_site = urlsplit(SITE_URL)
if SITE_URL and not (_site.scheme in ("http", "https") and _site.hostname and not _site.path):
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; it must look like https://peakon.example.com")
_host = "localhost" if HOST in ("0.0.0.0", "::") else HOST  # noqa: S104
# What addresses begin with where there is no request that could say it: in mail.
PUBLIC_URL = SITE_URL or f"http://{f'[{_host}]' if ':' in _host else _host}:{PORT}"

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or stored_secret_key(VAR_DIR)
_own_hosts = {HOST, "localhost", "127.0.0.1", "[::1]", _site.hostname or "localhost"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=sorted(_own_hosts))

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "peakon_scim",
    "employees",
    "employees.surveys",
    "scim",
    "scim.provisioning",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "peakon_scim.middleware.HostMiddleware",
    "peakon_scim.middleware.ContentSecurityPolicyMiddleware",
    "peakon_scim.middleware.PageSessionMiddleware",
    "peakon_scim.middleware.PageCsrfViewMiddleware",
    "peakon_scim.middleware.PageAuthenticationMiddleware",
    "peakon_scim.middleware.PageMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# The check looks for Django's own class by its name; ours is a subclass of it.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
ROOT_URLCONF = "peakon_scim.urls"
WSGI_APPLICATION = "peakon_scim.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

SQLITE = "django.db.backends.sqlite3"


def _database(url: str) -> dict[str, Any]:
    """The database that a URL names, without one SQLite in `VAR_DIR`."""
    database: dict[str, Any] = env.db_url_config(url) if url else {"ENGINE": SQLITE}
    database.setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=600))
    if database["ENGINE"] == SQLITE:
        database["NAME"] = BASE_DIR / (database.get("NAME") or VAR_DIR / "db.sqlite3")
        # IMMEDIATE takes the write lock at BEGIN, where waiting is possible: a transaction that reads first
        # and writes later would fail at once with "database is locked" when another one wrote in between.
        defaults: dict[str, Any] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        }
    else:
        from employees.planning import PlanningCursor

        database.setdefault("CONN_HEALTH_CHECKS", True)
        # Values travel apart from their statement, which is planned once for a connection. A pooler that has
        # another one for each transaction would lose the plans, and the place in a result read in parts.
        pooled = env.bool("DATABASE_POOLED", default=False)
        database.setdefault("DISABLE_SERVER_SIDE_CURSORS", pooled)
        defaults = {
            "connect_timeout": 5,
            "server_side_binding": True,
            "cursor_factory": PlanningCursor,
            "prepare_threshold": None if pooled else 0,
        }
    database["OPTIONS"] = defaults | database.get("OPTIONS", {})
    return database


DATABASES = {"default": _database(env.str("DATABASE_URL", default=""))}
DATABASE_ROUTERS: list[str] = []
if _replica_url := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = _database(_replica_url)
    if SQLITE in (database["ENGINE"] for database in DATABASES.values()):
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL, in DATABASE_URL and in itself")
    DATABASE_ROUTERS.append("employees.databases.ReplicaRouter")
if sqlite3.sqlite_version_info < (3, 38):
    raise ImproperlyConfigured(
        f"SQLite {sqlite3.sqlite_version} is too old; 3.38 or newer is needed for JSON."
    )

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

_https = _site.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY_HEADERS = env.bool("TRUST_PROXY_HEADERS", default=False)
if TRUST_PROXY_HEADERS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

SCIM_RATE_LIMIT = env.int("SCIM_RATE_LIMIT", default=250)
if SCIM_RATE_LIMIT < 0:
    raise ImproperlyConfigured(f"SCIM_RATE_LIMIT is {SCIM_RATE_LIMIT}; it must be 0 (no limit) or more")
SURVEY_MAIL_RATE = env.int("SURVEY_MAIL_RATE", default=20)
if SURVEY_MAIL_RATE < 0:
    raise ImproperlyConfigured(f"SURVEY_MAIL_RATE is {SURVEY_MAIL_RATE}; it must be 0 (no limit) or more")
DELETED_EMPLOYEE_DAYS = env.int("DELETED_EMPLOYEE_DAYS", default=30)
if DELETED_EMPLOYEE_DAYS < 1:
    raise ImproperlyConfigured(f"DELETED_EMPLOYEE_DAYS is {DELETED_EMPLOYEE_DAYS}; it must be 1 or more")

ACTIVITY_SECONDS = 2
"""How often a process writes how many requests it has answered."""

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="peakon@localhost")

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "peakon_scim.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING = logging_config(LOG_LEVEL)
