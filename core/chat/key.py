"""Where the key of a chat endpoint comes from: the environment, or the system's keyring. Never the command line."""

from __future__ import annotations

import importlib
import importlib.util
import os
from urllib.parse import urlsplit

from core.errors import EndpointError

VARIABLE = "COURTSIDE_API_KEY"
OPENAI = ("api.openai.com", "OPENAI_API_KEY")
"""The host that this variable is for, and no other."""
SERVICE = "courtside"


def endpoint_key(url: str, variable: str = "") -> str:
    """The key for an endpoint; "" where there is none, as local servers need none.

    Looked for in the environment variable that is named, else in COURTSIDE_API_KEY (for OpenAI's own host in
    OPENAI_API_KEY, too), then in the keyring under the service "courtside" and the endpoint's host name. Raises
    EndpointError where the variable named is not set.
    """
    if variable:
        if not os.environ.get(variable):
            raise EndpointError("No key", f"the environment variable {variable} is not set")
        return os.environ[variable].strip()
    host = urlsplit(url).hostname or ""
    names = (VARIABLE, OPENAI[1]) if host == OPENAI[0] else (VARIABLE,)
    found = next((os.environ[name].strip() for name in names if os.environ.get(name)), "")
    return found or _from_keyring(host)


def _from_keyring(host: str) -> str:
    if importlib.util.find_spec("keyring") is None:
        return ""
    keyring = importlib.import_module("keyring")
    try:
        return keyring.get_password(SERVICE, host) or ""
    except keyring.errors.KeyringError:  # no keyring runs here, or it stays locked
        return ""
