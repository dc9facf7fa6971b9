//! Many objects that are not there, found out at once: asking for each of them would take a third as long as making it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kube::Client;
use tokio::sync::Mutex;

use super::listing::metadata;
use crate::discovery::Served;
use crate::error::Error;

/// So many of a kind are asked for one by one: the namespace may hold many more of others.
const ONE_BY_ONE: usize = 8;
/// How long the names of a namespace are taken for true.
const STILL_TRUE: Duration = Duration::from_secs(30);

/// The version and name of a kind, and a namespace.
type Room = (String, String, Option<String>);

/// Which objects are not there, whoever's they would be.
#[derive(Default)]
pub(crate) struct Absences {
    rooms: Mutex<HashMap<Room, Arc<Mutex<Names>>>>,
}

#[derive(Default)]
struct Names {
    asked: usize,
    /// All that there are, and when they were read; none where that is forbidden.
    there: Option<(Instant, Option<HashSet<String>>)>,
    /// Those that were said not to be there: who asks again wants to know it anew.
    told: HashSet<String>,
}

impl Absences {
    /// Whether an object is certainly not there; otherwise it has to be asked for by name.
    pub(super) async fn certainly(
        &self,
        client: &Client,
        served: &Served,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<bool, Error> {
        let resource = &served.resource;
        let room = (resource.api_version.clone(), resource.kind.clone(), namespace.map(str::to_owned));
        let names = Arc::clone(self.rooms.lock().await.entry(room).or_default());
        let mut names = names.lock().await;
        names.asked += 1;
        if names.asked <= ONE_BY_ONE || names.told.contains(name) {
            return Ok(false);
        }
        if names.there.as_ref().is_none_or(|(read, _)| read.elapsed() > STILL_TRUE) {
            let read = Instant::now();
            names.there = Some((read, there(client, served, namespace).await?));
        }
        let is_absent = matches!(&names.there, Some((_, Some(there))) if !there.contains(name));
        if is_absent {
            names.told.insert(name.to_owned());
        }
        Ok(is_absent)
    }
}

async fn there(
    client: &Client,
    served: &Served,
    namespace: Option<&str>,
) -> Result<Option<HashSet<String>>, Error> {
    match metadata(client, served, namespace, None).await {
        Ok(found) => Ok(Some(found.into_iter().map(|object| object.name).collect())),
        // Who may not list may still read one by one; and a kind may have just gone.
        Err(error) if error.code() == 403 || error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
