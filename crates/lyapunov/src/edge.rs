//! How far a problem is from the limit of stability.

/// Stability of the second moments.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Stability {
    /// Largest modulus of an eigenvalue of Φ, one step of the second moments: stable below 1. Directions in which
    /// nothing moves do not count; 0 where nothing does.
    pub spectral_radius: f64,
    /// The largest factor by which Λ can be multiplied: stable above 1. 0 where no factor helps.
    pub margin: f64,
}

impl Stability {
    /// The stability of a problem whose radius is proven to be below 1 by at least `gap`: what doubles found, moved to
    /// the stable side of 1.
    #[must_use]
    pub fn stable(self, gap: f64) -> Self {
        let below = (1.0 - gap).min(1.0_f64.next_down());
        Stability { spectral_radius: self.spectral_radius.min(below), margin: self.margin.max(1.0_f64.next_up()) }
    }

    /// The stability of a problem that is proven to be unstable: what doubles found, moved to the unstable side of 1.
    #[must_use]
    pub fn unstable(self) -> Self {
        Stability { spectral_radius: self.spectral_radius.max(1.0), margin: self.margin.min(1.0) }
    }
}
