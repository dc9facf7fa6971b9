//! The last words of a container.

use serde_json::Value;

use super::{cluster::Cluster, lines::Lines};
use crate::refusal::in_words;

/// Tells the end of a container's log: that of the run that failed, or of the present one where that is gone.
pub(super) async fn tell(
    cluster: &Cluster,
    pod: &Value,
    container: &str,
    previous: bool,
    most: i64,
    lines: &mut Lines,
) {
    let runs: &[bool] = if previous { &[true, false] } else { &[false] };
    let mut refused = None;
    for run in runs {
        match cluster.log(pod, container, *run, most).await {
            Ok(log) if log.trim().is_empty() => {}
            Ok(log) => {
                let last: Vec<_> = log.lines().filter(|line| !line.trim().is_empty()).collect();
                let most = usize::try_from(most).unwrap_or(0);
                lines.push_log(last.iter().skip(last.len().saturating_sub(most)).copied());
                return;
            }
            Err(error) => refused = Some(in_words(&error)),
        }
    }
    if let Some(refused) = refused {
        lines.push(&format!("the log of container {container} cannot be read: {refused}"));
    }
}
