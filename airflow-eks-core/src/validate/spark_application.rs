//! Spark applications.

use super::{Check, at, no_repetition, pod, spark_team};
use crate::problem::Path;
use crate::spec::{CapacityType, SparkApplication, SparkLanguage};
use crate::types::Quantity;

pub(super) fn check(check: &mut Check<'_>) {
    let applications = &check.spec.spark.applications;
    let path = at("spark").key("applications");
    let names = applications.iter().map(|application| format!("{}/{}", application.team, application.name));
    no_repetition(check, &path, Some("name"), names.collect::<Vec<_>>());
    for (position, application) in applications.iter().enumerate() {
        let path = path.index(position);
        program(check, &path, application);
        placement(check, &path, application);
        let (driver, executor) = (&application.driver, &application.executor);
        sizes(check, &path.key("driver"), driver.cores, driver.core_limit.as_ref());
        sizes(check, &path.key("executor"), executor.cores, executor.core_limit.as_ref());
        pod::environment(check, &path.key("driver").key("env"), &driver.env);
        pod::environment(check, &path.key("executor").key("env"), &executor.env);
        check.ensure(
            executor.instances >= 1,
            &path.key("executor").key("instances"),
            "without executors nothing is computed",
            "write at least 1",
        );
    }
}

fn program(check: &mut Check<'_>, path: &Path, application: &SparkApplication) {
    let file = &application.main_application_file;
    check.ensure(
        file.split_once("://").is_some_and(|(scheme, rest)| {
            matches!(scheme, "local" | "s3a" | "https" | "http" | "hdfs" | "file") && !rest.is_empty()
        }),
        &path.key("mainApplicationFile"),
        format!("`{}` does not say where the program lies", file.escape_debug()),
        "begin with local:// for a file in the image, or s3a:// for one in S3",
    );
    let needs_class = matches!(application.language, SparkLanguage::Java | SparkLanguage::Scala);
    check.ensure_reading(
        &[path.key("type")],
        !needs_class || application.main_class.is_some(),
        &path.key("mainClass"),
        format!("a program in {:?} needs the class to start", application.language),
        "add `mainClass`, such as org.apache.spark.examples.SparkPi",
    );
    // An image whose tag begins with a version says what it holds; drivers and executors of two versions do not talk.
    let tag = application.image.tag().unwrap_or_default();
    let tagged: String = tag.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let (tagged, said) = (tagged.trim_end_matches('.'), application.spark_version.as_str());
    check.ensure_reading(
        &[path.key("image")],
        tagged.split('.').count() != 3 || tagged == said,
        &path.key("sparkVersion"),
        format!("the image holds Spark {tagged}, but `sparkVersion` says {said}"),
        format!("write `sparkVersion: {tagged}`, or choose another image"),
    );
    for (key, value) in &application.spark_conf {
        check.ensure(
            key.starts_with("spark.") && !value.contains('\n'),
            &path.key("sparkConf").key(key),
            format!("`{}` is not a property of Spark", key.escape_debug()),
            "properties begin with `spark.`; Hadoop's own go to `hadoopConf`",
        );
    }
}

fn placement(check: &mut Check<'_>, path: &Path, application: &SparkApplication) {
    let spec = check.spec;
    let teams: Vec<&str> = spec.spark.teams.iter().map(|team| team.name.as_str()).collect();
    check.ensure_reading(
        &[at("spark").key("teams")],
        teams.contains(&application.team.as_str()),
        &path.key("team"),
        format!("there is no team `{}`", application.team),
        if teams.is_empty() {
            "add it to `spark.teams`".to_owned()
        } else {
            format!("choose one of `spark.teams`: {}", teams.join(", "))
        },
    );
    let Some(name) = &application.pool else { return };
    let Some(pool) = spec.karpenter_node_pools.iter().find(|pool| pool.name == *name) else {
        let hint = spark_team::pools(check);
        return check.ensure_reading(
            &[at("karpenterNodePools")],
            false,
            &path.key("pool"),
            format!("there is no Karpenter node pool `{name}`"),
            hint,
        );
    };
    let offered = pool.settings().capacity_types;
    for (key, on) in [("driver", application.driver.on), ("executor", application.executor.on)] {
        let word = CapacityType::karpenter_label(on);
        check.ensure_reading(
            &[at("karpenterNodePools")],
            offered.contains(&on),
            &path.key(key).key("on"),
            format!("the pool `{name}` has no {word} nodes"),
            format!("add {word} to the pool's capacityTypes, or choose another pool"),
        );
    }
}

fn sizes(check: &mut Check<'_>, path: &Path, cores: u32, limit: Option<&Quantity>) {
    check.ensure(
        (1..=192).contains(&cores),
        &path.key("cores"),
        format!("{cores} is not a number of processors that a pod can have"),
        "write a number from 1 to 192",
    );
    if let Some(limit) = limit {
        check.ensure_reading(
            &[path.key("cores")],
            limit.milli() >= i128::from(cores) * 1000,
            &path.key("coreLimit"),
            format!("{limit} is less than the {cores} processors that are asked for"),
            "raise coreLimit, or remove it",
        );
    }
}
