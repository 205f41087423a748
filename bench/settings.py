"""The product's settings with another middleware: the floor handles requests before all others."""

from kanal.config.settings import *  # noqa: F403
from kanal.config.settings import MIDDLEWARE as PRODUCT

MIDDLEWARE = ["bench.floor.bare", *PRODUCT]
ROOT_URLCONF = "bench.urls"
