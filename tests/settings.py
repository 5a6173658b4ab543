"""The site's settings in a folder of their own, without what a developer's shell or `.env` says."""

import atexit
import os
import shutil
import tempfile

for name in (
    "SITE_URL",
    "ALLOWED_HOSTS",
    "TRUST_PROXY_HEADERS",
    "SECRET_KEY",
    "TIME_ZONE",
    "DEBUG",
    "HOST",
    "PORT",
    "DATABASE_REPLICA_URL",
):
    os.environ.pop(name, None)
os.environ["ENV_FILE"] = os.devnull
if "TEST_VAR_DIR" not in os.environ:  # pytest-xdist's workers inherit the folder of the first process
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="peakon-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_VAR_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["TEST_VAR_DIR"]
# Playwright's synchronous interface leaves an event loop behind, in which Django would refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from peakon_scim.settings import *  # noqa: E402, F403
from peakon_scim.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR  # noqa: E402

# Threads and processes share a file; the in-memory database that is Django's default they cannot.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SCIM_RATE_LIMIT = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The tests that are about it write what was counted themselves; query budgets must not meet it by chance.
ACTIVITY_SECONDS = 3600
