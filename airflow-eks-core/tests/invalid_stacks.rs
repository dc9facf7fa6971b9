//! What a user is told about a stack that is wrong: the place, the path, what is wrong and what to do.
//!
//! Each file in `invalid_stacks` is a small stack with one mistake, in the line that ends with
//! `# wrong here`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use airflow_eks_core::spec::{AirflowComponent, AirflowRelease, Executor, Network, NodeGroup, StackSpec};
use airflow_eks_core::{Document, Facts, Problem, Problems, Stack};

/// The stack that most cases are made from.
const BASE: &str = "name: demo\nregion: us-west-2\nnodeGroups:\n  - name: core\n";

const MARK: &str = "# wrong here";

/// Mistakes that only show further down than they stand: the line that the answer names instead.
const SHOWS_LATER: &[(&str, usize)] =
    &[("yaml-unclosed-brace", 7), ("yaml-unclosed-bracket", 6), ("yaml-unclosed-quote", 5)];

struct Case {
    name: String,
    text: String,
}

impl Case {
    /// The line that the answer has to name.
    fn line(&self) -> usize {
        let later = SHOWS_LATER.iter().find(|(name, _)| *name == self.name).map(|(_, line)| *line);
        let marked = self.text.lines().position(|line| line.ends_with(MARK)).map(|position| position + 1);
        later.or(marked).unwrap_or_else(|| panic!("{} marks no line", self.name))
    }
}

#[expect(clippy::disallowed_methods, reason = "the cases are files, so that each can be read by itself")]
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_stacks");
    let mut cases: Vec<Case> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            Case { name, text: std::fs::read_to_string(&path).unwrap() }
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn problems(text: &str, facts: &Facts) -> Vec<Problem> {
    let stack = Document::parse(text, "stack.yaml").and_then(|document| document.stack(facts));
    stack.err().map(Problems::into_iter).into_iter().flatten().collect()
}

fn shown(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// What an answer to one mistake lacks.
fn lacks(case: &Case, problems: &[Problem]) -> Option<String> {
    let [problem] = problems else { return Some(format!("{} answers", problems.len())) };
    let Some(location) = &problem.location else { return Some("no location".to_owned()) };
    let whole_text = case.name.starts_with("yaml-") || case.name.starts_with("root-");
    [
        (location.file == "stack.yaml", "the file"),
        (location.line == case.line(), "the right line"),
        (location.column >= 1, "a column"),
        (!problem.message.trim().is_empty(), "what is wrong"),
        (problem.hint.as_ref().is_some_and(|hint| !hint.trim().is_empty()), "what to do"),
        (whole_text || !problem.path.segments().is_empty(), "a path"),
    ]
    .into_iter()
    .find_map(|(holds, what)| (!holds).then(|| format!("{what}; expected line {}", case.line())))
}

#[test]
fn every_mistake_gets_one_answer_at_its_own_line() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let problems = problems(&case.text, &Facts::unknown());
            lacks(case, &problems).map(|what| format!("{} lacks {what}\n{}", case.name, shown(&problems)))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} cases:\n\n{}", failed.len(), cases.len(), failed.join("\n"));
}

#[test]
fn answers_read_well() {
    let answers: Vec<String> = cases()
        .iter()
        .map(|case| format!("{}\n  {}", case.name, shown(&problems(&case.text, &Facts::unknown()))))
        .collect();
    insta::assert_snapshot!("answers", answers.join("\n"));
}

/// Ten mistakes of every kind, each in the line that its comment counts.
const TEN: &str = "\
name: demo
region: us-west-2
acount: \"111122223333\"  # 1
environment: prod  # 2
network:
  zoneCount: 4  # 3
  vpcCidr: 10.0.0.1/16  # 4
nodeGroups:
  - name: core
    desiredSize: 9  # 5
  - minSize: 1  # 6
  - name: spare
    capacityTyp: spot  # 7
    diskSizeGib: 100Gi  # 8
airflow:
  scheduler:
    pods:
      tolerations:
        - key: dedicated
          operatr: Exists  # 9
  config:
    core: {fernet_key: abc}  # 10
";

#[test]
fn a_file_with_ten_mistakes_gets_ten_answers_each_at_its_own_line() {
    let problems = problems(TEN, &Facts::unknown());
    let lines: Vec<usize> = problems.iter().map(|problem| problem.location.as_ref().unwrap().line).collect();
    let marked: Vec<usize> =
        (1..).zip(TEN.lines()).filter(|(_, line)| line.contains('#')).map(|(n, _)| n).collect();
    assert_eq!(marked.len(), 10);
    assert_eq!(lines, marked, "{}", shown(&problems));
    insta::assert_snapshot!("ten_mistakes", shown(&problems));
}

