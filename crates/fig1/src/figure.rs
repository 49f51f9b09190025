//! A panel as figures: which runs it takes, what is drawn of them, and what it says.

use plot::{BLUE, Color, GREY, Line, Plot, Scale, Stroke, VERMILION};

use crate::data::DataSet;
use crate::state::Finished;
use crate::train::{ADAM_RATE, BASE_WIDTH, BATCH_SIZE, Curve, LOGISTIC_RATE, Outcome, Panel, Run, SGD_RATE};
use crate::verdict::{Judged, Point, Quantity, minus, of_decay, of_networks, points, short};

/// The smallest width of a network; widths are powers of two.
const SMALLEST_WIDTH: u32 = 8;

/// Weight decays, of either sign.
const DECAYS: [f64; 9] = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02];
/// A decay that is tried with a positive sign only.
const LARGEST_DECAY: f64 = 0.05;
/// The right panel is drawn between these decays; the table has all of them.
const DRAWN_DECAYS: [f64; 2] = [-0.005, 0.01];

/// A figure, as its two files have it.
pub struct Figure {
    /// The name of its files, without the data set and the kind of file.
    pub name: &'static str,
    /// The verdict on the paper's observation.
    pub judged: Judged,
    /// The figure as an image.
    pub svg: String,
    /// The points of the figure.
    pub csv: String,
}

/// Every run of a panel, place by place.
pub fn runs(panel: Panel, seeds: u64, largest_width: u32) -> Vec<Run> {
    let widths = (SMALLEST_WIDTH.ilog2()..=largest_width.ilog2()).map(|k| f64::from(1 << k));
    let places: Vec<(Curve, f64)> = match panel {
        Panel::Right => decays().into_iter().map(|x| (Curve::Logistic, x)).collect(),
        _ => [Curve::Constant, Curve::Scaled]
            .into_iter()
            .flat_map(|curve| widths.clone().map(move |d| (curve, d)))
            .collect(),
    };
    places.into_iter().flat_map(|(curve, x)| (1..=seeds).map(move |seed| Run { curve, x, seed })).collect()
}

/// The weight decays, from the most negative to the largest.
fn decays() -> Vec<f64> {
    let negative = DECAYS.iter().rev().map(|decay| -decay);
    negative.chain([0.0]).chain(DECAYS).chain([LARGEST_DECAY]).collect()
}

/// What the caption of a figure says beside the panel.
pub struct Setting<'a> {
    /// The name of the data set.
    pub name: &'a str,
    /// The images to learn from, and those for the test.
    pub data: &'a DataSet,
    /// Seeds are 1 to this.
    pub seeds: u64,
    /// The epochs of the right panel.
    pub epochs: usize,
    /// The largest width in the other panels.
    pub largest_width: u32,
}

/// The figures of a panel: one of the networks, two of the logistic regression.
///
/// # Errors
/// When the figure cannot be drawn.
pub fn figures(panel: Panel, setting: &Setting, finished: &[Finished]) -> anyhow::Result<Vec<Figure>> {
    Ok(match panel {
        Panel::Left => vec![networks("1-left", "SGD", SGD_RATE, setting, finished)?],
        Panel::Middle => vec![networks("1-middle", "Adam", ADAM_RATE, setting, finished)?],
        Panel::Right => vec![
            logistic("1-right-loss", "test loss", test_loss, setting, finished)?,
            logistic("1-right-accuracy", "test accuracy", test_accuracy, setting, finished)?,
        ],
    })
}

fn networks(
    name: &'static str,
    rule: &str,
    rate: f64,
    setting: &Setting,
    finished: &[Finished],
) -> anyhow::Result<Figure> {
    let curves = [Curve::Constant, Curve::Scaled];
    let means = curves.map(|curve| points(finished, curve, variance));
    let from_base = |points: &[Point]| Vec::from_iter(points.iter().copied().filter(|point| point.x >= BASE_WIDTH));
    let judged = of_networks([&from_base(&means[0]), &from_base(&means[1])], setting.data.classes);
    let [first, constant, scaled] = last_losses(finished).map(short);
    let names = [format!("`λ = {rate}`"), format!("`λ = {rate}·{BASE_WIDTH}/d`")];
    let drawn = Drawn {
        name,
        title: format!("Fig. {}, {}: variance of the training loss against the width", spaced(name), setting.name),
        caption: format!(
            "{} `x ↦ W₂ tanh(W₁x + b₁) + b₂` with `d` hidden units, cross-entropy, all first weights uniform within ±1/√(inputs \
             of the layer). {rule}, `S = {BATCH_SIZE}`, the first epoch, {} steps. The variance is that of the minibatch losses \
             over these steps; unstable: it is above `(ln {})²/4`, the most that losses up to that of a guess can have. The last \
             quarter of the losses is {first} on average at `d = {BASE_WIDTH}`, and at the largest `d` {constant} with the \
             constant rate and {scaled} with that `∝ 1/d`. The paper observes growth and, beyond `d ≈ 200` on \
             MNIST, instability with a constant rate, and neither with one `∝ 1/d`. Verdict here: {judged}",
            described(setting),
            setting.data.train.labels.len() / BATCH_SIZE,
            setting.data.classes,
        ),
        labels: ["width `d`", "variance of the training loss over the first epoch"],
        place: f64::log2,
        horizontal: Scale::powers_of_two(f64::from(SMALLEST_WIDTH.ilog2()), f64::from(setting.largest_width.ilog2())),
        is_logarithmic: true,
        verticals: vec![BASE_WIDTH.log2()],
        meaning: "where both rates are one".into(),
    };
    drawn.with(&[(&names[0], BLUE, &means[0]), (&names[1], VERMILION, &means[1])], judged)
}

