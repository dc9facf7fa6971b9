//! `init`: a commented `stack.yaml` to begin with.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use airflow_eks_core::presets::{DEFAULT, Preset};

use crate::args::{Global, Init};
use crate::error::Error;
use crate::output;

pub(crate) fn run(global: &Global, options: &Init) -> Result<(), Error> {
    let preset = Preset::named(&options.preset).copied().unwrap_or(DEFAULT);
    let path = &options.path;
    if path.as_os_str() == "-" {
        return output::data(preset.text);
    }
    // Asking and making are one step, so that nothing can come between them.
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => Error::Refused {
            message: format!("{} is there already", path.display()),
            hint: "name another file, or move this one away".to_owned(),
        },
        _ => Error::Write { path: path.clone(), source },
    })?;
    file.write_all(preset.text.as_bytes()).map_err(|source| Error::Write { path: path.clone(), source })?;
    output::talk(global, &format!("wrote {}: {}", path.display(), preset.summary));
    output::talk(global, "next: edit it, then `airflow-eks validate` and `airflow-eks render`");
    Ok(())
}
