"""Settings of Gõ Cửa: every value comes from the environment, every default works on a fresh clone.

Not for: facts of the domain (fees, codes, forms are rows) or secrets (they live in var/keys or the environment).
"""

import os
import secrets
import sys
from datetime import date
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    """Return the truth of an environment variable: 1, true, yes and on are true."""
    return os.environ.get(name, str(default)).strip().lower() in ("1", "true", "yes", "on")


def env_int(name: str, default: int) -> int:
    """Return an environment variable as a whole number."""
    return int(os.environ.get(name, default))


def env_day(name: str, default: str) -> date:
    """Return an environment variable, YYYY-MM-DD, as a day."""
    return date.fromisoformat(os.environ.get(name, default))


def env_list(name: str, default: str) -> list[str]:
    """Return a comma-separated environment variable as a list without empty parts."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


TESTING = "pytest" in sys.modules
DEBUG = env_bool("DEBUG", False)

# Data and keys are apart on purpose: a copied data folder must not carry the keys that open it.
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
DATA_DIR = VAR_DIR / "data"
KEYS_DIR = Path(os.environ.get("KEYS_DIR", VAR_DIR / "keys"))
QUEUE_DIR = VAR_DIR / "queue"
STATIC_ROOT = VAR_DIR / "static"
for folder in (DATA_DIR, KEYS_DIR, QUEUE_DIR, STATIC_ROOT):
    folder.mkdir(parents=True, exist_ok=True)
KEY_RING_FILE = KEYS_DIR / "ring.json"
GUIDE_KEYS_FILE = KEYS_DIR / "guide_keys.json"  # signs what phones keep of guides
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR", VAR_DIR / "backup"))


def own_secret(name: str) -> str:
    """Return the secret kept in the keys folder under name, made on first use and readable by the owner only."""
    path = KEYS_DIR / name
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = os.environ.get("SECRET_KEY") or own_secret("secret_key")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "*")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", "")
SITE_URL = os.environ.get("SITE_URL", "")  # "" = take it from the request

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "pwa",
    "csp",
    "onboarding",
    "onboarding.accounts",
    "onboarding.journal",
    "onboarding.guides",
    "onboarding.fieldwork",
    "onboarding.submissions",
    "onboarding.sync",
    "onboarding.oversight",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "onboarding.headers.browser_rules",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "onboarding.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "onboarding.urls"
WSGI_APPLICATION = "onboarding.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "django.template.context_processors.i18n",
                "onboarding.fieldwork.counts.nav_counts",
            ],
        },
    }
]

# --- Database: SQLite unless DATABASE_URL says otherwise -----------------------------------------------------------
DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A file, not memory: tests with real threads need the locks of the database that runs in the field.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # IMMEDIATE: a transaction that reads first and writes later would otherwise die with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous="
        + ("OFF" if TESTING else "FULL")
        + ";PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;",
    }
else:
    # A push asks the same questions for each entry: PostgreSQL plans them once a connection instead of each time.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3}

CACHE_URL = os.environ.get("CACHE_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    # Rate limits must be shared by all web processes; process memory would give each its own count.
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Django's own 300 would let the counts of a few hundred readers push out those of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- Queue: rows are the truth, messages carry ids ------------------------------------------------------------------
BROKER_URL = os.environ.get("BROKER_URL", "filesystem://")
BEAT_SECONDS = env_int("BEAT_SECONDS", 15)
# How long a worker draws guides before it looks for other work, and that is what a dossier may wait; 0: it draws none.
DRAW_SECONDS = env_int("DRAW_SECONDS", 10)
BACKUP_SECONDS = env_int("BACKUP_SECONDS", 6 * 3600)

# --- Files: private, named by content hash, never served from a public folder ---------------------------------------
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
if TESTING:  # tests draw pages without collecting first
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 400_000  # a push is at most 256 KB, a file chunk at most 64 KB
FORM_MOST_BYTES = 21_000_000  # with its files: the heaviest that anybody may bring is a guide's zip of 20 MB
FILE_UPLOAD_HANDLERS = [
    "onboarding.file_bounds.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/phuong/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "onboarding.accounts.adapter.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/10m/key,100/10m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "onboarding.accounts.views.csrf_failure"

# --- Security --------------------------------------------------------------------------------------------------------
HTTPS = env_bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],  # argon2id and the QR decoder are WebAssembly
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- Installed app (django-pwa serves the addresses; our templates and our worker replace its own) --------------------
PWA_APP_NAME = "Gõ Cửa"
PWA_APP_DESCRIPTION = "Đi từng ngõ, gõ từng nhà"
PWA_APP_THEME_COLOR = "#073b34"
PWA_APP_BACKGROUND_COLOR = "#faf6ec"
PWA_APP_LANG = "vi"
PWA_APP_DEBUG_MODE = False
PWA_SERVICE_WORKER_PATH = str(VAR_DIR / "worker.js")

# --- Phones ----------------------------------------------------------------------------------------------------------
SYNC_PROTOCOL = (1, 1)
SYNC_MIN_CLIENT = "1"
ENROL_MINUTES = 10
DEVICE_DAYS = 90

SYNC_ENTRIES_AN_HOUR = env_int("SYNC_ENTRIES_AN_HOUR", 600)  # one phone; beyond it 429, nothing is lost
FEEDBACK_AN_HOUR = env_int("FEEDBACK_AN_HOUR", 1200)  # words and counts of readers from one address; beyond it 429
LINK_OPENS_AN_HOUR = env_int("LINK_OPENS_AN_HOUR", 300)  # openings of short links counted from one address
# Requests for a visit from one address; beyond it 429, and a phone keeps what it has.
ASKS_AN_HOUR = env_int("ASKS_AN_HOUR", 5)
ASKS_A_DAY = env_int("ASKS_A_DAY", 10)
# How long a request that ended keeps name, phone and address. The page tells whoever asks; approved by the ward.
ASK_KEEP_DAYS = env_int("ASK_KEEP_DAYS", 90)
# The same for one that nobody ends, counted from the last thing done about it; from which day the ward holds to it; and
# how many days before its list says so. Nothing open is wiped before that day and these days are over.
ASK_OPEN_DAYS = env_int("ASK_OPEN_DAYS", 180)
ASK_OPEN_FROM = env_day("ASK_OPEN_FROM", "2026-11-22")
ASK_WARN_DAYS = env_int("ASK_WARN_DAYS", 14)
SYNC_FILE_BYTES_A_DAY = env_int("SYNC_FILE_BYTES_A_DAY", 200_000_000)  # one phone
# A copy of the database's history name outside the data: a restored backup without after_restore is noticed.
SERVER_EPOCH_FILE = "" if TESTING else str(KEYS_DIR / "server_epoch")
UPLOAD_DIR = DATA_DIR / "uploads"  # files on their way; whole ones go to the default storage

# --- Portal ----------------------------------------------------------------------------------------------------------
PORTAL_ADAPTER = os.environ.get("PORTAL_ADAPTER", "sandbox")
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8600")
PORTAL_USER = os.environ.get("PORTAL_USER", "gocua")
PORTAL_PASSWORD = os.environ.get("PORTAL_PASSWORD", "sandbox")
PORTAL_UNIT = os.environ.get("PORTAL_UNIT", "000.99.99.H26")
PORTAL_DEADLINE_SECONDS = env_int("PORTAL_DEADLINE_SECONDS", 30)
PORTAL_LEASE_SECONDS = env_int("PORTAL_LEASE_SECONDS", 40)
# The length of a "minute" in all waits towards the portal: a trial run against the sandbox may shorten it.
PORTAL_MINUTE_SECONDS = env_int("PORTAL_MINUTE_SECONDS", 60)
WORKER_CAPACITY = env_int("WORKER_CAPACITY", 2)  # deliveries at once over all workers; bells are at most twice that
DEMO_PROVINCE_CODES = ("097", "098", "099")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
