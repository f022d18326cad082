"""Django's command line for Gõ Cửa. Not for: settings; they live in onboarding/settings.py."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