/// Every line of a text with a key, and the column where its value begins.
fn keys(text: &str) -> impl Iterator<Item = (usize, &str, &str, &str)> {
    text.lines().enumerate().filter_map(|(position, line)| {
        let (before, value) = line.split_once(':').filter(|_| !line.trim_start().starts_with('#'))?;
        let key = before.trim_start_matches([' ', '-']);
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric());
        plain.then_some((position, &before[..before.len() - key.len()], key, value))
    })
}

fn with_line(text: &str, position: usize, new: &str) -> String {
    let lines = text.lines().enumerate().map(|(p, line)| if p == position { new } else { line });
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// Whatever one line of a preset says wrong, nothing else is called wrong for it.
#[test]
fn one_malformed_value_anywhere_gets_one_answer() {
    let (mut tried, mut refused, mut failed) = (0, 0, Vec::new());
    for preset in airflow_eks_core::presets::ALL {
        for (position, indent, key, value) in keys(preset.text) {
            if value.trim().is_empty() {
                continue;
            }
            let text = with_line(preset.text, position, &format!("{indent}{key}: [[]]"));
            let problems = problems(&text, &Facts::unknown());
            tried += 1;
            refused += problems.len().min(1);
            let here = |problem: &Problem| problem.location.as_ref().unwrap().line == position + 1;
            if problems.len() > 1 || !problems.iter().all(here) {
                failed.push(format!("{} line {}: {key}\n{}", preset.name, position + 1, shown(&problems)));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(tried > 100 && refused == tried, "{refused} of {tried} refused");
}

#[test]
fn one_misspelt_key_anywhere_gets_one_answer_with_the_right_suggestion() {
    // Keys of these mappings are the user's own.
    let free = ["project", "NodeGroupType", "WorkerType"];
    let (mut tried, mut failed) = (0, Vec::new());
    for preset in airflow_eks_core::presets::ALL {
        for (position, indent, key, value) in keys(preset.text) {
            if free.contains(&key) {
                continue;
            }
            let text = with_line(preset.text, position, &format!("{indent}{key}x:{value}"));
            let problems = problems(&text, &Facts::unknown());
            tried += 1;
            let right = match problems.as_slice() {
                [problem] => {
                    problem.location.as_ref().unwrap().line == position + 1
                        && problem.hint.as_ref().unwrap().starts_with(&format!("did you mean `{key}`?"))
                }
                _ => false,
            };
            if !right {
                failed.push(format!("{} line {}: {key}x\n{}", preset.name, position + 1, shown(&problems)));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {tried}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn an_unknown_key_gets_the_suggestion_that_was_meant() {
    for (written, meant) in [
        ("airflw: {}", "airflow"),
        ("log_bucket: {}", "logBucket"),
        ("NodeGroups: []", "nodeGroups"),
        ("file-system: {}", "fileSystem"),
        ("karpenterNodePool: []", "karpenterNodePools"),
        ("obs: {}", "observability"),
        ("network: {vpcCIDR: 10.0.0.0/16}", "vpcCidr"),
        ("database: {storageGiB: 20}", "storageGib"),
        ("airflow: {scheduler: {replica: 2}}", "replicas"),
        ("airflow: {scheduler: {pods: {resources: {request: {cpu: 1}}}}}", "requests"),
        ("airflow: {workers: {pods: {affinity: {podAntiaffinity: {}}}}}", "podAntiAffinity"),
        ("airflow: {dags: {gitSync: {repository: https://github.com/a/b, referenc: v1}}}", "reference"),
    ] {
        let problems = problems(&format!("{BASE}{written}\n"), &Facts::unknown());
        assert_eq!(problems.len(), 1, "{}", shown(&problems));
        let hint = problems[0].hint.as_ref().unwrap();
        assert!(hint.starts_with(&format!("did you mean `{meant}`?")), "{written}: {hint}");
    }
}

#[test]
fn the_base_of_the_cases_is_valid() {
    assert_eq!(shown(&problems(BASE, &Facts::unknown())), "");
}

#[test]
fn facts_that_contradict_the_stack_are_told_at_their_place() {
    let facts = Facts {
        account: Some("444455556666".parse().unwrap()),
        usable_zones: Some(vec!["us-west-2a".parse().unwrap(), "us-west-2b".parse().unwrap()]),
        ..Facts::unknown()
    };
    let zones = "network:\n  availabilityZones:\n    - us-west-2a\n    - us-west-2d\n";
    let text = format!("{BASE}account: \"111122223333\"\n{zones}");
    assert_eq!(shown(&problems(&text, &Facts::unknown())), "");
    insta::assert_snapshot!("facts", shown(&problems(&text, &facts)));
    assert_eq!(
        shown(&problems(&text.replace("2d", "2b").replace("111122223333", "444455556666"), &facts)),
        ""
    );
}

#[test]
fn a_set_that_cannot_be_taken_says_why() {
    let answers = [
        "airflow.scheduler.replicas",
        "=3",
        "airflow..scheduler=3",
        "airflow.scheduler.=3",
        "nodeGroups[0=3",
        "nodeGroups[first].minSize=3",
        "nodeGroups[-1].minSize=3",
        "airflow.scheduler.pods.labels[\"example.com/team=data",
        "nodeGroups[7].minSize=3",
        "nodeGroups.core.minSize=3",
        "name.of.the.stack=demo",
        "airflow[0]=3",
        "airflow.scheduler={replicas: 3",
        "airflow.schedular.replicas=3",
        "airflow.scheduler.replicas=three",
        "airflow.scheduler=3",
        "network.zoneCount=4",
        "nodeGroups[0].maxSize=2",
    ]
    .map(|assignment| {
        let mut document = Document::parse(BASE, "stack.yaml").unwrap();
        let problems = match document.set(assignment) {
            Err(problems) => problems,
            Ok(()) => document.stack(&Facts::unknown()).expect_err(assignment),
        };
        let problems: Vec<Problem> = problems.into_iter().collect();
        assert_eq!(problems.len(), 1, "{assignment}: {}", shown(&problems));
        let source = &problems[0].location.as_ref().unwrap().file;
        assert!(source.starts_with("--set ") || source == "stack.yaml", "{assignment}: {source}");
        assert!(problems[0].hint.is_some(), "{assignment}");
        shown(&problems)
    });
    insta::assert_snapshot!("set", answers.join("\n"));
}

#[test]
fn a_stack_from_builders_gets_the_same_answers_without_places() {
    let region = "us-west-2".parse().unwrap();
    let spec = StackSpec::builder()
        .name("demo".parse().unwrap())
        .region(region)
        .node_group(NodeGroup::builder().name("core".parse().unwrap()).desired_size(9).build())
        .network(Network::builder().zone_count(4).build())
        .airflow(
            AirflowRelease::builder()
                .executor(Executor::CeleryExecutor)
                .scheduler(AirflowComponent::builder().replicas(0).build())
                .build(),
        )
        .build();
    let text = format!(
        "{BASE}    desiredSize: 9\nnetwork: {{zoneCount: 4}}\nairflow:\n  executor: CeleryExecutor\n  \
         scheduler: {{replicas: 0}}\n"
    );
    let by_path = |mut problems: Vec<Problem>| {
        problems.sort_by(|a, b| a.path.cmp(&b.path));
        problems
    };
    let built = by_path(Stack::validate(spec, &Facts::unknown()).unwrap_err().into_iter().collect());
    let mut written = by_path(problems(&text, &Facts::unknown()));
    assert!(written.iter().all(|problem| problem.location.is_some()));
    written.iter_mut().for_each(|problem| problem.location = None);
    assert_eq!(built.len(), 4);
    assert_eq!(built, written);
}

/// Positions are those of the text, also for what a rule reads beside the place that it answers for.
#[test]
fn a_list_item_that_cannot_be_read_hides_nothing_of_those_behind_it() {
    let groups = "nodeGroups:\n  - {minSize: 1}\n  - {name: b, desiredSize: 9}\n  - {name: c, desiredSize: 9, maxSize: x}\n";
    let answers = shown(&problems(&format!("name: demo\nregion: us-west-2\n{groups}"), &Facts::unknown()));
    let lines: Vec<&str> = answers.lines().filter(|line| line.starts_with("stack.yaml")).collect();
    assert_eq!(lines.len(), 3, "{answers}");
    assert!(lines[0].contains("nodeGroups[0].name: `name` is missing"), "{answers}");
    assert!(lines[1].contains("nodeGroups[1].desiredSize: 9 is more than maxSize"), "{answers}");
    assert!(lines[2].contains("nodeGroups[2].maxSize"), "{answers}");
}
