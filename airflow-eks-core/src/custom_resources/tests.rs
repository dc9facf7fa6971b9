//! What holds for every kind: the frame around a specification, and that nothing is written that was not set.

use k8s_openapi::{
    Metadata, Resource,
    api::core::v1::{Toleration, Volume},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde_json::{Value, json};

use super::{
    argo_cd::Application,
    external_secrets::{ClusterSecretStore, ExternalSecret, SecretStore},
    flux::{GitRepository, HelmRelease, HelmRepository, Kustomization, OCIRepository},
    karpenter::{
        AmiSelectorTerm, BlockDevice, BlockDeviceMapping, EC2NodeClass, EC2NodeClassSpec, HttpTokens,
        KubeletConfiguration, MetadataOptions, NodePool, SubnetSelectorTerm,
    },
    prometheus::{PodMonitor, RelabelAction, RelabelConfig, ServiceMonitor, TlsVersion},
    spark::{
        DriverSpec, ExecutorSpec, ScheduledSparkApplication, SparkApplication, SparkApplicationSpec,
        SparkApplicationType, SparkPodSpec,
    },
};

fn named(name: &str) -> ObjectMeta {
    ObjectMeta { name: Some(name.into()), ..ObjectMeta::default() }
}

fn application() -> SparkApplication {
    let pod = SparkPodSpec {
        cores: Some(1),
        memory: Some("2g".into()),
        tolerations: vec![Toleration { key: Some("spark".into()), ..Toleration::default() }],
        ..SparkPodSpec::default()
    };
    SparkApplication::new(
        named("words"),
        SparkApplicationSpec {
            r#type: SparkApplicationType::Python,
            spark_version: "3.5.3".into(),
            main_application_file: "local:///opt/words.py".into(),
            volumes: vec![Volume { name: "scratch".into(), ..Volume::default() }],
            driver: DriverSpec {
                pod: SparkPodSpec { service_account: Some("spark".into()), ..pod.clone() },
                ..DriverSpec::default()
            },
            executor: ExecutorSpec { pod, instances: Some(2), ..ExecutorSpec::default() },
            ..SparkApplicationSpec::default()
        },
    )
}

#[test]
fn version_and_kind_are_written_first_and_what_is_not_set_is_not_written() {
    let text = serde_json::to_string(&application()).unwrap();
    assert!(text.starts_with(
        r#"{"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication","metadata":"#
    ));
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap()["spec"],
        json!({
            "type": "Python",
            "sparkVersion": "3.5.3",
            "mainApplicationFile": "local:///opt/words.py",
            "volumes": [{ "name": "scratch" }],
            "driver": {
                "cores": 1,
                "memory": "2g",
                "serviceAccount": "spark",
                "tolerations": [{ "key": "spark" }],
            },
            "executor": { "cores": 1, "memory": "2g", "tolerations": [{ "key": "spark" }], "instances": 2 },
        })
    );
}

#[test]
fn names_with_abbreviations_are_those_of_the_definition() {
    let class = EC2NodeClass::new(
        named("default"),
        EC2NodeClassSpec {
            ami_selector_terms: vec![AmiSelectorTerm {
                alias: Some("al2023@v20240625".into()),
                ..AmiSelectorTerm::default()
            }],
            subnet_selector_terms: vec![SubnetSelectorTerm {
                id: Some("subnet-1".into()),
                ..SubnetSelectorTerm::default()
            }],
            associate_public_ip_address: Some(false),
            block_device_mappings: vec![BlockDeviceMapping {
                device_name: Some("/dev/xvda".into()),
                ebs: Some(BlockDevice { kms_key_id: Some("alias/ebs".into()), ..BlockDevice::default() }),
                ..BlockDeviceMapping::default()
            }],
            metadata_options: Some(MetadataOptions {
                http_tokens: Some(HttpTokens::Required),
                ..MetadataOptions::default()
            }),
            kubelet: Some(KubeletConfiguration {
                cluster_dns: vec!["10.0.0.10".into()],
                image_gc_high_threshold_percent: Some(80),
                ..KubeletConfiguration::default()
            }),
            ..EC2NodeClassSpec::default()
        },
    );
    assert_eq!(
        serde_json::to_value(&class).unwrap(),
        json!({
            "apiVersion": "karpenter.k8s.aws/v1",
            "kind": "EC2NodeClass",
            "metadata": { "name": "default" },
            "spec": {
                "amiSelectorTerms": [{ "alias": "al2023@v20240625" }],
                "subnetSelectorTerms": [{ "id": "subnet-1" }],
                "securityGroupSelectorTerms": [],
                "associatePublicIPAddress": false,
                "blockDeviceMappings": [{ "deviceName": "/dev/xvda", "ebs": { "kmsKeyID": "alias/ebs" } }],
                "metadataOptions": { "httpTokens": "required" },
                "kubelet": { "clusterDNS": ["10.0.0.10"], "imageGCHighThresholdPercent": 80 },
            },
        })
    );
    assert_eq!(serde_json::to_value(TlsVersion::Tls12).unwrap(), json!("TLS12"));
    let drop = RelabelConfig { action: Some(RelabelAction::LabelDrop), ..RelabelConfig::default() };
    assert_eq!(serde_json::to_value(drop).unwrap(), json!({ "action": "labeldrop" }));
}

