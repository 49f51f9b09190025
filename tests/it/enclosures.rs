//! Enclosures of every closed form, against its rational value.

use claims::Kind;
use formula::Given;
use properties::Seeded;
use proptest::prelude::*;
use registry::closed_forms;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_enclosure_holds_the_rational_value_to_the_digits_asked_for(seed: u64, D in 1usize..4, digits in 1u32..80) {
        let mut compared = 0;
        for claim in closed_forms() {
            let Ok(Some(setting)) = claim.draw(D, &[], &mut Seeded::new(seed)) else { continue };
            if matches!(claim.kind, Kind::Stability) {
                continue;
            }
            let moments = claim.printed.needs_moments().then(|| exact::stationary(&setting).ok()).flatten();
            let given = Given { moments: moments.as_ref(), ..Given::setting(&setting) };
            match (claim.printed.claimed(&given), verify::enclose(claim, &setting, digits)) {
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
