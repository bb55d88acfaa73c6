"""Everything that the window can do, in a menu."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QPushButton

from app.translation import tr
from app.window.actions import Actions
from app.window.widgets import button


def menu_button(actions: Actions) -> QPushButton:
    """A button that opens the menu of all actions, with their keys."""
    made = button("flat", tr("Menu"), tr("Everything that Courtside can do"))
    menu = QMenu(made)
    for group in (
        (actions.choose_source, actions.start, actions.stop, actions.switch, actions.pause, actions.mark),
        (actions.back, actions.forward),
        (actions.show_overlay, actions.hide_overlay, actions.move_overlay, actions.style_overlay, actions.panic),
        (
            actions.show_library,
            actions.show_models,
            actions.show_outputs,
            actions.show_settings,
            actions.show_first_page,
        ),
        (actions.gauges, actions.overlay_gauges, actions.reset_gauges),
        (actions.quit,),
    ):
        menu.addActions(list(group))
        menu.addSeparator()
    made.setMenu(menu)
    return made
