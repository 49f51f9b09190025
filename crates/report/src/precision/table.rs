//! The table of a walk, as text.

use std::fmt::Write;

use notation::prose::plain;
use precision::{Cause, Curve, Digits, ENGINE, Format, Lost, Walked};

/// Correct digits by evaluation, step and format.
pub fn of(walked: &Walked) -> String {
    let walk = &walked.walk;
    let mut out = format!("{}: correct decimal digits\n", walk.title);
    for group in groups(walked) {
        let names = Vec::from_iter(group.iter().map(|curve| curve.name.as_str())).join(", ");
        let _ = writeln!(out, "\n{names}, {}", group[0].evaluation);
        if let Some(reason) = &group[0].reason {
            let _ = writeln!(out, "  instead of {}", plain(reason));
        }
        match group[0].evaluation {
            ENGINE => engine(&mut out, walked, group[0]),
            _ => {
                rows(&mut out, walked, group[0]);
                places(&mut out, walked, &group);
            }
        }
    }
    out
}

/// Where the evaluations of a group lose most digits. Their texts differ, so that their places may.
fn places(out: &mut String, walked: &Walked, group: &[&Curve]) {
    let mut places: Vec<(String, Vec<&str>)> = Vec::new();
    for (curve, lost) in group.iter().filter_map(|curve| Some((curve, curve.lost.as_ref()?))) {
        let place = lost_in(walked, lost);
        match places.iter_mut().find(|(other, _)| *other == place) {
            Some((_, names)) => names.push(&curve.name),
            None => places.push((place, vec![&curve.name])),
        }
    }
    for (place, names) in places {
        let names = if names.len() == group.len() { String::new() } else { format!(" ({})", names.join(", ")) };
        let _ = writeln!(out, "  {place}{names}");
    }
}

/// Where digits are lost, for a reader: how many, in which format, at which step and in which part of which text.
fn lost_in(walked: &Walked, lost: &Lost) -> String {
    let (part, text) = (lost.part(), &lost.text);
    let place = if part == text { format!("«{text}»") } else { format!("«{part}» of «{text}»") };
    let (digits, format) = (lost.digits, lost.format.name());
    let step = walked.walk.steps.get(lost.step).map_or("", |step| step.label.as_str());
    match lost.cause {
        Cause::Operation => format!("{digits:.1} digits of {format} are lost at {step} in {place}"),
        Cause::Rounding => format!(
            "{digits:.1} digits of {format} are lost at {step} to the rounding of {place}; no operation loses one by itself"
        ),
    }
}

/// Evaluations with the same digits stand together.
fn groups(walked: &Walked) -> Vec<Vec<&Curve>> {
    let mut groups: Vec<Vec<&Curve>> = Vec::new();
    for curve in &walked.curves {
        let text = |curve: &Curve| match curve.evaluation {
            ENGINE => {
                curve.digits.iter().zip(&walked.walk.steps).map(|(d, step)| within(d[0], step.allowed())).collect()
            }
            _ => curve.digits.iter().flatten().map(|digits| shown(*digits)).collect::<Vec<_>>(),
        };
        let same = |group: &&mut Vec<&Curve>| {
            group[0].evaluation == curve.evaluation && group[0].reason == curve.reason && text(group[0]) == text(curve)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(curve),
            None => groups.push(vec![curve]),
        }
    }
    groups
}

fn rows(out: &mut String, walked: &Walked, curve: &Curve) {
    let walk = &walked.walk;
    if curve.digits.iter().flatten().all(|digits| *digits == Digits::All) {
        let _ = writeln!(out, "  no error in any format");
        return;
    }
    let width = walk.parameter.chars().count().max(8);
    let _ = write!(out, "  {:>width$}", walk.parameter);
    for format in &curve.formats {
        let _ = write!(out, "  {:>8}", format.name());
    }
    let _ = writeln!(out, "  {:>8}  {:>8}", "f64 lost", "allowed");
    for (step, digits) in walk.steps.iter().zip(&curve.digits) {
        let _ = write!(out, "  {:>width$}", step.label);
        for digits in digits {
            let _ = write!(out, "  {:>8}", shown(*digits));
        }
        let lost = curve.formats.iter().zip(digits).find(|(format, _)| **format == Format::Double);
        let lost = lost.map_or(0.0, |(format, digits)| digits.lost(format.digits()));
        let _ = writeln!(out, "  {lost:>8.1}  {:>8.1}", step.allowed());
    }
}

/// The lines of an engine. The library behind it chooses instructions by the processor, so that only whether the
/// allowance holds is certain to be the same everywhere.
fn engine(out: &mut String, walked: &Walked, curve: &Curve) {
    let labels = |wanted: &str| {
        let steps = walked.walk.steps.iter().zip(&curve.digits);
        let some = steps.filter(|(step, digits)| within(digits[0], step.allowed()) == wanted);
        Vec::from_iter(some.map(|(step, _)| step.label.as_str())).join(", ")
    };
    for (verdict, text) in
        [("within", "loses no more than allowed"), ("beyond", "loses more than allowed"), ("none", "no answer")]
    {
        let labels = labels(verdict);
        if !labels.is_empty() {
            let _ = writeln!(out, "  {text}: {labels}");
        }
    }
}

fn within(digits: Digits, allowed: f64) -> String {
    match digits {
        Digits::None => "none".into(),
        digits if digits.lost(Format::Double.digits()) <= allowed => "within".into(),
        _ => "beyond".into(),
    }
}

/// Correct digits, to a tenth.
pub fn shown(digits: Digits) -> String {
    match digits {
        Digits::All => "all".into(),
        Digits::Correct(digits) => format!("{digits:.1}"),
        Digits::None => "none".into(),
    }
}
