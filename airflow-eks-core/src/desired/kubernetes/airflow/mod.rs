//! Airflow itself, natively: no chart and no hooks. Object names, labels and ports are those of the official chart, so
//! that whatever was built around a chart's release finds its way.

mod component;
mod config_map;
mod configuration;
mod connections;
mod container;
mod dag_processor;
mod dags;
mod database;
mod environment;
mod git_sync;
mod ingress;
mod jobs;
mod monitors;
mod pgbouncer;
mod pod_template;
mod probes;
mod rbac;
mod resources;
mod scheduler;
mod secrets;
mod service;
mod service_accounts;
mod statsd;
mod statsd_mappings;
mod triggerer;
mod web;
mod workload;

pub(in crate::desired) use component::Component;
pub(super) use container::checksum;

use crate::graph::{KubernetesObject, ObjectId, ResourceId};
use crate::spec::AirflowRelease;
use crate::stack::Stack;

use super::namespace::namespace;

/// The names of what stands before the web interface.
pub(in crate::desired) struct Web {
    pub(in crate::desired) service: String,
    pub(in crate::desired) port: u16,
    pub(in crate::desired) ingress: Option<String>,
    pub(in crate::desired) url: Option<String>,
    pub(in crate::desired) admin_secret: String,
}

/// One Airflow release of a stack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Release<'a> {
    stack: &'a Stack,
    spec: &'a AirflowRelease,
}

impl<'a> Release<'a> {
    pub(super) fn of(stack: &'a Stack) -> Self {
        Self { stack, spec: &stack.spec().airflow }
    }

    /// Every object of the release.
    pub(super) fn objects(self) -> Vec<KubernetesObject> {
        let mut objects = vec![namespace(self.stack, self.namespace(), "airflow")];
        objects.extend(service_accounts::objects(self));
        objects.extend(rbac::objects(self));
        objects.extend(super::secrets::store(self.stack, self.namespace()));
        objects.extend(secrets::objects(self));
        objects.push(config_map::object(self));
        objects.extend(statsd::objects(self));
        objects.extend(pgbouncer::objects(self));
        objects.extend(jobs::objects(self));
        objects.extend(git_sync::writer(self));
        objects.extend(scheduler::objects(self));
        objects.extend(web::objects(self));
        objects.extend(triggerer::objects(self));
        objects.extend(dag_processor::objects(self));
        objects.extend(ingress::object(self));
        objects.extend(monitors::objects(self));
        objects
    }

    /// The waits that no field shows: for PgBouncer before the database is migrated through it, and for the migrated
    /// database before anything uses it.
    pub(super) fn waits(self) -> Vec<(ResourceId, ResourceId)> {
        let deployment = |component: Component| self.id("apps", "Deployment", &self.name(component));
        let migrated = self.id("batch", "Job", &jobs::migration_name(self));
        let mut waits = vec![
            (migrated.clone(), deployment(Component::Pgbouncer)),
            (self.id("batch", "Job", &jobs::user_name(self)), migrated.clone()),
        ];
        waits.extend(
            Component::WITH_DATABASE.iter().map(|component| (deployment(*component), migrated.clone())),
        );
        waits
    }

    /// The names of what stands before the web interface.
    pub(super) fn web(self) -> Web {
        Web {
            service: self.name(Component::Web),
            port: web::PORT.unsigned_abs().try_into().unwrap_or(u16::MAX),
            ingress: ingress::object(self).map(|ingress| ingress.id.name),
            url: web::public_url(self),
            admin_secret: self.named("admin-user"),
        }
    }

    fn id(self, group: &str, kind: &str, name: &str) -> ResourceId {
        ObjectId::new(group, kind, Some(self.namespace()), name).into()
    }

    fn namespace(self) -> &'a str {
        self.spec.namespace.as_str()
    }

    /// The name of a component's objects.
    fn name(self, component: Component) -> String {
        self.named(component.name(self.is_3()))
    }

    /// The name of an object that belongs to no single component.
    fn named(self, suffix: &str) -> String {
        format!("{}-{suffix}", self.spec.name)
    }

    fn is_3(self) -> bool {
        self.spec.version.is_3()
    }
}
