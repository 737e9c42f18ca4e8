//! `relay SOCKET`: standard input goes to a socket, and what comes back goes to standard output.
//!
//! The app starts it where it would start its custodian; the model at the other end plays the custodian, in its own
//! time and with its own keychain.

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use std::io::{Read as _, Write as _};
    use std::net::Shutdown;
    use std::os::unix::net::UnixStream;

    let socket = std::env::args_os().nth(1).unwrap_or_default();
    let mut there = UnixStream::connect(socket)?;
    let mut back = there.try_clone()?;
    std::thread::spawn(move || {
        // Either side may be gone, which is what some tests are about.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut there);
        let _ = there.shutdown(Shutdown::Write);
    });
    let mut buffer = [0; 4096];
    let mut output = std::io::stdout().lock();
    loop {
        let read = back.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        output.write_all(&buffer[..read])?;
        output.flush()?;
    }
}

#[cfg(not(unix))]
fn main() {}
