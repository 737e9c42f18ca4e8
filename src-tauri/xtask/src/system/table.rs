//! What each part of the work needs from the system, and what every distribution calls it.
//!
//! The one place to edit when a package is renamed. Debian's names are used on every run of the tests; the others
//! are taken from their package indexes and have not been run. Node.js is not here: package managers bring
//! too old a version (see [`crate::web`]).

use super::family::Family;
use super::family::Family::{Apt, Brew, Dnf, Pacman, Winget};

/// How to see whether something is there, without asking a package manager: there are many ways to install.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Probe {
    /// A library's development files, by its name for pkg-config.
    Library(&'static str),
    /// A program on the PATH.
    Program(&'static str),
    /// A service that D-Bus starts, which is on no PATH; where distributions put it.
    AnyFile(&'static [&'static str]),
    /// A module of the system's own Python, which may not be the first one on the PATH.
    PythonModule(&'static str),
}

/// One thing that must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// What it is, for users whose package manager is not in the table.
    pub(crate) what: &'static str,
    /// How to see whether it is there.
    pub(crate) probe: Probe,
    /// Its package in each family that has one.
    pub(crate) packages: &'static [(Family, &'static str)],
}

const fn need(
    what: &'static str,
    probe: Probe,
    packages: &'static [(Family, &'static str)],
) -> Need {
    Need {
        what,
        probe,
        packages,
    }
}

/// To build the app. Nothing on macOS and Windows, where the web view is part of the system.
pub(crate) const BUILD: &[Need] = &[
    need(
        "a C compiler",
        Probe::Program("cc"),
        &[
            (Apt, "build-essential"),
            (Dnf, "gcc gcc-c++ make"),
            (Pacman, "base-devel"),
        ],
    ),
    need(
        "pkg-config",
        Probe::Program("pkg-config"),
        &[
            (Apt, "pkg-config"),
            (Dnf, "pkgconf-pkg-config"),
            (Pacman, "pkgconf"),
        ],
    ),
    need(
        "development files of WebKitGTK 4.1",
        Probe::Library("webkit2gtk-4.1"),
        &[
            (Apt, "libwebkit2gtk-4.1-dev"),
            (Dnf, "webkit2gtk4.1-devel"),
            (Pacman, "webkit2gtk-4.1"),
        ],
    ),
    need(
        "development files of GTK 3",
        Probe::Library("gtk+-3.0"),
        &[(Apt, "libgtk-3-dev"), (Dnf, "gtk3-devel"), (Pacman, "gtk3")],
    ),
    need(
        "development files of librsvg",
        Probe::Library("librsvg-2.0"),
        &[
            (Apt, "librsvg2-dev"),
            (Dnf, "librsvg2-devel"),
            (Pacman, "librsvg"),
        ],
    ),
];

