//! `validate`: everything that is wrong with the stack.

use airflow_eks_core::desired;
use serde_json::json;

use crate::args::{Global, OutputFormat};
use crate::error::Error;
use crate::{input, output};

pub(crate) fn run(global: &Global) -> Result<(), Error> {
    let stack = input::stack(global)?;
    let objects = desired(&stack).kubernetes().count();
    match global.output {
        OutputFormat::Json => output::data(&airflow_eks_core::render::json(&json!({
            "valid": true, "stack": stack.spec().name, "kubernetesObjects": objects, "problems": [],
        }))),
        OutputFormat::Human => {
            output::talk(
                global,
                &format!("the stack `{}` is valid: {objects} Kubernetes objects", stack.spec().name),
            );
            Ok(())
        }
    }
}
