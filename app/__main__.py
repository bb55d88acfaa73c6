"""`python -m app` is the `courtside` command, for machines where nothing is installed."""

import sys

from app.cli import main

if __name__ == "__main__":  # the engine's child process imports this module too
    sys.exit(main())
