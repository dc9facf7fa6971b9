//! KEDA. See <https://keda.sh/docs/latest/deploy/>.

use serde::Serialize;

use super::super::namespace::namespace;
use super::{AddonRelease, Addons, chart};
use crate::desired::Names;
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAME: &str = "keda";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    cluster_name: String,
    image: Image,
}

/// Its tags never change what they name, so that an image need not be pulled at each start.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    pull_policy: &'static str,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let values = Values {
        cluster_name: Names::of(stack).cluster().to_owned(),
        image: Image { pull_policy: "IfNotPresent" },
    };
    addons.objects.push(namespace(stack, NAME, NAME));
    addons.releases.push(AddonRelease::new(stack, AddonKind::Keda, chart::KEDA, (NAME, NAME), &values));
}
