//! How long the numbers of a program become: exact ones grow with every factor, and a tower of powers would never end.

use crate::program::{Op, Program};

/// The largest length, in numbers of a setting. A formula at the limit is judged in seconds.
pub(super) const LONGEST: u64 = 20_000;
/// Bits of a number of a setting, roughly.
const BITS: u32 = 32;
/// The number of weights, or of samples, that is reckoned with.
const MANY: u64 = 3;

/// The lengths of the operations that were written down, in numbers that are multiplied to get their values.
///
/// A fraction is as long as all that it is made of: a sum has a common denominator.
#[derive(Debug, Default)]
pub(super) struct Lengths(Vec<u64>);

impl Lengths {
    /// Whether a value is too long, after all operations that are new were reckoned.
    pub(super) fn are_too_long(&mut self, program: &Program) -> bool {
        let known = self.0.len();
        for id in known..program.len() {
            let node = program.node(id);
            let all = node.op.operands().iter().fold(0_u64, |all, operand| all.saturating_add(self.0[*operand]));
            let times = |factor: u64| all.saturating_mul(factor);
            self.0.push(match &node.op {
                Op::Number(value) => {
                    u64::from(1 + (value.numer().significant_bits() + value.denom().significant_bits()) / BITS)
                }
                Op::Inverse(_) | Op::Pseudoinverse(_) => times(MANY.saturating_pow(node.shape.rows.into())),
                Op::Solve { .. } => {
                    times(MANY.saturating_pow(u32::from(node.shape.rows) + u32::from(node.shape.columns)))
                }
                Op::OverSamples(..) => times(MANY),
                _ => all.max(1),
            });
        }
        self.0[known..].iter().any(|length| *length > LONGEST)
    }
}
