pub(crate) async fn show(
    _: &tauri::AppHandle,
    _: pulse_keys_core::view::MenuModel,
) -> tauri::Result<()> {
    Ok(())
}
