//! A program that is killed anywhere leaves nothing that the next run does not finish.

use std::collections::BTreeSet;
use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use airflow_eks_testbed::{FreshOptions, FreshTestBed, TestBed};

use crate::inventory::{kinds, names};
use crate::stacks::{airflow, head, stand_in};
use crate::support::Place;

/// How many times it is killed.
const KILLS: u32 = 50;
/// Where the random moments come from: the same each time.
const SEED: u64 = 4;

/// Numbers that look random: <https://prng.di.unimi.it/splitmix64.c>.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}

/// What is done to a stack in turn.
const PHASES: [&str; 4] = ["apply", "upgrade", "prune", "destroy"];

/// Add-ons, and the names of their releases: one for each of the stacks that are killed at the same time.
const RELEASES: [(&str, &str); 4] = [
    ("kubecost", "kubecost"),
    ("cloudwatchMetrics", "aws-cloudwatch-metrics"),
    ("awsForFluentBit", "aws-for-fluent-bit"),
    ("clusterAutoscaler", "cluster-autoscaler"),
];

/// A small stack with a release, as each phase wants it.
fn stack(place: &Place, addon: &str, phase: &str) -> String {
    let chart = place.path().join(addon);
    let release = |color: &str| {
        let path = chart.display();
        format!("  {addon}: {{enabled: true, chart: {{path: {path}}}, values: {{color: {color}}}}}\n")
    };
    let none = format!("  {addon}: {{enabled: false}}\n");
    let (addons, more) = match phase {
        "apply" => (release("red"), ""),
        "upgrade" => (release("green"), "  env: [{name: COLOR, value: green}]\n"),
        _ => (none.clone(), "  statsd: {enabled: false}\n"),
    };
    let head = head(&place.name).replace(&none, &addons);
    format!("{head}\n{}", airflow(&place.name, &format!("  pgbouncer: {{enabled: false}}\n{more}")))
}

/// Starts the program, kills it a while later unless it has ended, and tells whether it was killed.
fn kill_after(place: &Place, arguments: &[&str], delay: Duration) -> bool {
    let path = place.path().join("said");
    let said = File::create(&path).unwrap();
    let mut command = place.command(arguments);
    let mut child = command.stdout(said.try_clone().unwrap()).stderr(said).spawn().unwrap();
    thread::sleep(delay);
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    place.note(&std::fs::read_to_string(path).unwrap());
    was_running
}

/// The status of every revision of a release, as Helm keeps it.
fn revisions(place: &Place, release: &str) -> Vec<String> {
    let status = "--output=jsonpath={range .items[*]}{.metadata.labels.status}{\"\\n\"}{end}";
    let selector = format!("--selector=owner=helm,name={release}");
    let text = place.kubectl(&["get", "secrets", "--all-namespaces", &selector, status]);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn whenever_it_is_killed_the_next_run_goes_on() {
    let bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let begun = Instant::now();
    let killed: u32 = thread::scope(|scope| {
        let all: Vec<_> = (0..).zip(RELEASES).map(|one| (one, &bed)).collect();
        let all = all.into_iter().map(|((number, (addon, release)), bed)| {
            scope.spawn(move || kill_again_and_again(bed, number, addon, release))
        });
        all.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).sum()
    });
    eprintln!("{killed} of {KILLS} were killed on the way, in {:.1?}", begun.elapsed());
    assert!(killed * 2 > KILLS, "only {killed} of {KILLS} were killed on the way, which tells little");
}

/// Kills what is done to one stack, and gives how often it was still being done.
fn kill_again_and_again(bed: &FreshTestBed, number: u32, addon: &str, release: &str) -> u32 {
    let place = Place::on(bed, &format!("killed-{number}"));
    stand_in(place.path(), addon);
    place.stack(&stack(&place, addon, "apply"));
    let all_kinds = kinds(&place.rendered());
    let arguments = |phase: &str| match phase {
        "destroy" => ["destroy", "--yes"],
        _ => ["apply", "--yes"],
    };
    // How long each phase takes where nobody kills it.
    let usual = PHASES.map(|phase| {
        if phase != "destroy" {
            place.stack(&stack(&place, addon, phase));
        }
        let begun = Instant::now();
        place.run(&arguments(phase)).ok();
        begun.elapsed()
    });

    let mut numbers = Numbers(SEED + u64::from(number));
    let (mut killed, secrets) = (0, place.secrets());
    assert!(!secrets.is_empty(), "keys outlive a stack, because what they have encrypted may");
    for (turn, (phase, usual)) in (0..KILLS).zip(PHASES.into_iter().zip(usual).cycle()) {
        // Each stack has its share of the turns.
        let stacks = u32::try_from(RELEASES.len()).unwrap();
        if turn >= KILLS / stacks + u32::from(number < KILLS % stacks) {
            break;
        }
        if phase != "destroy" {
            place.stack(&stack(&place, addon, phase));
        }
        let delay = Duration::from_millis(numbers.below(u64::try_from(usual.as_millis()).unwrap()));
        killed += u32::from(kill_after(&place, &arguments(phase), delay));
        let about = format!("turn {turn}: {phase} killed after {delay:?}");

        let next = place.run(&arguments(phase));
        assert_eq!(next.code, 0, "{about}\n{}\n{}", next.stdout, next.stderr);
        let wanted = if phase == "destroy" { BTreeSet::new() } else { names(&place.rendered()) };
        assert_eq!(place.owned(&all_kinds), wanted, "{about}: owned is not what is wanted");
        let revisions = revisions(&place, release);
        let is_there = matches!(phase, "apply" | "upgrade");
        let deployed = revisions.iter().filter(|status| *status == "deployed").count();
        assert_eq!(deployed, usize::from(is_there), "{about}: {revisions:?}");
        assert!(is_there || revisions.is_empty(), "{about}: {revisions:?}");
        let stuck = revisions.iter().any(|status| status.starts_with("pending-") || status == "uninstalling");
        assert!(!stuck, "{about}: {revisions:?}");
        assert_eq!(place.secrets(), secrets, "{about}: other secrets");
        if phase == "upgrade" {
            place.is_settled();
        }
    }
    killed
}
