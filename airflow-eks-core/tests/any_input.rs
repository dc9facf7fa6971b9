//! No input makes this crate panic or disagree with itself, however broken or hostile it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use airflow_eks_core::presets::{ALL, DEFAULT};
use airflow_eks_core::{Document, Facts, Outputs, Problems, Stack, desired, render};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The same cases in each run; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others, and for more.
fn cases(count: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let rng_seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(2) } else { asked.rng_seed };
    ProptestConfig { cases: count.max(asked.cases), rng_seed, failure_persistence: None, ..asked }
}

/// What every refusal has to hold, whatever was refused.
fn is_an_answer(problems: &Problems) {
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(!problem.message.is_empty());
        assert!(problem.hint.as_ref().is_some_and(|hint| !hint.is_empty()), "{problem}");
        assert!(problem.location.is_some(), "{problem}");
    }
    assert!(!problems.to_string().is_empty());
}

/// What every stack that was accepted has to hold.
fn renders(stack: &Stack) {
    let graph = desired(stack);
    let manifests = render::manifests(&graph, &Outputs::default());
    let text = render::yaml_stream(&manifests);
    let again = render::manifests(&desired(stack), &Outputs::default());
    assert_eq!(text, render::yaml_stream(&again));
    assert_eq!(text.lines().filter(|line| *line == "---").count(), manifests.len());
    for manifest in &manifests {
        for pointer in ["/apiVersion", "/kind", "/metadata/name"] {
            let word = manifest.object.pointer(pointer).and_then(|value| value.as_str());
            assert!(word.is_some_and(|word| !word.is_empty()), "{} has no {pointer}", manifest.file_stem);
        }
    }
}

fn take(document: Result<Document, Problems>) {
    match document.and_then(|document| document.stack(&Facts::unknown())) {
        Ok(stack) => renders(&stack),
        Err(problems) => is_an_answer(&problems),
    }
}

fn read(text: &str) {
    take(Document::parse(text, "stack.yaml"));
}

