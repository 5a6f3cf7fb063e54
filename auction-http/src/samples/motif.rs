//! What stands in the pictures of sample lots.

use super::canvas::{Canvas, Colour, Point, mix};
use super::goods::Motif;
use super::{Dice, vehicle};

pub(super) const INK: Colour = [0.13, 0.14, 0.18];
pub(super) const STEEL: Colour = [0.72, 0.75, 0.79];
pub(super) const PAPER: Colour = [0.95, 0.93, 0.88];
pub(super) const GLASS: Colour = [0.62, 0.76, 0.84];
const GOLD: Colour = [0.86, 0.68, 0.33];
const WALNUT: Colour = [0.42, 0.27, 0.17];
const PEARL: Colour = [0.95, 0.92, 0.88];

/// Colours of cases, straps and paint.
const PAINTS: [Colour; 7] = [
    [0.60, 0.16, 0.15],
    [0.13, 0.29, 0.42],
    [0.12, 0.36, 0.29],
    [0.76, 0.60, 0.33],
    [0.35, 0.20, 0.30],
    [0.80, 0.76, 0.66],
    [0.24, 0.25, 0.29],
];

/// Colours of stones.
const STONES: [Colour; 5] =
    [[0.12, 0.42, 0.72], [0.10, 0.56, 0.38], [0.70, 0.10, 0.22], [0.56, 0.38, 0.70], [0.86, 0.66, 0.34]];

/// Draws a motif.
pub(super) fn motif(motif: Motif, canvas: &mut Canvas, dice: &mut Dice) {
    let paint = dice.pick(&PAINTS).copied().unwrap_or(INK);
    let stone = dice.pick(&STONES).copied().unwrap_or(INK);
    let metal = if dice.below(2) == 0 { GOLD } else { STEEL };
    match motif {
        Motif::Radio => radio(canvas, paint, dice),
        Motif::Camera => camera(canvas, paint),
        Motif::Turntable => turntable(canvas, paint, dice),
        Motif::Computer => computer(canvas, dice),
        Motif::Ring => ring(canvas, metal, stone),
        Motif::Pendant => pendant(canvas, metal, stone),
        Motif::Pearls => pearls(canvas, metal),
        Motif::Wristwatch => {
            strap(canvas, mix(paint, INK, 0.3));
            dial(canvas, metal, 0.0, 0.54, dice);
        }
        Motif::PocketWatch => {
            chain(canvas, metal);
            dial(canvas, metal, 0.12, 0.5, dice);
        }
        Motif::Clock => clock(canvas, metal, dice),
        Motif::Saloon => vehicle::saloon(canvas, paint, dice),
        Motif::Convertible => vehicle::convertible(canvas, paint),
        Motif::Van => vehicle::van(canvas, paint),
    }
}

/// A radio with a speaker, a dial and knobs.
fn radio(canvas: &mut Canvas, paint: Colour, dice: &mut Dice) {
    canvas.draw(STEEL, 0.6, |at| at.moved(0.62, -0.58).turned(0.3).slab(0.012, 0.34, 0.01));
    canvas.draw(mix(WALNUT, INK, 0.25), 0.5, |at| at.moved(0.0, 0.13).slab(0.86, 0.52, 0.1));
    canvas.draw(paint, 0.4, |at| at.moved(0.0, 0.13).slab(0.79, 0.45, 0.06));
    canvas.draw(INK, 0.2, |at| at.moved(-0.34, 0.13).disc(0.34));
    for ring in 0..5 {
        let radius = 0.06 + 0.06 * ring as f32;
        canvas.draw(STEEL, 0.6, |at| at.moved(-0.34, 0.13).ring(radius, 0.008));
    }
    canvas.draw(PAPER, 0.3, |at| at.moved(0.38, -0.04).slab(0.32, 0.15, 0.02));
    for line in 0..9 {
        let x = 0.12 + 0.065 * line as f32;
        let long = if line % 2 == 0 { 0.035 } else { 0.02 };
        canvas.draw(INK, 0.0, |at| at.moved(x, -0.08).slab(0.004, long, 0.0));
    }
    let needle = 0.15 + dice.below(42) as f32 / 100.0;
    canvas.draw([0.8, 0.2, 0.15], 0.0, |at| at.moved(needle, -0.04).slab(0.007, 0.14, 0.0));
    for knob in 0..3 {
        let x = 0.17 + 0.21 * knob as f32;
        canvas.draw(INK, 0.3, |at| at.moved(x, 0.36).disc(0.085));
        canvas.draw(STEEL, 0.8, |at| at.moved(x, 0.36).disc(0.055));
        canvas.draw(INK, 0.0, |at| at.moved(x, 0.325).slab(0.006, 0.022, 0.0));
    }
}

