//! The strokes of a line, in a plot and as the sample in its legend.

use crate::text::number;
use crate::{Color, Stroke};

/// A place on the canvas, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub x: f64,
    pub y: f64,
    /// The ends of the bar through it, or of the band around it.
    pub bar: [f64; 2],
}

impl Spot {
    /// With a bar that ends where the frame does.
    pub(crate) fn cut(self, top: f64, bottom: f64) -> Spot {
        Spot { bar: self.bar.map(|y| y.clamp(top, bottom)), ..self }
    }
}

/// Pixels beyond which nobody sees where a line is.
const FAR: f64 = 1e5;

impl Stroke {
    /// Whether every place has a mark of its own, and no line connects them.
    pub(crate) fn is_of_marks(self) -> bool {
        matches!(self, Stroke::Rings | Stroke::Dots | Stroke::Bars)
    }

    /// The elements that draw it through some places.
    pub(crate) fn drawn(self, color: Color, spots: &[Spot]) -> String {
        let ink = color.hex();
        let line = |width: f64, look: &str| {
            let path = path(spots.iter().map(|spot| (spot.x, spot.y)));
            format!("<polyline fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\"{look} points=\"{path}\"/>\n")
        };
        let each = |mark: &dyn Fn(&Spot) -> String| String::from_iter(spots.iter().map(mark));
        let circle = |spot: &Spot, radius: f64, look: &str| {
            format!("<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" {look}/>\n", number(spot.x), number(spot.y))
        };
        match self {
            Stroke::Solid => line(2.0, " stroke-linejoin=\"round\""),
            Stroke::Broad => line(7.0, " stroke-linejoin=\"round\" opacity=\"0.5\""),
            Stroke::Dashed => line(2.0, " stroke-dasharray=\"8 5\""),
            Stroke::Dotted => line(2.0, " stroke-dasharray=\"2 4\""),
            Stroke::Thin => line(1.0, " stroke-dasharray=\"2 4\""),
            Stroke::Rings => {
                each(&|spot| circle(spot, 4.5, &format!("fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\"")))
            }
            Stroke::Dots => each(&|spot| circle(spot, 1.2, &format!("fill=\"{ink}\" opacity=\"0.6\""))),
            Stroke::Bars => each(&|spot| {
                let ends = path(spot.bar.map(|y| (spot.x, y)).into_iter());
                let bar = format!("<polyline fill=\"none\" stroke=\"{ink}\" stroke-width=\"1\" points=\"{ends}\"/>\n");
                bar + &circle(spot, 2.0, &format!("fill=\"{ink}\""))
            }),
            Stroke::Band => {
                let above = spots.iter().map(|spot| (spot.x, spot.bar[1]));
                let below = spots.iter().rev().map(|spot| (spot.x, spot.bar[0]));
                let edge = path(above.chain(below));
                format!("<polygon fill=\"{ink}\" opacity=\"0.25\" points=\"{edge}\"/>\n") + &line(2.0, "")
            }
        }
    }

    /// The sample beside the name of a line: as the line is, so wide that dashes are told from dots.
    pub(crate) fn sample(self, color: Color, [x, y]: [f64; 2], width: f64) -> String {
        let at = |x: f64| Spot { x, y, bar: [y + 6.0, y - 6.0] };
        match self.is_of_marks() {
            true => self.drawn(color, &[at(x + width / 2.0)]),
            false => self.drawn(color, &[at(x), at(x + width)]),
        }
    }
}

fn path(places: impl Iterator<Item = (f64, f64)>) -> String {
    let near = |pixels: f64| number(pixels.clamp(-FAR, FAR));
    Vec::from_iter(places.map(|(x, y)| format!("{},{}", near(x), near(y)))).join(" ")
}
