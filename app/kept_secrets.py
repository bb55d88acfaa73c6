"""Addresses with their secrets, to be opened again: in the system's keyring, or in a file that only this user reads."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from app.addresses import HIDDEN, shown_address
from app.folders import config_folder
from core.errors import SourceError

FILE_NAME = "addresses.json"
SERVICE = "courtside address"


def keep_secret(spec: str) -> str:
    """The SOURCE as it may be shown and stored anywhere; what that leaves out is kept."""
    shown = shown_address(spec)
    if shown != spec and HIDDEN in shown and _recalled(shown) != spec and not _keep_in_keyring(shown, spec):
        with contextlib.suppress(OSError):  # then it has to be typed again
            _write({**_read(), shown: spec})
    return shown


def recall_secret(shown: str) -> str:
    """The SOURCE that `keep_secret` was given, by what it returned. Raises SourceError when that is not there."""
    if "://" not in shown or HIDDEN not in shown:
        return shown
    spec = _recalled(shown)
    if spec is None:
        raise SourceError("Password not known", f"{shown} was kept without what stands at {HIDDEN}; type it again")
    return spec


def _recalled(shown: str) -> str | None:
    with contextlib.suppress(ImportError):
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            found = keyring.get_password(SERVICE, shown)
            if found is not None:
                return found
    return _read().get(shown)


def _keep_in_keyring(shown: str, spec: str) -> bool:
    """False where there is no keyring, or it is locked."""
    with contextlib.suppress(ImportError):
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            keyring.set_password(SERVICE, shown, spec)
            return True
    return False


def _path() -> Path:
    return config_folder() / FILE_NAME


def _read() -> dict[str, str]:
    try:
        written = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in written.items()} if isinstance(written, dict) else {}


def _write(addresses: dict[str, str]) -> None:
    """All or nothing; never readable to others, not even for a moment."""
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(addresses, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, path)
