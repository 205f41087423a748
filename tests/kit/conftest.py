"""Set-up for tests of the bottom floor, which need no database and run without the settings."""

import os

from django.conf import settings

if "DJANGO_SETTINGS_MODULE" not in os.environ and not settings.configured:
    settings.configure(USE_I18N=False)
