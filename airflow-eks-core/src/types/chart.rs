//! Where Helm charts come from.

use super::text::{ensure, shown, text_type};

text_type! {
    /// The URL of a chart repository. Credentials do not belong in it: Helm has its own place for them.
    ChartRepository, repository, example "https://charts.example.com",
        source "https://helm.sh/docs/topics/chart_repository/";
    /// The name of a chart.
    ChartName, name, example "cluster-autoscaler",
        source "https://helm.sh/docs/chart_best_practices/conventions/#chart-names";
    /// The reference of a chart in an OCI registry, without its version.
    OciReference, oci, example "oci://registry.example.com/charts/keda",
        source "https://helm.sh/docs/topics/registries/";
    /// A folder or an archive with a chart.
    ChartPath, path, example "charts/keda-2.20.2.tgz",
        source "https://helm.sh/docs/topics/charts/#the-chart-file-structure";
}

fn repository(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| format!("{} is no https address", shown(text)))?;
    host(text, rest)?;
    ensure(!text.contains(['?', '#']), || format!("{} has more than a host and a path", shown(text)))
}

fn host(text: &str, rest: &str) -> Result<(), String> {
    let host = rest.split('/').next().unwrap_or_default();
    ensure(!host.contains('@'), || "carries credentials; give them to Helm itself".to_owned())?;
    let plain = !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    ensure(plain, || format!("{} names no host", shown(text)))
}

fn name(text: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    ensure(text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain), || {
        format!("{} is no name of lower-case letters, digits and `-`", shown(text))
    })
}

fn oci(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("oci://");
    let rest = rest.ok_or_else(|| format!("{} does not begin with `oci://`", shown(text)))?;
    host(text, rest)?;
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    ensure(!path.is_empty() && !path.ends_with('/'), || format!("{} names no chart", shown(text)))?;
    ensure(!path.contains([':', '@']), || {
        format!("{} holds a version; write it as the add-on's `version`", shown(text))
    })
}

fn path(text: &str) -> Result<(), String> {
    // Helm would take a word that begins with `-` for an option.
    let plain = !text.is_empty() && !text.starts_with('-') && !text.chars().any(char::is_control);
    ensure(plain && !text.contains("://"), || format!("{} is no path", shown(text)))
}
