"""The product's settings, on services made for the tests."""

from tests import services

services.prepare_environment()

from prioritizer.settings import *  # noqa: E402, F403 - they read what was just prepared
from prioritizer.settings import DATABASES, DEBUG, VAR_DIR  # noqa: E402

assert not DEBUG, "Tests see what people see: unset DEBUG"

# A file, because the pragmas and the locking that people get do not exist in memory.
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}

# Signing in is tested, not the strength of the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests ask faster than anybody; the limit is tested by itself.
API_REQUESTS_PER_MINUTE = 0
# Static files are looked up when asked for: most tests make a client, few ask for a file.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
