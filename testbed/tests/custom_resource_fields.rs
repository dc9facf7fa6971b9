//! The types of custom resources have the fields that the installed definitions have, with the same types.
//!
//! A field too many or of another type is an error. A field too few is not, but it is written down here: a
//! new version of a definition that brings more makes a test fail, and somebody decides whether it is wanted.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

use std::{any::TypeId, collections::BTreeSet};

use airflow_eks_core::custom_resources::{
    external_secrets::{ClusterSecretStore, ExternalSecret, SecretStore},
    karpenter::{EC2NodeClass, NodePool},
    prometheus::{PodMonitor, ServiceMonitor},
    spark::{ScheduledSparkApplication, SparkApplication},
};
use airflow_eks_testbed::TestBed;
use k8s_openapi::{ClusterResourceScope, Resource};
use schemars::JsonSchema;
use serde_json::{Value, json};

/// Every other provider, and the long-lived keys of AWS.
const STORE_LACKS: &[&str] = &[
    "spec.provider.akeyless",
    "spec.provider.alibaba",
    "spec.provider.aws.auth.secretRef",
    "spec.provider.azurekv",
    "spec.provider.barbican",
    "spec.provider.beyondtrust",
    "spec.provider.bitwardensecretsmanager",
    "spec.provider.chef",
    "spec.provider.cloudrusm",
    "spec.provider.conjur",
    "spec.provider.delinea",
    "spec.provider.device42",
    "spec.provider.doppler",
    "spec.provider.dvls",
    "spec.provider.fake",
    "spec.provider.fortanix",
    "spec.provider.gcpsm",
    "spec.provider.github",
    "spec.provider.gitlab",
    "spec.provider.ibm",
    "spec.provider.infisical",
    "spec.provider.keepersecurity",
    "spec.provider.kubernetes",
    "spec.provider.ngrok",
    "spec.provider.onboardbase",
    "spec.provider.onepassword",
    "spec.provider.onepasswordSDK",
    "spec.provider.oracle",
    "spec.provider.passbolt",
    "spec.provider.passworddepot",
    "spec.provider.previder",
    "spec.provider.pulumi",
    "spec.provider.scaleway",
    "spec.provider.secretserver",
    "spec.provider.senhasegura",
    "spec.provider.vault",
    "spec.provider.volcengine",
    "spec.provider.webhook",
    "spec.provider.yandexcertificatemanager",
    "spec.provider.yandexlockbox",
];

/// Generators.
const EXTERNAL_SECRET_LACKS: &[&str] =
    &["spec.dataFrom[].sourceRef.generatorRef", "spec.data[].sourceRef.generatorRef"];

/// Proxies, OAuth 2, files in the container of Prometheus, native histograms, and what upstream deprecated.
const SERVICE_MONITOR_LACKS: &[&str] = &[
    "spec.convertClassicHistogramsToNHCB",
    "spec.endpoints[].bearerTokenFile",
    "spec.endpoints[].bearerTokenSecret",
    "spec.endpoints[].noProxy",
    "spec.endpoints[].oauth2",
    "spec.endpoints[].proxyConnectHeader",
    "spec.endpoints[].proxyFromEnvironment",
    "spec.endpoints[].proxyUrl",
    "spec.endpoints[].tlsConfig.caFile",
    "spec.endpoints[].tlsConfig.certFile",
    "spec.endpoints[].tlsConfig.keyFile",
    "spec.nativeHistogramBucketLimit",
    "spec.nativeHistogramMinBucketFactor",
    "spec.scrapeClassicHistograms",
    "spec.selectorMechanism",
];

/// As for services; and the port by number, because one endpoint type serves both and ports here have names.
const POD_MONITOR_LACKS: &[&str] = &[
    "spec.convertClassicHistogramsToNHCB",
    "spec.nativeHistogramBucketLimit",
    "spec.nativeHistogramMinBucketFactor",
    "spec.podMetricsEndpoints[].bearerTokenSecret",
    "spec.podMetricsEndpoints[].noProxy",
    "spec.podMetricsEndpoints[].oauth2",
    "spec.podMetricsEndpoints[].portNumber",
    "spec.podMetricsEndpoints[].proxyConnectHeader",
    "spec.podMetricsEndpoints[].proxyFromEnvironment",
    "spec.podMetricsEndpoints[].proxyUrl",
    "spec.scrapeClassicHistograms",
    "spec.selectorMechanism",
];

#[test]
fn node_pool() {
    check::<NodePool>(&[]);
}

#[test]
fn ec2_node_class() {
    check::<EC2NodeClass>(&[]);
}

#[test]
fn spark_application() {
    check::<SparkApplication>(&[]);
}

#[test]
fn scheduled_spark_application() {
    check::<ScheduledSparkApplication>(&[]);
}

#[test]
fn secret_store() {
    check::<SecretStore>(STORE_LACKS);
}

#[test]
fn cluster_secret_store() {
    check::<ClusterSecretStore>(STORE_LACKS);
}

#[test]
fn external_secret() {
    check::<ExternalSecret>(EXTERNAL_SECRET_LACKS);
}

