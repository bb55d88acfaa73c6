"""`python -m app` is the `courtside` command, for machines where nothing is installed."""

import sys

from app.cli import main

sys.exit(main())
