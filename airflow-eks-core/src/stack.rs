//! The validated stack.

use crate::desired::Names;
use crate::facts::Facts;
use crate::problem::{Path, Problems};
use crate::spec::StackSpec;
use crate::types::{AccountId, AvailabilityZone};
use crate::validate;

/// A stack that has passed every rule. Nothing else is rendered, planned or applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    spec: StackSpec,
    account: Option<AccountId>,
    zones: Vec<AvailabilityZone>,
}

impl Stack {
    /// Checks every rule that relates the parts of a stack to each other and to what is already true.
    ///
    /// # Errors
    /// Every problem at once.
    ///
    /// ```
    /// use airflow_eks_core::spec::StackSpec;
    /// use airflow_eks_core::{Facts, Stack};
    ///
    /// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
    /// let spec = StackSpec::builder().name("demo".parse()?).region("eu-central-1".parse()?).build();
    /// let problems = Stack::validate(spec, &Facts::unknown()).unwrap_err();
    /// assert_eq!(problems.iter().next().unwrap().path.to_string(), "nodeGroups");
    /// # Ok(())
    /// # }
    /// ```
    pub fn validate(spec: StackSpec, facts: &Facts) -> Result<Self, Problems> {
        Self::validate_known(spec, facts, &[])
    }

    /// Checks a stack of which some parts could not be read: no rule counts on what stands there instead.
    pub(crate) fn validate_known(spec: StackSpec, facts: &Facts, unread: &[Path]) -> Result<Self, Problems> {
        let problems = validate::all(&spec, facts, unread);
        let account = spec.account.clone().or_else(|| facts.account.clone());
        problems.or(|| Self { zones: zones(&spec, facts), spec, account })
    }

    /// What the user said, with defaults filled in.
    #[must_use]
    pub fn spec(&self) -> &StackSpec {
        &self.spec
    }

    /// The name of the EKS cluster: that of the stack, or that of the existing one.
    #[must_use]
    pub fn cluster_name(&self) -> &str {
        Names::of(self).cluster()
    }

    /// The account that the stack belongs to, where it is known.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// The availability zones of the stack's own network: those that it names, or else the first of those that EKS can use.
    /// Where those are not known, stand-ins such as `us-west-2a`: whoever makes something gathers facts first.
    #[must_use]
    pub fn zones(&self) -> &[AvailabilityZone] {
        &self.zones
    }
}

fn zones(spec: &StackSpec, facts: &Facts) -> Vec<AvailabilityZone> {
    let network = &spec.network;
    if !network.availability_zones.is_empty() {
        return network.availability_zones.clone();
    }
    let stand_in = |letter: char| AvailabilityZone::new(format!("{}{letter}", spec.region)).ok();
    let mut usable = facts.usable_zones.clone().unwrap_or_else(|| ('a'..='z').filter_map(stand_in).collect());
    usable.sort();
    usable.truncate(network.zone_count.into());
    usable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Network, NodeGroup};

    fn zones(network: Network, usable: Option<&[&str]>) -> Vec<String> {
        let spec = StackSpec::builder()
            .name("demo".parse().unwrap())
            .region("us-west-2".parse().unwrap())
            .node_group(NodeGroup::builder().name("core".parse().unwrap()).build())
            .network(network)
            .build();
        let usable = usable.map(|zones| zones.iter().map(|zone| zone.parse().unwrap()).collect());
        let facts = Facts { usable_zones: usable, ..Facts::unknown() };
        Stack::validate(spec, &facts).unwrap().zones().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn zones_are_those_of_the_stack_or_the_first_usable_ones() {
        let usable = Some(["us-west-2d", "us-west-2b", "us-west-2c"].as_slice());
        assert_eq!(zones(Network::default(), usable), ["us-west-2b", "us-west-2c"]);
        let named = |zone: &str| zone.parse().unwrap();
        let network = Network::builder().availability_zone(named("us-west-2d"));
        let network = network.availability_zone(named("us-west-2b")).build();
        assert_eq!(zones(network, usable), ["us-west-2d", "us-west-2b"]);
        assert_eq!(
            zones(Network::builder().zone_count(3).build(), None).join(" "),
            "us-west-2a us-west-2b us-west-2c"
        );
    }

    #[test]
    fn too_few_usable_zones_are_told() {
        let document = crate::Document::parse(
            "name: demo\nregion: us-west-2\nnodeGroups: [{name: core}]\nnetwork: {zoneCount: 3}\n",
            "stack.yaml",
        );
        let usable = ["us-west-2a", "us-west-2b"].map(|zone| zone.parse().unwrap());
        let facts = Facts { usable_zones: Some(usable.into()), ..Facts::unknown() };
        let problems = document.unwrap().stack(&facts).unwrap_err();
        assert_eq!(problems.iter().next().unwrap().path.to_string(), "network.zoneCount");
    }
}
