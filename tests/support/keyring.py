"""Talks to the Secret Service of a private desktop, for tests.

    keyring.py items SERVICE   every item with that attribute, as JSON; secrets of unlocked ones
    keyring.py lock [NAME]     locks the default collection, or the one of this name
    keyring.py is-locked       whether the default collection is locked; True when there is none
    keyring.py unlock          unlocks it with the password on standard input, without a prompt

Runs on the system's Python with python3-gi. The unlocking call belongs to gnome-keyring alone.
"""

import json
import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
SERVICE = "org.freedesktop.Secret.Service"
ITEM = "org.freedesktop.Secret.Item"

bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(path, interface, method, signature=None, *arguments):
    parameters = GLib.Variant(signature, arguments) if signature else None
    answer = bus.call_sync(
        NAME, path, interface, method, parameters, None, Gio.DBusCallFlags.NO_AUTO_START, 5000, None
    )
    return answer.unpack()


def session():
    return call(ROOT, SERVICE, "OpenSession", "(sv)", "plain", GLib.Variant("s", ""))[1]


def default_collection():
    return call(ROOT, SERVICE, "ReadAlias", "(s)", "default")[0]


def items(service):
    unlocked, locked = call(ROOT, SERVICE, "SearchItems", "(a{ss})", {"service": service})
    plain = session()
    found = []
    for path in unlocked + locked:
        (properties,) = call(
            path, "org.freedesktop.DBus.Properties", "GetAll", "(s)", ITEM
        )
        secret = None
        if path in unlocked:
            secret = bytes(call(path, ITEM, "GetSecret", "(o)", plain)[0][2]).decode()
        found.append(
            {
                "label": properties["Label"],
                "attributes": properties["Attributes"],
                "secret": secret,
            }
        )
    json.dump(found, sys.stdout)


def lock(name=None):
    path = f"{ROOT}/collection/{name}" if name else default_collection()
    _, prompt = call(ROOT, SERVICE, "Lock", "(ao)", [path])
    if prompt != "/":
        call(prompt, "org.freedesktop.Secret.Prompt", "Prompt", "(s)", "")


def is_locked():
    path = default_collection()
    collection = "org.freedesktop.Secret.Collection"
    properties = "org.freedesktop.DBus.Properties"
    print(path == "/" or call(path, properties, "Get", "(ss)", collection, "Locked")[0])


def unlock():
    password = sys.stdin.buffer.read()
    call(
        ROOT,
        "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        "UnlockWithMasterPassword",
        "(o(oayays))",
        default_collection(),
        (session(), b"", password, "text/plain"),
    )


{"items": items, "lock": lock, "is-locked": is_locked, "unlock": unlock}[sys.argv[1]](*sys.argv[2:])
