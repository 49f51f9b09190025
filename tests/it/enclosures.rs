//! Enclosures of every closed form, against its rational value.

use claims::{Choices, Formula, REGISTRY};
use proptest::prelude::*;

struct Drawn(u64);

impl Choices for Drawn {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        low + ((self.0 >> 33) % (high - low + 1) as u64) as i64
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_enclosure_holds_the_rational_value_to_the_digits_asked_for(seed: u64, D in 1usize..4, digits in 1u32..80) {
        for claim in REGISTRY {
            let Ok(Some(setting)) = claim.draw(D, &[], &mut Drawn(seed)) else { continue };
            let moments = match claim.printed.rational {
                Formula::Closed(_) => None,
                Formula::Relation(_) => exact::stationary(&setting).ok(),
            };
            match (claim.printed.rational.evaluate(&setting, moments.as_ref()), verify::enclose(claim, &setting, digits)) {
                (Ok(value), Ok(enclosed)) => {
                    for (value, enclosed) in value.iter().zip(&enclosed) {
                        prop_assert!(enclosed.contains(value), "{}: {value} is not in {enclosed}", claim.id);
                        prop_assert!(value.is_zero() || enclosed.digits() >= digits, "{}: {enclosed}", claim.id);
                    }
                }
                (value, enclosed) => prop_assert!(value.is_err() && enclosed.is_err(), "{}: {value:?}, {enclosed:?}", claim.id),
            }
        }
    }
}
