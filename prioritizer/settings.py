"""All settings, from the environment only. docs/operate/settings.md lists the variables."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django_stubs_ext
from csp.constants import NONE, SELF

from prioritizer import env, logs, sso

# Lets code name the model of a form, an admin or a view, as in ModelForm[Proposal].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# Where nothing is set, Prioritizer is embedded on a single machine: a SQLite file in VAR_DIR, plain
# http on loopback, a secret key that it makes for itself. With a DATABASE_URL it is a deployment
# and must be told the rest.
EMBEDDED = not env.text("DATABASE_URL", "")
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")

DEBUG = env.flag("DEBUG", default=False)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*env.listing("ALLOWED_HOSTS", [] if DEBUG or EMBEDDED else None), *LOOPBACK]
SECRET_KEY = env.text(
    "SECRET_KEY", env.kept_secret(VAR_DIR / "secret-key") if DEBUG or EMBEDDED else None
)
SECRET_KEY_FALLBACKS = env.listing("SECRET_KEY_FALLBACKS", [])

ROOT_URLCONF = "prioritizer.urls"
WSGI_APPLICATION = "prioritizer.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "projects.User"
# Which types of proposals there are: the framework says so, which the form of one cannot know.
PROPOSAL_TYPES = "scoring.framework.selectors.proposal_types"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "prioritizer.apps.PrioritizerConfig",
    # Before ours, which takes its models out of the admin.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "jobs",
    "projects",
    "scoring",
    "prioritizer.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Against guessing secrets from the length of an answer, it adds a random length itself.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "prioritizer.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "prioritizer.middleware.DatabaseOutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "prioritizer.middleware.SecondFactorMiddleware",
    "prioritizer.middleware.ReaderMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prioritizer.context.shell",
            ],
        },
    },
]

# Data. A view is not one transaction: services say themselves what belongs together.
DATABASES = {
    "default": {
        **env.database(
            "DATABASE_URL",
            f"sqlite:///{quote(str(VAR_DIR / 'prioritizer.sqlite3'))}",
            timeouts={
                "statement_timeout": env.integer("DATABASE_STATEMENT_TIMEOUT_MS", 30_000),
                "lock_timeout": env.integer("DATABASE_LOCK_TIMEOUT_MS", 5_000),
                # A worker that freezes between two statements would hold its locks for ever.
                "idle_in_transaction_session_timeout": env.integer(
                    "DATABASE_IDLE_TIMEOUT_MS", 30_000
                ),
            },
        ),
        "ATOMIC_REQUESTS": False,
    },
}
MEDIA_ROOT = VAR_DIR / "media"

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True

# From a folder that collectstatic filled, where one is named; otherwise from the source.
STATIC_URL = "/static/"
STATIC_COLLECTED = bool(env.text("STATIC_ROOT", ""))
STATIC_ROOT = env.folder("STATIC_ROOT", VAR_DIR) if STATIC_COLLECTED else None
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG

# Signing in: accounts by django-allauth. The throttle of passwords counts in the database and
# refuses before one is hashed.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# People of the demo company whom the sign-in page offers by a button each; `up` names them.
DEMO_SIGN_INS = env.listing("DEMO_SIGN_INS", []) if EMBEDDED else []
# Who must have a second factor. The demo company has none: it lives on loopback, without secrets.
ON_LOOPBACK = set(ALLOWED_HOSTS) <= set(LOOPBACK)
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR",
    "nobody" if DEMO_SIGN_INS and ON_LOOPBACK else "privileged",
    ["privileged", "everybody", "nobody"],
)
if SECOND_FACTOR == "nobody" and not ON_LOOPBACK:
    raise env.SettingError(
        "SECOND_FACTOR", "is nobody", "Only on loopback, for a trial: take it out."
    )
# How long a sign-in is good for what asks again who you are: deciding, publishing, rights.
CONFIRMED_FOR = timedelta(minutes=env.integer("CONFIRMED_FOR_MINUTES", 15, minimum=1))
SSO_PROVIDERS = sso.providers("SSO_PROVIDERS")
PASSWORDS = env.flag("PASSWORDS", default=True)
# The one account that signs in with a password where passwords are off.
BREAK_GLASS = env.text("BREAK_GLASS", "")
if not PASSWORDS and not (SSO_PROVIDERS or BREAK_GLASS):
    raise env.SettingError(
        "PASSWORDS", "is off and nobody could sign in", "Set SSO_PROVIDERS, or BREAK_GLASS."
    )

ACCOUNT_ADAPTER = "projects.people.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # only administrators and providers bring addresses
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True  # a session ends with its age, below
ACCOUNT_FORMS = {"login": "projects.people.forms.SignInForm"}
# Per address of the network or per person who is signed in, never per name that is tried: nobody
# is shut out by somebody else. Codes of the second factor are tried by who knows the password.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "signup": None,
    "login_failed": "5/300s/key",
    "reset_password": "20/m/ip",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "projects.people.adapters.SecondFactors"
MFA_FORMS = {"add_webauthn": "projects.people.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = PASSWORDS
MFA_TOTP_ISSUER = "Prioritizer"
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago: people type slowly, clocks differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # plain http on loopback
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a whole office may be behind one address
SOCIALACCOUNT_ADAPTER = "scoring.panel.adapters.SingleSignOn"
SOCIALACCOUNT_PROVIDERS = sso.for_library(SSO_PROVIDERS)
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "sso"

CACHES = {
    # What must hold for all web processes: tries of a second factor, codes that were used.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Lines of sealed runs, drawn once per process. Nothing that depends on who looks is kept.
    "lines": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "lines",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # When who asked the API lately, for the limit below.
    "pace": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pace"},
}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "prioritizer.people.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours; the page below says so
AXES_LOCKOUT_TEMPLATE = "projects/people/locked.html"
PASSWORD_RESET_TIMEOUT = 3600  # seconds; the page behind an old link says so
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "prioritizer.people.name_tried"
AXES_CLIENT_IP_CALLABLE = "projects.people.requests.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# `make run` speaks plain http on loopback; a deployment speaks https unless it says otherwise.
SECURE = env.flag("SECURE", default=not (DEBUG or EMBEDDED))
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", [])
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# Mail goes to files in VAR_DIR where no server is named.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Prioritizer <prioritizer@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where links in mail lead.
SITE_URL = env.text(
    "SITE_URL", f"{'https' if SECURE else 'http'}://{ALLOWED_HOSTS[0].removeprefix('.')}"
).rstrip("/")

# Webhooks reach addresses inside the network, and without TLS: for a receiver on this very machine.
WEBHOOKS_INSIDE = env.flag("WEBHOOKS_INSIDE", default=False)

# Queue. Celery only rings for rows that stand in the database; a lost ring is rung again. Without
# a queue a ring goes nowhere instead of hanging the request.
QUEUE_URL = env.queue("QUEUE_URL")
CELERY_BROKER_URL = QUEUE_URL or "memory://nobody"
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 660,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 5,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "health_check_interval": 5,
}
CELERY_TASK_DEFAULT_QUEUE = "prioritizer"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Ten times what 10,000 proposals take on two busy cores. A run whose worker died does not wait for
# these: its lease runs out.
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 630
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

# A ranking run that its worker has not renewed for this long goes to another worker.
# Runs with more scores to draw than this (proposals x futures) are shared among the workers.
RUN_SHARED_FROM = env.integer("RUN_SHARED_FROM", 20_000_000, minimum=1)
RUN_LEASE = timedelta(seconds=env.integer("RUN_LEASE_SECONDS", 30, minimum=1))

# Exports: longer lists are written by a worker into a file that only who asked for it can fetch.
EXPORT_ROWS_AT_ONCE = env.integer("EXPORT_ROWS_AT_ONCE", 5_000)
EXPORT_ROOT = VAR_DIR / "exports"

# API
# For each token, and for each person without one; 0 is no limit.
API_REQUESTS_PER_MINUTE = env.integer("API_REQUESTS_PER_MINUTE", 600)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "projects.tokens.api.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "scoring.panel.api.SecondFactor",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["projects.tokens.api.Pace"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["projects.api_defaults.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "projects.http.answer_error",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Prioritizer",
    "DESCRIPTION": "Joint proposals, panel scores and the one shared backlog.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [
        "rest_framework.permissions.IsAuthenticated",
        "scoring.panel.api.SecondFactor",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "prioritizer.api_docs.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Evidence": "projects.models.Evidence",
        "FileKind": "projects.models.Attachment.Kind",
        "MoneyKind": "projects.models.MoneyLine.Kind",
        "ProposalStatus": "projects.models.Proposal.Status",
        "FrameworkStatus": "scoring.models.FrameworkVersion.Status",
        "ScorecardStatus": "scoring.models.Scorecard.Status",
        "ImportState": "projects.models.Batch.State",
        "ReportState": "scoring.models.Report.State",
        "RunStatus": "scoring.models.RankingRun.Status",
    },
}

# Logs: lines for people where someone installed it on one machine, JSON in a deployment.
LOG_FORMAT = env.choice(
    "LOG_FORMAT", "console" if DEBUG or EMBEDDED else "json", ["console", "json"]
)
LOGGING = logs.configured(LOG_FORMAT, level=env.text("LOG_LEVEL", "INFO"))
