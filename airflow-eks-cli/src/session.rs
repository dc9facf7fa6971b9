//! What every command that talks to AWS begins with: the stack, the account it belongs to, and its graph.

use std::future::Future;
use std::time::Duration;

use airflow_eks_aws::{Aws, Connection};
use airflow_eks_core::engine;
use airflow_eks_core::facts::KubernetesOffer;
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::{Observations, Observed};
use airflow_eks_core::spec::StackSpec;
use airflow_eks_core::types::AccountId;
use airflow_eks_core::{Document, Facts, Graph, Stack, desired};

use crate::args::{Global, Side};
use crate::error::Error;
use crate::{input, output};

/// A stack, checked against what is true of its account, and the connection to it.
pub(crate) struct Session {
    pub(crate) stack: Stack,
    pub(crate) graph: Graph,
    pub(crate) account: Option<AccountId>,
    pub(crate) aws: Aws,
}

impl Session {
    /// Reads the stack, connects, and refuses any account but the stack's own.
    pub(crate) async fn begin(global: &Global, delete_data: bool) -> Result<Self, Error> {
        Self::begin_with(global, delete_data, |_, facts| facts).await
    }

    /// The same for looking at and removing a stack that is there: its version of Kubernetes may not be offered any more.
    pub(crate) async fn begin_as_it_is(global: &Global, delete_data: bool) -> Result<Self, Error> {
        Self::begin_with(global, delete_data, |spec, facts| {
            let offer = KubernetesOffer { version: spec.cluster.version.clone(), standard_support: true };
            Facts { kubernetes_versions: Some(vec![offer]), ..facts }
        })
        .await
    }

    async fn begin_with(
        global: &Global,
        delete_data: bool,
        adjust: impl Fn(&StackSpec, Facts) -> Facts,
    ) -> Result<Self, Error> {
        aws_only(global)?;
        output::show_warnings(global);
        let document = input::document(global)?;
        let spec = document.spec().map_err(Error::Stack)?;
        // What is wrong without asking is said without asking.
        let offline = document.stack(&adjust(&spec, Facts::unknown())).map_err(Error::Stack)?;
        let aws = connect(&offline).await.deleting_data(delete_data);
        let facts = adjust(&spec, aws.facts().await?);
        own_account(&offline, facts.account.as_ref())?;
        output::detail(
            global,
            &format!(
                "account {}, Region {}",
                facts.account.as_ref().map_or("unknown", AccountId::as_str),
                offline.spec().region
            ),
        );
        Self::of(&document, &facts, aws)
    }

    fn of(document: &Document, facts: &Facts, aws: Aws) -> Result<Self, Error> {
        let stack = document.stack(facts).map_err(Error::Stack)?;
        let graph = desired(&stack).only(|id| matches!(id, ResourceId::Aws(_)));
        Ok(Self { account: facts.account.clone(), stack, graph, aws })
    }

    /// What there is of the stack.
    pub(crate) async fn observe(&self) -> Result<Observations, Error> {
        let read = engine::observe(&self.graph, &self.aws, self.account.as_ref());
        let (observed, owned) = futures::join!(read, self.aws.owned());
        Ok(observed.with_owned(owned?))
    }
}

/// The first resource that could not be read: nothing can be said of the stack before it can.
pub(crate) fn unreadable(observed: &Observations) -> Option<Error> {
    observed.resources.values().find_map(|observed| match observed {
        Observed::Unreadable(failure) => Some(Error::from(failure.clone())),
        _ => None,
    })
}

/// The connection for a stack.
pub(crate) async fn connect(stack: &Stack) -> Aws {
    let spec = stack.spec();
    Aws::connect(Connection { stack: spec.name.to_string(), region: spec.region.to_string() }).await
}

fn own_account(stack: &Stack, caller: Option<&AccountId>) -> Result<(), Error> {
    match (&stack.spec().account, caller) {
        (Some(wanted), Some(caller)) if wanted != caller => Err(Error::Refused {
            message: format!("the stack belongs to the account {wanted}, and these credentials to {caller}"),
            hint: "use credentials of the stack's account, such as with AWS_PROFILE".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn aws_only(global: &Global) -> Result<(), Error> {
    match global.only {
        Some(Side::Aws) => Ok(()),
        side => Err(Error::Input {
            message: match side {
                Some(_) => "this release renders the Kubernetes side, and does not apply it yet".to_owned(),
                None => "this release applies the AWS side only".to_owned(),
            },
            hint: "add `--only aws`; `airflow-eks render` prints the Kubernetes objects".to_owned(),
        }),
    }
}

/// Does work until it is done, the time is up, or it is interrupted.
pub(crate) async fn within<T>(
    timeout: Option<Duration>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let time_is_up = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        done = work => done,
        () = time_is_up => Err(cut_short("the time is up")),
        _ = tokio::signal::ctrl_c() => Err(cut_short("interrupted")),
    }
}

fn cut_short(why: &str) -> Error {
    Error::Failed {
        message: format!("{why}: not everything is done"),
        hint: Some(
            "what AWS was asked for goes on; run the same command again to go on from there".to_owned(),
        ),
    }
}

/// Runs what waits for answers.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Error::Failed { message: format!("cannot start: {error}"), hint: None })?;
    runtime.block_on(work)
}
