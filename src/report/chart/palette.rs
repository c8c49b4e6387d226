//! Colours of the pictures: few, told apart by people who see colours differently and in a grey print.
//!
//! No meaning rests on a colour alone: every mark has its label beside it, and shapes or dashes of its own.
//! Contrast against white: ink 17, muted 7, tilt 5.5, baseline 7 to 1.

use plotters::style::RGBColor;

/// Titles, labels, values.
pub const INK: RGBColor = RGBColor(26, 26, 26);
/// Explanations, ticks, sources.
pub const MUTED: RGBColor = RGBColor(89, 89, 89);
/// Axes and the line of no change.
pub const AXIS: RGBColor = RGBColor(115, 115, 115);
/// Lines that help to read a height.
pub const GRID: RGBColor = RGBColor(224, 224, 224);
/// Areas of chance and of unmeasured days.
pub const CHANCE: RGBColor = RGBColor(236, 236, 236);
/// What the tilt did.
pub const TILT: RGBColor = RGBColor(184, 66, 10);
/// The interval around what the tilt did.
pub const TILT_BAND: RGBColor = RGBColor(246, 214, 196);
/// The world without the tilt.
pub const BASELINE: RGBColor = RGBColor(31, 90, 153);
