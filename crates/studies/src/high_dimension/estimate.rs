//! Means over data sets.

use verify::allowances::NO_MEAN;

use numbers::decimal;

/// A mean with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// The standard deviation of one value.
    pub scatter: f64,
}

impl Estimate {
    /// The mean of some values; the mean of a single one has no error.
    pub fn of(values: &[f64]) -> Estimate {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let scatter = if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
        Estimate { mean, error: scatter / n.sqrt(), scatter }
    }

    /// The mean of independent estimates.
    pub fn pooled(estimates: impl Iterator<Item = Estimate> + Clone) -> Estimate {
        let n = estimates.clone().count() as f64;
        let mean = estimates.clone().map(|e| e.mean).sum::<f64>() / n;
        Estimate { mean, error: estimates.map(|e| e.error.powi(2)).sum::<f64>().sqrt() / n, scatter: 0.0 }
    }

    /// The mean to two digits of its standard error, or to five significant digits where there is none. A mean that is
    /// rounding is printed as zero.
    pub fn text(self) -> String {
        let Estimate { mean, error, .. } = self;
        if mean.abs() < NO_MEAN && error < NO_MEAN {
            "0".into()
        } else if error == 0.0 {
            decimal::measured(mean, 5)
        } else {
            decimal::with_error(mean, error)
        }
    }

    /// log₂ of the size of this mean over that of the next, and its standard error: the order in 1/D, if the next
    /// belongs to a D twice as large. `None` where the order is not known to ±1.
    pub fn order(self, next: Estimate) -> Option<(f64, f64)> {
        let relative = [self, next].map(|e| if e.error == 0.0 { 0.0 } else { e.error / e.mean });
        let error = relative[0].hypot(relative[1]) / std::f64::consts::LN_2;
        let order = (self.mean / next.mean).abs().log2();
        let known = error <= 1.0 && order.is_finite() && next.mean.abs() >= NO_MEAN;
        known.then_some((order, error))
    }

    /// The order, for a table.
    pub fn order_text(self, next: Estimate) -> String {
        match self.order(next) {
            None => "–".into(),
            Some((order, 0.0)) => format!("{} ± 0", decimal::to_places(order, 2)),
            // Two places, or more where the error would vanish in two.
            Some((order, error)) if error < 0.005 => decimal::with_error(order, error),
            Some((order, error)) => format!("{} ± {error:.2}", decimal::to_places(order, 2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_printed_to_what_is_known_of_them() {
        let one = Estimate::of(&[1.0, 2.0, 3.0]);
        assert_eq!((one.mean, one.scatter, one.error), (2.0, 1.0, 1.0 / 3.0_f64.sqrt()));
        assert_eq!(one.text(), "2.00 ± 0.58");
        assert_eq!(Estimate { mean: -0.012341, error: 0.00012, scatter: 0.0 }.text(), "-0.01234 ± 0.00012");
        assert_eq!(Estimate::of(&[0.5]).text(), "0.50000");
        assert_eq!(Estimate::of(&[0.0, 0.0]).text(), "0");
        assert_eq!(Estimate::pooled([one, Estimate::of(&[3.0, 3.0])].into_iter()).text(), "2.50 ± 0.29");
    }

    #[test]
    fn orders_are_logarithms_of_quotients() {
        let exact = |mean| Estimate { mean, error: 0.0, scatter: 0.0 };
        assert_eq!(exact(-0.4).order_text(exact(0.1)), "2.00 ± 0");
        let (before, next) = (Estimate { mean: 0.4, error: 0.04, scatter: 0.0 }, exact(0.2));
        assert_eq!(before.order_text(next), "1.00 ± 0.14");
        assert_eq!(exact(0.1).order_text(Estimate { mean: 0.01, error: 0.01, scatter: 0.0 }), "–");
    }
}
