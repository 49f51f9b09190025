//! The formulas of section 9 for the tail index, against the index itself.
//!
//! The paper's β is "the smallest moment that diverges", which is the α with E|ρ|^α = 1 that [`exact::tail`] encloses. Every
//! digit in the tables is certain.

use claims::tail_index::{continuous_time, discrete_time};
use exact::ExactError;
use exact::tail::{Threshold, index, threshold};
use rug::Rational;
use symbols::Interval;

use crate::decimal::decimal;
use crate::table::{Maker, StudyError, Table, heads};

/// Significant digits of an index in a table.
pub const DIGITS: usize = 30;

/// All tables, by name; each takes a second or so.
pub const TABLES: [Maker; 4] =
    [("figure-2", figure_2), ("figure-7", figure_7), ("thresholds", thresholds), ("errors", errors)];

/// The index at one place, to so many digits, and the two formulas there.
///
/// # Errors
/// [`ExactError`] where nothing is stationary, or beyond the limits of [`exact::tail`].
pub fn row(step_size: &Rational, batch_size: u32, digits: usize) -> Result<Vec<String>, ExactError> {
    let (found, middle) = certain(digits, |digits| index(step_size, batch_size, digits))?;
    let S = Rational::from(batch_size);
    let mut cells = vec![found];
    for formula in [discrete_time, continuous_time] {
        let claimed = formula(&S, step_size);
        cells.push(decimal(&claimed, 6));
        cells.push(error(&claimed, &middle));
    }
    Ok(cells)
}

/// The heads of the cells of [`row`].
pub fn row_heads() -> Vec<String> {
    heads(["tail index", "discrete time", "error", "continuous time", "error"])
}

/// One of the three thresholds in aλ, to so many digits.
///
/// # Errors
/// [`ExactError`] beyond the limits of [`exact::tail`].
pub fn threshold_text(which: Threshold, batch_size: u32, digits: usize) -> Result<String, ExactError> {
    Ok(certain(digits, |digits| threshold(which, batch_size, digits))?.0)
}

/// Fig. 2: aλ = 1, against S.
fn figure_2() -> Result<Table, StudyError> {
    let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 128];
    let rows = sizes.map(|S| Ok([vec![S.to_string()], row(&Rational::from(1), S, DIGITS)?].concat()));
    let rows = rows.into_iter().collect::<Result<_, ExactError>>()?;
    let header = [heads(["S"]), row_heads()].concat();
    Ok(Table { title: "aλ = 1 (Fig. 2)".into(), header, rows, finding: "" })
}

