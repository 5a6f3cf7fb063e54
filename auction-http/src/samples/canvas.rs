//! A canvas on which shapes are drawn with soft edges.

use image::{Rgb, RgbImage};

/// A colour: red, green and blue from 0 to 1.
pub(super) type Colour = [f32; 3];

/// A point, with (0, 0) in the middle and the height from -1 to 1.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A canvas.
pub(super) struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A canvas filled from `top` to `bottom`.
    pub(super) fn new(width: u32, height: u32, top: Colour, bottom: Colour) -> Self {
        let rows = (0..height).map(|row| mix(top, bottom, row as f32 / height as f32));
        let pixels = rows.flat_map(|colour| std::iter::repeat_n(colour, width as usize)).collect();
        Self { width, height, pixels }
    }

    /// Draws a shape: the distance of a point from its edge, negative inside. `light` is added from the top.
    pub(super) fn draw(&mut self, colour: Colour, light: f32, distance: impl Fn(Point) -> f32) {
        let unit = 2.0 / self.height as f32;
        let middle = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        for row in 0..self.height {
            let y = (row as f32 + 0.5 - middle.1) * unit;
            for column in 0..self.width {
                let x = (column as f32 + 0.5 - middle.0) * unit;
                let cover = (0.5 - distance(Point { x, y }) / unit).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let shade = 1.0 - light * (y + 0.2);
                    let lit = colour.map(|part| (part * shade).clamp(0.0, 1.0));
                    let pixel = &mut self.pixels[(row * self.width + column) as usize];
                    *pixel = mix(*pixel, lit, cover);
                }
            }
        }
    }

    /// The picture.
    pub(super) fn into_image(self) -> RgbImage {
        let mut picture = RgbImage::new(self.width, self.height);
        for (pixel, colour) in picture.pixels_mut().zip(self.pixels) {
            *pixel = Rgb(colour.map(|part| (part * 255.0) as u8));
        }
        picture
    }
}

pub(super) fn mix(one: Colour, other: Colour, share: f32) -> Colour {
    std::array::from_fn(|part| one[part] + (other[part] - one[part]) * share)
}

impl Point {
    pub(super) fn moved(self, x: f32, y: f32) -> Self {
        Self { x: self.x - x, y: self.y - y }
    }

    pub(super) fn turned(self, angle: f32) -> Self {
        let (sine, cosine) = angle.sin_cos();
        Self { x: self.x * cosine + self.y * sine, y: self.y * cosine - self.x * sine }
    }

    /// Distance from a disc in the middle.
    pub(super) fn disc(self, radius: f32) -> f32 {
        self.x.hypot(self.y) - radius
    }

    /// Distance from a ring in the middle.
    pub(super) fn ring(self, radius: f32, thickness: f32) -> f32 {
        self.disc(radius).abs() - thickness
    }

    /// Distance from a box with round corners in the middle, given half its sides.
    pub(super) fn slab(self, width: f32, height: f32, corner: f32) -> f32 {
        let x = self.x.abs() - width + corner;
        let y = self.y.abs() - height + corner;
        x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - corner
    }

    /// Distance from a square that stands on a corner, stretched to this width and height (halves).
    pub(super) fn diamond(self, width: f32, height: f32) -> f32 {
        (self.x.abs() / width + self.y.abs() / height - 1.0) * width.min(height) * 0.7
    }
}
