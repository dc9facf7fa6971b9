//! What changing a field does to a resource.

/// What changing a field does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The resource is changed and stays the same one.
    InPlace,
    /// AWS cannot change it: the resource is deleted and made again. Only where that loses nothing.
    Replace,
    /// It is not done, for this reason: something would be lost.
    Blocked(&'static str),
    /// It counts when the resource is made, and is not compared afterwards.
    Initial,
}

/// A kind of AWS resource: what a change of each of its fields does.
pub trait Kind {
    /// Fields whose change is more than a change in place, by the beginning of their path.
    const EFFECTS: &'static [(&'static str, Effect)];
}

/// The effect of the longest beginning that fits.
pub(super) fn of(effects: &[(&str, Effect)], path: &str) -> Effect {
    let fits = |field: &str| {
        path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    effects
        .iter()
        .filter(|(field, _)| fits(field))
        .max_by_key(|(field, _)| field.len())
        .map_or(Effect::InPlace, |(_, effect)| *effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_path_that_fits_decides() {
        let effects = [("data", Effect::Replace), ("data.size", Effect::Initial)];
        assert_eq!(of(&effects, "data"), Effect::Replace);
        assert_eq!(of(&effects, "data.kind"), Effect::Replace);
        assert_eq!(of(&effects, "data.size"), Effect::Initial);
        assert_eq!(of(&effects, "database"), Effect::InPlace);
    }
}
