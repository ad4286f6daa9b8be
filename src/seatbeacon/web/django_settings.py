"""Django's settings for the pages: the control plane's, with accounts, sessions and security on top."""

from __future__ import annotations

from seatbeacon.beacon import django_settings as control_plane
from seatbeacon.beacon.logs.lines import logging_settings
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.security import allowed_hosts, content_security_policy, static_headers, web_secret_keys

_settings = load_settings()
_https = (_settings.base_url or "").startswith("https://")
_oidc = bool(_settings.oidc_server and _settings.oidc_client_id)

DATABASES = control_plane.DATABASES
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LOGGING = logging_settings(_settings)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    *control_plane.INSTALLED_APPS,
    "seatbeacon.web.apps.WebConfig",
    "seatbeacon.web.accounts.apps.AccountsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Installed in any case, so that the tables are the same everywhere; its routes exist with the setting.
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
]

MIDDLEWARE = [
    "seatbeacon.web.middleware.proxies.TrustedProxies",
    "seatbeacon.web.middleware.compression.CompressPages",
    # Named and not imported: the API stands above the pages.
    "seatbeacon.api.middleware.Problems",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "seatbeacon.web.middleware.access.AccessMiddleware",
]

ROOT_URLCONF = "seatbeacon.web.urls"
WSGI_APPLICATION = "seatbeacon.web.wsgi.application"
CSRF_FAILURE_VIEW = "seatbeacon.web.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "seatbeacon.web.context.page",
            ],
            "builtins": ["django.templatetags.static", "seatbeacon.web.templatetags.seatbeacon"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Hosts, https, and what stands in front.
BASE_URL = _settings.base_url
ALLOWED_HOSTS = allowed_hosts(_settings)
CSRF_TRUSTED_ORIGINS = [_settings.base_url] if _settings.base_url else []
TRUSTED_PROXIES = _settings.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings.trusted_proxies else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# The window that Microsoft's sign-in opens in must be able to tell the page that opened it.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy()

# Sessions and keys.
SECRET_KEY, *SECRET_KEY_FALLBACKS = web_secret_keys(_settings)
SESSION_ENGINE = "seatbeacon.web.accounts.sessions"
SESSION_COOKIE_NAME = "seatbeacon_session"
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "seatbeacon_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _https
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Sign-in is throttled by what all processes and machines see.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
    },
}

# Accounts.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_ADAPTER = "seatbeacon.web.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "seatbeacon.web.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "seatbeacon.web.accounts.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Seatbeacon"
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without https on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
SOCIALACCOUNT_ADAPTER = "seatbeacon.web.accounts.single_sign_on.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_ENABLED = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_REQUIRED = (
    False  # the adapter sees to it: nobody types an address that an issuer did not tell
)
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": _settings.oidc_name,
                "client_id": _settings.oidc_client_id,
                "secret": _settings.oidc_client_secret or "",
                "settings": {"server_url": _settings.oidc_server, "token_auth_method": "client_secret_post"},
            }
        ]
        if _oidc
        else [],
    }
}
SINGLE_SIGN_ON = _oidc
SINGLE_SIGN_ON_NAME = _settings.oidc_name
SINGLE_SIGN_ON_ROLE = _settings.oidc_role
SINGLE_SIGN_ON_CA_FILE = _settings.ca_file

# Static files: from the package, each under an address that changes with its content.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.memory.InMemoryStorage"},
    "staticfiles": {"BACKEND": "seatbeacon.web.static_files.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

# Nothing is uploaded but certificates.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
