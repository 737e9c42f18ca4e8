//! A window as Tauri makes it, with a line of text in it: the least that an app of this kind can cost. `cargo xtask
//! bench start` holds Pulse Keys against it. Left out: everything else.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
