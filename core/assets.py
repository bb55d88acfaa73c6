"""Where the files that come with Courtside are, in a checkout as in an installed wheel: beside `app` and `core`."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
BUNDLED = ASSETS / "arena"
DESKTOP_FILES = ASSETS / "desktop"
ICON = ASSETS / "icon.svg"
PERSONAS = ASSETS / "personas"
TRANSLATIONS = ASSETS / "translations"