/// A camera with its lens.
fn camera(canvas: &mut Canvas, paint: Colour) {
    canvas.draw(STEEL, 0.7, |at| at.moved(-0.5, -0.33).slab(0.13, 0.06, 0.03));
    canvas.draw(STEEL, 0.7, |at| at.moved(0.52, -0.34).slab(0.09, 0.07, 0.03));
    canvas.draw(STEEL, 0.5, |at| at.moved(0.0, -0.3).slab(0.3, 0.16, 0.05));
    canvas.draw(STEEL, 0.5, |at| at.moved(0.0, 0.16).slab(0.84, 0.46, 0.1));
    canvas.draw(mix(paint, INK, 0.45), 0.3, |at| at.moved(0.0, 0.22).slab(0.84, 0.3, 0.02));
    canvas.draw(INK, 0.0, |at| at.moved(0.0, -0.3).slab(0.16, 0.075, 0.02));
    canvas.draw(GLASS, 0.9, |at| at.moved(0.0, -0.3).slab(0.13, 0.05, 0.015));
    canvas.draw(mix(STEEL, INK, 0.3), 0.6, |at| at.moved(0.0, 0.18).disc(0.4));
    canvas.draw(INK, 0.4, |at| at.moved(0.0, 0.18).disc(0.35));
    canvas.draw(STEEL, 0.6, |at| at.moved(0.0, 0.18).ring(0.27, 0.012));
    canvas.draw(mix(GLASS, INK, 0.65), 0.9, |at| at.moved(0.0, 0.18).disc(0.22));
    canvas.draw(mix(GLASS, PAPER, 0.3), 0.0, |at| at.moved(-0.07, 0.1).disc(0.06));
    canvas.draw(mix(GLASS, [0.4, 0.2, 0.6], 0.5), 0.0, |at| at.moved(0.08, 0.27).disc(0.03));
    canvas.draw([0.75, 0.18, 0.15], 0.2, |at| at.moved(0.66, -0.1).disc(0.035));
}

/// A turntable, from above.
fn turntable(canvas: &mut Canvas, paint: Colour, dice: &mut Dice) {
    canvas.draw(mix(WALNUT, INK, 0.2), 0.4, |at| at.moved(0.0, 0.06).slab(0.98, 0.64, 0.05));
    canvas.draw(mix(WALNUT, PAPER, 0.12), 0.2, |at| at.moved(0.0, 0.05).slab(0.93, 0.59, 0.03));
    canvas.draw(STEEL, 0.5, |at| at.moved(-0.22, 0.05).disc(0.53));
    canvas.draw(INK, 0.5, |at| at.moved(-0.22, 0.05).disc(0.5));
    for groove in 0..7 {
        let radius = 0.2 + 0.042 * groove as f32;
        canvas.draw(mix(INK, STEEL, 0.22), 0.6, |at| at.moved(-0.22, 0.05).ring(radius, 0.003));
    }
    canvas.draw(paint, 0.2, |at| at.moved(-0.22, 0.05).disc(0.16));
    canvas.draw(PAPER, 0.0, |at| at.moved(-0.22, 0.05).disc(0.018));
    let turn = 0.32 + dice.below(20) as f32 / 100.0;
    canvas.draw(mix(STEEL, INK, 0.4), 0.4, |at| at.moved(0.66, -0.3).disc(0.12));
    canvas.draw(STEEL, 0.9, |at| at.moved(0.66, -0.3).turned(turn).moved(0.0, 0.36).slab(0.018, 0.38, 0.01));
    canvas.draw(INK, 0.2, |at| at.moved(0.66, -0.3).turned(turn).moved(0.0, 0.72).slab(0.045, 0.07, 0.015));
    canvas.draw(STEEL, 0.8, |at| at.moved(0.66, -0.3).disc(0.06));
    for (y, colour) in [(0.36, STEEL), (0.5, [0.8, 0.3, 0.2])] {
        canvas.draw(colour, 0.5, |at| at.moved(0.8, y).disc(0.035));
    }
}

