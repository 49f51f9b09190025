//! Enclosures of every closed form, against its rational value.

use claims::{Formula, closed_forms};
use properties::Seeded;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_enclosure_holds_the_rational_value_to_the_digits_asked_for(seed: u64, D in 1usize..4, digits in 1u32..80) {
        let mut compared = 0;
        for claim in closed_forms() {
            let Ok(Some(setting)) = claim.draw(D, &[], &mut Seeded::new(seed)) else { continue };
            let moments = match claim.printed.rational {
                Formula::Closed(_) => None,
                Formula::Relation(_) => exact::stationary(&setting).ok(),
            };
            match (claim.printed.rational.evaluate(&setting, moments.as_ref()), verify::enclose(claim, &setting, digits)) {
                (Ok(value), Ok(enclosed)) => {
                    compared += 1;
                    prop_assert_eq!(value.shape(), enclosed.shape(), "{}", claim.id);
                    for (value, enclosed) in value.iter().zip(&enclosed) {
                        prop_assert!(enclosed.contains(value), "{}: {value} is not in {enclosed}", claim.id);
                        prop_assert!(value.is_zero() || enclosed.digits() >= digits, "{}: {enclosed}", claim.id);
                    }
                }
                (value, enclosed) => prop_assert!(value.is_err() && enclosed.is_err(), "{}: {value:?}, {enclosed:?}", claim.id),
            }
        }
        prop_assert!(2 * compared >= closed_forms().len(), "{} claims were compared", compared);
    }
}
