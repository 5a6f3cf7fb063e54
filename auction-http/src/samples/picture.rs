//! How the pictures of the sample lots are drawn.

use super::canvas::{Canvas, Colour, Point, mix};
use super::{Dice, Kind, Lot};
use image::{ImageFormat, ImageResult};
use std::io::Cursor;

/// The width of a picture, in pixels.
pub const PICTURE_WIDTH: u32 = 640;
/// The height of a picture, in pixels.
pub const PICTURE_HEIGHT: u32 = 480;

const INK: Colour = [0.13, 0.14, 0.18];
const STEEL: Colour = [0.72, 0.75, 0.79];
const GOLD: Colour = [0.86, 0.68, 0.33];
const PAPER: Colour = [0.95, 0.93, 0.88];

/// Draws the picture of a lot, as PNG.
///
/// # Errors
/// None that is known: the picture is written to memory.
pub fn draw(lot: &Lot) -> ImageResult<Vec<u8>> {
    let mut dice = Dice::new(lot.seed);
    let hue = dice.below(360) as f32;
    let wall = colour(hue, 0.22, 0.86);
    let mut canvas = Canvas::new(PICTURE_WIDTH, PICTURE_HEIGHT, mix(wall, PAPER, 0.5), wall);
    // The table on which the lot stands, and its shadow.
    canvas.draw(colour(hue, 0.28, 0.62), 0.25, |at| at.moved(0.0, 1.0).slab(2.0, 0.42, 0.0));
    canvas.draw(colour(hue, 0.32, 0.48), 0.0, |at| {
        let near = at.moved(0.0, 0.66);
        Point { x: near.x * 0.16, y: near.y }.disc(0.09)
    });
    let accent = colour(hue + 150.0 + dice.below(60) as f32, 0.62, 0.62);
    match lot.kind {
        Kind::Electronics => electronics(&mut canvas, accent, &mut dice),
        Kind::Jewelry => jewelry(&mut canvas, accent, &mut dice),
        Kind::Watches => watch(&mut canvas, accent, &mut dice),
        Kind::Vehicles => vehicle(&mut canvas, accent, &mut dice),
    }
    let mut png = Cursor::new(Vec::new());
    canvas.into_image().write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// A radio with a speaker, a dial and knobs.
fn electronics(canvas: &mut Canvas, accent: Colour, dice: &mut Dice) {
    canvas.draw(mix(accent, INK, 0.35), 0.5, |at| at.moved(0.0, 0.13).slab(0.82, 0.5, 0.1));
    canvas.draw(accent, 0.4, |at| at.moved(0.0, 0.13).slab(0.76, 0.44, 0.07));
    canvas.draw(INK, 0.2, |at| at.moved(-0.34, 0.13).disc(0.34));
    for ring in 0..5 {
        let radius = 0.06 + 0.06 * ring as f32;
        canvas.draw(STEEL, 0.6, |at| at.moved(-0.34, 0.13).ring(radius, 0.008));
    }
    canvas.draw(PAPER, 0.3, |at| at.moved(0.36, -0.04).slab(0.3, 0.14, 0.02));
    let needle = 0.15 + dice.below(42) as f32 / 100.0;
    canvas.draw([0.8, 0.2, 0.15], 0.0, |at| at.moved(needle, -0.04).slab(0.008, 0.13, 0.0));
    for knob in 0..3 {
        let x = 0.16 + 0.2 * knob as f32;
        canvas.draw(INK, 0.3, |at| at.moved(x, 0.34).disc(0.085));
        canvas.draw(STEEL, 0.8, |at| at.moved(x, 0.34).disc(0.055));
    }
    canvas.draw(STEEL, 0.6, |at| at.moved(0.66, -0.6).turned(0.35).slab(0.012, 0.36, 0.01));
}

/// A ring with a stone, on a cushion.
fn jewelry(canvas: &mut Canvas, accent: Colour, dice: &mut Dice) {
    let metal = if dice.below(2) == 0 { GOLD } else { STEEL };
    canvas.draw(mix(accent, INK, 0.55), 0.5, |at| at.moved(0.0, 0.62).slab(0.7, 0.14, 0.12));
    canvas.draw(mix(metal, INK, 0.35), 0.3, |at| at.moved(0.0, 0.2).ring(0.37, 0.06));
    canvas.draw(metal, 0.9, |at| at.moved(-0.01, 0.19).ring(0.37, 0.042));
    canvas.draw(mix(metal, INK, 0.2), 0.6, |at| at.moved(0.0, -0.2).slab(0.16, 0.06, 0.03));
    canvas.draw(mix(accent, INK, 0.2), 0.2, |at| at.moved(0.0, -0.38).diamond(0.3, 0.26));
    canvas.draw(accent, 0.9, |at| at.moved(0.0, -0.4).diamond(0.22, 0.19));
    canvas.draw(mix(accent, PAPER, 0.6), 0.0, |at| at.moved(-0.05, -0.45).diamond(0.09, 0.08));
    for spark in 0..3 {
        let (x, y) = (-0.5 + 0.5 * spark as f32, -0.72 + 0.14 * dice.below(3) as f32);
        canvas.draw(PAPER, 0.0, |at| at.moved(x, y).diamond(0.012, 0.08));
        canvas.draw(PAPER, 0.0, |at| at.moved(x, y).diamond(0.08, 0.012));
    }
}

/// A wristwatch.
fn watch(canvas: &mut Canvas, accent: Colour, dice: &mut Dice) {
    let metal = if dice.below(2) == 0 { GOLD } else { STEEL };
    let strap = mix(accent, INK, 0.5);
    canvas.draw(strap, 0.4, |at| at.slab(0.2, 0.98, 0.06));
    canvas.draw(mix(strap, PAPER, 0.25), 0.0, |at| at.slab(0.175, 0.97, 0.05).abs() - 0.004);
    canvas.draw(mix(metal, INK, 0.3), 0.4, |at| at.moved(0.56, 0.0).slab(0.06, 0.06, 0.02));
    canvas.draw(mix(metal, INK, 0.25), 0.3, |at| at.disc(0.54));
    canvas.draw(metal, 0.9, |at| at.disc(0.51));
    let face = if dice.below(2) == 0 { PAPER } else { INK };
    let marks = if face == PAPER { INK } else { PAPER };
    canvas.draw(face, 0.15, |at| at.disc(0.43));
    for hour in 0..12 {
        let angle = hour as f32 * std::f32::consts::TAU / 12.0;
        let long = if hour % 3 == 0 { 0.05 } else { 0.028 };
        canvas.draw(marks, 0.0, |at| at.turned(angle).moved(0.0, -0.36).slab(0.011, long, 0.004));
    }
    let minutes = dice.below(720) as f32;
    let hands = [(minutes / 720.0, 0.11, 0.02), (minutes % 60.0 / 60.0, 0.16, 0.013)];
    for (turn, length, width) in hands {
        let angle = turn * std::f32::consts::TAU;
        canvas.draw(marks, 0.0, |at| at.turned(angle).moved(0.0, -length).slab(width, length, width));
    }
    canvas.draw(accent, 0.0, |at| at.disc(0.03));
}

/// A car from the side.
fn vehicle(canvas: &mut Canvas, accent: Colour, dice: &mut Dice) {
    let roof = 0.02 * dice.below(8) as f32;
    canvas.draw(accent, 0.4, |at| {
        let cabin = at.moved(-0.06 + roof, -0.02);
        // Leaning windscreens: the cabin narrows towards the roof.
        Point { x: cabin.x / (1.0 + 0.45 * cabin.y), y: cabin.y }.slab(0.5, 0.28, 0.12)
    });
    canvas.draw([0.62, 0.76, 0.84], 0.6, |at| {
        let glass = at.moved(-0.06 + roof, -0.04);
        Point { x: glass.x / (1.0 + 0.45 * glass.y), y: glass.y }.slab(0.43, 0.2, 0.08)
    });
    canvas.draw(accent, 0.0, |at| at.moved(-0.06 + roof, -0.04).slab(0.025, 0.22, 0.0));
    canvas.draw(accent, 0.5, |at| at.moved(0.0, 0.34).slab(1.02, 0.21, 0.14));
    canvas.draw(mix(accent, INK, 0.4), 0.0, |at| at.moved(0.0, 0.47).slab(0.98, 0.03, 0.02));
    canvas.draw(mix(accent, PAPER, 0.5), 0.0, |at| at.moved(0.0, 0.24).slab(0.94, 0.008, 0.0));
    canvas.draw([0.98, 0.9, 0.6], 0.2, |at| at.moved(0.97, 0.3).disc(0.06));
    canvas.draw([0.75, 0.15, 0.12], 0.2, |at| at.moved(-0.98, 0.3).slab(0.03, 0.06, 0.02));
    for x in [-0.56, 0.58] {
        canvas.draw(mix(accent, INK, 0.7), 0.0, |at| at.moved(x, 0.5).disc(0.24));
        canvas.draw(INK, 0.3, |at| at.moved(x, 0.52).disc(0.21));
        canvas.draw(STEEL, 0.7, |at| at.moved(x, 0.52).disc(0.12));
        for spoke in 0..5 {
            let angle = spoke as f32 * std::f32::consts::TAU / 5.0;
            canvas.draw(mix(STEEL, INK, 0.5), 0.0, |at| {
                at.moved(x, 0.52).turned(angle).moved(0.0, -0.06).slab(0.012, 0.05, 0.0)
            });
        }
    }
}

/// A colour of this hue (degrees), saturation and lightness.
fn colour(hue: f32, saturation: f32, lightness: f32) -> Colour {
    let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
    [0.0, 8.0, 4.0].map(|offset| {
        let place = (offset + hue / 30.0) % 12.0;
        let wave = (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0);
        lightness - chroma / 2.0 * wave
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::lots;

    #[test]
    fn pictures_are_png_of_the_named_size_and_differ() {
        for kind in Kind::ALL {
            let drawn: Vec<_> = lots(kind, 2, 1).iter().map(|lot| draw(lot).unwrap()).collect();
            assert_ne!(drawn[0], drawn[1]);
            let read = image::load_from_memory(&drawn[0]).unwrap();
            assert_eq!((read.width(), read.height()), (PICTURE_WIDTH, PICTURE_HEIGHT));
        }
    }
}
