//! QR codes as pictures.

use crate::error::{ApiError, ApiResult};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, QrCode};
use std::io::Cursor;

/// How many pixels one square of the code is wide.
const SQUARE_PIXELS: u32 = 6;

/// How many squares are left white around the code (ISO/IEC 18004 asks for four).
const MARGIN_SQUARES: u32 = 4;

/// A text as a QR code: a PNG in a `data:` address.
pub(super) fn data_uri(text: &str) -> ApiResult<String> {
    let code = QrCode::new(text).map_err(|error| failed(&error))?;
    let mut png = Vec::new();
    drawn(&code).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(|error| failed(&error))?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png)))
}

fn drawn(code: &QrCode) -> GrayImage {
    let squares = u32::try_from(code.width()).unwrap_or(0);
    let pixels = (squares + 2 * MARGIN_SQUARES) * SQUARE_PIXELS;
    GrayImage::from_fn(pixels, pixels, |x, y| {
        let place =
            |pixel: u32| (pixel / SQUARE_PIXELS).checked_sub(MARGIN_SQUARES).filter(|at| *at < squares);
        let is_dark = match (place(x), place(y)) {
            (Some(x), Some(y)) => code[(x as usize, y as usize)] == Color::Dark,
            _ => false,
        };
        Luma([if is_dark { 0 } else { 255 }])
    })
}

/// Our texts are far below what a QR code holds.
fn failed(error: &impl ToString) -> ApiError {
    tracing::error!(error = error.to_string(), "a QR code could not be drawn");
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side.")
}
