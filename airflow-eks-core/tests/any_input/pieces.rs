//! What inputs are made of: pieces of stacks, right and wrong.

use proptest::prelude::*;

/// Pieces of YAML, right and wrong, with the keys and values of stacks among them.
pub(crate) fn fragment() -> impl Strategy<Value = String> {
    let words = [
        "name: demo\n",
        "region: us-west-2\n",
        "nodeGroups:\n",
        "  - name: core\n",
        "    minSize: 2\n",
        "airflow:\n",
        "  dags:\n",
        "    gitSync:\n",
        "      repository: https://github.com/a/b\n",
        "spark:\n",
        "  enabled: true\n",
        "  teams:\n",
        "    - name: team-a\n",
        "addons:\n",
        "  keda: {enabled: true}\n",
        "tags: {a: b}\n",
        "network: {zoneCount: 3}\n",
        "environment: demo\n",
        "  ",
        "    ",
        "- ",
        "? ",
        ": ",
        "key: ",
        "\n",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "&a ",
        "*a ",
        "!!str ",
        "!x ",
        "<<: *a\n",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "#",
        " # note\n",
        "~",
        "null",
        "true",
        "no",
        "0x1f",
        "1e9",
        ".inf",
        "-1",
        "18446744073709551616",
        "\\",
        "\u{0}",
        "\u{feff}",
        "\u{f0000}",
        "\r\n",
        "\u{2028}",
        "é😀",
    ];
    prop_oneof![8 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

/// One way to spoil a line.
#[derive(Debug, Clone)]
pub(crate) enum Spoil {
    Delete,
    Repeat,
    Indent(usize),
    Outdent,
    Replace(usize, char),
    Value(String),
}

pub(crate) fn value() -> impl Strategy<Value = String> {
    let words = [
        "",
        "~",
        "0",
        "-1",
        "1",
        "3",
        "300",
        "4294967296",
        "1.5",
        "true",
        "false",
        "yes",
        "[]",
        "{}",
        "[a, b]",
        "[{}]",
        "{a: b}",
        "demo",
        "production",
        "\"\"",
        "'3'",
        "us-east-1",
        "eu-central-1a",
        "10.0.0.0/8",
        "100.64.0.0/16",
        "2.11.2",
        "3.3.2",
        "\"1.34\"",
        "1.36",
        "latest",
        "0s",
        "30s",
        "1000h",
        "500m",
        "64Gi",
        "spot",
        "on-demand",
        "apache/airflow:2.11.2",
        "arn:aws:iam::111122223333:role/x",
        "internet-facing",
        "none",
        "\"\\0\"",
        "a b",
        "CeleryExecutor",
        "pod-identity",
        "external-secrets",
        "{enabled: false}",
        "{enabled: true}",
        "[null]",
        "\"\u{f0000}\"",
        "18446744073709551615",
        "99999999999999999999999Ei",
    ];
    prop_oneof![6 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "[ -~]{0,12}"]
}

pub(crate) fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::Delete),
        Just(Spoil::Repeat),
        (1_usize..6).prop_map(Spoil::Indent),
        Just(Spoil::Outdent),
        (0_usize..60, any::<char>()).prop_map(|(position, new)| Spoil::Replace(position, new)),
        value().prop_map(Spoil::Value),
        value().prop_map(Spoil::Value),
        value().prop_map(Spoil::Value),
    ]
}

pub(crate) fn spoilt(text: &str, spoils: &[(usize, Spoil)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (position, spoil) in spoils {
        if lines.is_empty() {
            break;
        }
        let position = position % lines.len();
        let line = lines[position].clone();
        match spoil {
            Spoil::Delete => {
                lines.remove(position);
            }
            Spoil::Repeat => lines.insert(position, line),
            Spoil::Indent(by) => lines[position] = " ".repeat(*by) + &line,
            Spoil::Outdent => lines[position] = line.strip_prefix("  ").unwrap_or(&line).to_owned(),
            Spoil::Replace(at, new) => {
                lines[position] =
                    line.chars().enumerate().map(|(i, c)| if i == *at { *new } else { c }).collect();
            }
            Spoil::Value(value) => {
                let key = line.split_once(": ").map_or(line.trim_end_matches(':'), |(key, _)| key);
                lines[position] = format!("{key}: {value}");
            }
        }
    }
    lines.join("\n")
}

/// Paths into the default preset, and paths that lead nowhere.
pub(crate) fn path() -> impl Strategy<Value = String> {
    let paths = [
        "name",
        "region",
        "account",
        "environment",
        "tags.team",
        "network.zoneCount",
        "network.natGateways",
        "network.vpcCidr",
        "network.existing",
        "cluster.version",
        "cluster.existing.name",
        "cluster.endpointAccess",
        "nodeGroups",
        "nodeGroups[0]",
        "nodeGroups[0].minSize",
        "nodeGroups[0].instanceTypes[0]",
        "nodeGroups[1].name",
        "nodeGroups[9]",
        "fargateProfiles",
        "karpenterNodePools[0].preset",
        "karpenterNodePools[0].cpuLimit",
        "karpenterNodePools[0].zones",
        "database.existing",
        "database.storageGib",
        "fileSystem.enabled",
        "secrets",
        "addons.karpenter.enabled",
        "addons.karpenter.version",
        "addons.keda",
        "addons",
        "identities.provider",
        "airflow",
        "airflow.version",
        "airflow.image",
        "airflow.name",
        "airflow.namespace",
        "airflow.executor",
        "airflow.logs",
        "airflow.dags",
        "airflow.dags.gitSync",
        "airflow.dags.gitSync.repository",
        "airflow.dags.gitSync.period",
        "airflow.dags.volume",
        "airflow.dags.volume.size",
        "airflow.config.core.x",
        "airflow.scheduler.replicas",
        "airflow.triggerer.replicas",
        "airflow.webserver",
        "airflow.apiServer",
        "airflow.dagProcessor.replicas",
        "airflow.pgbouncer.enabled",
        "airflow.pgbouncer.poolSize",
        "airflow.statsd.enabled",
        "airflow.workers.pods.labels.team",
        "airflow.workers.pods.nodeSelector",
        "airflow.ingress.enabled",
        "airflow.ingress.scheme",
        "airflow.ingress.host",
        "airflow.adminUser.firstName",
        "airflow.adminUser.create",
        "airflow.loadExamples",
        "spark.enabled",
        "spark.teams",
        "spark.teams[0].name",
        "observability.serviceMonitors",
        "observability.logRetentionDays",
        "no.such[3].path",
        "[0]",
        "",
        ".",
        "[\"\"]",
        "airflow.scheduler.pods.labels[\"example.com/team\"]",
        "name.of",
        "name[0]",
    ];
    let known = proptest::sample::select(paths.to_vec()).prop_map(str::to_owned);
    prop_oneof![8 => known, 1 => "[a-z\\[\\]\".0-9]{0,20}"]
}
