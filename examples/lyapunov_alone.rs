//! The solver without SGD: the stationary covariance of z′ = M z + noise, and of dz = A z dt + noise, each with a proven bound.

use std::error::Error;

use lyapunov::standard::{Certificate, continuous, discrete};
use symbols::Matrix;

fn main() -> Result<(), Box<dyn Error>> {
    let Q = Matrix::from_row_slice(2, 2, &[1.0, 0.3, 0.3, 0.5]);

    // M X Mᵀ − X + Q = 0, nothing symmetric about M.
    let M = Matrix::from_row_slice(2, 2, &[0.5, 1.0, 0.0, 0.25]);
    let solution = discrete::solve(&M, &Q)?;
    println!("discrete:   X = {}{}", solution.X, described(&solution.certificate));

    // A X + X Aᵀ + Q = 0.
    let A = Matrix::from_row_slice(2, 2, &[-1.0, 2.0, 0.0, -3.0]);
    let solution = continuous::solve(&A, &Q)?;
    println!("continuous: X = {}{}", solution.X, described(&solution.certificate));

    // An equation without a solution is an error that says why.
    match discrete::solve(&Matrix::identity(2, 2), &Q) {
        Ok(solution) => println!("singular:   X = {}", solution.X),
        Err(error) => println!("singular:   {error}"),
    }
    Ok(())
}

fn described(certificate: &Certificate) -> String {
    match certificate {
        Certificate::Stable { error_bound } => format!("stable, and wrong by at most {error_bound:.1e}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn runs() {
    main().unwrap();
}
