"""The WSGI application of the stand-in portal. Not for: the house's own; that is onboarding/wsgi.py."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.portal_sandbox.settings"
application = get_wsgi_application()
