//! The app's icon in every size that a platform asks for, drawn from one SVG.
//!
//! The same SVG gives the same pixels on every machine: resvg draws without fonts, GPU or system libraries. It does not
//! give the same bytes: how they are packed depends on which of the compressors that `flate2` knows the build took in,
//! and some of those depend on the processor. Hence [`pictures`], by which committed files are compared.

use std::io::Cursor;
use std::path::Path;

use icns::{IconFamily, IconType, Image, PixelFormat};
use ico::{IconDir, IconDirEntry, IconImage, ResourceType};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::generated::{GenerateError, Generated};

/// Where source and results stand, from the root of the repository.
pub(crate) const FOLDER: &str = "icons";

/// The one file that is edited by hand.
pub(crate) const SOURCE: &str = "pulse-keys.svg";

/// PNG files by name with their edge in pixels: the names that the bundler of Tauri looks for, and every size that
/// desktops on Linux look for in their `hicolor` folders.
const PNGS: [(&str, u32); 10] = [
    ("16x16.png", 16),
    ("24x24.png", 24),
    ("32x32.png", 32),
    ("48x48.png", 48),
    ("64x64.png", 64),
    ("128x128.png", 128),
    ("256x256.png", 256),
    ("512x512.png", 512),
    ("128x128@2x.png", 256),
    ("icon.png", 512),
];

/// Edges inside `icon.ico`. The first is what a development build shows, hence 32 ahead of 16.
const ICO_EDGES: [u32; 6] = [32, 16, 24, 48, 64, 256];

/// Members of `icon.icns` with their edge in pixels.
const ICNS_MEMBERS: [(IconType, u32); 8] = [
    (IconType::RGBA32_16x16_2x, 32),
    (IconType::RGBA32_32x32_2x, 64),
    (IconType::RGBA32_128x128, 128),
    (IconType::RGBA32_128x128_2x, 256),
    (IconType::RGBA32_256x256, 256),
    (IconType::RGBA32_256x256_2x, 512),
    (IconType::RGBA32_512x512, 512),
    (IconType::RGBA32_512x512_2x, 1024),
];

/// Every icon file made from the text of the SVG.
///
/// # Errors
/// When the SVG does not parse or a picture cannot be encoded.
pub(crate) fn draw(svg: &str) -> Result<Vec<Generated>, GenerateError> {
    let tree = Tree::from_str(svg, &Options::default())?;
    let mut files = Vec::new();
    for (name, edge) in PNGS {
        let bytes = render(&tree, edge)?
            .encode_png()
            .map_err(|error| GenerateError::Picture(error.to_string()))?;
        files.push(Generated::new(FOLDER, name, bytes));
    }
    files.push(Generated::new(FOLDER, "icon.ico", windows(&tree)?));
    files.push(Generated::new(FOLDER, "icon.icns", macos(&tree)?));
    Ok(files)
}

