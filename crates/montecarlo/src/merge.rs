//! Parts of a run, and how they become one again.

use std::ops::Range;

use crate::error::{MonteCarloError, ParameterValue};
use crate::lanes::LANES;
use crate::run::Run;
use crate::shard::Shard;

impl Shard {
    /// The shard `index` of `count`, from 1.
    ///
    /// # Errors
    /// [`MonteCarloError::OutOfRange`] unless 1 ≤ `index` ≤ `count`.
    pub fn new(index: usize, count: usize) -> Result<Self, MonteCarloError> {
        if (1..=count).contains(&index) {
            return Ok(Shard { index, count });
        }
        Err(MonteCarloError::OutOfRange { quantity: "shard", value: index, minimum: 1, maximum: count })
    }

    /// The packs of eight chains that it has of so many chains.
    pub(crate) fn packs(self, chains: usize) -> Result<Range<usize>, MonteCarloError> {
        let packs = chains.div_ceil(LANES);
        if self.count > packs {
            return Err(MonteCarloError::TooManyShards { count: self.count, chains, most: packs });
        }
        let share = |k: usize| k * packs / self.count;
        Ok(share(self.index - 1)..share(self.index))
    }
}

impl Run {
    /// One run from all of its shards, in any order: as if its chains had never been apart.
    ///
    /// # Errors
    /// [`MonteCarloError::MissingShards`]; [`MonteCarloError::RepeatedShard`]; [`MonteCarloError::DifferentRuns`] where
    /// setting, plan, the number of shards or the steps done differ; what stopped a shard that diverged.
    pub fn merge(shards: impl IntoIterator<Item = Run>) -> Result<Run, MonteCarloError> {
        let (run, missing) = Run::merge_some(shards)?;
        match missing.is_empty() {
            true => Ok(run),
            false => Err(MonteCarloError::MissingShards { count: missing[0].count, missing }),
        }
    }

    /// The chains of some of the shards, and which shards are missing. Such a run has an estimate, but is not to be
    /// saved.
    ///
    /// # Errors
    /// Those of [`Run::merge`], but [`MonteCarloError::MissingShards`] only where there is no shard at all.
    pub fn merge_some(shards: impl IntoIterator<Item = Run>) -> Result<(Run, Vec<Shard>), MonteCarloError> {
        let mut shards = shards.into_iter();
        let none = || MonteCarloError::MissingShards { count: 1, missing: vec![Shard::WHOLE] };
        let mut whole = shards.next().ok_or_else(none)?;
        whole.check_convergence()?;
        let mut found = vec![whole.shard];
        let different = |quantity, one, other| MonteCarloError::DifferentRuns { quantity, one, other };
        let count = |count: u64| ParameterValue::Count(count);
        for shard in shards {
            shard.check_convergence()?;
            if let Some(difference) = whole.parameters().first_difference(&shard.parameters()) {
                return Err(different(difference.quantity, difference.own, difference.other));
            }
            let (one, other) = (whole.shard, shard.shard);
            if one.count != other.count {
                return Err(different("number of shards", count(one.count as u64), count(other.count as u64)));
            }
            if found.contains(&other) {
                return Err(MonteCarloError::RepeatedShard { shard: other });
            }
            let (one, other) = (whole.steps_done(), shard.steps_done());
            if one != other {
                return Err(different("number of steps done", count(one), count(other)));
            }
            found.push(shard.shard);
            whole.packs.extend(shard.packs);
        }
        whole.packs.sort_by_key(|pack| pack.first_chain);
        let count = whole.shard.count;
        let all = (1..=count).map(|index| Shard { index, count });
        let missing = all.filter(|shard| !found.contains(shard)).collect();
        whole.shard = Shard::WHOLE;
        Ok((whole, missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{PLAN, finished, setting, shard, whole};

    fn first_chains(run: &Run) -> Vec<usize> {
        run.packs.iter().map(|pack| pack.first_chain).collect()
    }

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!(Shard::new(2, 3), Ok(Shard { index: 2, count: 3 }));
        assert_eq!([Shard::new(1, 1), Shard::new(3, 3)].map(|shard| shard.is_ok()), [true; 2]);
        for index in [0, 4] {
            let error = MonteCarloError::OutOfRange { quantity: "shard", value: index, minimum: 1, maximum: 3 };
            assert_eq!(Shard::new(index, 3), Err(error));
        }
    }

    /// Five packs in three shares end at ⌊5/3⌋ = 1, ⌊10/3⌋ = 3 and 5.
    #[test]
    fn a_shard_knows_its_share() {
        let shares = [1, 2, 3].map(|k| (first_chains(&shard(k, 3)), shard(k, 3).chains()));
        assert_eq!(shares, [(vec![0], 8), (vec![8, 16], 16), (vec![24, 32], 13)]);
        assert_eq!((first_chains(&whole()), whole().chains()), (vec![0, 8, 16, 24, 32], 37));
        assert_eq!(first_chains(&shard(5, 5)), [32]);
        let too_many = Run::shard(&setting(0.125), &PLAN, Shard::new(1, 6).unwrap()).err();
        let error = too_many.unwrap();
        assert_eq!(error, MonteCarloError::TooManyShards { count: 6, chains: 37, most: 5 });
        assert_eq!(error.to_string(), "6 shards: 37 chains, which run eight side by side, make at most 5");
    }

    #[test]
    fn shards_merge_in_any_order() {
        let expected = finished(whole()).estimate().unwrap();
        let merged = Run::merge([3, 1, 2].map(|k| finished(shard(k, 3)))).unwrap();
        assert_eq!(first_chains(&merged), [0, 8, 16, 24, 32]);
        // A double's debug text is the shortest that reads back as the same bits.
        assert_eq!(format!("{:?}", merged.estimate().unwrap()), format!("{expected:?}"));
    }

    #[test]
    fn shards_that_do_not_fit_are_refused() {
        let refused = |shards: Vec<Run>| Run::merge(shards).err().unwrap().to_string();
        let different = |what: &str| format!("shards of different runs: their {what}");
        assert_eq!(refused(vec![]), "missing: shard 1/1, expected every shard once");
        let unequal = refused(vec![finished(shard(1, 2)), shard(2, 2)]);
        assert_eq!(unequal, different("number of steps done is 7 and 0"));
        let slower = Run::shard(&setting(0.0625), &PLAN, Shard::new(2, 2).unwrap()).unwrap();
        assert_eq!(refused(vec![shard(1, 2), slower]), different("learning rate is 0.125 and 0.0625"));
        assert_eq!(refused(vec![shard(1, 2), shard(2, 3)]), different("number of shards is 2 and 3"));
        assert_eq!(refused(vec![shard(2, 3), shard(1, 3), shard(2, 3)]), "shard 2/3 is given twice");
        assert_eq!(refused(vec![shard(2, 4), shard(4, 4)]), "missing: shard 1/4, shard 3/4, expected every shard once");
    }

    #[test]
    fn some_of_the_shards_are_a_run_of_their_chains() {
        let (run, missing) = Run::merge_some([3, 1].map(|k| finished(shard(k, 3)))).unwrap();
        assert_eq!((first_chains(&run), missing), (vec![0, 24, 32], vec![Shard { index: 2, count: 3 }]));
        assert_eq!(run.estimate().unwrap().chains.len(), 8 + 13);
        assert!(Run::merge_some([3, 1, 2].map(|k| finished(shard(k, 3)))).unwrap().1.is_empty());
    }
}
