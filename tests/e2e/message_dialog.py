"""A native message dialog over a window, to try the test library on: no app of ours in it.

Prints the label of the button that ended the dialog, or `closed`. The first button has the focus.
"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk

GLib.set_prgname("message-dialog")
window = Gtk.Window(title="Main window")
window.set_default_size(500, 300)
window.add(Gtk.Entry())
window.show_all()
dialog = Gtk.MessageDialog(
    transient_for=window,
    modal=True,
    message_type=Gtk.MessageType.WARNING,
    title="Delete API key",
    text="Delete the key?",
)
buttons = ["Rotate instead", "Delete key", "Cancel"]
for response, label in enumerate(buttons):
    dialog.add_button(label, response)
response = dialog.run()
print(buttons[response] if response >= 0 else "closed", flush=True)
