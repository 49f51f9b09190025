//! Where a claim stands on the pages.

use claims::topic;

/// The name of a claim in FINDINGS.md, where it links to the claim on the page of its topic.
pub(crate) fn link(id: &str) -> String {
    format!("[{id}]({}#{})", path(id), anchor(id))
}

/// The page of the topic of a claim, from the root of the workspace on.
pub(crate) fn path(id: &str) -> String {
    format!("findings/{}.md", topic(id))
}

/// The anchor that GitHub makes of a heading that is the name of a claim.
pub(crate) fn anchor(id: &str) -> String {
    id.replace('/', "")
}
