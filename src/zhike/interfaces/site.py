"""Django's settings. What an installation decides comes from `zhike.core.settings`; the rest is fixed here."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from zhike.core import postgres
from zhike.core.settings import settings
from zhike.core.workspace import workspace
from zhike.operations.files import limits

_HERE = Path(__file__).parent
_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

DEBUG = settings().debug
SECRET_KEY = workspace().secret("django").hex()
ALLOWED_HOSTS = list(settings().allowed_hosts)
ROOT_URLCONF = "zhike.interfaces.urls"
WSGI_APPLICATION = "zhike.interfaces.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "zhike.interfaces.console",
    "zhike.operations.governance",
    "zhike.operations.customers",
    "zhike.operations.marketing",
    "zhike.operations.contact",
    "zhike.operations.service",
    "zhike.operations.approvals",
    "zhike.operations.files",
    "zhike.operations.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    # Both of these patch template loaders unless their simple configurations are named (see TEMPLATES).
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "zhike.interfaces.endpoints.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhike.interfaces.input.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhike.interfaces.accounts.guard.SessionGuard",
    "zhike.interfaces.console.language.LanguageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhike.interfaces.console.privacy.PrivacyMiddleware",
]

# Loaders are set out in full: each of the two template libraries would otherwise wrap the other's away,
# and their tags would render nothing without a word.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "console"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "zhike.interfaces.console.frame.frame",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "zhike.interfaces.console.templatetags.console",
            ],
        },
    }
]


def database(url: str, role: str = "") -> dict[str, object]:
    """``postgresql://user:password@host:port/name?host=/socket`` as Django's connection settings.

    With a ``role`` every session of the connection runs as it from its start, whoever logged in.
    """
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    if role:
        options["options"] = f"{options.get('options', '')} -c role={role}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# The bank's own by ZHIKE_DATABASE_URL, else the one beside the workspace.
# Everything runs as a role that owns nothing and is held by row-level security; only migrations run as the owner.
_URL = postgres.database_url(workspace())
DATABASES = {"default": database(_URL, role="zhike_app"), "owner": database(_URL)}

# Django calls the function only when LOGGING says something.
LOGGING_CONFIG = "zhike.interfaces.logs.configure"
LOGGING = {"version": 1}

# Accounts: staff are made by an administrator; nobody signs up, nobody resets a password by mail.
AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "zhike.interfaces.accounts.lockout.Names"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "zhike.interfaces.accounts.adapters.Accounts"
# Failures are counted by axes, in the database (operations/governance/attempts.py). This only keeps a flood of
# log-ins, right or wrong, from one address off the processor: a password costs tens of milliseconds to check.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": None}
MFA_ADAPTER = "zhike.interfaces.accounts.adapters.Factors"
MFA_FORMS = {
    "activate_totp": "zhike.interfaces.accounts.forms.SetUp",
    "authenticate": "zhike.interfaces.accounts.forms.Code",
    "reauthenticate": "zhike.interfaces.accounts.forms.CodeAgain",
}
MFA_TOTP_ISSUER = "Zhike"
MFA_TOTP_TOLERANCE = 1  # a clock may be thirty seconds off
MFA_RECOVERY_CODES_SHOW_ONCE = True
AXES_HANDLER = "zhike.interfaces.accounts.lockout.Lockout"
AXES_CLIENT_IP_CALLABLE = "zhike.interfaces.accounts.lockout.address_of"
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# The page of a lock is the page of a failure: who tries cannot tell them apart (so no AxesMiddleware).
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
# The address of whoever connects, or behind so many proxies the one that they tell of: a header alone proves nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = settings().trusted_proxies

# Reached only on this machine, over plain HTTP; under any other host name, behind TLS.
_SECURE = not set(ALLOWED_HOSTS) <= _LOOPBACK
SESSION_COOKIE_NAME = "__Host-zhike" if _SECURE else "zhike"
CSRF_COOKIE_NAME = "__Host-zhike-csrf" if _SECURE else "zhike-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in _LOOPBACK and host != "*"]
CSRF_FAILURE_VIEW = "zhike.interfaces.console.faults.stale_form"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script or style, no eval, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "zhike-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = settings().zone

# What is uploaded stays in memory on its way to the store, never in a clear temporary file. A body over this is not
# taken in at all: the limit of one file, and what a form adds to it.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = limits.FILE_BYTES + 64 * 1024

STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "zhike.interfaces.console.assets.VersionedStatic"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000  # every address carries the hash of its file
