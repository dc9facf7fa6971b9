//! Kubernetes objects: read, compared, applied, waited for and deleted.

mod absent;
mod apply;
mod change;
mod claims;
mod content;
mod delete;
mod dry_run;
mod gone;
mod listing;
mod live;
mod marks;
mod observe;
mod of_addons;
mod owned;
mod prepared;
mod stand_in;

pub(crate) use absent::Absences;
pub(crate) use listing::Listings;
