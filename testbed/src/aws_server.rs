//! A stand-in for AWS that belongs to one process and ends with it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{Error, aws_environment::AWS_FOLDER, error::file_error};

/// It answers after one or two seconds on a quiet machine; this is for a very busy one.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// The running server. It ends when its standard input does, so that not even the death of this process leaves it
/// behind.
#[derive(Debug)]
pub(crate) struct OwnServer {
    child: Child,
    folder: PathBuf,
    pub(crate) port: u16,
}

impl OwnServer {
    pub(crate) fn start(python: &Path) -> Result<Self, Error> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("airflow-eks-aws-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).map_err(file_error("create", &folder))?;
        let log = folder.join("aws-stand-in.log");
        let output = fs::File::create(&log).map_err(file_error("create", &log))?;
        let errors = output.try_clone().map_err(file_error("share", &log))?;
        let child = Command::new(python)
            .arg(AWS_FOLDER)
            .args(["--until-input-ends", "--port-file"])
            .arg(folder.join("port"))
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(|source| Error::Start {
                program: python.display().to_string(),
                operation: "run the stand-in for AWS".into(),
                source,
            })?;
        let mut server = Self { child, folder, port: 0 };
        server.port = server.wait(&log)?;
        Ok(server)
    }

    fn wait(&mut self, log: &Path) -> Result<u16, Error> {
        let file = self.folder.join("port");
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if let Some(port) = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()) {
                return Ok(port);
            }
            let ended = matches!(self.child.try_wait(), Ok(Some(_)));
            if ended || Instant::now() > deadline {
                let problem = if ended { "ended while it was starting" } else { "does not start in time" };
                return Err(Error::Server {
                    server: "aws-stand-in",
                    problem: problem.into(),
                    log: log.into(),
                    log_end: fs::read_to_string(log).unwrap_or_default(),
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything that it has said so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("aws-stand-in.log")).unwrap_or_default()
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
