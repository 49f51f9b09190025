//! Names of claims by a pattern.

use crate::topic;

/// Whether a pattern means a name: `*` stands for any run of characters, slashes included, and a pattern without a
/// slash also means every name of the topics that it matches.
///
/// ```
/// use claims::glob;
///
/// assert!(glob("label-noise/fluctuation", "label-noise/fluctuation"));
/// assert!(glob("label-noise", "label-noise/fluctuation"));
/// assert!(glob("*/fluctuation", "label-noise/fluctuation"));
/// assert!(glob("*noise/*loss*", "label-noise/test-loss-limit"));
/// assert!(!glob("label-noise/test", "label-noise/test-loss"));
/// ```
pub fn glob(pattern: &str, name: &str) -> bool {
    matches(pattern, name) || (!pattern.contains('/') && matches(pattern, topic(name)))
}

/// The pieces between stars, each at the first place after the one before; the last at the end.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (pieces, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in pieces.split('*') {
        let Some((_, after)) = text.split_once(piece) else { return false };
        text = after;
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: a star takes nothing, or one character more.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (['*', pattern @ ..], []) => by_definition(pattern, &[]),
            (['*', rest @ ..], [_, behind @ ..]) => by_definition(rest, text) || by_definition(pattern, behind),
            ([one, pattern @ ..], [other, text @ ..]) => one == other && by_definition(pattern, text),
            (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn a_star_is_any_run_of_characters(pattern in "[ab*/]{0,8}", text in "[ab/]{0,8}") {
            let [of_pattern, of_text] = [&pattern, &text].map(|text| Vec::from_iter(text.chars()));
            prop_assert_eq!(matches(&pattern, &text), by_definition(&of_pattern, &of_text));
        }

        /// Patterns, some of which match.
        #[test]
        fn a_name_with_parts_left_out_is_matched(parts in prop::collection::vec("[aγ/-]{0,3}", 1..6)) {
            let kept = Vec::from_iter(parts.iter().enumerate().map(|(i, part)| if i % 2 == 0 { part } else { "*" }));
            prop_assert!(glob(&kept.concat(), &parts.concat()));
        }

        #[test]
        fn a_name_and_its_topic_are_patterns_of_it(topic in "[a-z-]{1,6}", quantity in "[a-z-]{1,6}") {
            let name = format!("{topic}/{quantity}");
            let [all, none, longer] = [format!("{topic}/*"), format!("{topic}/"), format!("{name}-more")];
            for pattern in [&name, &topic, &all] {
                prop_assert!(glob(pattern, &name), "{}", pattern);
            }
            for pattern in [&none, &longer] {
                prop_assert!(!glob(pattern, &name), "{}", pattern);
            }
        }
    }
}
