//! The digits that a claim keeps along the walks of the precision study, and where in its text it loses them.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use claims::{Claim, Kind};
use precision::{Cause, Curve, Digits, Format, Lost, Walk, walked_by};
use report::precision::table::shown;
use serde::{Serialize, Serializer};

use super::text::columns;

/// The formats that are measured.
const FORMATS: [Format; 4] = [Format::Single, Format::Double, Format::Bits(100), Format::Bits(200)];
/// The place of single precision among them.
const SINGLE: usize = 0;
/// The place of doubles among them, which say where a walk is hardest.
const DOUBLE: usize = 1;

/// What was measured of one claim.
#[derive(Serialize)]
pub struct Precision {
    claim: String,
    walks: Vec<Measured>,
    /// Why nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
}

/// An evaluation along one walk.
#[derive(Serialize)]
struct Measured {
    walk: &'static str,
    title: &'static str,
    evaluation: &'static str,
    formats: Vec<String>,
    steps: Vec<Step>,
    /// The part that loses most, if one loses a digit.
    place: Option<Place>,
}

#[derive(Serialize)]
struct Step {
    at: String,
    /// The decimal digits that are lost, by format.
    lost: Vec<f64>,
    #[serde(skip)]
    kept: Vec<Digits>,
}

/// The part of a text that loses most digits.
#[derive(Serialize)]
struct Place {
    format: String,
    at: String,
    /// The number of that step.
    #[serde(skip)]
    step: usize,
    lost: f64,
    /// Whether its own operation loses them, or what follows makes so much of its rounding.
    #[serde(serialize_with = "by")]
    by: Cause,
    part: String,
    text: String,
    /// The first byte of the part in the text.
    start: usize,
    /// One past the last byte.
    end: usize,
}

fn by<S: Serializer>(cause: &Cause, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match cause {
        Cause::Operation => "operation",
        Cause::Rounding => "rounding",
    })
}

impl Precision {
    /// Evaluates a claim along all walks that satisfy its hypotheses.
    ///
    /// # Errors
    /// Where the walks cannot be made, which no claim causes.
    pub fn of(claim: &Claim) -> anyhow::Result<Precision> {
        let mut walks = Vec::new();
        for walked in walked_by(claim, &FORMATS)? {
            walks.extend(walked.curves.iter().map(|curve| Measured::of(&walked.walk, curve)));
        }
        let because = match claim.kind {
            Kind::Stability | Kind::Equivalence => Some("a condition has no digits to keep"),
            _ if walks.is_empty() => Some("no walk of the precision study satisfies the hypotheses"),
            _ => None,
        };
        Ok(Precision { claim: claim.id.clone(), walks, because })
    }

    /// For a reader: the step of each walk at which most digits are lost, and below it each place where digits are lost, in its text.
    pub fn text(&self) -> String {
        if let Some(because) = self.because {
            return format!("  digits: not measured, as {because}\n");
        }
        let mut rows = vec![vec!["where most are lost".to_owned(), "at".to_owned()]];
        rows[0].extend(FORMATS.map(Format::name));
        rows.extend(self.walks.iter().map(|measured| measured.row(&self.named(measured))));
        let rows = Vec::from_iter(rows.into_iter().filter_map(|row| <[String; 2 + FORMATS.len()]>::try_from(row).ok()));
        let have = FORMATS.map(|format| format!("{:.1} in {}", format.digits(), format.name())).join(", ");
        let table = columns(&rows).replace('\n', "\n  ");
        let mut blocks = vec![format!("  digits kept, of {have}:\n  {table}")];
        let places = self.places();
        if places.is_empty() {
            blocks.push("  no part of the formula costs a digit of f64 or f32 by itself".into());
        }
        blocks.extend(places.into_iter().map(|(measured, place)| place.marked(&self.named(measured))));
        blocks.push(String::new());
        blocks.join("\n")
    }

    /// Where a walk leads, and how the claim is evaluated along it where there are two ways.
    fn named(&self, measured: &Measured) -> String {
        let Measured { title, evaluation, .. } = measured;
        let one_way = self.walks.iter().all(|other| other.evaluation == *evaluation);
        if one_way { (*title).into() } else { format!("{title}, {evaluation}") }
    }

