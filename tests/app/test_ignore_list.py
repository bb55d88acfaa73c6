"""Which windows must not be watched, by what they tell of themselves."""

from __future__ import annotations

import pytest

from app.ignore_list import IgnoreList, WindowIdentity


@pytest.mark.parametrize(
    "title",
    [
        "Bank — Mozilla Firefox Private Browsing",
        "Bank — Mozilla Firefox Privater Modus",
        "Bank - Mozilla Firefox (Privater Modus)",
        "New Incognito tab - Chromium",
        "Neuer Inkognito-Tab - Chromium",
        "Bank - [InPrivate] - Microsoft Edge",
        "Bank — Privates Surfen",
        "Passwords.kdbx [Locked] - KeePassXC",
        "Vault | Bitwarden Web Vault",
        "1Password — All Accounts",
        "pass show mail/work",
    ],
)
def test_private_titles_are_known_from_the_start(title: str) -> None:
    assert IgnoreList().matches(WindowIdentity(titles=(title,)))


@pytest.mark.parametrize(
    "identity",
    [
        WindowIdentity(classes=("keepassxc", "KeePassXC")),
        WindowIdentity(classes=("Bitwarden",)),
        WindowIdentity(programs=("i3lock",)),
        WindowIdentity(programs=("xscreensaver-auth",)),
        WindowIdentity(programs=("chromium", "--no-first-run", "--incognito")),
    ],
)
def test_password_managers_lock_screens_and_private_browsers_are_known(identity: WindowIdentity) -> None:
    assert IgnoreList().matches(identity)


@pytest.mark.parametrize(
    "identity",
    [
        WindowIdentity(("Bypassing a defender - SuperTuxKart",), ("supertuxkart",), ("supertuxkart",)),
        WindowIdentity(("Courtside - Mozilla Firefox",), ("Navigator", "firefox"), ("firefox",)),
        WindowIdentity(),
    ],
)
def test_others_may_be_watched(identity: WindowIdentity) -> None:
    assert not IgnoreList().matches(identity)


def test_brackets_and_question_marks_stand_for_themselves() -> None:
    ignored = IgnoreList(titles=("[draft] who?",), classes=(), programs=())
    assert ignored.matches(WindowIdentity(titles=("a [Draft] Who? b",)))
    assert not ignored.matches(WindowIdentity(titles=("d whom",)))


def test_an_empty_pattern_matches_nothing() -> None:
    assert not IgnoreList(titles=("", " "), classes=("",), programs=("",)).matches(WindowIdentity(titles=("Match",)))
