//! The lines of docs/PAPER.md that restate what the text of the paper asserts in words, and the claims that judge each.
//!
//! A line is an item of the section «What the text asserts». It begins with its key, and ends with the names of the
//! claims that judge it, both between backticks:
//!
//! ```text
//! - `12/6.5-large-rate` "…" → the formal reading. Judged by `label-noise/linear-scaling`.
//! ```
//!
//! Deliberately absent: what is right of a page. A line without a key or a claim is returned as it is.

/// The heading of the section.
const SECTION: &str = "## 12. ";
/// What a key begins with, which is the number of the section.
pub const KEY: &str = "12/";
/// The words before the names of the claims.
const JUDGED: &str = "Judged by";

/// A line of the section.
#[derive(Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Its permanent name; empty where it has none.
    pub key: String,
    /// The names of the claims that judge it.
    pub claims: Vec<String>,
    /// How it begins, for messages.
    pub start: String,
}

/// The lines of the section, in its order.
pub fn assertions(page: &str) -> Vec<Assertion> {
    let Some((_, section)) = page.split_once(SECTION) else { return Vec::new() };
    let section = section.split("\n## ").next().unwrap_or(section);
    section.split("\n- ").skip(1).map(assertion).collect()
}

fn assertion(item: &str) -> Assertion {
    // What follows an empty line is no part of the item, in which lines may break anywhere.
    let item = item.split("\n\n").next().unwrap_or(item);
    let start = item.lines().next().unwrap_or_default().into();
    let item = &Vec::from_iter(item.split_whitespace()).join(" ");
    let key = item.strip_prefix('`').and_then(|item| item.split_once('`')).map(|(key, _)| key);
    let claims = item.split_once(JUDGED).map_or("", |(_, claims)| claims);
    Assertion {
        key: key.filter(|key| key.starts_with(KEY)).unwrap_or_default().into(),
        claims: claims.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_item_of_its_section() {
        let page = "## 11. Figures\n\n- no line\n\n## 12. What\n\nIntroduced.\n\n- `12/a` \"…\" → `Σ`.\n  Judged\n  by `x/y`,\n  \
                    `x/z`.\n- nothing\n\nAfter `b/c`.\n\n## 13.\n\n- none\n";
        let line = |key: &str, claims: &[&str], start: &str| Assertion {
            key: key.into(),
            claims: claims.iter().map(|claim| claim.to_string()).collect(),
            start: start.into(),
        };
        let lines = [line("12/a", &["x/y", "x/z"], "`12/a` \"…\" → `Σ`."), line("", &[], "nothing")];
        assert_eq!(assertions(page), lines);
        assert_eq!(assertions("## 11. Figures\n"), []);
    }
}