/// Fig. 7: against λ, as far as a law is stationary.
fn figure_7() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    for S in [1, 2, 5, 10] {
        for tenths in [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26] {
            let step_size = Rational::from((tenths, 10));
            let place = vec![S.to_string(), decimal(&step_size, 2)];
            match row(&step_size, S, DIGITS) {
                Ok(cells) => rows.push([place, cells].concat()),
                Err(ExactError::NoStationaryLaw { .. }) => {
                    rows.push([place, vec!["nothing is stationary".into()], vec![String::new(); 4]].concat());
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    let header = [heads(["S", "aλ"]), row_heads()].concat();
    Ok(Table { title: "against λ (Fig. 7)".into(), header, rows, finding: "" })
}

/// The step sizes at which the index is 4, 2 and 0, and where the formula of discrete time puts them.
fn thresholds() -> Result<Table, StudyError> {
    let rows = [1, 2, 3, 4, 5, 8, 10, 16, 32, 100].map(|S| {
        let mut cells = vec![S.to_string()];
        for (which, moment) in [(Threshold::Kurtosis, 4), (Threshold::Variance, 2), (Threshold::Stationarity, 0)] {
            cells.push(threshold_text(which, S, DIGITS)?);
            // 2S/L − S = k where L = 2S/(S + k).
            cells.push(decimal(&Rational::from((2 * S, S + moment)), 6));
        }
        Ok(cells)
    });
    let rows = rows.into_iter().collect::<Result<_, ExactError>>()?;
    let header = heads(["S", "index 4", "formula", "index 2", "formula", "index 0", "formula"]);
    Ok(Table { title: "aλ at which the tail index is 4, 2 and 0".into(), header, rows, finding: "" })
}

/// The relative error of the formula of discrete time over S and aλ.
fn errors() -> Result<Table, StudyError> {
    let sizes = [1, 2, 3, 5, 10, 30, 100, 300];
    let header = [heads(["aλ"]), sizes.map(|S| format!("S = {S}")).to_vec()].concat();
    let steps = [(1, 100), (1, 30), (1, 10), (3, 10), (2, 3), (1, 1), (4, 3), (8, 5), (9, 5), (19, 10)];
    let rows = steps.map(|step| {
        let step_size = Rational::from(step);
        let cells = sizes.map(|S| match index(&step_size, S, 12) {
            Ok(found) => {
                let claimed = discrete_time(&Rational::from(S), &step_size);
                Ok(found.midpoint().map_or_else(String::new, |middle| error(&claimed, &middle)))
            }
            Err(ExactError::NoStationaryLaw { .. }) => Ok("–".into()),
            Err(error) => Err(error),
        });
        let cells = cells.into_iter().collect::<Result<Vec<_>, ExactError>>()?;
        Ok([vec![step_size.to_string()], cells].concat())
    });
    let rows = rows.into_iter().collect::<Result<_, ExactError>>()?;
    Ok(Table { title: "error of β = 2S/(aλ) − S relative to the tail index".into(), header, rows, finding: "" })
}

/// A number in so many digits, all certain, and a value between its bounds.
fn certain(
    digits: usize,
    enclose: impl Fn(u32) -> Result<Interval, ExactError>,
) -> Result<(String, Rational), ExactError> {
    let mut wanted = digits as u32 + 2;
    loop {
        let enclosed = enclose(wanted)?;
        let ends = [enclosed.low(), enclosed.high()].map(|end| end.map(|end| decimal(&end, digits)));
        match (ends, enclosed.midpoint()) {
            ([Some(low), Some(high)], Some(middle)) if low == high => return Ok((low, middle)),
            // Both sides of a digit's boundary: the number may lie on it, as 2 does.
            ([Some(_), Some(_)], Some(middle)) if wanted > 2 * digits as u32 => {
                return Ok((decimal(&middle, digits), middle));
            }
            _ => wanted += digits as u32,
        }
    }
}

/// claimed/found − 1, in percent.
fn error(claimed: &Rational, found: &Rational) -> String {
    let tenths: Rational = (Rational::from(claimed / found) - 1) * 1000;
    let tenths = tenths.round();
    if tenths.is_zero() {
        return "0 %".into();
    }
    let sign = if tenths > 0 { "+" } else { "" };
    format!("{sign}{} %", decimal(&(tenths / Rational::from(10)), 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2S/L − S is the index exactly where it is 2, and nowhere else in the table.
    #[test]
    fn the_formula_of_discrete_time_holds_where_the_index_is_2() {
        for S in [1, 2, 3, 10] {
            let at = |L: Rational| row(&L, S, 10).unwrap();
            let cells = at(Rational::from((2 * S, S + 2)));
            assert_eq!((cells[0].as_str(), cells[1].as_str(), cells[2].as_str()), ("2.000000000", "2", "0 %"));
            assert!(at(Rational::from((S, S + 2)))[2].starts_with('+'));
        }
    }

    #[test]
    fn errors_have_signs() {
        assert_eq!(error(&Rational::from(3), &Rational::from(2)), "+50 %");
        assert_eq!(error(&Rational::from(1), &Rational::from(3)), "-66.7 %");
        assert_eq!(error(&Rational::from(2), &Rational::from(2)), "0 %");
    }
}
