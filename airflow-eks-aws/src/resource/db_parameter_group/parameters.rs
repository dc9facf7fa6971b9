//! The parameters of a parameter group.
//!
//! A dynamic parameter counts at once, a static one after the next restart of the instance:
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html>.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::DbParameterGroup;
use airflow_eks_core::graph::AwsId;
use aws_sdk_rds::types::{ApplyMethod, Filter, Parameter};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::resource::Wanted;

type Parameters = BTreeMap<String, String>;

/// How many parameters one call changes:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html>.
const AT_A_TIME: usize = 20;

/// The parameters that were set: the engine has defaults for hundreds more. RDS does not count one as set whose value is
/// the default, such as `rds.force_ssl` from PostgreSQL 15 on: a wanted one that has its value by default is as good.
/// See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html>.
pub(super) async fn set(
    aws: &Aws,
    id: &AwsId,
    group: &str,
    wanted: &Parameters,
) -> Result<Parameters, Error> {
    let all = list(aws, id, group, Some("user"), None).await?;
    let set = all.into_iter().filter(|one| one.source.as_deref().is_none_or(|source| source == "user"));
    let set: Parameters = set.filter_map(|one| Some((one.parameter_name?, one.parameter_value?))).collect();
    if wanted.keys().all(|name| set.contains_key(name)) {
        return Ok(set);
    }
    let all = list(aws, id, group, None, None).await?;
    Ok(with_defaults(set, &all, wanted))
}

/// Adds what has the wanted value without having been set.
fn with_defaults(mut set: Parameters, all: &[Parameter], wanted: &Parameters) -> Parameters {
    for one in all {
        let (Some(name), Some(value)) = (one.parameter_name(), one.parameter_value()) else { continue };
        if !set.contains_key(name) && wanted.get(name).is_some_and(|wanted| wanted == value) {
            set.insert(name.to_owned(), value.to_owned());
        }
    }
    set
}

/// Sets what differs, and sets back what is not wanted any more.
pub(super) async fn write(
    aws: &Aws,
    wanted: Wanted<'_, DbParameterGroup>,
    there: &Parameters,
) -> Result<(), Error> {
    let group = wanted.body.db_parameter_group_name.as_str();
    let (new, gone) = difference(there, &wanted.body.parameters);
    if new.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let names = new.keys().chain(&gone).cloned().collect();
    let dynamic = dynamic(aws, wanted.id, group, names).await?;
    let parameter = |name: &String| {
        let method = if dynamic.contains(name) { ApplyMethod::Immediate } else { ApplyMethod::PendingReboot };
        Parameter::builder().parameter_name(name).apply_method(method)
    };
    let new: Vec<Parameter> =
        new.iter().map(|(name, value)| parameter(name).parameter_value(value).build()).collect();
    for some in new.chunks(AT_A_TIME) {
        let request = aws.rds.modify_db_parameter_group().db_parameter_group_name(group);
        let send = || request.clone().set_parameters(Some(some.to_vec())).send();
        aws.call(Operation::repeatable("rds", "ModifyDBParameterGroup"), wanted.id, send).await?;
    }
    let gone: Vec<Parameter> = gone.iter().map(|name| parameter(name).build()).collect();
    for some in gone.chunks(AT_A_TIME) {
        let request = aws.rds.reset_db_parameter_group().db_parameter_group_name(group);
        let send = || request.clone().reset_all_parameters(false).set_parameters(Some(some.to_vec())).send();
        aws.call(Operation::repeatable("rds", "ResetDBParameterGroup"), wanted.id, send).await?;
    }
    Ok(())
}

/// What is to be set, and what is to be set back.
fn difference(there: &Parameters, wanted: &Parameters) -> (Parameters, BTreeSet<String>) {
    let new = wanted.iter().filter(|(name, value)| there.get(*name) != Some(*value));
    let gone = there.keys().filter(|name| !wanted.contains_key(*name));
    (new.map(|(name, value)| (name.clone(), value.clone())).collect(), gone.cloned().collect())
}

/// Which of them are dynamic. Where RDS does not say, waiting for a restart is what it always takes.
async fn dynamic(
    aws: &Aws,
    id: &AwsId,
    group: &str,
    names: BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    let filter =
        Filter::builder().name("parameter-name").set_values(Some(names.into_iter().collect())).build();
    let known = list(aws, id, group, None, Some(filter)).await?;
    let dynamic = known.into_iter().filter(|one| one.apply_type.as_deref() == Some("dynamic"));
    Ok(dynamic.filter_map(|one| one.parameter_name).collect())
}

async fn list(
    aws: &Aws,
    id: &AwsId,
    group: &str,
    source: Option<&str>,
    filter: Option<Filter>,
) -> Result<Vec<Parameter>, Error> {
    let operation = Operation::read("rds", "DescribeDBParameters");
    let request = aws
        .rds
        .describe_db_parameters()
        .db_parameter_group_name(group)
        .set_source(source.map(str::to_owned))
        .set_filters(filter.map(|filter| vec![filter]));
    let send = |marker| request.clone().set_marker(marker).send();
    aws.every_page(operation, id, send, |page| (page.parameters, page.marker)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_that_is_wanted_counts_as_set_and_no_other() {
        let one = |name: &str, value: &str| {
            Parameter::builder().parameter_name(name).parameter_value(value).source("system").build()
        };
        let all = [one("rds.force_ssl", "1"), one("log_min_duration_statement", "-1"), one("other", "1")];
        let wanted = Parameters::from([
            ("rds.force_ssl".to_owned(), "1".to_owned()),
            ("log_min_duration_statement".to_owned(), "1000".to_owned()),
        ]);
        let set = with_defaults(Parameters::new(), &all, &wanted);
        assert_eq!(set, Parameters::from([("rds.force_ssl".to_owned(), "1".to_owned())]));
    }

    #[test]
    fn only_what_differs_is_set_and_what_is_not_wanted_is_set_back() {
        let of = |pairs: &[(&str, &str)]| -> Parameters {
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
        };
        let (new, gone) = difference(
            &of(&[("a", "1"), ("b", "1"), ("c", "1")]),
            &of(&[("a", "1"), ("b", "2"), ("d", "1")]),
        );
        assert_eq!(new, of(&[("b", "2"), ("d", "1")]));
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), ["c"]);
    }
}
