#!/usr/bin/env python
"""Django's command line for the portal; `./up2k` prepares the environment and calls it."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "up2k_portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a sentence for the operator of the machine, not a traceback
        sys.exit(f"manage.py: {error}")
