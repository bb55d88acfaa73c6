"""Reading a folder of PNG pictures, lossless. Needs Pillow alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import SourceError

if TYPE_CHECKING:
    import numpy as np


class PictureFolder:
    """The PNG pictures of a folder in the order of their names.

    Attributes:
        paths: the files.
    """

    def __init__(self, path: Path) -> None:
        """Raises SourceError when there is no such folder, or no PNG in it."""
        if not os.path.isdir(path):  # False for a name that no disk can hold, too
            why = "is no folder" if os.path.exists(path) else "does not exist"
            raise SourceError("No such folder", f"{path} {why}")
        self.paths = sorted(p for p in path.iterdir() if p.suffix.lower() == ".png")
        if not self.paths:
            raise SourceError("No pictures", f"{path} holds no PNG file")

    def pictures(self) -> Iterator[np.ndarray]:
        """Each picture as uint8 RGB (height, width, 3). Raises SourceError for a file that is no picture."""
        import numpy as np
        from PIL import Image

        for path in self.paths:
            try:
                with Image.open(path) as picture:
                    yield np.array(picture.convert("RGB"))
            except (OSError, SyntaxError) as error:  # Pillow calls a broken PNG a SyntaxError
                raise SourceError("Damaged picture", f"{path} cannot be read ({error})") from error
