"""The bundled demo match as a source."""

from __future__ import annotations

from app.capture.programme import programme_kind
from app.capture.source_kind import PickerEntry

BEGIN_S = 1.0
"""Match time of the first picture: the kick-off follows within two seconds, and with it the first line."""

ARENA = programme_kind("arena", "football", begin_s=BEGIN_S, entries=[PickerEntry("Arena demo", "arena")])
