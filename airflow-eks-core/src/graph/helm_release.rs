//! A Helm release to be.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Value, json};

use super::late::{self, Late};

/// The identity of a Helm release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId {
    /// The namespace that it is installed into, and that keeps its state.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl ReleaseId {
    /// The identity of a release.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.to_owned(), name: name.to_owned() }
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HelmRelease {}/{}", self.namespace, self.name)
    }
}

/// Where a chart comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChartSource {
    /// A repository with an index.
    Repository {
        /// Its URL.
        url: String,
        /// The name of the chart in it.
        chart: String,
    },
    /// An OCI registry: the reference of the chart, which begins with `oci://`, without its version.
    Oci(String),
    /// A folder or an archive on this machine.
    Path(String),
}

/// A chart, pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Where it comes from.
    pub source: ChartSource,
    /// Its version. A chart on this machine has the one that it says itself.
    pub version: Option<String>,
}

impl Chart {
    /// The name of the chart, without where it comes from.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.source {
            ChartSource::Repository { chart, .. } => chart,
            ChartSource::Oci(text) | ChartSource::Path(text) => {
                text.trim_end_matches('/').rsplit('/').next().unwrap_or(text)
            }
        }
    }

    fn to_value(&self) -> Value {
        let source = match &self.source {
            ChartSource::Repository { url, chart } => json!({ "repository": url, "name": chart }),
            ChartSource::Oci(reference) => json!({ "oci": reference }),
            ChartSource::Path(path) => json!({ "path": path }),
        };
        json!({ "source": source, "version": self.version })
    }
}

/// A Helm release to be. Late values stand in its values as marks, as in Kubernetes objects.
#[derive(Debug, Clone, PartialEq)]
pub struct HelmRelease {
    /// Its identity.
    pub id: ReleaseId,
    /// What is installed.
    pub chart: Chart,
    /// What is said to the chart, over its own defaults.
    pub values: Value,
    /// Whether the definitions in the chart's folder `crds` are left out, because another release keeps them.
    pub skip_crds: bool,
}

impl HelmRelease {
    /// A release that brings the definitions of its chart.
    #[must_use]
    pub fn new(id: ReleaseId, chart: Chart, values: Value) -> Self {
        Self { id, chart, values, skip_crds: false }
    }

    /// The late values that its values hold.
    #[must_use]
    pub fn late_values(&self) -> BTreeSet<Late> {
        let mut found = BTreeSet::new();
        late::walk(&self.values, &mut |text| found.extend(late::in_text(text)));
        found
    }

    /// The same with every late value in its place that `value` knows. What it does not know stays a mark.
    #[must_use]
    pub fn resolved_where_known(&self, value: &dyn Fn(&Late) -> Option<String>) -> Self {
        let text = |text: &str| late::resolve(text, &|late| value(late).unwrap_or_else(|| late.mark()));
        Self { values: late::replace(&self.values, &text), ..self.clone() }
    }

    /// The values with every late value replaced by what `value` gives for it.
    #[must_use]
    pub fn resolved(&self, value: &dyn Fn(&Late) -> String) -> Value {
        late::replace(&self.values, &|text| late::resolve(text, value))
    }

    /// Its fields, with a mark for each late value.
    pub(crate) fn fields(&self) -> Value {
        json!({ "chart": self.chart.to_value(), "values": self.values })
    }
}
