//! Where keys are kept in the registry of Windows: what is asked for besides files. Above each stands its source, as in
//! `stores`.

use super::spot::{Spot, environment, other, script};

/// Keys of the registry, each with all that is below it.
pub(crate) const KEYS: &[Spot] = &[
    // learn.microsoft.com, "Environment Variables" (Win32, processes and threads): those of the user, and of all users
    environment(r"HKEY_CURRENT_USER\Environment"),
    environment(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"),
    // nssm.cc, README.txt, "Merged service environment": of any service, and of those that it keeps
    script(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services"),
    // learn.microsoft.com, "Run and RunOnce Registry Keys"
    script(r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"),
    script(r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\RunOnce"),
    script(r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows\CurrentVersion\Run"),
    script(r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows\CurrentVersion\RunOnce"),
    // What was typed after Windows+R. cybertriage.com, "Windows Registry Forensics Cheat Sheet"
    other(r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Explorer\RunMRU"),
    // PuTTY's manual, "Where PuTTY stores its data": commands and variables of sessions
    other(r"HKEY_CURRENT_USER\Software\SimonTatham\PuTTY\Sessions"),
];
