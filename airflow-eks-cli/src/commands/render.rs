//! `render`: every Kubernetes object of the stack, in the order of applying; or the Git repository that brings them.

use std::collections::BTreeSet;
use std::path::Path;

use airflow_eks_core::desired;
use airflow_eks_core::graph::Late;
use airflow_eks_core::render::gitops::{self, GitOpsTool};
use airflow_eks_core::render::{self, Manifest};

use crate::args::{Global, Render, RenderFormat};
use crate::error::Error;
use crate::{input, output};

/// A file's path and its text.
type File = (String, String);

pub(crate) fn run(global: &Global, options: &Render) -> Result<(), Error> {
    match options.format {
        RenderFormat::Yaml | RenderFormat::Json => objects(global, options),
        RenderFormat::Argocd => repository(global, options, GitOpsTool::ArgoCd),
        RenderFormat::Flux => repository(global, options, GitOpsTool::Flux),
    }
}

fn objects(global: &Global, options: &Render) -> Result<(), Error> {
    let outputs = input::outputs(global.outputs.as_deref())?;
    let stack = input::stack(global)?;
    let graph = desired(&stack);
    let manifests = render::manifests(&graph, &outputs);
    let json = options.format == RenderFormat::Json;
    match &options.out {
        Some(folder) => {
            let file = |manifest: &Manifest| match json {
                true => (format!("{}.json", manifest.file_stem), render::json(&manifest.object)),
                false => (format!("{}.yaml", manifest.file_stem), render::yaml(&manifest.object)),
            };
            write(global, folder, &manifests.iter().map(file).collect::<Vec<File>>())?;
        }
        None if json => output::data(&render::json_list(&manifests))?,
        None => output::data(&render::yaml_stream(&manifests))?,
    }
    stand_ins(global, &manifests);
    let releases: Vec<&str> = graph.helm().map(|release| release.id.name.as_str()).collect();
    if !releases.is_empty() {
        let message = format!(
            "{} Helm releases are not among these: {} (`apply` installs them, and `--format argocd|flux` writes them too)",
            releases.len(),
            releases.join(", ")
        );
        output::note(global, &message);
    }
    Ok(())
}

fn repository(global: &Global, options: &Render, tool: GitOpsTool) -> Result<(), Error> {
    let outputs = input::outputs(global.outputs.as_deref())?;
    let stack = input::stack(global)?;
    let repository = gitops::repository(&stack, &desired(&stack), &outputs, tool).map_err(Error::Stack)?;
    let texts = repository.files.iter().map(|file| (file.path.clone(), render::yaml(&file.object)));
    let Some(folder) = &options.out else {
        return output::data(&texts.map(|(_, text)| format!("---\n{text}")).collect::<String>());
    };
    write(global, folder, &texts.collect::<Vec<File>>())?;
    let entry = folder.join(&repository.entry);
    let message = format!("next: commit them, push, and once `kubectl apply -f {}`", entry.display());
    output::talk(global, &message);
    Ok(())
}

/// The folder is new or empty, so that no file of an earlier render stays behind unnoticed.
fn write(global: &Global, folder: &Path, files: &[File]) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    if std::fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
        return Err(Error::Refused {
            message: format!("the folder {} is not empty", folder.display()),
            hint: "name another folder, or empty this one".to_owned(),
        });
    }
    for (name, text) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
    output::talk(global, &format!("wrote {} files to {}", files.len(), folder.display()));
    Ok(())
}

/// Says which values are stand-ins: applied as they are, these objects would not work.
fn stand_ins(global: &Global, manifests: &[Manifest]) {
    let late: BTreeSet<Late> =
        manifests.iter().flat_map(|manifest| manifest.stand_ins.iter().cloned()).collect();
    let (outputs, secrets): (Vec<Late>, Vec<Late>) =
        late.into_iter().partition(|late| !matches!(late, Late::Secret(_)));
    let names = |late: &[Late]| late.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !outputs.is_empty() {
        let message =
            format!("stand-ins for what only AWS can tell: {} (known? give --outputs FILE)", names(&outputs));
        output::note(global, &message);
    }
    if !secrets.is_empty() {
        output::note(
            global,
            &format!("stand-ins for secrets, which are never rendered: {}", names(&secrets)),
        );
    }
}
