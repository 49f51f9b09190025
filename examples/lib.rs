//! What the workspace can be used for, program by program:
//!
//! | program | what it shows |
//! |---|---|
//! | `solve_your_own_problem` | one problem, three engines: fractions, doubles with a proven bound, and a run of SGD |
//! | `verify_your_own_claim` | a closed form of your own, with hypotheses and a rival, as it is and with a mistake |
//! | `lyapunov_alone` | matrix equations with a certificate, without anything of SGD |
//!
//! ```text
//! cargo run -p examples --example verify_your_own_claim
//! ```