/// A computer with its screen and its keys.
fn computer(canvas: &mut Canvas, dice: &mut Dice) {
    let case = [0.84, 0.80, 0.70];
    canvas.draw(mix(case, INK, 0.12), 0.4, |at| at.moved(0.0, -0.14).slab(0.6, 0.52, 0.07));
    canvas.draw(case, 0.3, |at| at.moved(0.0, -0.14).slab(0.57, 0.49, 0.06));
    canvas.draw(INK, 0.2, |at| at.moved(0.0, -0.2).slab(0.46, 0.36, 0.08));
    canvas.draw([0.07, 0.16, 0.12], 0.5, |at| at.moved(0.0, -0.2).slab(0.42, 0.32, 0.07));
    for line in 0..6 {
        let wide = 0.08 + dice.below(22) as f32 / 100.0;
        let y = -0.42 + 0.075 * line as f32;
        canvas.draw([0.42, 0.86, 0.56], 0.0, |at| at.moved(-0.34 + wide, y).slab(wide, 0.014, 0.0));
    }
    canvas.draw(mix(case, INK, 0.2), 0.3, |at| at.moved(0.0, 0.6).slab(0.86, 0.2, 0.05));
    canvas.draw(case, 0.3, |at| at.moved(0.0, 0.585).slab(0.84, 0.18, 0.04));
    for row in 0..3 {
        for key in 0..11 {
            let x = -0.7 + 0.14 * key as f32 + 0.02 * row as f32;
            let y = 0.48 + 0.1 * row as f32;
            canvas.draw(mix(case, INK, 0.6), 0.2, |at| at.moved(x, y).slab(0.055, 0.036, 0.012));
        }
    }
}

/// A ring with a stone, on a cushion.
fn ring(canvas: &mut Canvas, metal: Colour, stone: Colour) {
    canvas.draw([0.24, 0.10, 0.13], 0.5, |at| at.moved(0.0, 0.64).slab(0.72, 0.15, 0.13));
    canvas.draw([0.32, 0.14, 0.17], 0.4, |at| at.moved(0.0, 0.58).slab(0.66, 0.09, 0.09));
    canvas.draw(mix(metal, INK, 0.35), 0.3, |at| at.moved(0.0, 0.2).ring(0.37, 0.06));
    canvas.draw(metal, 0.9, |at| at.moved(-0.01, 0.19).ring(0.37, 0.042));
    canvas.draw(mix(metal, INK, 0.2), 0.6, |at| at.moved(0.0, -0.2).slab(0.16, 0.06, 0.03));
    gem(canvas, stone, Point { x: 0.0, y: -0.4 }, 0.26);
}

/// A stone with its facets.
fn gem(canvas: &mut Canvas, stone: Colour, middle: Point, size: f32) {
    let Point { x, y } = middle;
    canvas.draw(mix(stone, INK, 0.35), 0.2, |at| at.moved(x, y).diamond(size * 1.08, size * 0.98));
    canvas.draw(stone, 0.5, |at| at.moved(x, y).diamond(size, size * 0.9));
    canvas.draw(mix(stone, PAPER, 0.25), 0.3, |at| at.moved(x, y).diamond(size * 0.62, size * 0.55));
    canvas.draw(mix(stone, PAPER, 0.55), 0.0, |at| {
        at.moved(x - size * 0.14, y - size * 0.16).diamond(size * 0.26, size * 0.22)
    });
}

/// A stone on a chain.
fn pendant(canvas: &mut Canvas, metal: Colour, stone: Colour) {
    let cord = |at: Point| Point { x: at.x, y: at.y * 0.72 }.moved(0.0, -0.52).ring(0.56, 0.012);
    canvas.draw(metal, 0.8, cord);
    canvas.draw(metal, 0.9, |at| at.moved(0.0, 0.1).ring(0.05, 0.014));
    canvas.draw(mix(metal, INK, 0.15), 0.6, |at| at.moved(0.0, 0.38).diamond(0.27, 0.31));
    gem(canvas, stone, Point { x: 0.0, y: 0.38 }, 0.23);
}

/// A string of pearls.
fn pearls(canvas: &mut Canvas, metal: Colour) {
    const COUNT: usize = 34;
    for bead in 0..COUNT {
        let angle = std::f32::consts::TAU * bead as f32 / COUNT as f32;
        let (sine, cosine) = angle.sin_cos();
        let (x, y) = (0.66 * cosine, 0.02 + 0.52 * sine);
        let size = 0.048 + 0.022 * (sine + 1.0) / 2.0;
        canvas.draw(mix(PEARL, INK, 0.35), 0.3, |at| at.moved(x + 0.006, y + 0.012).disc(size));
        canvas.draw(PEARL, 0.4, |at| at.moved(x, y).disc(size));
        canvas.draw([1.0; 3], 0.0, |at| at.moved(x - size * 0.3, y - size * 0.35).disc(size * 0.28));
    }
    canvas.draw(metal, 0.8, |at| at.moved(0.0, -0.5).slab(0.09, 0.04, 0.03));
}

