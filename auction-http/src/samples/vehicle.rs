//! Vehicles, from the side.

use super::Dice;
use super::canvas::{Canvas, Colour, Point, mix};
use super::motif::{GLASS, INK, PAPER, STEEL};

/// A car with a roof.
pub(super) fn saloon(canvas: &mut Canvas, paint: Colour, dice: &mut Dice) {
    let shift = 0.02 * dice.below(8) as f32 - 0.12;
    let cabin = move |width: f32, height: f32, corner: f32| {
        move |at: Point| {
            let near = at.moved(shift, 0.02);
            // Leaning windscreens: the cabin narrows towards the roof.
            Point { x: near.x / (1.0 + 0.5 * near.y), y: near.y }.slab(width, height, corner)
        }
    };
    canvas.draw(mix(paint, INK, 0.12), 0.4, cabin(0.52, 0.28, 0.12));
    canvas.draw(GLASS, 0.6, cabin(0.45, 0.2, 0.08));
    canvas.draw(mix(paint, INK, 0.12), 0.0, |at| at.moved(shift, -0.04).slab(0.022, 0.22, 0.0));
    body(canvas, paint);
}

/// A car without a roof.
pub(super) fn convertible(canvas: &mut Canvas, paint: Colour) {
    canvas.draw(STEEL, 0.6, |at| at.moved(0.26, -0.02).turned(-0.42).slab(0.014, 0.24, 0.01));
    canvas.draw(GLASS, 0.6, |at| at.moved(0.22, 0.0).turned(-0.42).slab(0.02, 0.18, 0.01));
    for x in [-0.36, -0.02] {
        canvas.draw([0.45, 0.26, 0.18], 0.4, |at| at.moved(x, 0.12).turned(0.18).slab(0.06, 0.14, 0.05));
    }
    canvas.draw(INK, 0.2, |at| at.moved(0.14, 0.08).turned(0.5).ring(0.07, 0.01));
    body(canvas, paint);
}

/// A van.
pub(super) fn van(canvas: &mut Canvas, paint: Colour) {
    canvas.draw(paint, 0.35, |at| at.moved(-0.08, 0.0).slab(0.94, 0.5, 0.16));
    canvas.draw(mix(PAPER, paint, 0.12), 0.3, |at| at.moved(-0.08, -0.24).slab(0.92, 0.24, 0.14));
    for (x, wide) in [(-0.66, 0.16), (-0.24, 0.16), (0.18, 0.16), (0.64, 0.15)] {
        canvas.draw(mix(PAPER, INK, 0.35), 0.0, |at| at.moved(x, -0.2).slab(wide + 0.02, 0.16, 0.05));
        canvas.draw(GLASS, 0.6, |at| at.moved(x, -0.2).slab(wide, 0.14, 0.04));
    }
    canvas.draw(mix(paint, PAPER, 0.6), 0.0, |at| at.moved(-0.08, 0.03).slab(0.94, 0.012, 0.0));
    canvas.draw(mix(paint, INK, 0.3), 0.0, |at| at.moved(0.41, 0.16).slab(0.004, 0.3, 0.0));
    canvas.draw([0.98, 0.9, 0.6], 0.2, |at| at.moved(0.8, 0.26).disc(0.06));
    canvas.draw([0.75, 0.15, 0.12], 0.2, |at| at.moved(-0.99, 0.3).slab(0.02, 0.07, 0.02));
    canvas.draw(STEEL, 0.4, |at| at.moved(-0.06, 0.5).slab(1.0, 0.03, 0.02));
    wheels(canvas, paint, -0.6, 0.5);
}

fn body(canvas: &mut Canvas, paint: Colour) {
    canvas.draw(paint, 0.5, |at| at.moved(0.0, 0.34).slab(1.04, 0.21, 0.14));
    canvas.draw(mix(paint, INK, 0.4), 0.0, |at| at.moved(0.0, 0.47).slab(0.98, 0.03, 0.02));
    canvas.draw(mix(paint, PAPER, 0.5), 0.0, |at| at.moved(0.0, 0.24).slab(0.94, 0.008, 0.0));
    canvas.draw(mix(paint, INK, 0.35), 0.0, |at| at.moved(-0.1, 0.33).slab(0.004, 0.14, 0.0));
    canvas.draw(STEEL, 0.4, |at| at.moved(-0.2, 0.28).slab(0.05, 0.012, 0.01));
    for x in [-1.04, 1.04] {
        canvas.draw(STEEL, 0.5, |at| at.moved(x, 0.47).slab(0.07, 0.03, 0.03));
    }
    canvas.draw([0.98, 0.9, 0.6], 0.2, |at| at.moved(0.98, 0.3).disc(0.06));
    canvas.draw([0.75, 0.15, 0.12], 0.2, |at| at.moved(-0.99, 0.3).slab(0.03, 0.06, 0.02));
    wheels(canvas, paint, -0.58, 0.6);
}

fn wheels(canvas: &mut Canvas, paint: Colour, rear: f32, front: f32) {
    for x in [rear, front] {
        canvas.draw(mix(paint, INK, 0.75), 0.0, |at| at.moved(x, 0.5).disc(0.25));
        canvas.draw(INK, 0.3, |at| at.moved(x, 0.53).disc(0.21));
        canvas.draw(PAPER, 0.4, |at| at.moved(x, 0.53).ring(0.165, 0.014));
        canvas.draw(STEEL, 0.7, |at| at.moved(x, 0.53).disc(0.12));
        for spoke in 0..5 {
            let angle = spoke as f32 * std::f32::consts::TAU / 5.0;
            canvas.draw(mix(STEEL, INK, 0.5), 0.0, |at| {
                at.moved(x, 0.53).turned(angle).moved(0.0, -0.06).slab(0.012, 0.05, 0.0)
            });
        }
        canvas.draw(STEEL, 0.9, |at| at.moved(x, 0.53).disc(0.035));
    }
}