#[test]
fn service_monitor() {
    check::<ServiceMonitor>(SERVICE_MONITOR_LACKS);
}

#[test]
fn pod_monitor() {
    check::<PodMonitor>(POD_MONITOR_LACKS);
}

/// Compares a type with its definition in the running test bed.
fn check<K: Resource<Scope: 'static> + JsonSchema>(lacks: &[&str]) {
    let name = format!("{}.{}", K::URL_PATH_SEGMENT, K::GROUP);
    let definition = TestBed::connect()
        .unwrap()
        .kubectl()
        .run(
            &format!("read the definition {name}"),
            &["get", "customresourcedefinition", &name, "-o", "json"],
        )
        .unwrap();
    let definition: Value = serde_json::from_str(&definition).unwrap();
    let cluster_wide = TypeId::of::<K::Scope>() == TypeId::of::<ClusterResourceScope>();
    assert_eq!(definition["spec"]["names"]["kind"], K::KIND);
    assert_eq!(definition["spec"]["scope"], if cluster_wide { "Cluster" } else { "Namespaced" });

    let version = definition["spec"]["versions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|version| version["name"] == K::VERSION && version["served"] == true);
    let theirs = &version.unwrap()["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let ours = schemars::schema_for!(K).to_value();
    let differences = Differences::between(&ours, &ours["properties"]["spec"], theirs);
    assert!(differences.wrong.is_empty(), "{}: {:#?}", K::KIND, differences.wrong);
    let found: Vec<_> = differences.lacking.iter().map(String::as_str).collect();
    assert_eq!(found, lacks, "fields and values of {} that the type lacks", K::KIND);
}

/// What tells the schema of a type from that of a definition.
#[derive(Debug, Default, PartialEq)]
struct Differences {
    /// What the definition would refuse, or read otherwise.
    wrong: Vec<String>,
    /// What only the definition has: fields by their path, values of an enumeration as `path=value`.
    lacking: BTreeSet<String>,
}

/// One place in both schemas. `root` has the definitions that a `$ref` of ours points to.
#[derive(Clone, Copy)]
struct Place<'a> {
    root: &'a Value,
    path: &'a str,
    ours: &'a Value,
    theirs: &'a Value,
}

impl Differences {
    fn between(root: &Value, ours: &Value, theirs: &Value) -> Self {
        let mut differences = Self::default();
        differences.compare(Place { root, path: "spec", ours, theirs });
        differences
    }

    fn compare(&mut self, place: Place<'_>) {
        let (ours, of_kubernetes) = resolve(place.root, place.ours);
        let place = Place { ours, ..place };
        if !self.types_agree(place) || of_kubernetes {
            return;
        }
        self.compare_values(place);
        self.compare_fields(place);
        for (keyword, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
            let path = &format!("{}{mark}", place.path);
            // Where nothing more is allowed, or anything, a boolean stands in place of a schema.
            match (object_at(ours, keyword), object_at(place.theirs, keyword)) {
                (Some(ours), Some(theirs)) => self.compare(Place { path, ours, theirs, ..place }),
                (Some(_), None) => self.wrong.push(format!("{path} is not in the definition")),
                (None, _) => {}
            }
        }
    }

    fn types_agree(&mut self, Place { path, ours, theirs, .. }: Place<'_>) -> bool {
        let (our_type, their_type) = (type_of(ours), type_of(theirs));
        let agree = match (our_type.as_str(), their_type.as_str()) {
            // What takes a number or a text takes each of them.
            ("string" | "integer", "int-or-string") => true,
            (one, other) => one == other,
        };
        if !agree {
            self.wrong.push(format!("{path} is {our_type}, and {their_type} in the definition"));
        }
        agree
    }

    fn compare_values(&mut self, Place { path, ours, theirs, .. }: Place<'_>) {
        let (ours, theirs) = (values(ours), values(theirs));
        if theirs.is_empty() {
            return;
        }
        if ours.is_empty() {
            self.wrong.push(format!("{path} is any text, and an enumeration in the definition"));
            return;
        }
        for value in ours.difference(&theirs) {
            self.wrong.push(format!("{path} can be {value}, which the definition does not know"));
        }
        for value in theirs.difference(&ours) {
            // Some definitions know every word in two spellings.
            if !ours.iter().any(|known| known.eq_ignore_ascii_case(value)) {
                self.lacking.insert(format!("{path}={value}"));
            }
        }
    }

    fn compare_fields(&mut self, place: Place<'_>) {
        let Some(our_fields) = place.ours["properties"].as_object() else { return };
        let none = serde_json::Map::new();
        let their_fields = place.theirs["properties"].as_object().unwrap_or(&none);
        for (name, ours) in our_fields {
            let path = &format!("{}.{name}", place.path);
            let Some(theirs) = their_fields.get(name) else {
                self.wrong.push(format!("{path} is not in the definition"));
                continue;
            };
            let (our_need, their_need) = (need(place.ours, name), need(place.theirs, name));
            if our_need != their_need {
                self.wrong.push(format!("{path} is {our_need}, and {their_need} in the definition"));
            }
            self.compare(Place { path, ours, theirs, ..place });
        }
        for name in their_fields.keys().filter(|name| !our_fields.contains_key(*name)) {
            let path = format!("{}.{name}", place.path);
            if need(place.theirs, name) == "required" {
                self.wrong.push(format!("{path} is missing, and required in the definition"));
            } else {
                self.lacking.insert(path);
            }
        }
    }
}

