//! The display formulas of two papers, as a machine read them from the printed page: what becomes of each.
//!
//! A formula is read as it stands, and has the values of a registered form; or it is refused, by a message that names
//! what the language has not, and has those values after the changes that the message asks for.

use crate::choices::Seeded;
use claims::draw::{column, positive_definite};
use claims::{Claim, Form, file};
use formula::{Given, Kind};
use notation::{Context, LearningRate, Mistake};
use numbers::Matrix;
use reader::Notation;
use registry::closed_forms;
use rug::Rational;
use symbols::{BufferMoments, Minibatch, Moments, Setting};

const ZIYIN: &str = include_str!("../../../reader/tests/it/tex/ziyin-2022.tex");
const MULAYOFF: &str = include_str!("../../../reader/tests/it/tex/mulayoff-2023.tex");
const PAPER: &str = include_str!("../../../../papers/mulayoff-michaeli-2024.toml");

/// What becomes of a display formula.
struct Row {
    file: &'static str,
    /// The comment above the formula.
    title: &'static str,
    /// The display formula whose definitions it uses.
    beside: &'static str,
    /// What is said of it as it stands; nothing where it is read.
    said: &'static str,
    /// What is written in place of something.
    changes: &'static [(&'static str, &'static str)],
    /// The form whose values it has then, by claim and name; none where the language has no words for it.
    is: Option<(&'static str, &'static str)>,
}

const fn row(title: &'static str, said: &'static str, id: &'static str) -> Row {
    Row { file: ZIYIN, title, beside: "", said, changes: &[], is: Some((id, "printed")) }
}

const fn refused(file: &'static str, title: &'static str, said: &'static str) -> Row {
    Row { file, title, beside: "", said, changes: &[], is: None }
}

const REMAINDERS: (&str, &str) =
    (r"+ O \left(S ^ {- 2}\right) + O \left(\left| \mathbf {w} - \mathbf {w} ^ {*} \right| ^ {2}\right)", "");

/// What is said of the second of these.
const LIMIT: &str = r"O \left(\left| \mathbf {w} - \mathbf {w} ^ {*} \right| ^ {2}";

