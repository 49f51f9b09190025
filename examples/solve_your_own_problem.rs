//! One problem, three engines: the fluctuation of two weights under label noise and weight decay.

use std::error::Error;

use montecarlo::{Draws, Plan};
use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};

fn main() -> Result<(), Box<dyn Error>> {
    let q = |numerator: i32, denominator: i32| Rational::from((numerator, denominator));
    let model = Gaussian {
        feature_covariance: Matrix::from_row_slice(2, 2, &[q(1, 1), q(1, 5), q(1, 5), q(4, 5)]),
        input_noise_covariance: Matrix::zeros(2, 2),
        label_noise_variance: q(7, 10),
        true_weights: Vector::from_vec(vec![q(2, 5), q(-11, 10)]),
    };
    let learning_rate = matrix::identity(2) * q(1, 2);
    let setting = Setting::new(Population::Gaussian(model), learning_rate, BatchSize::new(4)?)?
        .with_weight_decay(matrix::identity(2) * q(1, 10))?;

    let fractions = exact::stationary(&setting)?.fluctuation;
    println!("exact:       Σ₁₁ = {}", fractions[(0, 0)]);

    // The same setting, rounded to doubles.
    let rounded = setting.map(nearest_f64);
    let solution = lyapunov::stationary(&rounded)?;
    println!(
        "lyapunov:    Σ₁₁ = {:.15}, wrong by at most {:.1e}",
        solution.moments.fluctuation[(0, 0)],
        solution.error_bound
    );
    println!("             stable up to {:.6} times this learning rate", solution.stability.margin);

    let plan =
        Plan::new().with_chains(64).with_burn_in(200).with_steps(20_000).with_seed(1).with_draws(Draws::InDistribution);
    let estimate = montecarlo::stationary(&rounded, &plan, &())?;
    estimate.trust()?;
    let drawn = estimate.mean(|moments| moments.fluctuation.clone());
    println!("montecarlo:  Σ₁₁ = {:.6} ± {:.6}", drawn.mean[(0, 0)], drawn.standard_error[(0, 0)]);
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}
