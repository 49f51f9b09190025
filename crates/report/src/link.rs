//! Where a claim stands on the pages.

use claims::topic;
use verify::Record;

/// The name of a claim in FINDINGS.md, where it links to the claim on the page of its topic.
pub(crate) fn link(record: &Record) -> String {
    format!("[{}]({}#{})", record.id, path(record), anchor(record))
}

/// The page of the topic of a claim, from the root of the workspace on.
pub(crate) fn path(record: &Record) -> String {
    format!("findings/{}.md", topic(&record.id))
}

/// The anchor that GitHub makes of a heading that is the name of a claim.
pub(crate) fn anchor(record: &Record) -> String {
    record.id.replace('/', "")
}
