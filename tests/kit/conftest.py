"""Set-up for tests of the bottom floor, which need no database and run without the settings."""

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)