fn logistic(
    name: &'static str,
    what: &'static str,
    quantity: Quantity,
    setting: &Setting,
    finished: &[Finished],
) -> anyhow::Result<Figure> {
    let is_accuracy = what == "test accuracy";
    let means = points(finished, Curve::Logistic, quantity);
    let judged = of_decay(finished, quantity, is_accuracy);
    let drawn = Drawn {
        name,
        title: format!(
            "Fig. {}, {}: {what} of logistic regression against the weight decay",
            spaced(name),
            setting.name
        ),
        caption: format!(
            "{} Softmax regression with `(γ/2)|W|²` added to the cross-entropy, `W` without the biases; SGD, `λ = {LOGISTIC_RATE}`, \
             `S = {BATCH_SIZE}`, epochs: {}, each shuffled anew; `γ` from {} to {LARGEST_DECAY}, of which the table has all. \
             The paper observes that the best `γ` is negative. Verdict here: {judged}",
            described(setting),
            setting.epochs,
            minus(decays()[0]),
        ),
        labels: ["weight decay `γ`", what],
        place: |x| x,
        horizontal: Scale::linear(DRAWN_DECAYS[0], DRAWN_DECAYS[1]),
        is_logarithmic: !is_accuracy,
        verticals: vec![0.0],
        meaning: "`γ = 0`".into(),
    };
    drawn.with(&[(what, BLUE, &means)], judged)
}

/// A name as a title has it.
fn spaced(name: &str) -> String {
    name.replace('-', " ")
}

fn described(Setting { name, data, seeds, .. }: &Setting) -> String {
    let (train, test, pixels) = (data.train.labels.len(), data.test.labels.len(), data.train.features);
    format!(
        "Data set {name}: {train} images to learn from and {test} for the test, {pixels} pixels from 0 to 1; seeds 1 to {seeds}."
    )
}

/// The last losses at the base width, and at the largest width with a constant rate and with one ∝ 1/d: means over the
/// seeds that did not diverge.
fn last_losses(finished: &[Finished]) -> [f64; 3] {
    let last_loss =
        |outcome: &Outcome| if let Outcome::Network { last_loss, .. } = outcome { Some(*last_loss) } else { None };
    let [constant, scaled] = [Curve::Constant, Curve::Scaled].map(|curve| points(finished, curve, last_loss));
    let mean = |point: Option<&Point>| point.map_or(f64::NAN, |point| point.mean);
    [mean(constant.iter().find(|point| point.x == BASE_WIDTH)), mean(constant.last()), mean(scaled.last())]
}

fn variance(outcome: &Outcome) -> Option<f64> {
    if let Outcome::Network { variance, .. } = outcome { Some(*variance) } else { None }
}

fn test_loss(outcome: &Outcome) -> Option<f64> {
    if let Outcome::Logistic { test_loss, .. } = outcome { Some(*test_loss) } else { None }
}

fn test_accuracy(outcome: &Outcome) -> Option<f64> {
    if let Outcome::Logistic { test_accuracy, .. } = outcome { Some(*test_accuracy) } else { None }
}

