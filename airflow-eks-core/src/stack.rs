//! The validated stack.

use crate::desired::Names;
use crate::facts::Facts;
use crate::problem::{Path, Problems};
use crate::spec::StackSpec;
use crate::types::AccountId;
use crate::validate;

/// A stack that has passed every rule. Nothing else is rendered, planned or applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    spec: StackSpec,
    account: Option<AccountId>,
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
        problems.or(|| Self { spec, account })
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
}
