//! `destroy`: removes everything that carries this stack's marks, and proves that nothing is left.

#[cfg(feature = "aws")]
mod account;

use std::collections::BTreeMap;

use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Execution, Owned};
use airflow_eks_core::plan::{Observations, Plan};
use airflow_eks_k8s::Kubernetes;
use serde_json::{Value, json};

use crate::args::{Destroy, Global, OutputFormat, Side};
use crate::confirm::confirm;
use crate::error::Error;
use crate::output;
use crate::progress::{Progress, complete};
use crate::session::{Purpose, Session, block_on, within};

/// By what was searched for, what was found.
type Found = BTreeMap<String, Vec<String>>;

pub(crate) fn run(global: &Global, options: &Destroy) -> Result<(), Error> {
    block_on(async {
        let purpose = Purpose {
            as_it_is: true,
            delete_data: options.delete_data,
            everything: global.only.is_none(),
            ..Purpose::default()
        };
        let session = Session::begin(global, purpose).await?;
        let in_cluster = session.sides.owned_in_cluster().await.map_err(unreachable_cluster)?;
        if global.only == Some(Side::K8s) {
            refuse_data(&session, options, &in_cluster).await?;
        }
        #[cfg(feature = "aws")]
        let mut account = account::Account::of(&session, options).await?;
        #[cfg(feature = "aws")]
        let (owned, left) = account.as_ref().map(account::Account::all).unwrap_or_default();
        #[cfg(not(feature = "aws"))]
        let (owned, left): (Vec<Owned>, Vec<String>) = Default::default();
        let all: Vec<Owned> = in_cluster.iter().cloned().chain(owned).collect();
        if global.output == OutputFormat::Human {
            output::talk(global, output::plan(global, &Plan::destroy(&all)).trim_end());
            left.iter().for_each(|leftover| output::talk(global, &format!("-   {leftover}")));
        }
        if !all.is_empty() || !left.is_empty() {
            confirm(&options.run, "delete all of this", "nothing was deleted")?;
        }
        let work = async {
            let mut found = Found::new();
            // What controllers have made in the account, they remove while they are there.
            if let Some(kubernetes) = &session.sides.kubernetes {
                delete(global, &session, &in_cluster).await?;
                found.extend(search(kubernetes).await?);
                forget_secrets(global, &session, options).await?;
            }
            #[cfg(feature = "aws")]
            if let Some(account) = &mut account {
                account.remove(global, &session).await?;
                found.extend(account.search().await?);
            }
            prove(global, &session, &found)
        };
        within(options.run.timeout, work).await
    })
}

fn unreachable_cluster(failure: airflow_eks_core::engine::Failure) -> Error {
    let hint = "make the cluster reachable; or add `--only aws`, which deletes a cluster of the stack's own with everything \
                in it, and sweeps what its controllers have made";
    Error::Failed {
        message: failure.to_string(),
        hint: Some(failure.hint.unwrap_or_else(|| hint.to_owned())),
    }
}

/// Where the cluster stays, its volumes are what is lost. Where all of the stack goes, they go as its file system does.
async fn refuse_data(session: &Session, options: &Destroy, owned: &[Owned]) -> Result<(), Error> {
    let Some(kubernetes) = session.sides.kubernetes.as_ref().filter(|_| !options.delete_data) else {
        return Ok(());
    };
    let data = kubernetes.data(owned).await?;
    if data.is_empty() {
        return Ok(());
    }
    Err(Error::Refused {
        message: format!("nothing was deleted: the files in these would be lost: {}", data.join(", ")),
        hint: "keep what you need, then add `--delete-data` to delete these too".to_owned(),
    })
}

async fn delete(global: &Global, session: &Session, owned: &[Owned]) -> Result<(), Error> {
    let plan = Plan::destroy(owned);
    let (graph, observed) = (Graph::default(), Observations::default());
    let progress = Progress::new(global, &plan);
    let execution = Execution::of(plan, &graph, &observed, &session.sides);
    complete(&progress.follow(execution).await?)
}

/// Looks once more for what is in the cluster, and takes the mark of the stack away where that is nothing.
async fn search(kubernetes: &Kubernetes) -> Result<Found, Error> {
    let left = kubernetes.owned().await?;
    if left.is_empty() {
        kubernetes.forget().await?;
    }
    let ids = left.iter().map(|owned| owned.id.to_string()).collect();
    Ok(Found::from([("in the cluster: objects and Helm releases".to_owned(), ids)]))
}

/// Secrets that AWS does not keep: a database that is not the stack's, and what is in it, may still need them.
async fn forget_secrets(global: &Global, session: &Session, options: &Destroy) -> Result<(), Error> {
    let Some(secrets) = &session.sides.secrets else { return Ok(()) };
    if options.delete_data {
        return Ok(secrets.delete().await?);
    }
    if secrets.are_there().await? {
        output::note(global, &format!("{} is kept; `--delete-data` deletes it too", secrets.id()));
    }
    Ok(())
}

/// Says what was looked for, and what was found.
fn prove(global: &Global, session: &Session, found: &Found) -> Result<(), Error> {
    let total: usize = found.values().map(Vec::len).sum();
    match global.output {
        OutputFormat::Json => {
            let searched: Vec<Value> =
                found.iter().map(|(kind, ids)| json!({ "kind": kind, "found": ids })).collect();
            let event = json!({ "event": "end", "stack": session.stack.spec().name, "left": total,
                "searched": searched });
            output::data(&format!("{event}\n"))?;
        }
        OutputFormat::Human => {
            for (kind, ids) in found {
                let what = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
                output::data(&format!("{kind:<45} {what}\n"))?;
            }
            output::talk(global, &format!("searched {} kinds: {total} left", found.len()));
        }
    }
    if total == 0 {
        return Ok(());
    }
    Err(Error::Failed {
        message: format!("{total} resources are left"),
        hint: Some("run the same command again to go on from there".to_owned()),
    })
}