/// To run the app on a private desktop: display, session bus, keyring, accessibility, hands and eyes.
pub(crate) const DESKTOP: &[Need] = &[
    need(
        "WebKitWebDriver",
        Probe::Program("WebKitWebDriver"),
        &[
            (Apt, "webkit2gtk-driver"),
            (Dnf, "webkit2gtk-driver"),
            (Pacman, "webkit2gtk-4.1"),
        ],
    ),
    need(
        "Xvfb",
        Probe::Program("Xvfb"),
        &[
            (Apt, "xvfb xauth"),
            (Dnf, "xorg-x11-server-Xvfb"),
            (Pacman, "xorg-server-xvfb"),
        ],
    ),
    need(
        "openbox",
        Probe::Program("openbox"),
        &[(Apt, "openbox"), (Dnf, "openbox"), (Pacman, "openbox")],
    ),
    need(
        "xdotool",
        Probe::Program("xdotool"),
        &[(Apt, "xdotool"), (Dnf, "xdotool"), (Pacman, "xdotool")],
    ),
    need(
        "wmctrl",
        Probe::Program("wmctrl"),
        &[(Apt, "wmctrl"), (Dnf, "wmctrl"), (Pacman, "wmctrl")],
    ),
    need(
        "xclip",
        Probe::Program("xclip"),
        &[(Apt, "xclip"), (Dnf, "xclip"), (Pacman, "xclip")],
    ),
    need(
        "xprop",
        Probe::Program("xprop"),
        &[(Apt, "x11-utils"), (Dnf, "xprop"), (Pacman, "xorg-xprop")],
    ),
    need(
        "ImageMagick",
        Probe::Program("import"),
        &[
            (Apt, "imagemagick"),
            (Dnf, "ImageMagick"),
            (Pacman, "imagemagick"),
        ],
    ),
    need(
        "the D-Bus daemon",
        Probe::Program("dbus-daemon"),
        &[(Apt, "dbus"), (Dnf, "dbus-daemon"), (Pacman, "dbus")],
    ),
    need(
        "dbus-launch",
        Probe::Program("dbus-launch"),
        &[(Apt, "dbus-x11"), (Dnf, "dbus-x11"), (Pacman, "dbus")],
    ),
    need(
        "the accessibility bus",
        Probe::AnyFile(&[
            "/usr/libexec/at-spi-bus-launcher",
            "/usr/lib/at-spi-bus-launcher",
        ]),
        &[
            (Apt, "at-spi2-core"),
            (Dnf, "at-spi2-core"),
            (Pacman, "at-spi2-core"),
        ],
    ),
    need(
        "setxkbmap",
        Probe::Program("setxkbmap"),
        &[
            (Apt, "x11-xkb-utils"),
            (Dnf, "setxkbmap"),
            (Pacman, "xorg-setxkbmap"),
        ],
    ),
    need(
        "the desktop portal with GTK's dialogs",
        Probe::AnyFile(&[
            "/usr/libexec/xdg-desktop-portal-gtk",
            "/usr/lib/xdg-desktop-portal-gtk",
        ]),
        &[
            (Apt, "xdg-desktop-portal xdg-desktop-portal-gtk"),
            (Dnf, "xdg-desktop-portal xdg-desktop-portal-gtk"),
            (Pacman, "xdg-desktop-portal xdg-desktop-portal-gtk"),
        ],
    ),
    need(
        "pyatspi",
        Probe::PythonModule("pyatspi"),
        &[
            (Apt, "python3-pyatspi"),
            (Dnf, "python3-pyatspi"),
            (Pacman, "python-atspi"),
        ],
    ),
    need(
        "gnome-keyring",
        Probe::Program("gnome-keyring-daemon"),
        &[
            (Apt, "gnome-keyring"),
            (Dnf, "gnome-keyring"),
            (Pacman, "gnome-keyring"),
        ],
    ),
    need(
        "KeePassXC",
        Probe::Program("keepassxc-cli"),
        &[
            (Apt, "keepassxc"),
            (Dnf, "keepassxc"),
            (Pacman, "keepassxc"),
        ],
    ),
    need(
        "Sway",
        Probe::Program("sway"),
        &[(Apt, "sway"), (Dnf, "sway"), (Pacman, "sway")],
    ),
    need(
        "Weston",
        Probe::Program("weston"),
        &[(Apt, "weston"), (Dnf, "weston"), (Pacman, "weston")],
    ),
    need(
        "wl-paste",
        Probe::Program("wl-paste"),
        &[
            (Apt, "wl-clipboard"),
            (Dnf, "wl-clipboard"),
            (Pacman, "wl-clipboard"),
        ],
    ),
    need(
        "secret-tool",
        Probe::Program("secret-tool"),
        &[
            (Apt, "libsecret-tools"),
            (Dnf, "libsecret"),
            (Pacman, "libsecret"),
        ],
    ),
    need(
        "GitHub's command line",
        Probe::Program("gh"),
        &[(Apt, "gh"), (Dnf, "gh"), (Pacman, "github-cli")],
    ),
    need(
        "bindfs",
        Probe::Program("bindfs"),
        &[(Apt, "bindfs"), (Dnf, "bindfs"), (Pacman, "bindfs")],
    ),
    need(
        "ps",
        Probe::Program("ps"),
        &[(Apt, "procps"), (Dnf, "procps-ng"), (Pacman, "procps-ng")],
    ),
    need(
        "a font with emoji",
        Probe::AnyFile(&[
            "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
            "/usr/share/fonts/google-noto-color-emoji-fonts/Noto-COLRv1.ttf",
            "/usr/share/fonts/google-noto-color-emoji-fonts/NotoColorEmoji.ttf",
            "/usr/share/fonts/noto/NotoColorEmoji.ttf",
        ]),
        &[
            (Apt, "fonts-noto-color-emoji"),
            (Dnf, "google-noto-color-emoji-fonts"),
            (Pacman, "noto-fonts-emoji"),
        ],
    ),
];

/// To pack the release build for Linux.
pub(crate) const BUNDLE: &[Need] = &[
    need(
        "dpkg-deb",
        Probe::Program("dpkg-deb"),
        &[(Apt, "dpkg"), (Dnf, "dpkg"), (Pacman, "dpkg")],
    ),
    need(
        "dpkg-shlibdeps",
        Probe::Program("dpkg-shlibdeps"),
        &[(Apt, "dpkg-dev"), (Dnf, "dpkg-dev"), (Pacman, "dpkg")],
    ),
    need(
        "rpmbuild",
        Probe::Program("rpmbuild"),
        &[(Apt, "rpm"), (Dnf, "rpm-build"), (Pacman, "rpm-tools")],
    ),
];

/// To check what desktops and software centres are told. Linux only, as those are.
pub(crate) const ENTRIES: &[Need] = &[
    need(
        "desktop-file-validate",
        Probe::Program("desktop-file-validate"),
        &[
            (Apt, "desktop-file-utils"),
            (Dnf, "desktop-file-utils"),
            (Pacman, "desktop-file-utils"),
        ],
    ),
    need(
        "appstreamcli",
        Probe::Program("appstreamcli"),
        &[
            (Apt, "appstream"),
            (Dnf, "appstream"),
            (Pacman, "appstream"),
        ],
    ),
];

/// To install the package as users do. Debian's own, so there is nothing to get elsewhere.
pub(crate) const INSTALL: &[Need] = &[
    need("lintian", Probe::Program("lintian"), &[(Apt, "lintian")]),
    need("gio", Probe::Program("gio"), &[(Apt, "libglib2.0-bin")]),
    need("man", Probe::Program("man"), &[(Apt, "man-db")]),
];

/// To run programs from PyPI, each in a folder of its own.
pub(crate) const PYTHON: &[Need] = &[need(
    "Python 3 with venv",
    Probe::PythonModule("ensurepip"),
    &[
        (Apt, "python3-venv"),
        (Dnf, "python3"),
        (Pacman, "python"),
        (Brew, "python3"),
        (Winget, "Python.Python.3.13"),
    ],
)];
