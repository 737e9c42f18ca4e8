"""Looks at and presses native controls of one program through AT-SPI, for tests.

    atspi.py SECONDS tree PROGRAM ROLE [NAME]            the first matching control and all below it, as JSON
    atspi.py SECONDS dialog PROGRAM                      the same of a message dialog whose buttons can be pressed
    atspi.py SECONDS no-dialog PROGRAM                   nothing, once no message dialog is there
    atspi.py SECONDS press PROGRAM ROLE NAME [WITHIN]    does the control's first action; WITHIN is the role of an
                                                         ancestor
    atspi.py SECONDS place PROGRAM ROLE NAME [WITHIN]    its middle on the screen, as JSON [x, y]
    atspi.py SECONDS item PROGRAM MENU NAME              the middle of an item of an open menu of the menu bar on the
                                                         screen, as JSON [x, y]. Looks into no other menu: GTK 3 takes
                                                         that badly

SECONDS is how long it waits for that; exit status 3: it didn't come, or can't be pressed. Waiting is done here, because
to start Python costs more than to look. ROLE `application` is the whole program. Runs on the system's Python with
python3-pyatspi.
"""

import json
import signal
import sys
import time

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


def middle(node):
    place = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    return json.dumps([place.x + place.width // 2, place.y + place.height // 2])


def can_be_pressed(control):
    return control.getState().contains(pyatspi.STATE_SENSITIVE)


def all_with_role(node, role):
    own = [node] if node.getRoleName() == role else []
    return own + [found for child in children(node) for found in all_with_role(child, role)]


def dialog(program):
    """Buttons that do something can't be pressed in the first moment."""
    found = search(program, "alert")
    buttons = [] if found is None else all_with_role(found, "push button")
    return json.dumps(tree(found)) if buttons and all(map(can_be_pressed, buttons)) else None


def item(program, menu, name):
    """A click on an item that is still off, or on its way to its place, does nothing: on a busy machine the page says what
    is on after the menu is open."""
    bar = search(program, "menu bar")
    menu = None if bar is None else next((each for each in children(bar) if each.name == menu), None)
    found = None if menu is None else find(menu, "menu item", name)
    if found is None or not found.getState().contains(pyatspi.STATE_SHOWING) or not can_be_pressed(found):
        return None
    place = middle(found)
    time.sleep(0.05)
    return place if middle(found) == place else None


def attempt(order, program, role=None, name=None, within=None):
    """What is to be printed; `None` where it is not there."""
    if order == "dialog":
        return dialog(program)
    if order == "no-dialog":
        return "" if search(program, "alert") is None else None
    if order == "tree":
        found = search(program, role, name)
        return None if found is None else json.dumps(tree(found))
    if order == "item":
        return item(program, role, name)
    root = search(program, within or "application")
    found = None if root is None else find(root, role, name)
    if found is None:
        return None
    if order == "place":
        return middle(found)
    if role == "push button" and not can_be_pressed(found):
        return None
    found.queryAction().doAction(0)
    return ""


def forget():
    """What is kept of an earlier look is brought up to date by events, which nobody reads here."""
    desktop = pyatspi.Registry.getDesktop(0)
    for program in children(desktop):
        program.clear_cache()
    desktop.clear_cache()


def main(seconds, *order):
    # A program that answers nothing ends this one, instead of keeping it for ever.
    signal.alarm(int(seconds) + 60)
    deadline = time.monotonic() + float(seconds)
    while True:
        try:
            answer = attempt(*order)
        except Exception as gone:  # the program ended or the window closed in the middle of it
            print(gone, file=sys.stderr)
            answer = None
        if answer is not None:
            print(answer)
            return 0
        if time.monotonic() >= deadline:
            return 3
        time.sleep(0.02)
        forget()


sys.exit(main(*sys.argv[1:]))