/// The schema that is meant, without `null` and behind every reference, and whether it is one of Kubernetes
/// itself: those are compared by their type alone, because they are not ours and differ between versions.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> (&'a Value, bool) {
    let not_null = |alternatives: &'a Vec<Value>| alternatives.iter().find(|one| one["type"] != "null");
    if let Some(alternative) = schema["anyOf"].as_array().and_then(not_null) {
        return resolve(root, alternative);
    }
    let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) else {
        return (schema, false);
    };
    let (meant, of_kubernetes) = resolve(root, &root["$defs"][name]);
    (meant, of_kubernetes || name.starts_with("io.k8s."))
}

/// The type, with the width of an integer where the schema names one.
fn type_of(schema: &Value) -> String {
    if schema["x-kubernetes-int-or-string"] == true || schema["format"] == "int-or-string" {
        return "int-or-string".to_owned();
    }
    if !values(schema).is_empty() {
        return "string".to_owned();
    }
    let list = schema["type"].as_array().into_iter().flatten();
    let named = list.chain([&schema["type"]]).filter_map(Value::as_str).find(|name| *name != "null");
    match (named.unwrap_or("anything"), schema["format"].as_str()) {
        ("integer", Some("int32")) => "int32".to_owned(),
        (named, _) => named.to_owned(),
    }
}

/// The values of an enumeration, whichever way it is written; none if the schema is not one.
fn values(schema: &Value) -> BTreeSet<&str> {
    let list = |keyword: &str| schema[keyword].as_array().into_iter().flatten();
    let single = list("oneOf").chain([schema]).filter_map(|one| one["const"].as_str());
    let several = list("oneOf").chain([schema]).filter_map(|one| one["enum"].as_array()).flatten();
    single.chain(several.filter_map(Value::as_str)).collect()
}

fn object_at<'a>(schema: &'a Value, keyword: &str) -> Option<&'a Value> {
    schema.get(keyword).filter(|value| value.is_object())
}

/// Whether a field has to be there.
fn need(schema: &Value, name: &str) -> &'static str {
    let named = schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    if named { "required" } else { "optional" }
}

#[test]
fn what_the_definition_would_refuse_is_found() {
    let ours = json!({
        "type": "object",
        "required": ["size", "mode"],
        "properties": {
            "size": { "type": "integer", "format": "int32" },
            "mode": { "oneOf": [{ "const": "Fast" }, { "const": "Slow" }] },
            "extra": { "type": ["string", "null"] },
            "open": { "type": "object", "additionalProperties": { "type": "string" } },
            "deep": {
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "type": "string" } },
            },
        },
    });
    let theirs = json!({
        "type": "object",
        "required": ["mode", "deep", "must"],
        "properties": {
            "size": { "type": "integer", "format": "int64" },
            "mode": { "type": "string", "enum": ["Fast", "slow", "Other"] },
            "deep": {
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "type": "boolean" } },
            },
            "must": { "type": "boolean" },
            "open": { "type": "object", "properties": {} },
            "more": { "type": "object", "properties": { "unseen": { "type": "string" } } },
        },
    });
    let differences = Differences::between(&json!({}), &ours, &theirs);
    assert_eq!(
        differences.wrong,
        [
            "spec.deep is optional, and required in the definition",
            "spec.deep{}[] is string, and boolean in the definition",
            "spec.extra is not in the definition",
            "spec.mode can be Slow, which the definition does not know",
            "spec.open{} is not in the definition",
            "spec.size is required, and optional in the definition",
            "spec.size is int32, and integer in the definition",
            "spec.must is missing, and required in the definition",
        ]
    );
    assert_eq!(differences.lacking, ["spec.mode=Other".to_owned(), "spec.more".to_owned()].into());
}

#[test]
fn what_means_the_same_is_no_difference() {
    let root = json!({ "$defs": {
        "Size": { "type": "object", "properties": { "cpu": { "$ref": "#/$defs/io.k8s.Quantity" } } },
        "io.k8s.Quantity": { "type": "string" },
        "io.k8s.Toleration": { "type": "object", "properties": { "old": { "type": "string" } } },
    }});
    let ours = json!({ "type": "object", "properties": {
        "size": { "anyOf": [{ "$ref": "#/$defs/Size" }, { "type": "null" }] },
        "tolerations": { "type": "array", "items": { "$ref": "#/$defs/io.k8s.Toleration" } },
    }});
    let theirs = json!({ "type": "object", "properties": {
        "size": { "type": "object", "properties": { "cpu": { "x-kubernetes-int-or-string": true } } },
        "tolerations": { "type": "array", "items": {
            "type": "object", "required": ["new"], "properties": { "new": { "type": "string" } },
        }},
    }});
    assert_eq!(Differences::between(&root, &ours, &theirs), Differences::default());
}
