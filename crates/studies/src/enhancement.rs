//! Label noise: which of two enhancements leads in the figures, and how Σ/(λ/S) depends on S.
//!
//! The engine is exact; at each setting that is stationary certified doubles say whether they have the same Σ.

use exact::ExactError;
use numbers::{Matrix, Vector, decimal, matrix, nearest_f64};
use registry::enhancement::{LEADING_IN_FIGURES, SCALING_AT_SMALL_BATCH};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};

use crate::certified::Certified;
use tables::rational::ends;
use tables::{Judged, Study, StudyError, Table, heads};

/// The study.
pub static STUDY: Study = Study {
    name: "label-noise",
    subject: "label noise",
    tables: &[("enhancements", enhancements), ("scaling", scaling)],
};

/// The diagonal of Σ for σ² = 1 and A = diag(`curvatures`); `None` where nothing is stationary.
fn fluctuation(
    curvatures: &[Rational],
    rate: &Rational,
    S: u32,
    certified: &mut Certified,
) -> Result<Option<Vec<Rational>>, StudyError> {
    let D = curvatures.len();
    let model = Gaussian {
        feature_covariance: Matrix::from_diagonal(&Vector::from_column_slice(curvatures)),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.into(),
        true_weights: Vector::zeros(D),
    };
    let setting = Setting::new(Population::Gaussian(model), matrix::identity(D) * rate.clone(), BatchSize::new(S)?)?;
    match exact::stationary(&setting) {
        Ok(moments) => {
            certified.compare(&setting, &moments.fluctuation)?;
            Ok(Some(moments.fluctuation.diagonal().iter().cloned().collect()))
        }
        Err(ExactError::Unstable) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A figure: its name, the curvatures, λ, and the sizes that it is drawn at or close to.
type Figure = (&'static str, &'static [(u32, u32)], (u32, u32), &'static [u32]);

const FIGURES: [Figure; 2] = [
    ("3 left", &[(3, 2)], (1, 1), &[5, 6, 7, 8, 9, 10, 12, 20, 50, 100]),
    ("4b, 4c", &[(1, 1), (1, 2)], (3, 2), &[5, 6, 7, 8, 9, 10, 12, 20, 50, 100]),
];
/// The small minibatch of Fig. 4c.
const SMALL: u32 = 10;

/// One direction: the isotropic factor 1 + κ/S, that of discreteness, and that of G.
struct Factors {
    isotropic: Rational,
    discreteness: Rational,
    anisotropic: Rational,
}

impl Factors {
    /// From Σᵢᵢ = (σ²/S)(1 + κ/S) λ/Gᵢᵢ, Gᵢᵢ = 2 − (1 + 1/S)λaᵢ, by which 1 + κ/S is defined.
    fn of(fluctuation: &Rational, curvature: &Rational, rate: &Rational, S: u32) -> Factors {
        let step = Rational::from(rate * curvature);
        let G = Rational::from(2) - Rational::from((S + 1, S)) * &step;
        let isotropic = Rational::from(S) * fluctuation * &G / rate;
        Factors {
            isotropic,
            discreteness: Rational::from(2) / (Rational::from(2) - step),
            anisotropic: Rational::from(2) / G,
        }
    }
}

/// The two enhancements at the settings of Figs. 3 left, 4b and 4c.
fn enhancements() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut leading = Vec::new();
    let mut certified = Certified::default();
    for (figure, curvatures, rate, sizes) in FIGURES {
        let curvatures = Vec::from_iter(curvatures.iter().map(|a| Rational::from(*a)));
        let rate = Rational::from(rate);
        let mut sizes_where_it_leads = Vec::new();
        for S in sizes {
            let Some(found) = fluctuation(&curvatures, &rate, *S, &mut certified)? else {
                rows.push(vec![figure.into(), S.to_string(), "nothing is stationary".into()]);
                continue;
            };
            let factors = found.iter().zip(&curvatures).map(|(found, a)| Factors::of(found, a, &rate, *S));
            let factors = Vec::from_iter(factors);
            if factors.iter().all(|factors| factors.isotropic > factors.discreteness) {
                sizes_where_it_leads.push(*S);
            }
            for ((found, a), factors) in found.iter().zip(&curvatures).zip(&factors) {
                let Factors { isotropic, discreteness, anisotropic } = factors;
                let leads = [discreteness, anisotropic].map(|other| match isotropic.cmp(other) {
                    std::cmp::Ordering::Less => "no",
                    std::cmp::Ordering::Equal => "equal",
                    std::cmp::Ordering::Greater => "yes",
                });
                let cells = [found, isotropic, discreteness, anisotropic].map(|value| decimal::exact(value, 6));
                let place = [figure.into(), S.to_string(), a.to_string()];
                rows.push([&place[..], &cells, &leads.map(String::from)].concat());
            }
        }
        leading.push((figure, sizes_where_it_leads));
    }
    // At large S both agree with the text.
    let holds = leading.iter().all(|(_, sizes)| sizes.contains(&SMALL)) && certified.agrees();
    let found = leading.iter().map(|(figure, sizes)| match sizes.as_slice() {
        [] => format!("at no `S` of Fig. {figure}"),
        sizes => format!("at `S` = {} of Figs. {figure}", Vec::from_iter(sizes.iter().map(u32::to_string)).join(", ")),
    });
    let measured = format!(
        "the isotropic factor leads in every direction {}; {}",
        Vec::from_iter(found).join(" and "),
        certified.said(),
    );
    let judged = certified.figures(Judged::new(&LEADING_IN_FIGURES, holds, measured));
    let judged = leading.iter().fold(judged, |judged, (figure, sizes)| {
        judged.with(&format!("sizes_at_which_it_leads_in_{}", figure.replace([' ', ','], "_")), sizes.len() as f64)
    });
    Ok(Table {
        title:
            "the factors of Σ at the settings of Figs. 3 left, 4b (S = 50) and 4c (S = 10), and whether 1 + κ/S leads"
                .into(),
        header: heads([
            "Fig.",
            "S",
            "aᵢ",
            "Σᵢᵢ",
            "1 + κ/S",
            "2/(2 − λaᵢ)",
            "2/Gᵢᵢ",
            "is above 2/(2 − λaᵢ)",
            "above 2/Gᵢᵢ",
        ]),
        rows,
        finding: "",
        judged: vec![judged],
    })
}

/// λ/S of the table.
const RATIOS: [(u32, u32); 3] = [(1, 100), (1, 10), (1, 4)];
const DIMENSIONS: [usize; 3] = [1, 2, 4];
/// S of the table: what is judged is the change to S + 1.
const SIZES: [u32; 12] = [1, 2, 3, 4, 5, 8, 10, 12, 14, 16, 50, 150];

/// Σ/(λ/S) at a fixed λ/S, A = I.
fn scaling() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let (mut kinds, mut largest_first, mut smallest_first) = (0, 0, 0);
    let mut shares = Vec::new();
    let mut certified = Certified::default();
    for (ratio, D) in RATIOS.into_iter().flat_map(|ratio| DIMENSIONS.map(|D| (Rational::from(ratio), D))) {
        let curvatures = vec![Rational::from(1); D];
        let mut scaled = |S: u32| {
            let found = fluctuation(&curvatures, &(ratio.clone() * S), S, &mut certified)?;
            Ok::<_, StudyError>(found.and_then(|found| Some(found.first()?.clone() / &ratio)))
        };
        let mut changes = Vec::new();
        for S in SIZES {
            let place = [ratio.to_string(), D.to_string(), S.to_string()];
            let Some(here) = scaled(S)? else {
                rows.push([&place[..], &["nothing is stationary".into()]].concat());
                break;
            };
            let change = scaled(S + 1)?.map(|next| next - &here);
            let cells = [Some(&here), change.as_ref()];
            let cells = cells.map(|value| value.map_or_else(|| "∞".into(), |value| decimal::exact(value, 6)));
            rows.push([&place[..], &cells].concat());
            // The change to a state that is not stationary is larger than any.
            let Some(change) = change else { break };
            changes.push(change);
        }
        let Some((first, others)) = changes.split_first().filter(|(_, others)| !others.is_empty()) else { continue };
        kinds += 1;
        largest_first += u32::from(others.iter().all(|change| change < first));
        smallest_first += u32::from(others.iter().all(|change| change > first));
        shares.extend(others.last().map(|last| Rational::from(last / first)));
    }
    let [least, most] = ends(&shares, |share| decimal::exact(share, 3));
    let measured = format!(
        "the change is largest at `S` = 1 at {largest_first} of {kinds} choices of `λ/S` and `D`, and smallest there at {smallest_first}; next to \
         divergence it is {least} to {most} times as large; {}",
        certified.said(),
    );
    let holds = largest_first == kinds && certified.agrees();
    let judged = certified
        .figures(Judged::new(&SCALING_AT_SMALL_BATCH, holds, measured))
        .with("choices", kinds.into())
        .with("choices_where_the_first_change_is_largest", largest_first.into())
        .with("choices_where_the_first_change_is_smallest", smallest_first.into())
        .with_range("last_change_over_first", shares.iter().map(nearest_f64));
    Ok(Table {
        title: "Σ/(λ/S) at a fixed λ/S, A = I, σ² = 1, and its change from S to S + 1".into(),
        header: heads(["λ/S", "D", "S", "Σ/(λ/S)", "change"]),
        rows,
        finding: "To leading order it is 1/2 at each S. What 1/S adds to eq. (6) is the same at each S; what λ adds grows.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(curvatures: &[Rational], rate: &Rational, S: u32) -> Vec<Rational> {
        fluctuation(curvatures, rate, S, &mut Certified::default()).unwrap().unwrap()
    }

    /// Σ/η = σ²/(2 − ηa(S + D + 1)) for A = aI, η = λ/S.
    #[test]
    fn the_scaled_fluctuation_has_its_closed_form() {
        for (D, S) in [(1, 1), (1, 15), (2, 10), (4, 1)] {
            let ratio = Rational::from((1, 10));
            let found = found(&vec![Rational::from(1); D], &(ratio.clone() * S), S);
            let rest = Rational::from(2) - ratio.clone() * (S + D as u32 + 1);
            assert_eq!(Rational::from(&found[0] / &ratio), rest.recip());
        }
    }

    /// With D weights of one curvature: 1 + κ/S = (2S − (S + 1)x)/(2S − (S + 1 + D)x).
    #[test]
    fn the_isotropic_factor_has_its_closed_form() {
        for (D, S) in [(1, 3), (2, 5), (3, 8)] {
            let (rate, one) = (Rational::from((1, 2)), Rational::from(1));
            let found = found(&vec![one.clone(); D], &rate, S);
            let isotropic = Factors::of(&found[0], &one, &rate, S).isotropic;
            let rest = |lost: u32| Rational::from(2 * S) - rate.clone() * lost;
            assert_eq!(isotropic, rest(S + 1) / rest(S + 1 + D as u32));
        }
    }
}
