//! The solver without SGD: the stationary covariance of z′ = M z + noise, and of dz = A z dt + noise, each with a
//! proven bound.

use std::error::Error;

use matrix_equations::faer::{Mat, mat};
use matrix_equations::{Certificate, continuous, discrete};

fn main() -> Result<(), Box<dyn Error>> {
    let Q = mat![[1.0, 0.3], [0.3, 0.5]];

    // M X Mᵀ − X + Q = 0, where M need not be symmetric.
    let M = mat![[0.5, 1.0], [0.0, 0.25]];
    let solution = discrete::solve(M.as_ref(), Q.as_ref())?;
    println!("discrete:   X = {:?}\n{}", solution.X, described(&solution.certificate));

    // A X + X Aᵀ + Q = 0.
    let A = mat![[-1.0, 2.0], [0.0, -3.0]];
    let solution = continuous::solve(A.as_ref(), Q.as_ref())?;
    println!("continuous: X = {:?}\n{}", solution.X, described(&solution.certificate));

    // An equation without a solution is an error that says why.
    match discrete::solve(Mat::identity(2, 2).as_ref(), Q.as_ref()) {
        Ok(solution) => println!("singular:   X = {:?}", solution.X),
        Err(error) => println!("singular:   {error}"),
    }
    Ok(())
}

fn described(certificate: &Certificate) -> String {
    match certificate.error_bound() {
        Some(bound) => format!("stable, and wrong by at most {bound:.1e}"),
        None => format!("{certificate:?}"),
    }
}

#[test]
fn runs() {
    main().unwrap();
}
