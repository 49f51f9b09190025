//! Eqs. (59)–(61): the two terms of eq. (17), (1/S) Tr\[H₀Σ\] H₀ and (1/S) H₀ΣH₀, as D grows.

use numbers::{Matrix, decimal, matrix};
use registry::high_dimension::SECOND_TERM;
use rug::Rational;

use tables::rational::square_root;
use tables::{Judged, StudyError, Table, heads};

/// ‖Tr\[HΣ\]H‖²/‖HΣH‖², Frobenius.
fn squared_ratio(H: &Matrix<Rational>, spread: &Matrix<Rational>) -> Rational {
    let [first, second] = [H * matrix::trace(&(H * spread)), H * spread * H];
    first.dot(&first) / second.dot(&second)
}

/// A diagonal matrix: its name, and its entries by their index.
type Diagonal = (&'static str, fn(usize) -> Rational);

const HESSIANS: [Diagonal; 2] = [("I", |_| Rational::from(1)), ("1/i²", |i| Rational::from((1, (i + 1).pow(2))))];
const FLUCTUATIONS: [Diagonal; 2] = [("I", |_| Rational::from(1)), ("e₁e₁ᵀ", |i| Rational::from(u32::from(i == 0)))];

pub fn second_term() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut isotropic = Vec::new();
    for D in [1usize, 2, 4, 8, 16, 32, 64] {
        let mut row = vec![D.to_string()];
        for (i, H) in HESSIANS.iter().enumerate() {
            for (j, spread) in FLUCTUATIONS.iter().enumerate() {
                let diagonal = |entry: fn(usize) -> Rational| {
                    Matrix::from_fn(D, D, |i, j| if i == j { entry(i) } else { Rational::new() })
                };
                let ratio = squared_ratio(&diagonal(H.1), &diagonal(spread.1));
                if (i, j) == (0, 0) {
                    isotropic.push(ratio == (D * D) as u64);
                }
                row.push(decimal::exact(&square_root(&ratio), 5));
            }
        }
        rows.push(row);
    }
    let names =
        HESSIANS.iter().flat_map(|H| FLUCTUATIONS.iter().map(|spread| format!("H₀ ∝ {}, Σ ∝ {}", H.0, spread.0)));
    let header = [heads(["D"]), names.collect()].concat();
    let equal = isotropic.iter().filter(|equal| **equal).count();
    let measured = format!("the ratio is `D`, exactly, in {equal} of {} cases", isotropic.len());
    let judged = vec![
        Judged::new(&SECOND_TERM, equal == isotropic.len(), measured)
            .with("cases", isotropic.len() as f64)
            .with("equal", equal as f64),
    ];
    let title = "eqs. (59)–(61): ‖Tr[H₀Σ]H₀‖/‖H₀ΣH₀‖".into();
    let finding = "The second term is small where many directions fluctuate and are curved; where few are, it is as large as the first at any D.";
    Ok(Table { title, header, rows, finding, judged })
}
