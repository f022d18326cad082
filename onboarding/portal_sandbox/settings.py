"""Settings of the stand-in portal: a separate process with its own database.

For: python -m onboarding.portal_sandbox. Not for: the house; it imports nothing from here, and nothing
of the house is imported here, so that the two can only meet over HTTP as they would with a real portal.
"""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SANDBOX_DIR = Path(os.environ.get("SANDBOX_DIR") or Path(os.environ.get("VAR_DIR", BASE_DIR / "var")) / "sandbox")
SANDBOX_DIR.mkdir(parents=True, exist_ok=True)

# Only signs the form token of the small page; a new one each start costs one reload.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["onboarding.portal_sandbox"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "onboarding.portal_sandbox.urls"
WSGI_APPLICATION = "onboarding.portal_sandbox.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SANDBOX_DIR / "sandbox.sqlite3",
        # FULL: the ledger is the truth of the tests, so what it answered must survive kill -9 and a power cut.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        },
    }
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024  # one attachment
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- How this portal behaves ------------------------------------------------------------------------------------------
SANDBOX_USER = os.environ.get("SANDBOX_USER", "gocua")
SANDBOX_PASSWORD = os.environ.get("SANDBOX_PASSWORD", "sandbox")
SANDBOX_UNIT = os.environ.get("SANDBOX_UNIT", "000.99.99.H26")  # unit 99.99 is not assigned to anybody
SANDBOX_SESSION_SECONDS = int(os.environ.get("SANDBOX_SESSION_SECONDS", "1800"))
# Seconds after which a dossier moves one status on by itself; 0 = only when told.
SANDBOX_ADVANCE_SECONDS = float(os.environ.get("SANDBOX_ADVANCE_SECONDS", "0"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "ERROR")},
    # A planned 500 is not news.
    "loggers": {"django.request": {"level": "CRITICAL"}},
}
