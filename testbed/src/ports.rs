//! Free loopback ports.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{Error, Server};

/// Below the range from which Linux takes the local ports of outgoing connections, so that none of those can take a
/// port between its choice here and the start of its server.
const FIRST: u16 = 20_000;
const LAST: u16 = 32_000;
const COUNT: usize = 8;
const FREE_WITHIN: Duration = Duration::from_secs(10);

/// The port of every server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) etcd: u16,
    pub(crate) etcd_peer: u16,
    pub(crate) kube_apiserver: u16,
    pub(crate) kube_controller_manager: u16,
    pub(crate) kube_scheduler: u16,
    /// Zero in the state of an older test bed.
    #[serde(default)]
    pub(crate) kwok: u16,
    /// Zero in the state of an older test bed.
    #[serde(default)]
    pub(crate) volume_provisioner: u16,
    /// Zero in the state of an older test bed.
    #[serde(default)]
    pub(crate) aws_stand_in: u16,
}

impl Ports {
    /// Eight ports on which nothing listens now.
    pub(crate) fn choose() -> Result<Self, Error> {
        // Two test beds that start at once, in this process or in two, begin their search in different places.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(64).wrapping_add(number.wrapping_mul(16));
        let start = FIRST + u16::try_from(offset % u32::from(LAST - FIRST)).unwrap_or(0);
        let candidates = (start..=LAST).chain(FIRST..start);
        // The listeners are held until all are found: that keeps the ports distinct.
        let listeners: Vec<_> = candidates
            .filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
            .take(COUNT)
            .collect();
        let ports: Vec<_> = listeners
            .iter()
            .filter_map(|listener| listener.local_addr().ok())
            .map(|address| address.port())
            .collect();
        <[u16; COUNT]>::try_from(ports).map(Self::from).map_err(|_| Error::NoFreePort {
            wanted: COUNT,
            first: FIRST,
            last: LAST,
        })
    }

    /// The port on which a server answers clients.
    pub(crate) fn of(&self, server: Server) -> u16 {
        match server {
            Server::Etcd => self.etcd,
            Server::KubeApiserver => self.kube_apiserver,
            Server::KubeControllerManager => self.kube_controller_manager,
            Server::KubeScheduler => self.kube_scheduler,
            Server::Kwok => self.kwok,
            Server::VolumeProvisioner => self.volume_provisioner,
            Server::AwsStandIn => self.aws_stand_in,
        }
    }
}

/// Waits until nothing listens on a port any more: the threads of a killed process end a moment after it is gone.
/// One that stays taken is told of by the server that is started there.
pub(crate) fn wait_until_free(port: u16) {
    let deadline = Instant::now() + FREE_WITHIN;
    while TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
}

impl From<[u16; COUNT]> for Ports {
    fn from(ports: [u16; COUNT]) -> Self {
        let [
            etcd,
            etcd_peer,
            kube_apiserver,
            kube_controller_manager,
            kube_scheduler,
            kwok,
            volume_provisioner,
            aws_stand_in,
        ] = ports;
        Self {
            etcd,
            etcd_peer,
            kube_apiserver,
            kube_controller_manager,
            kube_scheduler,
            kwok,
            volume_provisioner,
            aws_stand_in,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn chosen_ports_are_distinct_and_out_of_the_way_of_outgoing_connections() {
        let ports = Ports::choose().unwrap();
        let distinct: BTreeSet<_> =
            Server::ALL.map(|server| ports.of(server)).into_iter().chain([ports.etcd_peer]).collect();
        assert_eq!(distinct.len(), COUNT, "{ports:?}");
        assert!(distinct.iter().all(|port| (FIRST..=LAST).contains(port)), "{ports:?}");
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let ports = Ports::choose().unwrap();
        // Whether this or another process holds it now, it is in use.
        let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.etcd));
        assert_ne!(Ports::choose().unwrap().etcd, ports.etcd);
    }
}