    /// Each place with the walk along which it loses most, the worst first.
    fn places(&self) -> Vec<(&Measured, &Place)> {
        let found = self.walks.iter().filter_map(|measured| Some((measured, measured.place.as_ref()?)));
        let mut found = Vec::from_iter(found);
        // A loss in f64 comes before one that only f32 has.
        found.sort_by(|(_, one), (_, other)| {
            let rank = |place: &Place| place.format != FORMATS[DOUBLE].name();
            rank(one).cmp(&rank(other)).then(other.lost.total_cmp(&one.lost))
        });
        let mut places: Vec<(&Measured, &Place)> = Vec::new();
        for (measured, place) in found {
            let is_here =
                |other: &Place| (&other.text, other.start, other.end) == (&place.text, place.start, place.end);
            if !places.iter().any(|(_, other)| is_here(other)) {
                places.push((measured, place));
            }
        }
        places
    }
}

impl Measured {
    fn of(walk: &Walk, curve: &Curve) -> Measured {
        let steps = walk.steps.iter().zip(&curve.digits).map(|(step, digits)| Step {
            at: step.label.clone(),
            lost: Vec::from_iter(digits.iter().zip(&curve.formats).map(|(kept, format)| kept.lost(format.digits()))),
            kept: digits.clone(),
        });
        Measured {
            walk: walk.name,
            title: walk.title,
            evaluation: curve.evaluation,
            formats: Vec::from_iter(curve.formats.iter().map(|format| format.name())),
            steps: steps.collect(),
            place: curve.lost.as_ref().map(|lost| Place::of(walk, lost)),
        }
    }

    /// The walk, the step that the place below speaks of, and the digits there by format. Where no place is worth
    /// naming, it is the step that costs most: in doubles, or where that is the same in single precision.
    fn row(&self, name: &str) -> Vec<String> {
        let named = |place: &Place| self.steps.get(place.step);
        let lost = |step: &Step, format: usize| step.lost.get(format).copied().unwrap_or_default();
        let costs = |one: &&Step, other: &&Step| {
            let of = |format| lost(one, format).total_cmp(&lost(other, format));
            of(DOUBLE).then(of(SINGLE))
        };
        let shown_step = self.place.as_ref().and_then(named).or_else(|| self.steps.iter().rev().max_by(costs));
        let mut row = vec![name.to_owned()];
        row.extend(shown_step.map(|step| step.at.clone()));
        row.extend(shown_step.iter().flat_map(|step| step.kept.iter().zip(FORMATS).map(kept_of)));
        row
    }
}

/// The correct digits of a format, which has no more than it has, however close a value came to the exact one.
fn kept_of((digits, format): (&Digits, Format)) -> String {
    shown(match *digits {
        Digits::Correct(correct) => Digits::Correct(correct.min(format.digits())),
        other => other,
    })
}

impl Place {
    fn of(walk: &Walk, lost: &Lost) -> Place {
        Place {
            format: lost.format.name(),
            at: walk.steps.get(lost.step).map(|step| step.label.clone()).unwrap_or_default(),
            step: lost.step,
            lost: lost.digits,
            by: lost.cause,
            part: lost.part().into(),
            text: lost.text.clone(),
            start: lost.range.start,
            end: lost.range.end,
        }
    }

    /// The text with the part underlined.
    fn marked(&self, walk: &str) -> String {
        let Place { format, at, lost, .. } = self;
        let title = match self.by {
            Cause::Operation => format!("{lost:.1} digits of {format} are lost here, at {at} {walk}"),
            Cause::Rounding => format!(
                "{lost:.1} digits of {format} are lost to the rounding of this, at {at} {walk}; no operation loses one by itself"
            ),
        };
        let span = AnnotationKind::Primary.span(self.start..self.end);
        let group = Group::with_title(Level::NOTE.primary_title(title.as_str()))
            .element(Snippet::source(self.text.as_str()).annotation(span));
        Renderer::plain().render(&[group])
    }
}
