//! What the tests in this folder have in common: a stack's text as its rendered objects, and programs that
//! read them.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    thread,
};

use airflow_eks_core::{Document, Facts, Outputs, Stack, desired, render};
use serde_json::Value;

/// The objects of a stack that is given as text, in the order of applying.
#[track_caller]
pub(crate) fn manifests(text: &str, file: &str) -> Vec<render::Manifest> {
    let stack = Document::parse(text, file).and_then(|document| document.stack(&Facts::unknown()));
    manifests_of(&stack.unwrap_or_else(|problems| panic!("{problems}")))
}

/// The objects of a validated stack, in the order of applying.
pub(crate) fn manifests_of(stack: &Stack) -> Vec<render::Manifest> {
    render::manifests(&desired(stack), &Outputs::default())
}

/// The object of that kind and name.
#[track_caller]
pub(crate) fn object<'m>(manifests: &'m [render::Manifest], kind: &str, name: &str) -> &'m Value {
    let wanted = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    let found = manifests.iter().map(|manifest| &manifest.object).find(wanted);
    found.unwrap_or_else(|| panic!("the stack renders no {kind} {name}"))
}

/// Runs a program to its end, with a text on its standard input.
pub(crate) fn run(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // At the same time: a program that writes before it has read everything must not wait for us. One
        // that ends without reading shows in its exit status.
        scope.spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
        child.wait_with_output().unwrap()
    })
}

/// What a program printed, which must not have failed.
#[track_caller]
pub(crate) fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
