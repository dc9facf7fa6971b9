//! What AWS has told so far.

use std::collections::BTreeMap;

use crate::aws_resources::AwsKind;
use crate::graph::{Attribute, AwsId, Late, Output, ResourceId};
use crate::render::Outputs;
use crate::types::AccountId;

/// What AWS has told so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    account: Option<String>,
    attributes: BTreeMap<(AwsId, Attribute), String>,
}

impl Told {
    pub(crate) fn new(account: Option<&AccountId>) -> Self {
        Self { account: account.map(ToString::to_string), attributes: BTreeMap::new() }
    }

    /// Takes in what one resource tells. Kubernetes objects tell nothing.
    pub(crate) fn tell(&mut self, id: &ResourceId, attributes: &BTreeMap<Attribute, String>) {
        if let ResourceId::Aws(id) = id {
            let told = attributes.iter().map(|(name, value)| ((id.clone(), *name), value.clone()));
            self.attributes.extend(told);
        }
    }

    pub(crate) fn value(&self, late: &Late) -> Option<String> {
        match late {
            Late::Attribute(id, attribute) => self.attributes.get(&(id.clone(), *attribute)).cloned(),
            Late::Output(Output::AccountId) => self.account.clone(),
            Late::Output(output) => {
                tellers(*output).into_iter().find_map(|teller| self.attributes.get(&teller).cloned())
            }
            Late::Secret(_) => None,
        }
    }

    /// What the whole stack tells.
    pub(crate) fn outputs(&self) -> Outputs {
        let known =
            Output::ALL.iter().filter_map(|output| Some((*output, self.value(&Late::Output(*output))?)));
        known.fold(Outputs::default(), |outputs, (output, value)| outputs.with(output, value))
    }

    pub(crate) fn into_attributes(self) -> BTreeMap<(AwsId, Attribute), String> {
        self.attributes
    }
}

/// The resources that may tell an output: a cluster that was there before stands in for the stack's own, and knows its VPC.
pub(super) fn tellers(output: Output) -> Vec<(AwsId, Attribute)> {
    let Some((id, attribute)) = output.source() else { return Vec::new() };
    let existing = AwsId::new(AwsKind::ExistingCluster, "cluster");
    let also = match id.kind {
        AwsKind::Cluster => Some((existing, attribute)),
        AwsKind::Vpc => Some((existing, Attribute::VpcId)),
        _ => None,
    };
    std::iter::once((id, attribute)).chain(also).collect()
}
