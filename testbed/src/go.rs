//! The Go client: builds programs and downloads modules.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::{Error, assets::Binary, error::file_error, kubectl, versions};

/// The Go module that pins the control plane.
pub(crate) const KUBERNETES_MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kubernetes");
/// The Go module that pins KWOK, and holds the volume provisioner.
pub(crate) const NODES_MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/nodes");

/// Builds a program into a folder, under its own name only once it is complete.
pub(crate) fn build(binary: &Binary, folder: &Path) -> Result<(), Error> {
    let unfinished = folder.join(format!("{}.unfinished", binary.name));
    let mut command = Command::new("go");
    command
        .current_dir(binary.module)
        .env("CGO_ENABLED", "0")
        .env("GOWORK", "off")
        .args(["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", &linker_flags(), "-o"])
        .arg(&unfinished)
        .arg(binary.package);
    run(&mut command, &format!("build {}", binary.package))?;
    fs::rename(&unfinished, folder.join(binary.name)).map_err(file_error("rename", unfinished))
}

fn run(command: &mut Command, operation: &str) -> Result<String, Error> {
    kubectl::output(command, operation).map_err(|error| match error {
        Error::Start { source, .. } => Error::NoGo(source),
        other => other,
    })
}

/// Without symbols, and with the version that upstream's own build would stamp: a bare `go build` reports `v0.0.0`.
fn linker_flags() -> String {
    let version = versions::required(versions::KUBERNETES);
    let (major, minor) = versions::major_minor(version).unwrap_or_default();
    let package = "k8s.io/component-base/version";
    format!(
        "-s -w -X {package}.gitVersion={version} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    )
}

/// What `go mod download -json` says of one module.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded {
    path: String,
    version: String,
    dir: Option<PathBuf>,
    error: Option<String>,
}

/// Makes sure that modules, each `path@version`, are in the Go module cache, and gives the folder of each in turn.
pub(crate) fn download(modules: &[String]) -> Result<Vec<PathBuf>, Error> {
    // Outside of any Go module: the command must not write to a `go.sum` of ours.
    let output = Command::new("go")
        .current_dir(std::env::temp_dir())
        .env("GOWORK", "off")
        .args(["mod", "download", "-json"])
        .args(modules)
        .output()
        .map_err(Error::NoGo)?;
    // Its exit status tells less than the document of each module does.
    let downloaded = parse(&output.stdout)?;
    modules.iter().map(|module| folder_of(module, &downloaded, &output.stderr)).collect()
}

fn parse(json: &[u8]) -> Result<Vec<Downloaded>, Error> {
    serde_json::Deserializer::from_slice(json)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|source| Error::Json { document: "the output of `go mod download -json`".into(), source })
}

fn folder_of(module: &str, downloaded: &[Downloaded], stderr: &[u8]) -> Result<PathBuf, Error> {
    let failed = |detail: &str| Error::Module { module: module.to_owned(), detail: detail.trim().to_owned() };
    let found = downloaded
        .iter()
        .find(|entry| format!("{}@{}", entry.path, entry.version) == module)
        .ok_or_else(|| failed(&String::from_utf8_lossy(stderr)))?;
    match (&found.error, &found.dir) {
        (None, Some(folder)) => Ok(folder.clone()),
        (error, _) => Err(failed(error.as_deref().unwrap_or("the Go client names no folder"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_MODULES: &[u8] = br#"
        { "Path": "a.io/x", "Version": "v1.0.0", "Dir": "/cache/x", "Sum": "h1:" }
        { "Path": "a.io/y", "Version": "v2.0.0", "Error": "not found" }"#;

    #[test]
    fn the_folder_of_each_module_is_read_from_a_stream_of_documents() {
        let downloaded = parse(TWO_MODULES).unwrap();
        assert_eq!(folder_of("a.io/x@v1.0.0", &downloaded, b"").unwrap(), Path::new("/cache/x"));
    }

    #[test]
    fn a_module_that_could_not_be_had_is_named_with_the_reason() {
        let downloaded = parse(TWO_MODULES).unwrap();
        let error = folder_of("a.io/y@v2.0.0", &downloaded, b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot download the Go module a.io/y@v2.0.0: not found");
        let error = folder_of("a.io/z@v1.0.0", &downloaded, b"no network\n").unwrap_err();
        assert!(error.to_string().ends_with("no network"), "{error}");
    }

    #[test]
    fn the_version_is_stamped_into_the_programs() {
        let flags = linker_flags();
        assert!(
            flags.contains(&format!("gitVersion={} ", versions::required(versions::KUBERNETES))),
            "{flags}"
        );
        assert!(!flags.contains("gitMajor=0"), "{flags}");
    }
}
