//! A column of a data file: as it is stated, centred or standardized.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use rug::float::Round;
use rug::{Complete, Float, Integer, Rational};

use super::Fault;
use super::file::File;
use super::number::Number;
use numbers::nearest_f64;

/// Digits for (x − mean)/deviation before it is rounded to a double: enough that it is the nearest one.
const STANDARDIZING_BITS: u32 = 192;

/// What is done to a column.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Treatment {
    AsStated,
    /// x − mean.
    Centered,
    /// (x − mean)/deviation, rounded to the nearest double.
    Standardized,
}

/// A column of a file, treated over ℚ and from there rounded to the nearest numbers.
///
/// ```text
/// xᵢ = nᵢ/q,   cᵢ = N nᵢ − Σ n,   xᵢ − mean = cᵢ/(Nq),   (xᵢ − mean)/deviation = cᵢ/√(Σ c²/N)
/// ```
///
/// n and c are integers, over one denominator q. Equal entries are treated once, because the pixels of an image take
/// few values.
pub(super) fn column<T: Number>(file: &File, index: usize, treatment: Treatment) -> Result<Vec<T>, Fault> {
    let (rows, _) = file.shape();
    let refused = |row| file.not_a_number(row, index);
    if treatment == Treatment::AsStated {
        return (0..rows).map(|row| file.cell(row, index).to().ok_or_else(|| refused(row))).collect();
    }

    let mut slots = HashMap::new();
    // Each value, and how often it is there.
    let (mut values, mut counts) = (Vec::<Rational>::new(), Vec::<usize>::new());
    let mut slot_of_row = Vec::with_capacity(rows);
    for row in 0..rows {
        let slot = match slots.entry(file.cell(row, index)) {
            Slot::Occupied(slot) => *slot.get(),
            Slot::Vacant(slot) => {
                values.push(slot.key().to().ok_or_else(|| refused(row))?);
                counts.push(0);
                *slot.insert(values.len() - 1)
            }
        };
        counts[slot] += 1;
        slot_of_row.push(slot);
    }

    let q = values.iter().fold(Integer::from(1), |q, x| q.lcm(x.denom()));
    let whole = Vec::from_iter(values.iter().map(|x| (&q / x.denom()).complete() * x.numer()));
    let N = Integer::from(rows);
    let sum: Integer = whole.iter().zip(&counts).map(|(n, count)| n * Integer::from(*count)).sum();
    let centred = whole.into_iter().map(|n| n * &N - &sum);
    let Nq = (&N * &q).complete();
    let values = if treatment == Treatment::Centered {
        Vec::from_iter(centred.map(|c| T::nearest(&Rational::from((c, Nq.clone())))))
    } else {
        let centred = Vec::from_iter(centred);
        let squares = centred.iter().zip(&counts).map(|(c, count)| c.clone().square() * Integer::from(*count));
        let deviation = Float::with_val(STANDARDIZING_BITS, Rational::from((squares.sum::<Integer>(), N))).sqrt();
        if deviation.is_zero() {
            return Err(file.constant(index, nearest_f64(&Rational::from((sum, Nq)))));
        }
        let standardized = |c| (Float::with_val(STANDARDIZING_BITS, c) / &deviation).to_f64_round(Round::Nearest);
        // |c| ≤ √N deviation, so a double is always finite.
        Vec::from_iter(centred.into_iter().map(|c| T::double(standardized(c)).unwrap_or_else(T::zero)))
    };
    Ok(slot_of_row.into_iter().map(|slot| values[slot].clone()).collect())
}

#[cfg(test)]
mod tests {
    use npyz::WriterBuilder;
    use proptest::prelude::*;

    use super::super::data::tests::{data, idx, npy, of_arrays, problem, samples};
    use super::super::tests::{CSV, SAMPLES, ratio};
    use super::*;
    use numbers::DoubleDouble;
    use symbols::Setting;

    #[test]
    fn centred_columns_have_mean_0_and_may_be_constant() {
        let told = samples(&format!("{SAMPLES}center = true"), "y,bmi,age\n1,3,2\n2,3,4\n6,3,7\n");
        assert!(told.features.column(0).iter().all(|x| *x == 0));
        let thirds = [ratio(-7, 3), ratio(-1, 3), ratio(8, 3)];
        assert_eq!(told.features.column(1).as_slice(), thirds);
        assert_eq!(told.labels.as_slice(), [ratio(-2, 1), ratio(-1, 1), ratio(3, 1)]);
        let both = samples(&format!("{SAMPLES}center = true\nstandardize = true"), CSV);
        assert_eq!(both, samples(&format!("{SAMPLES}standardize = true"), CSV));
    }

