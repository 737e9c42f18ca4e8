"""Looks at and presses native controls of one program through AT-SPI, for tests.

    atspi.py tree PROGRAM ROLE [NAME]            the first matching control and all below it, as JSON;
                                                 `null` when there is none right now
    atspi.py press PROGRAM ROLE NAME [WITHIN]    does the control's first action; WITHIN is the role
                                                 of an ancestor. Exit status 3: no such control, or not one that
                                                 can be pressed now
    atspi.py place PROGRAM ROLE NAME [WITHIN]    its middle on the screen, as JSON [x, y]; exit status 3 as above

    atspi.py item PROGRAM MENU NAME              the middle of an item of an open menu of the menu bar on the
                                                 screen, as JSON [x, y]; exit status 3 while it is not showing.
                                                 Looks into no other menu: GTK 3 takes that badly

ROLE `application` is the whole program. Runs on the system's Python with python3-pyatspi.
"""

import json
import sys

import pyatspi

STATES = {
    pyatspi.STATE_FOCUSED: "focused",
    pyatspi.STATE_SENSITIVE: "enabled",
    pyatspi.STATE_MODAL: "modal",
    pyatspi.STATE_SHOWING: "showing",
    pyatspi.STATE_CHECKED: "checked",
    pyatspi.STATE_SELECTED: "selected",
    pyatspi.STATE_EDITABLE: "editable",
    pyatspi.STATE_EXPANDED: "expanded",
    pyatspi.STATE_HAS_POPUP: "has popup",
    pyatspi.STATE_IS_DEFAULT: "default",
}


# Roles of whole windows: each is a child of its program. A `dialog` is not among them: pages have such, too.
WINDOWS = {"alert", "frame"}


def children(node):
    for index in range(node.childCount):
        child = node.getChildAtIndex(index)
        if child is not None:
            yield child


def programs(name):
    desktop = pyatspi.Registry.getDesktop(0)
    return [program for program in children(desktop) if program.name == name]


def is_called(node, role, name):
    """Windows close while they are being read: what has gone is called nothing."""
    try:
        return node.getRoleName() == role and (name is None or node.name == name)
    except Exception:
        return False


def find(node, role, name=None):
    """Depth first."""
    if is_called(node, role, name):
        return node
    try:
        below = list(children(node))
    except Exception:
        return None
    for child in below:
        found = find(child, role, name)
        if found is not None:
            return found
    return None


def text(node):
    try:
        # Embedded objects (U+FFFC) are listed as children.
        return node.queryText().getText(0, -1).replace("\ufffc", "")
    except NotImplementedError:
        return ""


def tree(node):
    below = []
    for child in children(node):
        try:
            below.append(tree(child))
        except Exception:
            pass
    states = node.getState()
    return {
        "role": node.getRoleName(),
        "name": node.name or "",
        "text": text(node),
        "states": [word for state, word in STATES.items() if states.contains(state)],
        "children": below,
    }


def search(program, role, name=None):
    for root in programs(program):
        if role in WINDOWS:
            # Not in what the windows show: walking a page takes the app longer than what is waited for.
            shown = (child for child in children(root) if is_called(child, role, name))
            found = next(shown, None)
        else:
            found = find(root, role, name)
        if found is not None:
            return found
    return None


def main(order, program, role, name=None, within=None):
    if order == "tree":
        found = search(program, role, name)
        json.dump(None if found is None else tree(found), sys.stdout)
        return 0
    if order == "item":
        bar = search(program, "menu bar")
        menu = None if bar is None else next((menu for menu in children(bar) if menu.name == role), None)
        found = None if menu is None else find(menu, "menu item", name)
        if found is None or not found.getState().contains(pyatspi.STATE_SHOWING):
            return 3
        place = found.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        json.dump([place.x + place.width // 2, place.y + place.height // 2], sys.stdout)
        return 0
    root = search(program, within or "application")
    found = None if root is None else find(root, role, name)
    if found is None:
        return 3
    if order == "place":
        place = found.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        json.dump([place.x + place.width // 2, place.y + place.height // 2], sys.stdout)
        return 0
    if role == "push button" and not found.getState().contains(pyatspi.STATE_SENSITIVE):
        return 3
    found.queryAction().doAction(0)
    return 0


try:
    sys.exit(main(*sys.argv[1:]))
except Exception as gone:  # the program ended or the window closed in the middle of it
    print(gone, file=sys.stderr)
    if sys.argv[1] == "tree":
        print("null")
        sys.exit(0)
    sys.exit(3)