/// A figure without its curves.
struct Drawn {
    name: &'static str,
    title: String,
    caption: String,
    labels: [&'static str; 2],
    /// Where a number is on the horizontal axis.
    place: fn(f64) -> f64,
    horizontal: Scale,
    is_logarithmic: bool,
    verticals: Vec<f64>,
    meaning: String,
}

impl Drawn {
    /// Draws the curves in bands of two standard errors. Where a seed diverged there is no mean, but a ring at the
    /// upper edge.
    fn with(self, curves: &[(&str, Color, &[Point])], judged: Judged) -> anyhow::Result<Figure> {
        let inside = |point: &Point| self.horizontal.contains((self.place)(point.x));
        let shown =
            curves.iter().flat_map(|(_, _, points)| points.iter()).filter(|point| inside(point) && point.diverged == 0);
        let vertical = vertical(shown, self.is_logarithmic);
        let mut lines = Vec::new();
        for (name, color, points) in curves {
            let at =
                |point: &Point, y: f64| plot::Point { x: (self.place)(point.x), y, bar: 2.0 * point.standard_error };
            let (diverged, means): (Vec<&Point>, Vec<_>) = points.iter().partition(|point| point.diverged > 0);
            let means = means.into_iter().map(|point| at(point, point.mean));
            let line = |name: String, color, stroke, points| Line { name, color, stroke, points };
            lines.push(line(format!("{name}, ± 2 standard errors"), *color, Stroke::Band, means.collect()));
            if !diverged.is_empty() {
                let edge = diverged.into_iter().map(|point| at(point, vertical.ends()[1]));
                lines.push(line(format!("{name}: a seed diverged"), GREY, Stroke::Rings, edge.collect()));
            }
        }
        let svg = plot::draw(&Plot {
            title: &self.title,
            caption: &self.caption,
            labels: self.labels,
            scales: [self.horizontal, vertical],
            lines: &lines,
            verticals: &self.verticals,
            meaning: &self.meaning,
            is_map: false,
        });
        Ok(Figure { name: self.name, judged, svg, csv: csv(curves)? })
    }
}

/// An axis that holds the means, and their errors as far as it can. On a logarithmic axis, what is more than a thousand
/// times the least is left to the table.
fn vertical<'a>(points: impl Iterator<Item = &'a Point>, is_logarithmic: bool) -> Scale {
    let [mut low, mut high] = [f64::INFINITY, 0.0];
    for point in points {
        let below = point.mean - 2.0 * point.standard_error;
        low = low.min(if is_logarithmic { below.max(point.mean / 3.0) } else { below });
        high = f64::max(high, point.mean + 2.0 * point.standard_error);
    }
    if is_logarithmic {
        high = high.min(1e3 * low);
    }
    match low < high {
        // A quarter more above, for the legend.
        true if is_logarithmic => Scale::logarithmic(low / 1.2, high * (high / low).powf(0.25)),
        true => Scale::linear(low - (high - low) / 20.0, high + (high - low) / 20.0),
        // Everything diverged, or nothing differs.
        false => Scale::linear(0.0, 1.0),
    }
}

fn csv(curves: &[(&str, Color, &[Point])]) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["series", "x", "y", "standard error", "diverged"])?;
    for (name, _, points) in curves {
        for point in *points {
            let [x, y, error] = [point.x, point.mean, point.standard_error].map(|number| number.to_string());
            table.write_record([plot::plain(name).as_str(), &x, &y, &error, &point.diverged.to_string()])?;
        }
    }
    Ok(String::from_utf8(table.into_inner().map_err(|error| error.into_error())?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tests::toy;
    use crate::verdict::Verdict;

    fn made(panel: Panel, outcome: fn(&Run) -> Outcome) -> Vec<Figure> {
        let data = toy();
        let setting = Setting { name: "toy", data: &data, seeds: 2, epochs: 5, largest_width: 1024 };
        let finished = runs(panel, 2, 1024).into_iter().map(|run| Finished { run, outcome: outcome(&run) });
        figures(panel, &setting, &Vec::from_iter(finished)).unwrap()
    }

    #[test]
    fn a_seed_that_diverged_is_a_ring_at_the_edge() {
        let outcome = |run: &Run| match (run.curve, run.x > 200.0) {
            (Curve::Constant, true) => Outcome::Diverged { step: 1 },
            _ => Outcome::Network { variance: 0.1 + run.seed as f64 / 100.0, last_loss: 0.5 },
        };
        let figure = &made(Panel::Left, outcome)[0];
        assert_eq!(figure.judged.verdict, Verdict::Reproduces);
        assert_eq!(figure.svg.matches("a seed diverged").count(), 1);
        assert!(figure.csv.contains("\nλ = 0.5,256,NaN,0,2\n"), "{}", figure.csv);
    }

    #[test]
    fn everything_diverged_is_a_figure_too() {
        let made = made(Panel::Right, |_| Outcome::Diverged { step: 1 });
        assert_eq!(Vec::from_iter(made.iter().map(|figure| figure.name)), ["1-right-loss", "1-right-accuracy"]);
        assert!(made.iter().all(|figure| figure.judged.verdict == Verdict::DoesNot));
    }

    #[test]
    fn the_decays_are_in_order_and_of_both_signs() {
        let decays = decays();
        assert!(decays.is_sorted() && decays.contains(&0.0) && decays.contains(&-0.0001));
        assert_eq!((decays[0], decays[decays.len() - 1]), (-0.02, 0.05));
    }
}
