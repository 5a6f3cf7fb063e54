//! From a file that somebody sent to pictures that are kept.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits,
};
use std::io::Cursor;

/// The longest side of a full picture, in pixels; larger ones are made smaller.
pub const FULL_SIDE_MAX: u32 = 2_048;
/// The longest side of a full picture that is transparent somewhere, in pixels: it is kept as PNG, which of noise is as
/// large as its pixels are.
pub const TRANSPARENT_SIDE_MAX: u32 = 1_536;
/// The longest side of a small picture, in pixels.
pub const SMALL_SIDE_MAX: u32 = 480;
/// The longest side of a square picture, in pixels.
pub const SQUARE_SIDE_MAX: u32 = 512;
/// The quality of pictures that are kept as JPEG, of 100.
pub const JPEG_QUALITY: u8 = 85;
/// The most pixels of a picture that is sent: a little more than the 12 megapixels of a telephone's camera.
pub const PIXELS_MAX: u64 = 12_500_000;
/// The most memory that a decoder may need besides the file, in bytes. What needs more for each pixel than a plain
/// photo does may have the fewer of them.
pub const WORKING_BYTES_MAX: u64 = 48 * 1024 * 1024;

/// What is kept of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All of it.
    Whole,
    /// The largest square in its middle.
    Square,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPicture {
    /// It has nothing in it.
    #[error("The submitted file is empty.")]
    Empty,
    /// It is none of the kinds that are taken.
    #[error("Send a picture in one of the formats JPEG, PNG, WebP and GIF.")]
    UnknownKind,
    /// It has too many pixels.
    #[error("The picture has too many pixels: one of this kind may have {pixels_max}.")]
    TooManyPixels {
        /// How many it may have.
        pixels_max: u64,
    },
    /// It cannot be decoded.
    #[error("The picture could not be read. It may be damaged.")]
    Damaged,
}

/// Files of pictures that were made anew.
#[derive(Debug)]
pub(super) struct Remade {
    pub(super) full: Vec<u8>,
    pub(super) small: Vec<u8>,
    /// What both names end with, without the dot.
    pub(super) extension: &'static str,
}

/// Makes a file anew: the right way up, of a bounded size, without anything but its pixels. Of several pictures in one
/// file the first is taken. It takes its time.
pub(super) fn remake(file: Vec<u8>, shape: Shape) -> Result<Remade, InvalidPicture> {
    let (picture, orientation) = decode(file)?;
    let mut full = fitted(picture, FULL_SIDE_MAX);
    full.apply_orientation(orientation);
    if shape == Shape::Square {
        full = fitted(middle(&full), SQUARE_SIDE_MAX);
    }
    let mut full = plain(full);
    if full.color().has_alpha() {
        full = fitted(full, TRANSPARENT_SIDE_MAX);
    }
    let small = if fits(&full, SMALL_SIDE_MAX) {
        full.clone()
    } else {
        full.thumbnail(SMALL_SIDE_MAX, SMALL_SIDE_MAX)
    };
    let extension = if full.color().has_alpha() { "png" } else { "jpg" };
    Ok(Remade { full: encode(&full)?, small: encode(&small)?, extension })
}

/// Decodes a file, after its header has said that this can be afforded.
fn decode(file: Vec<u8>) -> Result<(DynamicImage, Orientation), InvalidPicture> {
    if file.is_empty() {
        return Err(InvalidPicture::Empty);
    }
    let kind = image::guess_format(&file).map_err(|_| InvalidPicture::UnknownKind)?;
    let is_taken = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif].contains(&kind);
    if !is_taken {
        return Err(InvalidPicture::UnknownKind);
    }
    let is_progressive = kind == ImageFormat::Jpeg && is_progressive(&file);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(WORKING_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), kind);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| wrong(&error))?;
    let (width, height) = decoder.dimensions();
    let each = bytes_each(kind, decoder.color_type(), is_progressive);
    let pixels_max = PIXELS_MAX.min(WORKING_BYTES_MAX / each);
    if u64::from(width) * u64::from(height) > pixels_max {
        return Err(InvalidPicture::TooManyPixels { pixels_max });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| wrong(&error))?;
    Ok((picture, orientation))
}

fn wrong(error: &ImageError) -> InvalidPicture {
    match error {
        ImageError::Limits(_) => InvalidPicture::TooManyPixels { pixels_max: PIXELS_MAX },
        _ => InvalidPicture::Damaged,
    }
}

/// How much memory a decoder needs for each pixel at most, in bytes.
fn bytes_each(kind: ImageFormat, colour: ColorType, is_progressive: bool) -> u64 {
    let decoded = u64::from(colour.bytes_per_pixel());
    match kind {
        // The coefficients of all pixels, of two bytes each, are held until the last scan; so is a copy of the file.
        ImageFormat::Jpeg if is_progressive => 3 * decoded + 1,
        // The picture and the one that is made of it have sixteen bits a channel.
        _ if colour.bytes_per_pixel() > 4 => 2 * decoded,
        ImageFormat::Jpeg | ImageFormat::Png => decoded,
        // The first frame, and the canvas on which it is laid.
        ImageFormat::Gif => 2 * decoded + 1,
        _ => 2 * decoded + 2,
    }
}

/// Whether a JPEG file brings its picture in several scans: what the first frame header says.
fn is_progressive(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xff, marker, after @ ..] = rest {
        match marker {
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(marker) => return false,
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd8 => rest = after,
            _ => {
                let [high, low, ..] = after else { return false };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = after.get(length..).unwrap_or_default();
            }
        }
    }
    false
}

fn fits(picture: &DynamicImage, side_max: u32) -> bool {
    picture.width().max(picture.height()) <= side_max
}

fn fitted(picture: DynamicImage, side_max: u32) -> DynamicImage {
    if fits(&picture, side_max) { picture } else { picture.thumbnail(side_max, side_max) }
}

/// The largest square in the middle.
fn middle(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    picture.crop_imm((width - side) / 2, (height - side) / 2, side, side)
}

/// The same in eight bits a channel, with transparency only where something is transparent.
fn plain(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let pixels = picture.into_rgba8();
    if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::from(pixels).into_rgb8().into();
    }
    pixels.into()
}

/// A file of a plain picture: PNG where something is transparent, else JPEG.
fn encode(picture: &DynamicImage) -> Result<Vec<u8>, InvalidPicture> {
    let (pixels, width, height) = (picture.as_bytes(), picture.width(), picture.height());
    // Room for all of a noisy picture at once: what grows step by step needs three times as much.
    let mut file = Vec::with_capacity(pixels.len());
    let written = if picture.color().has_alpha() {
        PngEncoder::new(&mut file).write_image(pixels, width, height, ExtendedColorType::Rgba8)
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY);
        encoder.write_image(pixels, width, height, ExtendedColorType::Rgb8)
    };
    file.shrink_to_fit();
    written.map(|()| file).map_err(|error| wrong(&error))
}

#[cfg(test)]
mod tests;
