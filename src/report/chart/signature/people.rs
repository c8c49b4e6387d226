//! The right panel: how the expected weekly change is spread over people, with the ups and downs that weeks have anyway.

use super::histogram::Histogram;
use super::{LABEL, Panel, People, Signature, TICK, draw_ticks, words};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Align, Canvas, Failed, Style};
use crate::report::chart::palette;
use crate::report::words::language::Language;

/// Height of the bars.
const BARS: f64 = 112.0;

/// Says where its axis is and where the panel ends.
pub(super) fn draw(
    chart: &Signature,
    people: &People,
    canvas: &Canvas<'_>,
    panel: Panel,
    top: f64,
    language: Language,
) -> Result<[f64; 2], Failed> {
    let histogram = Histogram::new(people);
    let axis = Axis::new(histogram.range(), [panel.left, panel.right()]);
    let ups_and_downs = people.ups_and_downs().filter(|reach| *reach > 0.0);
    let mut y = top;
    if let Some(reach) = ups_and_downs {
        y = canvas.paragraph(&words::ups_and_downs(reach, language), (panel.left, y), panel.width, LABEL)? + 8.0;
    }
    // The median's label stands between the band's upper edge and the bars, above the label of a height.
    let bars_top = y + 34.0;
    let bottom = bars_top + BARS;
    if let Some(reach) = ups_and_downs {
        let [from, to] = [axis.within(-reach), axis.within(reach)];
        canvas.block((from, y), (to, bottom), palette::CHANCE)?;
        canvas.span(from, to, y, palette::AXIS, 1.5)?;
    }
    histogram.draw(canvas, &axis, [bars_top, bottom], people.median().map(|median| axis.within(median)), language)?;
    canvas.line(&[(panel.left, bottom), (panel.right(), bottom)], palette::AXIS, 1.0)?;
    if let Some(median) = people.median() {
        let x = axis.within(median);
        canvas.dashes((x, y + 6.0), (x, bottom), palette::INK, 1.0)?;
        let room_right = panel.right() - x;
        let (at, shift) = if room_right > 100.0 { (Align::Start, 4.0) } else { (Align::End, -4.0) };
        let style = Style::bold(11.0, palette::INK).at(at);
        canvas.text(&words::median(median, language), (x + shift, y + 15.0), style)?;
    }
    let ticks = axis.ticks(5);
    let labels = ticks.values.iter().map(|&value| (value, language.signed(value, ticks.power)));
    draw_ticks(canvas, &axis, panel, bottom, labels)?;
    let title = words::change_axis(chart, language);
    let mut end = canvas.paragraph(&title, (panel.left, bottom + 18.0), panel.width, TICK)?;
    if let Some(ends) = people.without_noise {
        end = canvas.paragraph(&words::without_noise(ends, language), (panel.left, end), panel.width, TICK)?;
    }
    if let Some(note) = words::beyond(histogram.beyond(), people.count(), language) {
        end = canvas.paragraph(&note, (panel.left, end), panel.width, TICK)?;
    }
    Ok([bottom, end])
}