/// The picture as a square of the given edge, with transparent corners.
fn render(tree: &Tree, edge: u32) -> Result<Pixmap, GenerateError> {
    let mut pixmap = Pixmap::new(edge, edge)
        .ok_or_else(|| GenerateError::Picture(format!("no square of {edge} pixels")))?;
    #[expect(clippy::cast_precision_loss, reason = "edges are at most 1024")]
    let scale = edge as f32 / tree.size().width();
    resvg::render(
        tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    Ok(pixmap)
}

fn windows(tree: &Tree) -> Result<Vec<u8>, GenerateError> {
    let mut directory = IconDir::new(ResourceType::Icon);
    for edge in ICO_EDGES {
        let picture =
            IconImage::from_rgba_data(edge, edge, render(tree, edge)?.take_demultiplied());
        // Resource compilers read PNG members at 256 only.
        let entry = if edge < 256 {
            IconDirEntry::encode_as_bmp(&picture)?
        } else {
            IconDirEntry::encode_as_png(&picture)?
        };
        directory.add_entry(entry);
    }
    let mut bytes = Vec::new();
    directory.write(&mut bytes)?;
    Ok(bytes)
}

fn macos(tree: &Tree) -> Result<Vec<u8>, GenerateError> {
    let mut family = IconFamily::new();
    for (kind, edge) in ICNS_MEMBERS {
        let picture = Image::from_data(
            PixelFormat::RGBA,
            edge,
            edge,
            render(tree, edge)?.take_demultiplied(),
        )?;
        family.add_icon_with_type(&picture, kind)?;
    }
    let mut bytes = Vec::new();
    family.write(&mut bytes)?;
    Ok(bytes)
}

/// A picture's edges in pixels and its colours, four bytes per pixel.
pub(crate) type Picture = (u32, u32, Vec<u8>);

/// What an icon file shows, in its own order; `None` for what is no icon file, or broken.
pub(crate) fn pictures(path: &str, bytes: &[u8]) -> Option<Vec<Picture>> {
    let extension = Path::new(path).extension()?.to_str()?;
    match extension {
        "png" => {
            let shown = Pixmap::decode_png(bytes).ok()?;
            Some(vec![(shown.width(), shown.height(), shown.take())])
        }
        "ico" => {
            let directory = IconDir::read(Cursor::new(bytes)).ok()?;
            let shown = directory.entries().iter().map(|entry| {
                let image = entry.decode().ok()?;
                Some((image.width(), image.height(), image.rgba_data().to_vec()))
            });
            shown.collect()
        }
        "icns" => {
            let family = IconFamily::read(Cursor::new(bytes)).ok()?;
            let shown = family.available_icons().into_iter().map(|kind| {
                let image = family.get_icon_with_type(kind).ok()?;
                Some((image.width(), image.height(), image.data().to_vec()))
            });
            shown.collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOT: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
        <circle cx="32" cy="32" r="30" fill="#0b6e6e"/></svg>"##;

    fn file<'a>(files: &'a [Generated], name: &str) -> &'a [u8] {
        let path = format!("{FOLDER}/{name}");
        &files.iter().find(|file| file.path == path).unwrap().bytes
    }

    #[test]
    fn every_png_has_the_edge_that_its_name_promises_and_clear_corners() {
        let files = draw(DOT).unwrap();
        for (name, edge) in PNGS {
            let picture = Pixmap::decode_png(file(&files, name)).unwrap();
            assert_eq!((picture.width(), picture.height()), (edge, edge), "{name}");
            assert_eq!(picture.pixel(0, 0).unwrap().alpha(), 0, "{name}");
            let middle = picture.pixel(edge / 2, edge / 2).unwrap();
            assert_eq!(
                (middle.red(), middle.green(), middle.blue()),
                (0x0b, 0x6e, 0x6e),
                "{name}"
            );
        }
    }

    #[test]
    fn containers_read_back_with_every_size() {
        let files = draw(DOT).unwrap();
        let directory = IconDir::read(Cursor::new(file(&files, "icon.ico"))).unwrap();
        let edges: Vec<u32> = directory
            .entries()
            .iter()
            .map(IconDirEntry::width)
            .collect();
        assert_eq!(edges, ICO_EDGES);
        let family = IconFamily::read(file(&files, "icon.icns")).unwrap();
        for (kind, edge) in ICNS_MEMBERS {
            assert_eq!(family.get_icon_with_type(kind).unwrap().width(), edge);
        }
    }

    #[test]
    fn files_are_compared_by_what_they_show() {
        let files = draw(DOT).unwrap();
        let other = draw(&DOT.replace("0b6e6e", "0b6e6f")).unwrap();
        for (file, other) in files.iter().zip(&other) {
            let shown = pictures(&file.path, &file.bytes).unwrap();
            assert_ne!(Some(shown), pictures(&other.path, &other.bytes));
            assert_eq!(pictures(&file.path, b"broken"), None);
        }
        let small = render(&Tree::from_str(DOT, &Options::default()).unwrap(), 16).unwrap();
        let packed = pictures("16x16.png", file(&files, "16x16.png")).unwrap();
        assert_eq!(packed, [(16, 16, small.take())]);
    }

    #[test]
    fn a_broken_drawing_is_an_error_not_an_empty_icon() {
        assert!(matches!(draw("<svg"), Err(GenerateError::Svg(_))));
    }
}
