//! The stack's objects, read a kind at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use airflow_eks_core::graph::ApplySet;
use kube::Client;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use crate::call::{Call, METADATA_LIST};
use crate::discovery::Served;
use crate::error::Error;

/// How many objects a page has.
const PAGE: &str = "500";

/// Where an object of one kind is.
type Place = (Option<String>, String);

/// The group of a kind, and its name.
type Kind = (String, String);

/// The stack's objects as they were read, each until somebody asks for it: they are kept as text, and read when asked for.
#[derive(Default)]
pub(crate) struct Listings {
    kinds: Mutex<HashMap<Kind, Arc<Mutex<Listing>>>>,
}

#[derive(Default)]
struct Listing {
    is_read: bool,
    objects: HashMap<Place, Box<RawValue>>,
    taken: HashSet<Place>,
}

impl Listings {
    /// One object of the stack; nothing where it is not among those that carry the stack's label.
    pub(super) async fn take(
        &self,
        client: &Client,
        served: &Served,
        set: &ApplySet,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Option<Value>, Error> {
        let kind = (served.resource.api_version.clone(), served.resource.kind.clone());
        let listing = Arc::clone(self.kinds.lock().await.entry(kind).or_default());
        let mut listing = listing.lock().await;
        let place = (namespace.map(str::to_owned), name.to_owned());
        if !listing.is_read || listing.taken.contains(&place) {
            listing.objects = read(client, served, set).await?;
            listing.taken.clear();
            listing.is_read = true;
        }
        let Some(text) = listing.objects.remove(&place) else { return Ok(None) };
        listing.taken.insert(place);
        drop(listing);
        let mut object: Value = parse(&text)?;
        // The items of a list leave out what the list says.
        if let Some(object) = object.as_object_mut() {
            let resource = &served.resource;
            object.entry("apiVersion").or_insert_with(|| Value::from(resource.api_version.as_str()));
            object.entry("kind").or_insert_with(|| Value::from(resource.kind.as_str()));
        }
        Ok(Some(object))
    }
}

async fn read(
    client: &Client,
    served: &Served,
    set: &ApplySet,
) -> Result<HashMap<Place, Box<RawValue>>, Error> {
    #[derive(Deserialize)]
    struct Named {
        metadata: Metadata,
    }
    let selector = format!("{}={}", ApplySet::PART_OF, set.id());
    let call = Call::get(served.list_path(None)).with("labelSelector", &selector);
    let items: Vec<Box<RawValue>> = match pages(client, &call).await {
        // Who may not list everywhere may still read one by one.
        Err(error) if error.code() == 403 => Vec::new(),
        items => items?,
    };
    let mut objects = HashMap::with_capacity(items.len());
    for item in items {
        let Named { metadata } = parse(&item)?;
        objects.insert((metadata.namespace, metadata.name), item);
    }
    Ok(objects)
}

fn parse<T: DeserializeOwned>(text: &RawValue) -> Result<T, Error> {
    serde_json::from_str(text.get())
        .map_err(|error| Error::NotUnderstood(format!("line {}, column {}", error.line(), error.column())))
}

/// What the server says of an object beside its fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    pub(super) uid: String,
    pub(super) labels: HashMap<String, String>,
    pub(super) annotations: HashMap<String, String>,
    pub(super) owner_references: Vec<Owner>,
    /// Since when it is on its way out.
    pub(super) deletion_timestamp: Option<String>,
    pub(super) managed_fields: Vec<Manager>,
}

/// One who has written fields of an object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manager {
    pub(super) manager: String,
}

/// Another object that an object goes with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Owner {
    pub(super) controller: bool,
}

/// The metadata of objects of one kind.
pub(super) async fn metadata(
    client: &Client,
    served: &Served,
    namespace: Option<&str>,
    selector: Option<&str>,
) -> Result<Vec<Metadata>, Error> {
    #[derive(Deserialize)]
    struct Partial {
        #[serde(default)]
        metadata: Metadata,
    }
    let mut call = Call::get(served.list_path(namespace)).accepting(METADATA_LIST);
    if let Some(selector) = selector {
        call = call.with("labelSelector", selector);
    }
    let items: Vec<Partial> = pages(client, &call).await?;
    Ok(items.into_iter().map(|item| item.metadata).collect())
}

/// Every page of a list; from the start again where one was gone before it was asked for.
async fn pages<T: DeserializeOwned>(client: &Client, call: &Call) -> Result<Vec<T>, Error> {
    #[derive(Deserialize)]
    struct Page<T> {
        #[serde(default)]
        metadata: PageMetadata,
        items: Option<Vec<T>>,
    }
    #[derive(Default, Deserialize)]
    struct PageMetadata {
        #[serde(default, rename = "continue")]
        next: String,
    }
    let call = call.clone().with("limit", PAGE);
    let mut items = Vec::new();
    let mut next = String::new();
    let mut restarts = 0;
    loop {
        let page = if next.is_empty() { call.clone() } else { call.clone().with("continue", &next) };
        let page: Page<T> = match page.send(client).await {
            Err(error) if error.is_expired() && restarts < 3 => {
                restarts += 1;
                items.clear();
                next.clear();
                continue;
            }
            page => page?,
        };
        items.extend(page.items.unwrap_or_default());
        next = page.metadata.next;
        if next.is_empty() {
            return Ok(items);
        }
    }
}
