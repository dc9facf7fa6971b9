//! `destroy`: removes everything that carries this stack's marks, and proves that nothing is left.

use std::collections::BTreeMap;

use airflow_eks_aws::{Aws, Leftover, LeftoverKind};
use airflow_eks_core::Graph;
use airflow_eks_core::aws_resources::AwsKind;
use airflow_eks_core::engine::{Execution, Owned};
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::{Observations, Plan};
use serde_json::{Value, json};

use crate::args::{Destroy, Global, OutputFormat};
use crate::confirm::confirm;
use crate::error::Error;
use crate::output;
use crate::progress::{Progress, complete};
use crate::session::{Session, block_on, within};

pub(crate) fn run(global: &Global, options: &Destroy) -> Result<(), Error> {
    block_on(async {
        let session = Session::begin_as_it_is(global, options.delete_data).await?;
        let owned = session.aws.owned().await?;
        let ground = Ground::of(&session, &owned).await?;
        let left = ground.leftovers(&session.aws).await?;
        refuse_protected(&session, options, &owned).await?;
        let plan = Plan::destroy(&owned);
        if global.output == OutputFormat::Human {
            output::talk(global, output::plan(global, &plan).trim_end());
            for leftover in &left {
                output::talk(global, &format!("-   {} {} ({})", leftover.kind, leftover.id, leftover.reason));
            }
        }
        if !owned.is_empty() || !left.is_empty() {
            confirm(&options.run, "delete all of this", "nothing was deleted")?;
        }
        let work = async {
            // What lies in the network goes first, then what controllers left in it, then the network itself.
            let (ground_floor, inside): (Vec<Owned>, Vec<Owned>) = owned.into_iter().partition(is_ground);
            delete(global, &session, &inside).await?;
            sweep(global, &session.aws, &ground).await?;
            delete(global, &session, &ground_floor).await?;
            prove(global, &session, &ground).await
        };
        within(options.run.timeout, work).await
    })
}

/// Where leftovers are looked for: only around what is, or was, the stack's own.
struct Ground {
    cluster: Option<String>,
    vpc: Option<String>,
    /// Whether anything at all of the stack was there. Log groups carry no tags, so names alone do not suffice.
    any: bool,
}

impl Ground {
    /// A cluster of the same name that is not the stack's is somebody else's, and so is what its controllers made.
    async fn of(session: &Session, owned: &[Owned]) -> Result<Self, Error> {
        let has = |kind: AwsKind| {
            owned.iter().find(move |owned| matches!(&owned.id, ResourceId::Aws(id) if id.kind == kind))
        };
        let name = session.stack.cluster_name();
        let existing = session.stack.spec().cluster.existing.is_some();
        let foreign =
            existing || has(AwsKind::Cluster).is_none() && session.aws.cluster_is_there(name).await?;
        Ok(Self {
            cluster: (!foreign).then(|| name.to_owned()),
            vpc: has(AwsKind::Vpc).map(|owned| owned.physical_id.clone()),
            any: !owned.is_empty(),
        })
    }

    async fn leftovers(&self, aws: &Aws) -> Result<Vec<Leftover>, Error> {
        let Some(cluster) = &self.cluster else { return Ok(Vec::new()) };
        let mut left = aws.leftovers(cluster, self.vpc.as_deref()).await?;
        left.retain(|leftover| self.any || leftover.kind != LeftoverKind::LogGroup);
        Ok(left)
    }
}

async fn refuse_protected(session: &Session, options: &Destroy, owned: &[Owned]) -> Result<(), Error> {
    if options.delete_data {
        return Ok(());
    }
    let protected = session.aws.protected(owned).await?;
    if protected.is_empty() {
        return Ok(());
    }
    Err(Error::Refused {
        message: format!("nothing was deleted: {}", protected.join("; ")),
        hint: "keep what you need, then add `--delete-data` to delete these too".to_owned(),
    })
}

async fn delete(global: &Global, session: &Session, owned: &[Owned]) -> Result<(), Error> {
    let plan = Plan::destroy(owned);
    let (graph, observed) = (Graph::default(), Observations::default());
    let progress = Progress::new(global, &plan);
    let execution = Execution::of(plan, &graph, &observed, &session.aws);
    complete(&progress.follow(execution).await?)
}

/// How often leftovers are looked for: deleting instances frees interfaces and volumes, which can only then be deleted.
const ROUNDS: usize = 6;

/// Deletes what controllers left behind, round by round, until there is none.
async fn sweep(global: &Global, aws: &Aws, ground: &Ground) -> Result<(), Error> {
    if let Some(cluster) = &ground.cluster
        && aws.cluster_is_there(cluster).await?
    {
        return Err(Error::Refused {
            message: format!("there is a cluster `{cluster}` again: what its controllers made is in use"),
            hint: "see who made it".to_owned(),
        });
    }
    for _ in 0..ROUNDS {
        let left = ground.leftovers(aws).await?;
        if left.is_empty() {
            break;
        }
        for leftover in left {
            aws.delete_leftover(&leftover).await?;
            tell_swept(global, &leftover)?;
        }
    }
    Ok(())
}

fn tell_swept(global: &Global, leftover: &Leftover) -> Result<(), Error> {
    let Leftover { kind, id, reason, .. } = leftover;
    if global.output == OutputFormat::Json {
        let event = json!({ "event": "swept", "kind": kind.to_string(), "id": id, "reason": reason });
        return output::data(&format!("{event}\n"));
    }
    output::talk(global, &format!("swept {kind} {id} ({reason})"));
    Ok(())
}

/// Looks once more for everything, and says what was looked for.
async fn prove(global: &Global, session: &Session, ground: &Ground) -> Result<(), Error> {
    let owned = session.aws.owned().await?;
    let left = ground.leftovers(&session.aws).await?;
    let mut found: BTreeMap<String, Vec<String>> =
        AwsKind::ALL.iter().map(|kind| (kind.to_string(), Vec::new())).collect();
    if ground.cluster.is_some() {
        found.extend(LeftoverKind::ALL.iter().map(|kind| (format!("left behind: {kind}"), Vec::new())));
    }
    for owned in &owned {
        if let ResourceId::Aws(id) = &owned.id {
            found.entry(id.kind.to_string()).or_default().push(owned.physical_id.clone());
        }
    }
    for leftover in &left {
        found.entry(format!("left behind: {}", leftover.kind)).or_default().push(leftover.id.clone());
    }
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
            for (kind, ids) in &found {
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

/// What other resources lie in or use, and what lingers until they are gone.
fn is_ground(owned: &Owned) -> bool {
    let ResourceId::Aws(id) = &owned.id else { return false };
    matches!(
        id.kind,
        AwsKind::Vpc
            | AwsKind::VpcCidrBlock
            | AwsKind::InternetGateway
            | AwsKind::Subnet
            | AwsKind::ElasticIp
            | AwsKind::NatGateway
            | AwsKind::RouteTable
            | AwsKind::VpcEndpoint
            | AwsKind::SecurityGroup
            | AwsKind::SecurityGroupRules
            | AwsKind::ServiceLinkedRole
    )
}
