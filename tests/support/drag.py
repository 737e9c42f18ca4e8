"""A window of another program from which a file can be dragged, as a file manager offers it, for tests.

    drag.py TITLE FILE

Runs on the system's Python with python3-gi and GTK 3.
"""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gio, Gtk

title, file = sys.argv[1:]
window = Gtk.Window(title=title, default_width=160, default_height=120)
place = Gtk.EventBox()
place.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
place.drag_source_add_uri_targets()
uri = Gio.File.new_for_path(file).get_uri()
place.connect("drag-data-get", lambda _, __, data, *___: data.set_uris([uri]))
window.add(place)
window.show_all()
Gtk.main()
