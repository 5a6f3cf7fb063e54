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

/// The side of the squares that are looked at as a whole before their pixels are.
const BLOCK: u32 = 16;

/// Which part of the scene a picture shows.
#[derive(Clone, Copy)]
pub(super) struct View {
    /// The point in the middle.
    pub(super) middle: Point,
    /// How many times larger things are.
    pub(super) zoom: f32,
}

/// A canvas.
pub(super) struct Canvas {
    width: u32,
    height: u32,
    view: View,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A canvas filled from `top` to `bottom`.
    pub(super) fn new(width: u32, height: u32, view: View, top: Colour, bottom: Colour) -> Self {
        let rows = (0..height).map(|row| mix(top, bottom, row as f32 / height as f32));
        let pixels = rows.flat_map(|colour| std::iter::repeat_n(colour, width as usize)).collect();
        Self { width, height, view, pixels }
    }

    /// Draws a shape: the distance of a point from its edge, negative inside. `light` is added from the top.
    pub(super) fn draw(&mut self, colour: Colour, light: f32, distance: impl Fn(Point) -> f32) {
        // What is this far from the edge in the middle of a block is outside all over the block, also where a shape
        // is stretched a little.
        let far = BLOCK as f32 * self.unit() * 1.5;
        for top in (0..self.height).step_by(BLOCK as usize) {
            for left in (0..self.width).step_by(BLOCK as usize) {
                let middle = self.point(left as f32 + BLOCK as f32 / 2.0, top as f32 + BLOCK as f32 / 2.0);
                if distance(middle) <= far {
                    self.draw_block(left, top, colour, light, &distance);
                }
            }
        }
    }

    fn draw_block(
        &mut self,
        left: u32,
        top: u32,
        colour: Colour,
        light: f32,
        distance: impl Fn(Point) -> f32,
    ) {
        let unit = self.unit();
        for row in top..(top + BLOCK).min(self.height) {
            for column in left..(left + BLOCK).min(self.width) {
                let at = self.point(column as f32 + 0.5, row as f32 + 0.5);
                let cover = (0.5 - distance(at) / unit).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let shade = 1.0 - light * (at.y + 0.2);
                    let lit = colour.map(|part| (part * shade).clamp(0.0, 1.0));
                    let pixel = &mut self.pixels[(row * self.width + column) as usize];
                    *pixel = mix(*pixel, lit, cover);
                }
            }
        }
    }

    /// How large a pixel is.
    fn unit(&self) -> f32 {
        2.0 / (self.height as f32 * self.view.zoom)
    }

    /// What is seen at a pixel.
    fn point(&self, column: f32, row: f32) -> Point {
        let unit = self.unit();
        Point {
            x: (column - self.width as f32 / 2.0) * unit + self.view.middle.x,
            y: (row - self.height as f32 / 2.0) * unit + self.view.middle.y,
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
