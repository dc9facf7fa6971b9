//! Policy documents, compared by what they mean: AWS gives them back with lists of one as a text, and in another order.
//! See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A policy as AWS has it. Where it means what the wanted one means, it is given in the words of that.
pub(crate) fn read(wanted: Option<&Value>, text: &str) -> Value {
    let found = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    match wanted {
        Some(wanted) if plain(wanted) == plain(&found) => wanted.clone(),
        _ => found,
    }
}

/// The same for IAM, which encodes documents as in a URL.
/// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>.
pub(crate) fn read_encoded(wanted: Option<&Value>, text: &str) -> Value {
    read(wanted, &percent_decode_str(text).decode_utf8_lossy())
}

/// A pattern of events: the order of alternatives means nothing.
/// See <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html>.
pub(crate) fn read_event_pattern(wanted: &Value, text: &str) -> Value {
    let found = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    if unordered(wanted) == unordered(&found) { wanted.clone() } else { found }
}

/// One form for all documents that mean the same.
fn plain(policy: &Value) -> Value {
    let Value::Object(policy) = policy else { return policy.clone() };
    let mut policy = policy.clone();
    if let Some(statements) = policy.get_mut("Statement") {
        *statements = sorted(list(statements).iter().map(statement).collect());
    }
    Value::Object(policy)
}

fn statement(statement: &Value) -> Value {
    let Value::Object(fields) = statement else { return statement.clone() };
    let fields = fields.iter().filter(|(key, value)| *key != "Sid" || *value != "");
    let fields = fields.map(|(key, value)| {
        let value = match key.as_str() {
            // Actions are the same in upper and lower case.
            "Action" | "NotAction" => texts(value, str::to_lowercase),
            "Resource" | "NotResource" => texts(value, str::to_owned),
            "Principal" | "NotPrincipal" => principal(value),
            "Condition" => condition(value),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(fields.collect())
}

/// Everybody is `*` or `{"AWS": "*"}`, and an account its number or the ARN of its root.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.
fn principal(value: &Value) -> Value {
    match value {
        Value::Object(kinds) => {
            let kinds = kinds.iter().map(|(kind, who)| (kind.clone(), texts(who, account)));
            Value::Object(kinds.collect())
        }
        everybody => Value::Object(Map::from_iter([("AWS".to_owned(), texts(everybody, account))])),
    }
}

fn account(principal: &str) -> String {
    let number = principal.strip_suffix(":root").and_then(|arn| arn.rsplit_once("iam::"));
    number.map_or(principal, |(_, number)| number).to_owned()
}

fn condition(value: &Value) -> Value {
    let Value::Object(operators) = value else { return value.clone() };
    let operators = operators.iter().map(|(operator, keys)| {
        let keys = match keys {
            Value::Object(keys) => {
                let keys = keys.iter().map(|(key, value)| (key.clone(), texts(value, str::to_owned)));
                Value::Object(keys.collect())
            }
            other => other.clone(),
        };
        (operator.clone(), keys)
    });
    Value::Object(operators.collect())
}

/// One text or several, as a sorted list. Conditions also have numbers and truth values, which are the same as texts.
fn texts(value: &Value, form: impl Fn(&str) -> String) -> Value {
    let text = |item: &Value| match item {
        Value::String(text) => form(text),
        other => other.to_string(),
    };
    sorted(list(value).iter().map(|item| Value::String(text(item))).collect())
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

fn unordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => sorted(items.iter().map(unordered).collect()),
        Value::Object(fields) => fields.iter().map(|(key, item)| (key.clone(), unordered(item))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_means_the_same_is_given_in_the_wanted_words() {
        let wanted = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["*"],
             "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]},
             "Condition": {"Bool": {"aws:SecureTransport": ["true"]}}},
            {"Effect": "Deny", "Action": "sqs:*", "Resource": "arn:aws:sqs:::q", "Principal": "*"},
        ]});
        let found = json!({"Version": "2012-10-17", "Statement": [
            {"Sid": "", "Effect": "Deny", "Action": ["SQS:*"], "Resource": "arn:aws:sqs:::q", "Principal": {"AWS": "*"}},
            {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*",
             "Principal": {"AWS": "123456789012"}, "Condition": {"Bool": {"aws:SecureTransport": true}}},
        ]});
        assert_eq!(read(Some(&wanted), &found.to_string()), wanted);
    }

    #[test]
    fn a_single_statement_may_stand_alone() {
        let one = json!({"Effect": "Allow", "Action": "sts:AssumeRole"});
        let wanted = json!({"Statement": [one]});
        let text = json!({"Statement": one}).to_string();
        let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
        assert_eq!(read_encoded(Some(&wanted), &encoded.to_string()), wanted);
    }

    #[test]
    fn what_means_something_else_is_given_as_it_is() {
        let wanted = json!({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]});
        let found = json!({"Statement": [{"Effect": "Allow", "Action": "s3:*", "NotResource": "*"}]});
        assert_eq!(read(Some(&wanted), &found.to_string()), found);
        assert_eq!(read(None, &found.to_string()), found);
    }

    #[test]
    fn alternatives_of_a_pattern_have_no_order() {
        let wanted = json!({"source": ["aws.ec2", "aws.health"]});
        assert_eq!(read_event_pattern(&wanted, r#"{"source":["aws.health","aws.ec2"]}"#), wanted);
        let other = json!({"source": ["aws.ec2"]});
        assert_eq!(read_event_pattern(&wanted, &other.to_string()), other);
    }
}
