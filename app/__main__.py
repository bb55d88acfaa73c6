"""`python -m app` is the `courtside` command, for machines where nothing is installed."""

import sys

from app.cli import main
from core.parent_process import end_resource_tracker

if __name__ == "__main__":  # the engine's child process imports this module too
    try:
        sys.exit(main())
    finally:
        end_resource_tracker()
