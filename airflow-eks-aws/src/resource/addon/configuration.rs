//! Settings of an add-on: a value for us, a text for EKS.

use serde_json::Value;

/// The settings as EKS wants them. None at all are said as an empty object, which takes back those that there were.
pub(super) fn text(value: Option<&Value>) -> String {
    value.map_or_else(|| "{}".to_owned(), ToString::to_string)
}

/// The settings that EKS tells. What is no JSON was written by somebody else, and stays the text it is.
pub(super) fn read(text: Option<&str>, wanted: Option<&Value>) -> Option<Value> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    let says_nothing = value.as_object().is_some_and(serde_json::Map::is_empty);
    if says_nothing { wanted.filter(|wanted| **wanted == value).cloned() } else { Some(value) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_compared_by_what_they_say() {
        let wanted = json!({"env": {"A": "1", "B": "2"}});
        let told = r#"{ "env": {"B": "2", "A": "1"} }"#;
        assert_eq!(read(Some(told), Some(&wanted)), Some(wanted));
    }

    #[test]
    fn an_empty_object_says_nothing() {
        assert_eq!(read(Some("{}"), None), None);
        assert_eq!(read(Some("{}"), Some(&json!({}))), Some(json!({})));
        assert_eq!(read(None, None), None);
        assert_eq!(text(None), "{}");
    }

    #[test]
    fn yaml_of_somebody_else_is_a_difference() {
        assert_eq!(read(Some("replicaCount: 3\n"), None), Some(json!("replicaCount: 3")));
    }
}
