//! `schema`: the JSON Schema of `stack.yaml`.

use crate::error::Error;
use crate::output;

pub(crate) fn run() -> Result<(), Error> {
    output::data(&airflow_eks_core::render::json(&airflow_eks_core::json_schema()))
}
