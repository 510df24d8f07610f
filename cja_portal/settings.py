"""Every setting of the portal. What differs between machines is read from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cja_portal import embedded_postgres, environment

BASE_DIR = Path(__file__).resolve().parent.parent

# -- The machine ------------------------------------------------------------------------------

DEBUG = environment.boolean("DEBUG", default=False)
VAR_DIR = Path(environment.text("VAR_DIR") or BASE_DIR / "var")
IS_DEMONSTRATION = environment.boolean("DEMONSTRATION", default=False)

if DEBUG:
    SECRET_KEY = environment.text("SECRET_KEY", "for development only, never for a public site")
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
else:
    SECRET_KEY = environment.required("SECRET_KEY", "a long random text that signs sessions.")
    environment.required("ALLOWED_HOSTS", "the host names of this site, separated by commas.")
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
    environment.required("DATABASE_URL", "postgres://user:password@host/database.")

SITE_ORIGIN = environment.origin(
    "SITE_ORIGIN",
    default="http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].strip('.*')}",
)
CONTACT_EMAIL = environment.text("CONTACT_EMAIL", "info@criminaljusticealliance.org.uk")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ROOT_URLCONF = "cja_portal.urls"
WSGI_APPLICATION = "cja_portal.wsgi.application"

# -- Apps -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "cja_portal",
    "awards",
    "dictionary",
    "library",
    "members",
    "cja_portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cja_portal.middleware.refuse_huge_bodies",
    "cja_portal.middleware.refuse_other_encodings",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.note_visits",
    "members.middleware.ask_for_second_factor",
    "django_htmx.middleware.HtmxMiddleware",
    "cja_portal.middleware.keep_private_pages_private",
    "cja_portal.middleware.refuse_impossible_addresses",
    "cja_portal.middleware.plain_error_pages",
]

# -- Templates --------------------------------------------------------------------------------

_loaders = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    _loaders = [("cja_portal.kit.templates.Loader", _loaders)]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _loaders)],
            "builtins": [
                "cja_portal.kit.components",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cja_portal.context.site",
            ],
        },
    }
]
# Without these, all staff may read and write by spreadsheet what they may not open.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Database, cache, sessions, tasks: all in Postgres ------------------------------------------

if environment.text("DATABASE_URL"):
    _database = environment.database("DATABASE_URL")
else:
    _database = embedded_postgres.database(VAR_DIR / "postgres")

DATABASES = {
    "default": _database
    | {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # psycopg2 sends values inside the statement, so that each gets a plan of its own: a plan
        # for any value is far slower in text search. Keep that if psycopg 3 ever comes in.
        "DISABLE_SERVER_SIDE_CURSORS": environment.boolean("PGBOUNCER", default=False),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Limits on tries are kept in the cache: with Django's 300 entries, a crowd of strangers could push
# them out and try on.
MOST_CACHED = 50_000


def _cache(address):
    if address.startswith(("redis://", "rediss://")):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}
    if address:
        raise ImproperlyConfigured(f"CACHE_URL must be redis://host or empty, not {address!r}.")
    return {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": MOST_CACHED},
    }


CACHES = {"default": _cache(environment.text("CACHE_URL"))}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# -- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["cja_portal.formats"]

# -- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

_bucket = environment.text("S3_BUCKET")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": environment.text("S3_ENDPOINT") or None,
            "default_acl": None,
            "querystring_auth": True,
        },
    }
    if _bucket
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# An address such as /stored-files/ that the proxy in front serves from MEDIA_ROOT to nobody but us.
ACCEL_REDIRECT = environment.text("ACCEL_REDIRECT")
CLAMD = environment.address_of_socket("CLAMD")

# -- Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", "CJA portal <portal@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [("Portal", address) for address in environment.words("ERROR_MAIL_TO")]
EMAIL_SUBJECT_PREFIX = "[CJA portal] "
EMAIL_TIMEOUT = 20

# Amazon's key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for S3.
MAIL_SERVICES = {
    "amazon_ses": [],
    "brevo": ["BREVO_API_KEY"],
    "mailgun": ["MAILGUN_API_KEY"],
    "postmark": ["POSTMARK_SERVER_TOKEN"],
    "sendgrid": ["SENDGRID_API_KEY"],
}
MAIL_DELIVERY = environment.choice(
    "MAIL_DELIVERY",
    ["file", "smtp", *MAIL_SERVICES],
    default="file" if DEBUG else "smtp",
)
if MAIL_DELIVERY == "file":
    EMAIL_BACKEND = "cja_portal.kit.mail.PrivateFolder"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
elif MAIL_DELIVERY == "smtp":
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = environment.text("SMTP_HOST", "localhost")
    EMAIL_PORT = environment.whole_number("SMTP_PORT", default=587, minimum=1)
    EMAIL_HOST_USER = environment.text("SMTP_USER")
    EMAIL_HOST_PASSWORD = environment.text("SMTP_PASSWORD")
    EMAIL_USE_TLS = environment.boolean("SMTP_TLS", default=True)
else:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_DELIVERY}.EmailBackend"
    ANYMAIL = {
        "MAILGUN_API_URL": environment.text("MAILGUN_API_URL", "https://api.mailgun.net/v3"),
        # Where letters that came back are told of: without a secret, nobody is listened to.
        "WEBHOOK_SECRET": environment.name_and_password("MAIL_WEBHOOK_SECRET"),
    } | {
        key: environment.required(key, f"{MAIL_DELIVERY}'s key for sending mail.")
        for key in MAIL_SERVICES[MAIL_DELIVERY]
    }
    if ANYMAIL["WEBHOOK_SECRET"]:
        # Amazon, Brevo and Postmark do not sign what they tell.
        if MAIL_DELIVERY == "mailgun":
            ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"] = environment.required(
                "MAILGUN_WEBHOOK_SIGNING_KEY", "Mailgun signs with it what it tells us."
            )
        if MAIL_DELIVERY == "sendgrid":
            ANYMAIL["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"] = environment.public_key(
                "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"
            )

# -- People and login -----------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "members:my-home"
LOGOUT_REDIRECT_URL = "home"

REQUIRE_SECOND_FACTOR = environment.boolean("REQUIRE_SECOND_FACTOR", default=True)
if not (REQUIRE_SECOND_FACTOR or DEBUG):
    raise ImproperlyConfigured("REQUIRE_SECOND_FACTOR may be 0 only where DEBUG is 1.")

ACCOUNT_ADAPTER = "members.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {"signup": "members.invitation_forms.InvitedSignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 2
# Such letters are written, so that the answer takes as long, and go to nobody (AccountAdapter).
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None

MFA_ADAPTER = "members.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "CJA portal"
MFA_TOTP_TOLERANCE = 1
MFA_TRUST_ENABLED = False
USERSESSIONS_TRACK_ACTIVITY = True

# Behind a proxy this must say how many stand in front, or everyone shares one rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole_number("TRUSTED_PROXY_COUNT", default=0)

# -- Safety ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
SECURE_SSL_REDIRECT = environment.boolean("HTTPS_ONLY", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else environment.whole_number("HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if environment.whole_number("TRUSTED_PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A name that begins so is believed only from this very host: no sister site can plant a cookie.
_cookie_prefix = "" if DEBUG else "__Host-"
SESSION_COOKIE_NAME = f"{_cookie_prefix}sessionid"
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrftoken"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cja_portal.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_FILE = environment.whole_number("LARGEST_FILE_MB", default=30, minimum=1) * 1024 * 1024
LARGEST_BODY = LARGEST_FILE + 2 * 1024 * 1024  # the file and the form around it
SILENCED_SYSTEM_CHECKS = []

# -- Log ------------------------------------------------------------------------------------------

LOG_LEVEL = environment.choice(
    "LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="WARNING"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "reporter_class": "cja_portal.error_reports.DiscreetReporter",
        },
    },
    # Errors go to ERROR_MAIL_TO; without this Django would also print every line twice. What
    # strangers do wrong is printed only: anybody could fill a mailbox with it.
    "loggers": {
        "django": {"handlers": ["mail"]},
        "django.security": {"handlers": ["console"], "propagate": False},
        "django.utils.autoreload": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