#[test]
fn an_object_that_was_written_is_read_back_whatever_status_a_controller_added() {
    let mut document = serde_json::to_value(application()).unwrap();
    document["status"] = json!({ "applicationState": { "state": "COMPLETED" } });
    assert_eq!(serde_json::from_value::<SparkApplication>(document).unwrap(), application());
}

#[test]
fn a_field_that_the_definition_lacks_is_refused_at_every_level() {
    for pointer in ["", "/spec", "/spec/driver", "/spec/executor"] {
        let mut document = serde_json::to_value(application()).unwrap();
        document.pointer_mut(pointer).unwrap()["coers"] = json!(1);
        let error = serde_json::from_value::<SparkApplication>(document).unwrap_err().to_string();
        assert!(error.contains("unknown field `coers`"), "{pointer}: {error}");
    }
}

#[test]
fn another_kind_is_refused() {
    let document = serde_json::to_value(SecretStore::default()).unwrap();
    let error = serde_json::from_value::<ClusterSecretStore>(document).unwrap_err().to_string();
    assert_eq!(
        error,
        "expected a ClusterSecretStore of external-secrets.io/v1, \
         found a SecretStore of external-secrets.io/v1"
    );
}

#[test]
fn every_kind_is_a_resource_with_metadata() {
    fn path<K: Resource + Metadata<Ty = ObjectMeta> + Default>() -> String {
        let mut object = K::default();
        object.metadata_mut().name = Some("x".into());
        assert_eq!(object.metadata().name.as_deref(), Some("x"));
        assert_eq!(K::API_VERSION, format!("{}/{}", K::GROUP, K::VERSION));
        format!("{}/{} {}", K::API_VERSION, K::URL_PATH_SEGMENT, K::KIND)
    }

    assert_eq!(
        [
            path::<NodePool>(),
            path::<EC2NodeClass>(),
            path::<SparkApplication>(),
            path::<ScheduledSparkApplication>(),
            path::<SecretStore>(),
            path::<ClusterSecretStore>(),
            path::<ExternalSecret>(),
            path::<ServiceMonitor>(),
            path::<PodMonitor>(),
            path::<Application>(),
            path::<GitRepository>(),
            path::<HelmRepository>(),
            path::<OCIRepository>(),
            path::<Kustomization>(),
            path::<HelmRelease>(),
        ],
        [
            "karpenter.sh/v1/nodepools NodePool",
            "karpenter.k8s.aws/v1/ec2nodeclasses EC2NodeClass",
            "sparkoperator.k8s.io/v1beta2/sparkapplications SparkApplication",
            "sparkoperator.k8s.io/v1beta2/scheduledsparkapplications ScheduledSparkApplication",
            "external-secrets.io/v1/secretstores SecretStore",
            "external-secrets.io/v1/clustersecretstores ClusterSecretStore",
            "external-secrets.io/v1/externalsecrets ExternalSecret",
            "monitoring.coreos.com/v1/servicemonitors ServiceMonitor",
            "monitoring.coreos.com/v1/podmonitors PodMonitor",
            "argoproj.io/v1alpha1/applications Application",
            "source.toolkit.fluxcd.io/v1/gitrepositories GitRepository",
            "source.toolkit.fluxcd.io/v1/helmrepositories HelmRepository",
            "source.toolkit.fluxcd.io/v1/ocirepositories OCIRepository",
            "kustomize.toolkit.fluxcd.io/v1/kustomizations Kustomization",
            "helm.toolkit.fluxcd.io/v2/helmreleases HelmRelease",
        ]
    );
}