fn strap(canvas: &mut Canvas, leather: Colour) {
    canvas.draw(leather, 0.3, |at| at.slab(0.21, 1.4, 0.06));
    canvas.draw(mix(leather, PAPER, 0.3), 0.0, |at| at.slab(0.18, 1.38, 0.05).abs() - 0.004);
    for hole in 0..3 {
        let y = 0.74 + 0.09 * hole as f32;
        canvas.draw(mix(leather, INK, 0.6), 0.0, |at| at.moved(0.0, y).disc(0.018));
    }
}

fn chain(canvas: &mut Canvas, metal: Colour) {
    for link in 0..14 {
        let along = link as f32;
        let (x, y) = (0.06 + 0.062 * along, -0.56 - 0.03 * (along * 0.35).sin() * 4.0);
        canvas.draw(metal, 0.7, |at| at.moved(x, y).ring(0.034, 0.011));
    }
    canvas.draw(metal, 0.8, |at| at.moved(0.0, -0.5).ring(0.08, 0.02));
    canvas.draw(mix(metal, INK, 0.2), 0.7, |at| at.moved(0.0, -0.4).slab(0.055, 0.06, 0.02));
}

/// A face with hands in a case, at this height and of this size.
fn dial(canvas: &mut Canvas, metal: Colour, y: f32, size: f32, dice: &mut Dice) {
    canvas.draw(mix(metal, INK, 0.3), 0.4, |at| at.moved(size + 0.03, y).slab(0.05, 0.055, 0.02));
    canvas.draw(mix(metal, INK, 0.3), 0.3, |at| at.moved(0.0, y).disc(size));
    canvas.draw(metal, 0.9, |at| at.moved(0.0, y).disc(size * 0.95));
    let face = dice.pick(&[PAPER, INK, [0.12, 0.22, 0.36], [0.16, 0.30, 0.24]]).copied().unwrap_or(PAPER);
    let marks = if face == PAPER { INK } else { PAPER };
    canvas.draw(mix(face, INK, 0.25), 0.0, |at| at.moved(0.0, y).disc(size * 0.82));
    canvas.draw(face, 0.15, |at| at.moved(0.0, y).disc(size * 0.8));
    for hour in 0..12 {
        let angle = hour as f32 * std::f32::consts::TAU / 12.0;
        let (long, wide) = if hour % 3 == 0 { (0.09, 0.022) } else { (0.052, 0.013) };
        canvas.draw(marks, 0.0, |at| {
            at.moved(0.0, y).turned(angle).moved(0.0, -size * 0.68).slab(size * wide, size * long, 0.003)
        });
    }
    // Seconds in a face of their own.
    canvas.draw(mix(face, marks, 0.35), 0.0, |at| at.moved(0.0, y + size * 0.36).ring(size * 0.17, 0.004));
    let minutes = dice.below(720) as f32;
    let hands = [(minutes / 720.0, 0.22, 0.034), (minutes % 60.0 / 60.0, 0.32, 0.022)];
    for (turn, length, width) in hands {
        let angle = turn * std::f32::consts::TAU;
        let (length, width) = (size * length, size * width);
        canvas.draw(marks, 0.0, |at| {
            at.moved(0.0, y).turned(angle).moved(0.0, -length).slab(width, length, width)
        });
    }
    canvas.draw([0.75, 0.2, 0.16], 0.0, |at| at.moved(0.0, y).disc(size * 0.045));
}

/// A clock in a case of wood, on its feet.
fn clock(canvas: &mut Canvas, metal: Colour, dice: &mut Dice) {
    for x in [-0.5, 0.5] {
        canvas.draw(metal, 0.6, |at| at.moved(x, 0.72).slab(0.09, 0.06, 0.03));
    }
    canvas.draw(mix(WALNUT, INK, 0.25), 0.4, |at| at.moved(0.0, 0.0).slab(0.66, 0.7, 0.3));
    canvas.draw(WALNUT, 0.4, |at| at.moved(0.0, 0.0).slab(0.61, 0.65, 0.27));
    canvas.draw(mix(WALNUT, INK, 0.4), 0.2, |at| at.moved(0.0, 0.63).slab(0.72, 0.06, 0.02));
    dial(canvas, metal, -0.06, 0.48, dice);
}
