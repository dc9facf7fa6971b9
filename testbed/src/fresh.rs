//! A control plane that belongs to one test.

use std::{
    env, fmt,
    ops::Deref,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    Assets, CRD_SOURCES, CrdSource, Error, Kubectl, RunDirectory, Server, State, TestBed,
    lifecycle::{self, Parts, Programs},
    ports,
    tools::Tools,
};

/// What a fresh test bed has beside etcd, API server, controller manager and scheduler: nothing, unless it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct FreshOptions {
    definitions: Vec<CrdSource>,
    nodes: bool,
}

impl FreshOptions {
    /// With every definition of [`CRD_SOURCES`], which takes a while. Charts that bring the same ones cannot be installed
    /// then.
    pub fn with_custom_resource_definitions(self) -> Self {
        Self { definitions: CRD_SOURCES.to_vec(), ..self }
    }

    /// With the definitions of one project too, named as in [`CRD_SOURCES`].
    pub fn with_definitions_of(mut self, project: &str) -> Self {
        self.definitions.extend(CRD_SOURCES.iter().filter(|source| source.project == project));
        self
    }

    /// With nodes, and volumes that bind.
    pub fn with_nodes(self) -> Self {
        Self { nodes: true, ..self }
    }
}

/// A test bed of one's own. It is stopped when the value goes, and when the process ends in whatever way.
pub struct FreshTestBed {
    test_bed: TestBed,
    directory: RunDirectory,
    programs: Programs,
    state: Mutex<State>,
    _reaper: Reaper,
}

impl TestBed {
    /// Starts a test bed that belongs to the caller, without a stand-in for AWS. Several may run at once.
    ///
    /// # Errors
    /// A program is missing and cannot be built, or a server does not come up.
    pub fn fresh(options: FreshOptions) -> Result<FreshTestBed, Error> {
        let directory = RunDirectory::at(unused_folder());
        let programs = Programs { assets: Assets::find(&|_| {})?, tools: Tools::of_cache(), python: None };
        let parts = Parts { definitions: options.definitions, nodes: options.nodes, aws: false };
        let reaper = Reaper::start(&directory)?;
        let state = lifecycle::start(&directory, &programs, &parts, &|_| {})?;
        let test_bed = Self::of_state(directory.clone(), state.clone());
        Ok(FreshTestBed { test_bed, directory, programs, state: Mutex::new(state), _reaper: reaper })
    }
}

impl FreshTestBed {
    /// Ends the API server as a crash does and starts it again, on the same port and with the same data.
    ///
    /// # Errors
    /// It does not end, or does not come up again.
    pub fn restart_api_server(&self) -> Result<(), Error> {
        self.crash(Server::KubeApiserver)?;
        self.start(Server::KubeApiserver)
    }

    /// Ends a server at once, as a crash does.
    ///
    /// # Errors
    /// It does not end.
    pub fn crash(&self, server: Server) -> Result<(), Error> {
        let mut state = self.state();
        let of_server = state.servers.iter().filter(|record| record.server == server);
        of_server.into_iter().try_for_each(|record| record.process.kill(server))?;
        state.servers.retain(|record| record.server != server);
        state.write(&self.directory)
    }

    /// Starts a server that was ended, and waits until it is ready.
    ///
    /// # Errors
    /// It does not come up.
    pub fn start(&self, server: Server) -> Result<(), Error> {
        let mut state = self.state();
        let kubectl = Kubectl::new(&state.kubectl, &self.directory);
        ports::wait_until_free(state.ports.of(server));
        lifecycle::launch(server, &self.directory, &self.programs, &mut state, &|_| {})?;
        lifecycle::wait_until_ready(server, &self.directory, &state, &kubectl)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked while it held the lock has left nothing half done that matters.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for FreshTestBed {
    type Target = TestBed;

    fn deref(&self) -> &TestBed {
        &self.test_bed
    }
}

impl fmt::Debug for FreshTestBed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FreshTestBed").field("directory", &self.directory).finish_non_exhaustive()
    }
}

impl Drop for FreshTestBed {
    fn drop(&mut self) {
        // What fails here is tried again by the reaper, which goes next; there is no one to tell.
        for record in self.state().servers.iter().rev() {
            let _ = record.process.kill(record.server);
        }
        let _ = self.directory.remove();
    }
}

fn unused_folder() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("airflow-eks-testbed-{}-{number}", std::process::id()))
}

/// A process that outlives this one by a moment: its standard input ends when this process does, even by SIGKILL, and
/// it then ends every server that the state names. Where the test bed was stopped in order, it finds no state.
struct Reaper(Child);

const REAP: &str = r#"cat >/dev/null
if [ -f "$1/state.json" ]; then
    kill -KILL $(sed -n 's/^ *"pid": \([0-9]*\),*$/\1/p' "$1/state.json")
    rm -rf -- "$1"
fi"#;

impl Reaper {
    fn start(directory: &RunDirectory) -> Result<Self, Error> {
        let mut sh = Command::new("sh");
        // A group of its own: Ctrl-C in the terminal must not reach it.
        sh.args(["-c", REAP, "reaper"]).arg(directory.path()).stdin(Stdio::piped()).process_group(0);
        let spawned = sh.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        spawned.map(Self).map_err(|source| Error::Start {
            program: "sh".into(),
            operation: "stop a test bed when its test ends".into(),
            source,
        })
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