const ROWS: &[Row] = &[
    // An algorithm, and no formula.
    refused(ZIYIN, "(1)", r"\begin is not in the language"),
    row("(2)", "", "minibatch/noise"),
    row("(3)", "", "stationary/equation"),
    row("(5)", "", "label-noise/noise-given-fluctuation"),
    row("(6), with its definitions", "", "label-noise/fluctuation"),
    // The limit is in the text around it.
    Row {
        changes: &[("I _ {D},", r"I _ {D}, \quad \lambda \to 0,")],
        ..row("(7)", "≈ needs a limit", "label-noise/small-learning-rate")
    },
    Row { beside: "(6), with its definitions", ..row("(8)", "", "label-noise/noise-covariance") },
    // K is what it is.
    Row {
        changes: &[(r"K\coloneqq A + \Gamma", "")],
        ..row(
            "(10), with its definitions",
            "K is a symbol of the notation and cannot be defined",
            "regularization/noise-given-fluctuation",
        )
    },
    row("(11), with its definitions", "", "regularization/test-loss"),
    Row {
        beside: "(11), with its definitions",
        ..row("(12), with the definitions of (11)", "", "regularization/fluctuation")
    },
    Row {
        changes: &[("+ o (L _ {0})", "")],
        ..row("(14)", "o (L _ {0}) does not say which limit is meant", "generic/noise")
    },
    // No engine knows a limit in which the weights tend to w*.
    Row {
        changes: &[(REMAINDERS.0, r"+ O \left(S ^ {- 2}\right)")],
        ..row("(15)", LIMIT, "generic/noise-large-batch")
    },
    // With eq. (16), which is the first term.
    Row {
        changes: &[REMAINDERS, ("C =", r"C = \frac{2 L_0(\mathbf{w}^*)}{S} H_0 +")],
        ..row("(17)", LIMIT, "generic/noise-given-fluctuation")
    },
    // The projector is I where H₀ + Γ is invertible, and the loss is that at w*.
    Row {
        changes: &[(r"P_{r^{\prime}}\Sigma", r"\Sigma"), ("2L_{0}H_{0}", r"2L_{0}(\mathbf{w}^{*})H_{0}")],
        ..row("Corollary 3", "P_{r'} is no symbol", "generic/fluctuation-with-weight-decay")
    },
    // Of random data sets of growing dimension, which a study judges.
    refused(ZIYIN, "Proposition 4", "Â is no symbol"),
    refused(ZIYIN, "Theorem 6, with its definitions", "Â is no symbol"),
    // One half of a condition.
    Row {
        changes: &[
            (r"\sum_", r"\text{stationary iff } \sum_"),
            ("< S", r"< S \text{ and } 2I - \lambda(1 - \frac{1}{S})A \succ 0"),
        ],
        ..row("Section 6.2", "", "label-noise/stability")
    },
    row("Section 6.4, damped Newton", "", "second-order/damped-newton"),
    row("Section 6.4, natural gradient", "", "second-order/natural-gradient-without-label-noise"),
    // A definition of which nothing is claimed.
    refused(ZIYIN, "Section 6.6", "only a defined function has more than one argument"),
    Row {
        file: MULAYOFF,
        changes: &[
            (r"\boldsymbol {Q} (\eta , B) \triangleq", ""),
            (
                r", \tag {10}",
                r"= (1 - p)(I - \eta H) \otimes (I - \eta H) + \frac{p}{n} \sum_i (I - \eta H_i) \otimes (I - \eta H_i)",
            ),
        ],
        ..row("(10)", "nothing is claimed, as := defines", "mulayoff-michaeli/two-forms-of-one-step")
    },
    // C and D have a meaning here.
    Row {
        file: MULAYOFF,
        changes: &[
            (
                r"\boldsymbol {C} \triangleq",
                r"\text{stationary iff } 2F - \eta Q \succ 0 \quad \text{where } F \triangleq",
            ),
            (r"\boldsymbol {D} \triangleq", r"Q \triangleq"),
        ],
        ..row("(12)", "nothing is claimed, as := defines", "mulayoff-michaeli/stability")
    },
    // A largest eigenvalue is a root.
    refused(MULAYOFF, "(13)", "* stands behind w only"),
    refused(MULAYOFF, "(15)", "* stands behind w only"),
    refused(MULAYOFF, "(16)", "* stands behind w only"),
    refused(MULAYOFF, "(17)", r"\lim is not in the language"),
];

