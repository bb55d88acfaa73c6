"""The `courtside` command: puts the folder that holds `app` and `core` on the path, then hands over to `app.cli`.

In a wheel that folder is this package's own, so `app` and `core` never become top-level names of a user's
site-packages: only this process and the Python processes it spawns (they inherit `sys.path`) can import them. In a
checkout it is the root. `python -m courtside` does the same.
"""

import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def main() -> int:
    """Run one command. Returns the exit status."""
    installed = (PACKAGE / "core").is_dir()
    sys.path.insert(0, str(PACKAGE if installed else PACKAGE.parent))

    from app.cli import main as run
    from core.parent_process import end_resource_tracker

    try:
        return run()
    finally:
        end_resource_tracker()


if __name__ == "__main__":  # spawned processes import this module too
    sys.exit(main())
