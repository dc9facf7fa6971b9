//! No input makes this crate panic or disagree with itself, however broken or hostile it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod limits;
mod pieces;

use airflow_eks_core::presets::{ALL, DEFAULT};
use airflow_eks_core::{Document, Facts, Outputs, Problems, Stack, desired, render};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::pieces::{fragment, path, spoil, spoilt, value};

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
