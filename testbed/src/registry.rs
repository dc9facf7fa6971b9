//! An OCI registry in memory, for the charts of one test.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::{Assets, Error, Helm};

/// A registry on a loopback port, without TLS and open to everyone. It ends with the value, and with the process.
#[derive(Debug)]
pub struct OciRegistry {
    /// A shell that ends the registry once its standard input ends.
    shell: Child,
    port: u16,
}

impl OciRegistry {
    /// Starts one.
    ///
    /// # Errors
    /// Its program is missing and cannot be built, or does not start.
    pub fn start() -> Result<Self, Error> {
        let program = Assets::find(&|_| {})?.program("registry");
        let failed = |source| Error::Start {
            program: program.display().to_string(),
            operation: "keep the charts of a test".into(),
            source,
        };
        let mut sh = Command::new("sh");
        sh.args(["-c", "\"$0\" --port=0 & cat >/dev/null; kill $!"]).arg(&program).process_group(0);
        let piped = sh.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut shell = piped.spawn().map_err(failed)?;
        let mut line = String::new();
        if let Some(stderr) = shell.stderr.take() {
            let mut lines = BufReader::new(stderr);
            lines.read_line(&mut line).map_err(failed)?;
            // It goes on telling of every request, and must not die of a closed pipe.
            std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        }
        // `2026/01/01 00:00:00 serving on port 41234`
        let port = line.trim().rsplit(' ').next().and_then(|port| port.parse().ok());
        let registry = Self { shell, port: port.unwrap_or_default() };
        match port {
            Some(_) => Ok(registry),
            None => Err(Error::Failed {
                program: "registry".into(),
                operation: "keep the charts of a test".into(),
                detail: line,
            }),
        }
    }

    /// Where Helm finds it: `oci://127.0.0.1:<port>`. Helm has to be told `--plain-http`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("oci://127.0.0.1:{}", self.port)
    }

    /// Pushes an archived chart, and gives where Helm finds it: `oci://127.0.0.1:<port>/charts`, followed by a slash
    /// and the chart's name.
    ///
    /// # Errors
    /// Helm fails.
    pub fn push(&self, helm: &Helm, archive: &Path) -> Result<String, Error> {
        let repository = format!("{}/charts", self.url());
        let archive = archive.to_string_lossy();
        helm.run(&format!("push {archive}"), &["push", "--plain-http", &archive, &repository])?;
        Ok(repository)
    }
}

impl Drop for OciRegistry {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
