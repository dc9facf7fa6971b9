//! Each stack as YAML equals its builder twin, and both pass every rule.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use airflow_eks_core::{Document, Facts, Outputs, Stack, desired, json_schema, presets, render};
use airflow_eks_examples::{Example, all};

fn document(example: &Example) -> Document {
    Document::parse(example.yaml, example.name).unwrap()
}

#[test]
fn yaml_and_builder_give_the_same_stack() {
    for example in all().unwrap() {
        let from_yaml = document(&example).spec().unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(from_yaml, example.spec, "{}", example.name);
    }
}

#[test]
fn both_render_the_same_bytes_from_run_to_run() {
    let render =
        |stack: &Stack| render::yaml_stream(&render::manifests(&desired(stack), &Outputs::default()));
    for example in all().unwrap() {
        let from_yaml =
            document(&example).stack(&Facts::unknown()).unwrap_or_else(|problems| panic!("{problems}"));
        let built = Stack::validate(example.spec.clone(), &Facts::unknown()).unwrap();
        let text = render(&from_yaml);
        assert_eq!(text, render(&built), "{}", example.name);
        assert_eq!(text, render(&from_yaml), "{}", example.name);
    }
}

#[test]
fn every_preset_has_a_twin() {
    let examples = all().unwrap();
    for preset in presets::ALL {
        assert!(examples.iter().any(|example| example.yaml == preset.text), "{}", preset.name);
    }
}

#[test]
fn every_file_under_stacks_is_an_example() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/stacks");
    let names: Vec<&str> = all().unwrap().iter().map(|example| example.name).collect();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&file.trim_end_matches(".yaml")), "{file} is in no test");
        files += 1;
    }
    assert_eq!(files, names.len() - presets::ALL.len());
}

/// What a spec serialises to is what it was read from, and the schema accepts it.
#[test]
fn the_schema_accepts_every_example() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    for example in all().unwrap() {
        let value = serde_json::to_value(&example.spec).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", example.name);
    }
}

#[test]
fn the_schema_refuses_what_is_no_stack() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let refused = serde_json::json!({ "name": "demo", "region": "eu-west-1", "environment": "prod" });
    assert!(!schema.is_valid(&refused));
}
