//! A program that is killed anywhere leaves nothing that the next run does not finish.

use std::collections::BTreeSet;
use std::fs::File;
use std::time::{Duration, Instant};

use airflow_eks_testbed::{FreshOptions, TestBed};

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

/// A small stack with a release, as each phase wants it.
fn stack(place: &Place, phase: &str) -> String {
    let chart = place.path().join("kubecost");
    let color = if phase == "apply" { "red" } else { "green" };
    let release = format!(
        "  kubecost: {{enabled: true, chart: {{path: {}}}, values: {{color: {color}}}}}\n",
        chart.display()
    );
    let (addons, more) = match phase {
        "apply" => (release, "  pgbouncer: {enabled: false}\n"),
        "upgrade" => (release, "  pgbouncer: {enabled: false}\n  env: [{name: COLOR, value: green}]\n"),
        _ => (
            "  kubecost: {enabled: false}\n".to_owned(),
            "  pgbouncer: {enabled: false}\n  statsd: {enabled: false}\n",
        ),
    };
    let head = head(&place.name).replace("  kubecost: {enabled: false}\n", &addons);
    format!("{head}\n{}", airflow(&place.name, more))
}

/// Starts the program, kills it a while later unless it has ended, and tells whether it was killed.
fn kill_after(place: &Place, arguments: &[&str], delay: Duration) -> bool {
    let path = place.path().join("said");
    let said = File::create(&path).unwrap();
    let mut command = place.command(arguments);
    let mut child = command.stdout(said.try_clone().unwrap()).stderr(said).spawn().unwrap();
    std::thread::sleep(delay);
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    place.note(&std::fs::read_to_string(path).unwrap());
    was_running
}

/// The status of every revision of every release, as Helm keeps it.
fn releases(place: &Place) -> Vec<String> {
    let status =
        "--output=jsonpath={range .items[*]}{.metadata.labels.name} {.metadata.labels.status}{\"\\n\"}{end}";
    let text = place.kubectl(&["get", "secrets", "--all-namespaces", "--selector=owner=helm", status]);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn whenever_it_is_killed_the_next_run_goes_on() {
    let bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let place = Place::on(&bed, "killed");
    stand_in(place.path(), "kubecost");
    place.stack(&stack(&place, "apply"));
    let all_kinds = kinds(&place.rendered());
    let arguments = |phase: &str| match phase {
        "destroy" => ["destroy", "--yes"],
        _ => ["apply", "--yes"],
    };

    // How long each phase takes where nobody kills it.
    let usual = PHASES.map(|phase| {
        if phase != "destroy" {
            place.stack(&stack(&place, phase));
        }
        let begun = Instant::now();
        place.run(&arguments(phase)).ok();
        begun.elapsed()
    });
    eprintln!("usually {usual:.1?}");

    let mut numbers = Numbers(SEED);
    let (mut killed, mut secrets) = (0, Vec::new());
    let begun = Instant::now();
    for turn in 0..KILLS {
        let index = usize::try_from(turn).unwrap() % PHASES.len();
        let phase = PHASES[index];
        if phase != "destroy" {
            place.stack(&stack(&place, phase));
        }
        let most = u64::try_from(usual[index].as_millis()).unwrap();
        let delay = Duration::from_millis(numbers.below(most));
        killed += u32::from(kill_after(&place, &arguments(phase), delay));
        let about = format!("turn {turn}: {phase} killed after {delay:?}");
        if phase == "apply" {
            secrets = place.secrets();
        }

        let next = place.run(&arguments(phase));
        assert_eq!(next.code, 0, "{about}\n{}\n{}", next.stdout, next.stderr);
        let wanted = if phase == "destroy" { BTreeSet::new() } else { names(&place.rendered()) };
        assert_eq!(place.owned(&all_kinds), wanted, "{about}: owned is not what is wanted");
        let releases = releases(&place);
        let deployed = releases.iter().filter(|release| *release == "kubecost deployed").count();
        let pending = releases
            .iter()
            .filter(|release| !release.ends_with(" deployed") && !release.ends_with(" superseded"));
        assert_eq!(
            pending.count(),
            releases.iter().filter(|release| release.ends_with(" failed")).count(),
            "{about}: {releases:?}"
        );
        assert_eq!(deployed, usize::from(matches!(phase, "apply" | "upgrade")), "{about}: {releases:?}");
        if phase != "destroy" {
            let made = place.secrets();
            assert!(!made.is_empty() && (secrets.is_empty() || secrets == made), "{about}: other secrets");
            secrets = made;
        }
        if phase == "upgrade" {
            place.is_settled();
        }
    }
    eprintln!("{killed} of {KILLS} were killed on the way, in {:.1?}", begun.elapsed());
    assert!(killed * 2 > KILLS, "only {killed} of {KILLS} were killed on the way, which tells little");
}