    #[test]
    fn standardized_columns_have_mean_0_and_deviation_1() {
        let data = samples(&format!("{SAMPLES}standardize = true"), CSV);
        // Each column is equally spaced: (−1, 0, 1) √(3/2).
        let expected = [-1.5f64.sqrt(), 0.0, 1.5f64.sqrt()].map(|v| Rational::from_f64(v).unwrap());
        for column in data.features.column_iter() {
            assert_eq!(column.as_slice(), expected);
        }
        assert_eq!(data.labels.as_slice(), [ratio(-2, 1), ratio(-1, 1), ratio(3, 1)]);
    }

    /// Bit for bit: the doubles of one reading, and the nearest to those of the other.
    fn same_over_both(text: &str, files: &[(&str, &[u8])]) -> Result<(), TestCaseError> {
        for treatment in ["", "center = true", "standardize = true"] {
            let text = format!("{text}{treatment}");
            match (problem::<f64>(&text, files), problem::<Rational>(&text, files)) {
                (Ok(doubles), Ok(exactly)) => {
                    let nearest = exactly.map(nearest_f64);
                    let signs = |setting: &Setting<f64>| setting.map(|v| v.signum());
                    prop_assert_eq!(signs(&doubles), signs(&nearest));
                    prop_assert_eq!(doubles, nearest);
                    let double_double = problem::<DoubleDouble>(&text, files).unwrap();
                    prop_assert_eq!(double_double, exactly.map(DoubleDouble::from_rational));
                }
                (Err(one), Err(other)) => prop_assert_eq!(one.to_string(), other.to_string()),
                (one, other) => prop_assert!(false, "{:?} {:?}", one, other),
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn doubles_are_the_nearest_to_the_decimals_of_a_table(
            rows in prop::collection::vec(prop::array::uniform3("-?[0-9]{1,20}[.][0-9]{1,20}(e-?[0-9]{1,2})?"), 1..9),
        ) {
            let rows = Vec::from_iter(rows.iter().map(|row| row.join(","))).join("\n");
            same_over_both(SAMPLES, &[("x.csv", format!("y,a,b\n{rows}\n").as_bytes())])?;
        }

        #[test]
        fn doubles_are_the_nearest_to_the_numbers_of_arrays(
            doubles in prop::collection::vec(prop_oneof![-1e3..1e3, any::<f64>()], 6),
            integers in prop::collection::vec(any::<i64>(), 3),
            pixels in prop::array::uniform6(0u8..4),
        ) {
            let mut y = Vec::new();
            let mut writer = npyz::WriteOptions::new().default_dtype().shape(&[3]).writer(&mut y).begin_nd().unwrap();
            writer.extend(integers).unwrap();
            writer.finish().unwrap();
            for (name, x) in [("x.npy", npy(&[3, 2], &doubles)), ("x", idx(&[3, 2], &pixels))] {
                same_over_both(&of_arrays(name, "y.npy"), &[(name, &x), ("y.npy", &y)])?;
            }
        }

        /// The definition is evaluated over a whole column of rationals, repeated entries included.
        #[test]
        fn a_standardized_column_is_that_of_the_definition(pixels in prop::collection::vec(0u8..6, 2..40)) {
            let N = pixels.len();
            let text = of_arrays("x", "y") + "standardize = true";
            let files: [(&str, &[u8]); 2] = [("x", &idx(&[N as u32, 1], &pixels)), ("y", &idx(&[N as u32], &pixels))];
            let exactly = Vec::from_iter(pixels.iter().map(|&v| Rational::from(v)));
            let mean = exactly.iter().sum::<Rational>() / Rational::from(N);
            let centred = Vec::from_iter(exactly.iter().map(|x| x.clone() - &mean));
            let variance = centred.iter().map(|x| x.clone().square()).sum::<Rational>() / Rational::from(N);
            prop_assume!(variance != 0);
            let data = data::<Rational>(&text, &files);
            prop_assert_eq!(data.labels.as_slice(), centred.as_slice());
            for (found, x) in data.features.iter().zip(&centred) {
                let double = Float::with_val(500, x) / Float::with_val(500, &variance).sqrt();
                prop_assert_eq!(nearest_f64(found), double.to_f64());
                prop_assert_eq!(Rational::from_f64(nearest_f64(found)).unwrap(), found.clone());
            }
        }
    }
}
