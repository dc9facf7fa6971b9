//! Spark teams, Airflow's right to run their applications, and applications of the stack itself.

mod airflow_access;
mod application;
mod team;

use crate::graph::KubernetesObject;
use crate::stack::Stack;

pub(super) fn objects(stack: &Stack) -> Vec<KubernetesObject> {
    let spark = &stack.spec().spark;
    if !spark.enabled {
        return Vec::new();
    }
    let mut objects = Vec::new();
    for team in &spark.teams {
        objects.extend(team::objects(stack, team));
        if team.airflow_access {
            objects.extend(airflow_access::objects(stack, team));
        }
    }
    objects.extend(spark.applications.iter().map(|application| application::object(stack, application)));
    objects
}
