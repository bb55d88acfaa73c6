"""Texts in the language of whoever looks at them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core.assets import TRANSLATIONS

CONTEXT = ""
"""Of every text: the English words are the key, wherever they stand."""


def tr(text: str) -> str:
    """An English text in the language chosen; as it is where it was never translated. Found by `make translations`."""
    return QCoreApplication.translate(CONTEXT, text)


def install_language(language: str) -> list[QTranslator]:
    """Makes `tr`, and Qt's own dialogs, speak "de", ... or, for "auto", as the system does; English needs nothing.

    To be called before the first window is made: a text is asked for once. What it gives is what was installed.
    """
    application = QCoreApplication.instance()
    name = QLocale.system().name()[:2] if language == "auto" else language
    if application is None or name == "en":
        return []
    folders = (str(TRANSLATIONS), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    installed = []
    for base, folder in zip(("courtside", "qtbase"), folders, strict=True):
        translator = QTranslator(application)
        if translator.load(f"{base}_{name}", folder):
            application.installTranslator(translator)
            installed.append(translator)
    return installed
