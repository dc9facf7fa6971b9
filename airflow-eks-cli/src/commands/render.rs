//! `render`: every Kubernetes object of the stack, in the order of applying.

use std::collections::BTreeSet;
use std::path::Path;

use airflow_eks_core::desired;
use airflow_eks_core::graph::Late;
use airflow_eks_core::render::{self, Manifest};

use crate::args::{Global, Render, RenderFormat};
use crate::error::Error;
use crate::{input, output};

pub(crate) fn run(global: &Global, options: &Render) -> Result<(), Error> {
    let outputs = input::outputs(global.outputs.as_deref())?;
    let stack = input::stack(global)?;
    let manifests = render::manifests(&desired(&stack), &outputs);
    match (&options.out, options.format) {
        (Some(folder), format) => {
            write(folder, &manifests, format)?;
            output::talk(global, &format!("wrote {} files to {}", manifests.len(), folder.display()));
        }
        (None, RenderFormat::Yaml) => output::data(&render::yaml_stream(&manifests))?,
        (None, RenderFormat::Json) => output::data(&render::json_list(&manifests))?,
    }
    stand_ins(global, &manifests);
    Ok(())
}

/// One file an object. The folder is new or empty, so that no file of an earlier render stays behind unnoticed.
fn write(folder: &Path, manifests: &[Manifest], format: RenderFormat) -> Result<(), Error> {
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
    for manifest in manifests {
        let (ending, text) = match format {
            RenderFormat::Yaml => ("yaml", render::yaml(&manifest.object)),
            RenderFormat::Json => ("json", render::json(&manifest.object)),
        };
        let path = folder.join(format!("{}.{ending}", manifest.file_stem));
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
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