/// The formulas below a comment, one a line.
fn below(file: &'static str, title: &str) -> Vec<&'static str> {
    let (_, rest) = file.split_once(&format!("% {title}\n")).unwrap_or_else(|| panic!("no % {title}"));
    rest.lines().take_while(|line| !line.trim().is_empty()).collect()
}

impl Row {
    fn notation(&self) -> Notation {
        let pairs: &[(&str, &str)] = if self.file == MULAYOFF { &[("η", "λ"), ("B", "S"), ("n", "N")] } else { &[] };
        pairs.iter().fold(Notation::default(), |notation, (theirs, ours)| notation.with(theirs, ours).unwrap())
    }

    /// The claim and its form.
    fn target(&self) -> Option<(Claim, Form)> {
        let (id, name) = self.is?;
        let own = file::read("paper", PAPER).unwrap();
        let mut all = closed_forms().iter().copied().chain(&own);
        let claim = all.find(|claim| claim.id == id).unwrap_or_else(|| panic!("no {id}")).clone();
        let form = claim.forms().into_iter().find(|(other, _)| *other == name).unwrap().1.clone();
        Some((claim, form))
    }

    /// What is made of it, with these changes.
    fn form(&self, changes: &[(&str, &str)]) -> Result<Form, Mistake> {
        let own = below(self.file, self.title)
            .into_iter()
            .map(|line| changes.iter().fold(line.to_owned(), |line, (from, to)| line.replace(from, to)));
        let beside = if self.beside.is_empty() { vec![] } else { below(self.file, self.beside).split_off(1) };
        let lines = Vec::from_iter(own.chain(beside.into_iter().map(str::to_owned)).filter(|line| !line.is_empty()));
        let lines = Vec::from_iter(lines.iter().map(String::as_str));
        let text = reader::text_in(&self.notation(), &lines[..1], &lines[1..])?;
        let (context, shared) = match self.target() {
            Some((_, form)) => (*form.context(), form.text().definitions.clone()),
            None => (Context { learning_rate: LearningRate::Scalar, data_set: true, ..Context::default() }, Vec::new()),
        };
        Form::with_shared(text, &shared, context).map_err(|mistakes| mistakes.into_iter().next().unwrap())
    }
}

/// Answers that no engine gave: any numbers will do, as two texts of one formula have the same value for all.
fn answers(D: usize, choices: &mut Seeded) -> (Moments<Rational>, Minibatch<Rational>) {
    let number = |choices: &mut Seeded| column(1, choices)[0].clone();
    let moments = Moments {
        mean: None,
        fluctuation: positive_definite(D, choices),
        noise_covariance: positive_definite(D, choices),
        train_loss: number(choices),
        test_loss: Some(number(choices)),
        buffer: Some(BufferMoments {
            with_weights: positive_definite(D, choices),
            square: positive_definite(D, choices),
        }),
    };
    let minibatch = Minibatch { gradient: column(D, choices), noise_covariance: positive_definite(D, choices) };
    (moments, minibatch)
}

/// Both sides, or whether the condition holds; none where there is no value.
fn values(form: &Form, setting: &Setting<Rational>, seed: u64) -> Option<(Vec<Matrix<Rational>>, bool)> {
    let (moments, minibatch) = answers(setting.dimension(), &mut Seeded::new(seed));
    let given = Given { setting, moments: Some(&moments), minibatch: Some(&minibatch) };
    match form.kind() {
        Kind::Stability => Some((Vec::new(), form.holds(setting).ok()?)),
        _ => Some((vec![form.found(&given).ok()?, form.claimed(&given).ok()?], true)),
    }
}

#[test]
fn no_display_formula_is_left_out() {
    for (file, count) in [(ZIYIN, 20), (MULAYOFF, 6)] {
        let titles = Vec::from_iter(file.lines().filter_map(|line| line.strip_prefix("% ")));
        assert_eq!(titles.len(), count);
        let rows = Vec::from_iter(ROWS.iter().filter(|row| row.file == file).map(|row| row.title));
        assert_eq!(rows, titles);
    }
}

#[test]
fn what_is_not_in_the_language_is_named() {
    for row in ROWS {
        match (row.form(&[]), row.said) {
            (Ok(_), "") => {}
            (Err(mistake), said) if !said.is_empty() => {
                assert!(mistake.message.contains(said), "{}: {}", row.title, mistake.message);
            }
            (form, said) => panic!("{}: {said}: {form:?}", row.title),
        }
    }
}

#[test]
fn what_is_read_has_the_values_of_a_registered_form() {
    for row in ROWS {
        let Some((claim, registered)) = row.target() else { continue };
        let form = row.form(row.changes).unwrap_or_else(|mistake| panic!("{}: {mistake}", row.title));
        let (mut compared, mut told) = (0, Vec::new());
        for seed in 0..60 {
            let choices = &mut Seeded::new(seed);
            let Ok(Some(setting)) = claim.draw(1 + seed as usize % 2, &[], choices) else { continue };
            let Some(expected) = values(&registered, &setting, seed) else { continue };
            assert_eq!(values(&form, &setting, seed), Some(expected.clone()), "{}: {}", row.title, form.written());
            compared += 1;
            told.push(expected);
        }
        told.dedup();
        assert!(compared >= 10 && told.len() > 1, "{}: {compared} settings, {} values", row.title, told.len());
    }
}
