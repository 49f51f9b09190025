//! The topics of the registry for a reader, in the order in which their theory is told, in one table.

/// A topic.
pub(crate) struct Topic {
    /// The first part of the names of its claims.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The section of docs/PAPER.md that has its claims; `None` for what the paper does not have.
    pub section: Option<u32>,
}

const fn topic(name: &'static str, title: &'static str, section: u32) -> Topic {
    Topic { name, title, section: Some(section) }
}

/// All topics.
pub(crate) const TOPICS: &[Topic] = &[
    topic("stationary", "The stationary equation", 2),
    topic("minibatch", "The noise of one minibatch", 1),
    topic("label-noise", "Label noise", 3),
    topic("regularization", "Weight decay", 4),
    topic("weight-decay", "The best weight decay", 4),
    topic("input-noise", "Input noise", 5),
    topic("generic", "Generic losses", 6),
    topic("networks", "Small networks", 6),
    topic("second-order", "Second-order methods", 8),
    topic("high-dimension", "High dimension", 7),
    topic("tail", "Tails", 9),
    topic("approximation", "The Hessian approximation", 10),
    Topic { name: "averages", title: "Averaged iterates", section: None },
    Topic { name: "own", title: "Theorems of the project", section: None },
];

/// The topic of a name; `None` for one of a claim file that is not the registry's.
pub(crate) fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

#[cfg(test)]
mod tests {
    use registry::REGISTRY;

    use super::*;

    #[test]
    fn each_topic_of_the_registry_has_its_place() {
        for entry in REGISTRY.iter() {
            assert!(
                find(entry.topic()).is_some(),
                "{}: crates/report/src/topics.rs has no place for it",
                entry.topic()
            );
        }
        for topic in TOPICS {
            assert!(REGISTRY.iter().any(|entry| entry.topic() == topic.name), "{}: no claim", topic.name);
        }
    }
}
