//! How a checked word is declared: its rule, an example and the source of the rule, in one place.

/// A word that breaks the rule of its type.
///
/// `Display` says what is wrong and what the type allows; it never repeats the whole input, which may be long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidText {
    /// What is wrong with the value.
    pub reason: String,
    /// What to write instead: an example of a correct value.
    pub example: &'static str,
}

/// Values that stand in this crate's own source, such as defaults. Tests build each of them, and so check it.
pub(crate) trait Known {
    fn known(text: &'static str) -> Self;
}

/// Declares string types whose every value satisfies a rule.
///
/// A value can only be made by `new`, `parse` or deserialisation, all of which apply the rule.
macro_rules! text_type {
    ($(
        $(#[$doc:meta])*
        $name:ident, $rule:expr, example $example:literal, source $source:literal;
    )+) => { $(
        $(#[$doc])*
        ///
        #[doc = concat!("Example: `", $example, "`. Rule: <", $source, ">.")]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// An example of a correct value.
            pub const EXAMPLE: &'static str = $example;

            /// Checks `text` against the rule of this type.
            ///
            /// # Errors
            /// `InvalidText` says which part of the rule is broken.
            pub fn new(text: impl Into<String>) -> Result<Self, $crate::types::InvalidText> {
                let text = text.into();
                let rule: fn(&str) -> Result<(), String> = $rule;
                match rule(&text) {
                    Ok(()) => Ok(Self(text)),
                    Err(reason) => Err($crate::types::InvalidText { reason, example: $example }),
                }
            }

            /// The value as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::types::Known for $name {
            fn known(text: &'static str) -> Self {
                debug_assert!(Self::new(text).is_ok(), "{text} is not well formed");
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::types::InvalidText;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::types::InvalidText;
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(text).map_err(|invalid| $crate::types::text::custom_error(&invalid))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "examples": [$example], "$comment": $source })
            }
        }
    )+ };
}
pub(crate) use text_type;

/// Marks where the example begins in an error that has to travel through serde as plain text.
pub(crate) const HINT_MARK: char = '\u{1f}';

/// Carries reason and example through `serde::de::Error::custom`, which takes text only.
pub(crate) fn custom_error<E: serde::de::Error>(invalid: &InvalidText) -> E {
    E::custom(format_args!("{}{HINT_MARK}write for example `{}`", invalid.reason, invalid.example))
}

/// `Err` with the reason unless `condition` holds.
pub(crate) fn ensure(condition: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(reason()) }
}

/// A word as messages show it: quoted and, when long, cut.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::from("`");
    for c in text.chars().take(LONGEST) {
        match c {
            '"' | '\'' | '\\' => shown.push(c),
            _ => shown.extend(c.escape_debug()),
        }
    }
    shown.push_str(if text.chars().nth(LONGEST).is_some() { "…`" } else { "`" });
    shown
}

/// Lower-case letters, digits and `-`, beginning and ending with a letter or digit: RFC 1123.
pub(crate) fn dns_label(text: &str, longest: usize) -> Result<(), String> {
    ensure(!text.is_empty(), || "is empty".to_owned())?;
    ensure(text.len() <= longest, || {
        format!("has {} characters, at most {longest} are allowed", text.len())
    })?;
    if let Some(bad) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        return Err(format!(
            "{} contains `{}`; only lower-case letters, digits and `-` are allowed",
            shown(text),
            bad.escape_debug()
        ));
    }
    ensure(!text.starts_with('-') && !text.ends_with('-'), || {
        format!("{} begins or ends with `-`", shown(text))
    })
}

/// One to several DNS labels joined by dots.
pub(crate) fn dns_subdomain(text: &str) -> Result<(), String> {
    ensure(text.len() <= 253, || format!("has {} characters, at most 253 are allowed", text.len()))?;
    text.split('.').try_for_each(|label| dns_label(label, 63))
}
