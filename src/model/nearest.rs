//! The name that a misspelled one may have been meant as.

/// The one of `names` that may have been meant by a misspelled one: a third of it may be wrong, or its rest missing.
#[must_use]
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let n_letters = typed.chars().count();
    let far = |name: &str| strsim::damerau_levenshtein(&typed, &name.to_lowercase());
    let is_begun = |name: &str| n_letters > 1 && name.to_lowercase().starts_with(&typed);
    let measured = names.map(|name| (if is_begun(name) { 0 } else { far(name) }, name));
    let (distance, name) = measured.min_by_key(|(distance, _)| *distance)?;
    (distance <= n_letters.max(name.len()) / 3).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_suggested_when_it_is_near() {
        let names = ["state", "in_state", "attempts", "created"];
        for (typed, expected) in [
            ("stat", Some("state")),
            ("States", Some("state")),
            ("attemps", Some("attempts")),
            ("att", Some("attempts")),
            ("instate", Some("in_state")),
            ("craeted", Some("created")),
            ("x", None),
            ("", None),
            ("http", None),
        ] {
            assert_eq!(nearest(typed, names.into_iter()), expected, "{typed}");
        }
    }
}
