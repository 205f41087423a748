"""Django settings. Values that differ between installations come from env.py."""

import sys
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from kanal.config import env as environment
from kanal.core.observability import logs

ENV = environment.read_environment()
ROOT = Path(__file__).resolve().parents[2]
TESTING = "pytest" in sys.modules

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins

FEATURES = ["files", "comments", "performance", "search", "exporting", "importing", "backup", "geocoding", "savedviews"]
ENTITIES = [
    "people", "projects", "accounts", "contacts", "partners", "tasks", "pricebooks", "campaigns",
    "activities", "leads", "opportunities", "quotes", "contracts", "intake", "splitter", "qualification", "selling",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "kanal.web",  # before the apps whose templates it overrides
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "kanal.core",
    *(f"kanal.features.{name}" for name in FEATURES),
    *(f"kanal.entities.{name}" for name in ENTITIES),
    "kanal.api",
    "kanal.demo",
    *(["tests.fakes"] if TESTING else []),
    "kanal.config",  # last: freezes the registries that the others fill
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kanal.web.request_log.traced",
    "kanal.api.middleware.edge",
    "kanal.web.middleware.without_nul",
    "kanal.entities.intake.middleware.ahead",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kanal.web.compression.compressed",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kanal.web.replica_middleware.Lagging",
    "kanal.web.middleware.signed_in_only",
    "kanal.web.middleware.personal",
    "kanal.web.errors.Refusals",
]

ROOT_URLCONF = "kanal.config.urls"
WSGI_APPLICATION = "kanal.config.wsgi.application"
ASGI_APPLICATION = "kanal.config.asgi.application"

FINDERS = [
    "kanal.web.template_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
CACHED = [("django.template.loaders.cached.Loader", FINDERS)]
LOADERS = [("template_partials.loader.Loader", FINDERS if DEBUG else CACHED)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": LOADERS,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kanal.web.navigation.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "kanal.web.templatetags.icons",
                "template_partials.templatetags.partials",
            ],
        },
    },
]

DATABASES = {"default": environment.database(ENV.database_url or "postgresql://127.0.0.1:5432/kanal")}
if not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 5}
# A pooler in transaction mode assigns each transaction another connection, so cursors don't outlive it.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = ENV.direct_database_url not in ("", ENV.database_url)
if ENV.replica_url and not TESTING:
    DATABASES["replica"] = DATABASES["default"] | environment.database(ENV.replica_url)
    DATABASES["replica"]["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 8, "timeout": 1, "reconnect_timeout": 1}
    DATABASE_ROUTERS = ["kanal.core.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES["default"]["ATOMIC_REQUESTS"] = False

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["kanal.web.login.sessions.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "kanal.web.login.pages.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# A name at an address is locked for seconds after five wrong passwords, and has sixty attempts an hour. All users of
# an address share a generous limit, so that invented names don't lock out the others.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15s/key,60/h/key,120/m/ip"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.https

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kanal_cache"}}
SESSION_ENGINE = "kanal.web.login.sessions"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")), ("nb", _("Norwegian")), ("de", _("German")),
    ("cs", _("Czech")), ("es", _("Spanish")), ("fr", _("French")),
]  # fmt: skip
LOCALE_PATHS = [ROOT / "kanal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.data / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if ENV.https:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all users behind the proxy would share one limit
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
globals().update(environment.mail(ENV.mail_url, ENV.data / "outbox"))
BACKUP_DIR, BACKUP_KEEP = ENV.backup_dir, ENV.backup_keep
POSTGRES_PROGRAMS = environment.postgres_programs()

LOGGING = logs.configuration(readable=DEBUG, quiet=TESTING)
PERFORMANCE_KEPT = not TESTING
METRICS_ALLOW, METRICS_TOKEN, METRICS_FOLDER = ENV.metrics_allow, ENV.metrics_token, ENV.metrics_folder
