//! Kubernetes names and label parts.

use super::text::{dns_label, dns_subdomain, ensure, shown, text_type};

text_type! {
    /// A Kubernetes namespace.
    NamespaceName, |t| dns_label(t, 63), example "airflow",
        source "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names";
    /// The name of a Kubernetes object that must be a DNS label, such as a Service.
    LabelName, |t| dns_label(t, 63), example "spark-team-a",
        source "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names";
    /// The name of a Kubernetes object: one or more DNS labels joined by dots.
    ObjectName, dns_subdomain, example "git-credentials",
        source "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names";
    /// The key of a Kubernetes label, annotation or taint: an optional DNS prefix and `/`, then a name.
    LabelKey, label_key, example "example.com/team",
        source "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";
    /// The value of a Kubernetes label or taint.
    LabelValue, label_value, example "core",
        source "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";
    /// The name of an environment variable. Letters, digits and `_`, not beginning with a digit.
    EnvironmentVariableName, environment_variable_name, example "ENVIRONMENT",
        source "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html";
    /// A host name.
    HostName, host_name, example "airflow.example.com",
        source "https://datatracker.ietf.org/doc/html/rfc1123#section-2.1";
}

fn qualified_part(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn label_key(text: &str) -> Result<(), String> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if let Some(prefix) = prefix {
        dns_subdomain(prefix)
            .map_err(|reason| format!("{} is malformed before its `/`: {reason}", shown(text)))?;
    }
    ensure(qualified_part(name), || {
        format!(
            "{} is not 1 to 63 letters, digits, `-`, `_` and `.` with a letter or digit at each end",
            shown(name)
        )
    })
}

fn label_value(text: &str) -> Result<(), String> {
    ensure(text.is_empty() || qualified_part(text), || {
        format!(
            "{} is not up to 63 letters, digits, `-`, `_` and `.` with a letter or digit at each end",
            shown(text)
        )
    })
}

fn environment_variable_name(text: &str) -> Result<(), String> {
    let shape = !text.is_empty()
        && text.len() <= 255
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit());
    ensure(shape, || {
        format!("{} is not made of letters, digits and `_`, or begins with a digit", shown(text))
    })
}

fn host_name(text: &str) -> Result<(), String> {
    dns_subdomain(text)?;
    ensure(text.contains('.'), || format!("{} is not a full host name with its domain", shown(text)))
}