/// Pieces of YAML, right and wrong, with the keys and values of stacks among them.
fn fragment() -> impl Strategy<Value = String> {
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
enum Spoil {
    Delete,
    Repeat,
    Indent(usize),
    Outdent,
    Replace(usize, char),
    Value(String),
}

fn value() -> impl Strategy<Value = String> {
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

fn spoil() -> impl Strategy<Value = Spoil> {
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

fn spoilt(text: &str, spoils: &[(usize, Spoil)]) -> String {
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
fn path() -> impl Strategy<Value = String> {
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

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_pieces_of_yaml_are_answered(pieces in prop::collection::vec(fragment(), 0..40)) {
        read(&pieces.concat());
    }

    #[test]
    fn any_outputs_are_answered(text in prop_oneof![
        any::<String>(),
        "[\\[\\]{}\",:a-z0-9. \\\\]{0,40}",
        "\\{\"(outputs|fileSystem\\.id|database\\.endpoint|account\\.id)\": (\"x\"|1|null|\\{\\}|\\[\\])\\}",
    ]) {
        if let Err(invalid) = Outputs::from_json(&text) {
            prop_assert!(!invalid.to_string().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_spoilt_preset_is_answered(
        preset in 0..ALL.len(),
        spoils in prop::collection::vec((any::<usize>(), spoil()), 1..5),
    ) {
        read(&spoilt(ALL[preset].text, &spoils));
    }

    #[test]
    fn any_assignments_are_answered(assignments in prop::collection::vec((path(), value()), 1..4)) {
        let mut document = DEFAULT.document().unwrap();
        for (path, value) in assignments {
            if let Err(problems) = document.set(&format!("{path}={value}")) {
                is_an_answer(&problems);
            }
        }
        take(Ok(document));
    }

    #[test]
    fn any_text_as_an_assignment_is_answered(assignment in any::<String>()) {
        let mut document = DEFAULT.document().unwrap();
        if let Err(problems) = document.set(&assignment) {
            is_an_answer(&problems);
        }
        take(Ok(document));
    }
}

#[test]
fn the_presets_render() {
    for preset in ALL {
        renders(&preset.stack(&Facts::unknown()).unwrap());
    }
}

fn refused(text: &str) -> String {
    let stack = Document::parse(text, "stack.yaml").and_then(|document| document.stack(&Facts::unknown()));
    let problems = stack.unwrap_err();
    is_an_answer(&problems);
    problems.to_string()
}

#[test]
fn ten_thousand_brackets_are_refused() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        assert!(refused(&open.repeat(10_000)).contains("stack.yaml:1:"));
        assert!(refused(&(open.repeat(10_000) + &close.repeat(10_000))).contains("stack.yaml:1:"));
    }
}

#[test]
fn a_very_long_line_is_answered_in_few_words() {
    let long = "x".repeat(100_000);
    for text in [
        format!("name: {long}"),
        format!("{long}: demo"),
        format!("airflow: {{config: {{core: {{x: {long}}}}}}}"),
        format!("environment: {long}"),
        format!("network: {{zoneCount: {long}}}"),
        format!("network: {{vpcCidr: {long}}}"),
        format!("airflow: {{ingress: {{host: {long}}}}}"),
    ] {
        assert!(refused(&text).len() < 4_000, "{}", refused(&text).len());
    }
}

#[test]
fn aliases_cannot_blow_a_text_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    assert!(refused(&text).contains("aliases"));
}

#[test]
fn aliases_cannot_nest_deeper_than_brackets() {
    let mut text = format!("a0: &a0 {}{}\n", "[".repeat(40), "]".repeat(40));
    for level in 1..60 {
        let (open, close) = ("[".repeat(40), "]".repeat(40));
        text += &format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1);
    }
    assert!(refused(&text).contains("nested more than 64 levels deep"));
}

#[test]
fn assignments_cannot_nest_deeper_than_brackets() {
    let mut document = DEFAULT.document().unwrap();
    for steps in [65, 100_000] {
        let path = vec!["a"; steps].join(".");
        let problems = document.set(&format!("{path}=1")).unwrap_err();
        is_an_answer(&problems);
        assert!(problems.to_string().len() < 1_000_000);
    }
    let (open, close) = ("[".repeat(60), "]".repeat(60));
    is_an_answer(&document.set(&format!("addons.keda.values.a.b={open}{close}")).unwrap_err());
    assert!(document.stack(&Facts::unknown()).is_ok());
}

#[test]
fn bytes_that_editors_leave_are_taken_or_named() {
    let text = DEFAULT.text;
    assert!(
        Document::parse(&format!("\u{feff}{text}"), "stack.yaml").unwrap().spec().is_ok(),
        "byte order mark"
    );
    let windows = text.replace('\n', "\r\n");
    let spec = Document::parse(&windows, "stack.yaml").unwrap().spec().unwrap();
    assert_eq!(spec, DEFAULT.document().unwrap().spec().unwrap());
    let wrong = windows.replace("zoneCount: 2", "zoneCount: 4");
    let line = 1 + text.lines().position(|line| line.contains("zoneCount")).unwrap();
    assert!(refused(&wrong).starts_with(&format!("stack.yaml:{line}:14: network.zoneCount: ")));
    for broken in
        ["name: de\0mo", "\0", "name: \"\\uD800\"", "name: \"\\uDC00\\uD800\"", "name: \"\\0\"", "\u{1b}[31m"]
    {
        let answer = refused(broken);
        assert!(!answer.contains(['\0', '\u{1b}']), "{answer:?}");
    }
}

#[test]
fn numbers_beyond_any_type_are_refused() {
    for number in
        ["1e400", "99999999999999999999999999999", "-99999999999999999999999999999", ".nan", "0x7fffffffff"]
    {
        refused(&format!("name: demo\nregion: us-west-2\nnodeGroups: [{{name: core, minSize: {number}}}]\n"));
        refused(&format!(
            "name: demo\nregion: us-west-2\nkarpenterNodePools: [{{name: a, cpuLimit: {number}Ei}}]\n"
        ));
    }
}

#[test]
fn a_thousand_mistakes_get_a_thousand_answers() {
    let groups: String = (0..1_000).map(|n| format!("  - {{name: group-{n}, diskSizeGib: big}}\n")).collect();
    let text = format!("name: demo\nregion: us-west-2\nnodeGroups:\n{groups}");
    let problems = Document::parse(&text, "stack.yaml").unwrap().stack(&Facts::unknown()).unwrap_err();
    // And one for the number of groups.
    assert_eq!(problems.len(), 1_001);
}

#[test]
fn a_hundred_thousand_keys_are_read() {
    let keys: String = (0..90_000).map(|n| format!("key-{n}: 1\n")).collect();
    assert!(Document::parse(&keys, "stack.yaml").is_ok());
}
