"""What every test has, wherever it stands: its own copy of the pristine database in place of pytest-django's."""

from tests.pristine import django_db_setup

__all__ = ["django_db_setup"]
