//! How the pictures of the sample lots are drawn.

use super::canvas::{Canvas, Colour, Point, View, mix};
use super::motif::motif;
use super::{Dice, Lot};
use image::{ImageFormat, ImageResult};
use std::io::Cursor;

/// The width of a picture, in pixels.
pub const PICTURE_WIDTH: u32 = 800;
/// The height of a picture, in pixels.
pub const PICTURE_HEIGHT: u32 = 600;
/// How many pictures a lot can have.
pub const PICTURES_MAX: usize = 3;

/// The walls and tables before which lots stand: quiet colours that go with any lot.
const ROOMS: [(Colour, Colour); 6] = [
    ([0.93, 0.90, 0.84], [0.55, 0.42, 0.31]),
    ([0.86, 0.89, 0.87], [0.38, 0.42, 0.38]),
    ([0.88, 0.87, 0.90], [0.40, 0.36, 0.42]),
    ([0.92, 0.87, 0.82], [0.50, 0.34, 0.28]),
    ([0.84, 0.88, 0.91], [0.33, 0.39, 0.46]),
    ([0.90, 0.90, 0.87], [0.24, 0.25, 0.26]),
];

/// Draws a picture of a lot, as PNG: the whole of it, a part from close by, and the whole in the evening.
///
/// # Errors
/// None that is known: the picture is written to memory.
pub fn draw(lot: &Lot, number: usize) -> ImageResult<Vec<u8>> {
    let mut dice = Dice::new(lot.seed);
    let (wall, table) = dice.pick(&ROOMS).copied().unwrap_or(ROOMS[0]);
    let evening = if number == 2 { 0.45 } else { 0.0 };
    let dark = |colour: Colour| mix(colour, [0.10, 0.11, 0.16], evening);
    let view = match number {
        1 => View { middle: Point { x: 0.12, y: 0.05 }, zoom: 2.1 },
        2 => View { middle: Point { x: 0.0, y: 0.06 }, zoom: 0.86 },
        _ => View { middle: Point { x: 0.0, y: 0.0 }, zoom: 1.0 },
    };
    let mut canvas =
        Canvas::new(PICTURE_WIDTH, PICTURE_HEIGHT, view, dark(mix(wall, [1.0; 3], 0.35)), dark(wall));
    // The table on which the lot stands.
    canvas.draw(dark(table), 0.2, |at| at.moved(0.0, 1.3).slab(4.0, 0.72, 0.0));
    canvas.draw(dark(mix(table, [1.0; 3], 0.12)), 0.0, |at| at.moved(0.0, 0.585).slab(4.0, 0.006, 0.0));
    // The shadow, softer outside.
    for (size, share) in [(0.115, 0.16), (0.09, 0.24), (0.06, 0.34)] {
        canvas.draw(dark(mix(table, [0.05; 3], share)), 0.0, |at| {
            let near = at.moved(0.0, 0.72);
            Point { x: near.x * 0.13, y: near.y }.disc(size)
        });
    }
    motif(lot.motif, &mut canvas, &mut dice);
    let mut png = Cursor::new(Vec::new());
    canvas.into_image().write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Kind, lots};

    #[test]
    fn pictures_are_png_of_the_named_size_and_differ() {
        for kind in Kind::ALL {
            let of = lots(kind, 2, 1);
            let drawn: Vec<_> =
                of.iter().flat_map(|lot| (0..2).map(|number| draw(lot, number).unwrap())).collect();
            for (place, one) in drawn.iter().enumerate() {
                assert!(drawn[..place].iter().all(|other| other != one), "{kind}: {place}");
            }
            let read = image::load_from_memory(&drawn[0]).unwrap();
            assert_eq!((read.width(), read.height()), (PICTURE_WIDTH, PICTURE_HEIGHT));
        }
    }
}
