//! A fresh control plane of a series, with the input of its contenders.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use airflow_eks_benches::{NAMESPACE, deployments};
use airflow_eks_testbed::{FreshOptions, FreshTestBed, Server, TestBed};

use crate::Result;
use crate::contender::Contender;
use crate::cpu;
use crate::input::Input;
use crate::measured::{Measured, measure};

/// How long the controllers may take to look at everything that was made.
const SETTLING: Duration = Duration::from_secs(300);

/// A fresh control plane, with the input of its contenders.
pub(crate) struct Bed {
    test_bed: FreshTestBed,
    input: Input,
}

impl Bed {
    /// Starts one with nothing in it but the namespace.
    pub(crate) fn start(count: usize) -> Result<Self> {
        let test_bed = TestBed::fresh(FreshOptions::default())?;
        test_bed.kubectl().create_namespace(NAMESPACE)?;
        Ok(Self { test_bed, input: Input::write(count)? })
    }

    /// Ends everything but etcd and the API server.
    pub(crate) fn without_controllers(&self) -> Result<()> {
        self.test_bed.crash(Server::KubeScheduler)?;
        self.test_bed.crash(Server::KubeControllerManager)?;
        Ok(())
    }

    /// Runs a contender to its end.
    pub(crate) fn run(&self, contender: &Contender) -> Result<Measured> {
        let folder = self.folder();
        let before = cpu::of_servers(&folder)?;
        let mut measured = measure(contender.name, contender.command(&self.test_bed, &self.input))?;
        measured.server_cpu = cpu::of_servers(&folder)?.saturating_sub(before);
        Ok(measured)
    }

    /// Waits until the controllers have looked at everything that was made.
    pub(crate) fn settle(&self) -> Result<()> {
        let wanted = deployments(self.input.count);
        let begun = Instant::now();
        while self.seen()? < wanted {
            if begun.elapsed() > SETTLING {
                return Err(
                    format!("the Deployments are not looked at after {} s", SETTLING.as_secs()).into()
                );
            }
            sleep(Duration::from_secs(1));
        }
        // The last of their events.
        sleep(Duration::from_secs(5));
        Ok(())
    }

    fn seen(&self) -> Result<usize> {
        let generations = "jsonpath={.items[*].status.conditions[?(@.type==\"Available\")].status}";
        let arguments = ["get", "deployments", "--namespace", NAMESPACE, "--output", generations];
        Ok(self.test_bed.kubectl().run("look at the Deployments", &arguments)?.split_whitespace().count())
    }

    /// The folder of the run, which stands among the arguments of each of its servers.
    fn folder(&self) -> PathBuf {
        let kubeconfig = self.test_bed.kubeconfig_path();
        kubeconfig.parent().map(PathBuf::from).unwrap_or_default()
    }
}
