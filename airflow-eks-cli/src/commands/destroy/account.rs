//! The AWS side of `destroy`, with what controllers have left in the account.

use airflow_eks_aws::{Aws, Leftover, LeftoverKind};
use airflow_eks_core::aws_resources::AwsKind;
use airflow_eks_core::engine::Owned;
use airflow_eks_core::graph::ResourceId;
use serde_json::json;

use super::{Found, delete};
use crate::args::{Destroy, Global, OutputFormat};
use crate::error::Error;
use crate::output;
use crate::session::Session;

/// What there is to be removed from an account.
pub(super) struct Account<'a> {
    aws: &'a Aws,
    ground: Ground,
    owned: Vec<Owned>,
    left: Vec<Leftover>,
}

impl<'a> Account<'a> {
    /// Looks for everything, unless the command is about the cluster alone, and refuses where data is protected.
    pub(super) async fn of(session: &'a Session, options: &Destroy) -> Result<Option<Self>, Error> {
        let Some(aws) = session.sides.aws.as_ref().filter(|_| session.changes_aws()) else { return Ok(None) };
        let owned = aws.owned().await?;
        let ground = Ground::of(session, aws, &owned).await?;
        let left = ground.leftovers(aws).await?;
        refuse_protected(aws, options, &owned).await?;
        Ok(Some(Self { aws, ground, owned, left }))
    }

    /// What is the stack's, and what controllers have left.
    pub(super) fn all(&self) -> (Vec<Owned>, Vec<String>) {
        let left = self.left.iter().map(|left| format!("{} {} ({})", left.kind, left.id, left.reason));
        (self.owned.clone(), left.collect())
    }

    /// What lies in the network goes first, then what controllers left in it, then the network itself.
    pub(super) async fn remove(&mut self, global: &Global, session: &Session) -> Result<(), Error> {
        let owned = std::mem::take(&mut self.owned);
        let (ground_floor, inside): (Vec<Owned>, Vec<Owned>) = owned.into_iter().partition(is_ground);
        delete(global, session, &inside).await?;
        sweep(global, self.aws, &self.ground).await?;
        delete(global, session, &ground_floor).await
    }

    /// Looks once more for everything.
    pub(super) async fn search(&self) -> Result<Found, Error> {
        let mut found: Found = AwsKind::ALL.iter().map(|kind| (kind.to_string(), Vec::new())).collect();
        if self.ground.cluster.is_some() {
            found.extend(LeftoverKind::ALL.iter().map(|kind| (format!("left behind: {kind}"), Vec::new())));
        }
        for owned in self.aws.owned().await? {
            if let ResourceId::Aws(id) = &owned.id {
                found.entry(id.kind.to_string()).or_default().push(owned.physical_id);
            }
        }
        for leftover in self.ground.leftovers(self.aws).await? {
            found.entry(format!("left behind: {}", leftover.kind)).or_default().push(leftover.id);
        }
        Ok(found)
    }
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
    async fn of(session: &Session, aws: &Aws, owned: &[Owned]) -> Result<Self, Error> {
        let has = |kind: AwsKind| {
            owned.iter().find(move |owned| matches!(&owned.id, ResourceId::Aws(id) if id.kind == kind))
        };
        let name = session.stack.cluster_name();
        let existing = session.stack.spec().cluster.existing.is_some();
        let foreign = existing || has(AwsKind::Cluster).is_none() && aws.cluster_is_there(name).await?;
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

async fn refuse_protected(aws: &Aws, options: &Destroy, owned: &[Owned]) -> Result<(), Error> {
    if options.delete_data {
        return Ok(());
    }
    let protected = aws.protected(owned).await?;
    if protected.is_empty() {
        return Ok(());
    }
    Err(Error::Refused {
        message: format!("nothing was deleted: {}", protected.join("; ")),
        hint: "keep what you need, then add `--delete-data` to delete these too".to_owned(),
    })
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
