//! The servers: their names, their arguments and where they answer.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    RunDirectory,
    aws_environment::AWS_FOLDER,
    credentials::{CONTROLLER_MANAGER, KWOK, SCHEDULER, VOLUME_PROVISIONER},
    ports::Ports,
};

/// A server of the test bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    /// The store behind the API server.
    Etcd,
    /// The API server.
    KubeApiserver,
    /// The built-in controllers: Deployments, Jobs, garbage collection, service accounts and the rest.
    KubeControllerManager,
    /// The scheduler.
    KubeScheduler,
    /// KWOK, which plays the kubelets of the nodes, and the controllers that do not run here.
    Kwok,
    /// What answers claims in place of the CSI drivers of EBS and EFS.
    VolumeProvisioner,
    /// The stand-in for AWS.
    AwsStandIn,
}

impl Server {
    /// Every server, each after those that it needs.
    pub const ALL: [Self; 7] = [
        Self::Etcd,
        Self::KubeApiserver,
        Self::KubeControllerManager,
        Self::KubeScheduler,
        Self::Kwok,
        Self::VolumeProvisioner,
        Self::AwsStandIn,
    ];

    /// The name of its program.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::KubeApiserver => "kube-apiserver",
            Self::KubeControllerManager => "kube-controller-manager",
            Self::KubeScheduler => "kube-scheduler",
            Self::Kwok => "kwok",
            Self::VolumeProvisioner => "volume-provisioner",
            Self::AwsStandIn => "aws-stand-in",
        }
    }

    /// Where it answers clients.
    pub(crate) fn url(self, port: u16) -> String {
        let scheme = if self.speaks_plain_http() { "http" } else { "https" };
        format!("{scheme}://127.0.0.1:{port}")
    }

    /// Whether it answers without TLS.
    pub(crate) fn speaks_plain_http(self) -> bool {
        matches!(self, Self::Etcd | Self::Kwok | Self::VolumeProvisioner | Self::AwsStandIn)
    }

    /// The path that answers with success once it can serve.
    pub(crate) fn health_path(self) -> &'static str {
        match self {
            Self::Etcd => "/health",
            Self::KubeApiserver => "/readyz",
            Self::KubeControllerManager | Self::KubeScheduler | Self::Kwok | Self::VolumeProvisioner => {
                "/healthz"
            }
            Self::AwsStandIn => "/stand-in/health",
        }
    }

    /// Its command line, without the program.
    pub(crate) fn arguments(self, directory: &RunDirectory, ports: &Ports) -> Vec<String> {
        match self {
            Self::Etcd => etcd(directory, ports),
            Self::KubeApiserver => kube_apiserver(directory, ports),
            Self::KubeControllerManager => kube_controller_manager(directory, ports),
            Self::KubeScheduler => kube_scheduler(directory, ports),
            Self::Kwok => kwok(directory, ports),
            Self::VolumeProvisioner => volume_provisioner(directory, ports),
            Self::AwsStandIn => vec![AWS_FOLDER.into(), option("port", ports.aws_stand_in)],
        }
    }
}

fn etcd(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    let (clients, peers) = (Server::Etcd.url(ports.etcd), Server::Etcd.url(ports.etcd_peer));
    vec![
        option("data-dir", path(directory.etcd_data())),
        option("listen-client-urls", &clients),
        option("advertise-client-urls", &clients),
        option("listen-peer-urls", &peers),
        option("initial-advertise-peer-urls", &peers),
        option("initial-cluster", format!("default={peers}")),
        // Nothing here has to outlive a power cut.
        "--unsafe-no-fsync".into(),
        option("log-level", "warn"),
    ]
}

fn kube_apiserver(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    vec![
        option("etcd-servers", Server::Etcd.url(ports.etcd)),
        option("secure-port", ports.kube_apiserver),
        option("bind-address", "127.0.0.1"),
        option("advertise-address", "127.0.0.1"),
        // The `kubernetes` Service may not have a loopback endpoint, and nothing here uses it.
        option("endpoint-reconciler-type", "none"),
        // The API server writes its own certificate, with its issuer, and the key into this folder.
        option("cert-dir", path(directory.certificates())),
        option("token-auth-file", path(directory.tokens())),
        option("authorization-mode", "Node,RBAC"),
        option("service-account-issuer", "https://kubernetes.default.svc"),
        option("service-account-key-file", path(directory.private_key())),
        option("service-account-signing-key-file", path(directory.private_key())),
        option("service-cluster-ip-range", "10.96.0.0/16"),
        option("allow-privileged", "true"),
        // The names of the nodes mean nothing to a resolver; `kubectl logs` and `port-forward` go to KWOK.
        option("kubelet-preferred-address-types", "InternalIP"),
        option("profiling", "false"),
    ]
}

fn kube_controller_manager(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    let mut arguments = controller(
        directory,
        path(directory.kubeconfig_of(CONTROLLER_MANAGER)),
        ports.kube_controller_manager,
    );
    arguments.extend([
        option("root-ca-file", path(directory.certificate())),
        option("service-account-private-key-file", path(directory.private_key())),
        option("use-service-account-credentials", "true"),
        // The default of 20 requests a second makes many Deployments slow to roll out.
        option("kube-api-qps", "200"),
        option("kube-api-burst", "400"),
    ]);
    arguments
}

fn kube_scheduler(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    controller(directory, path(directory.kubeconfig_of(SCHEDULER)), ports.kube_scheduler)
}

fn kwok(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    vec![
        option("kubeconfig", path(directory.kubeconfig_of(KWOK))),
        option("manage-all-nodes", "true"),
        option("node-ip", "127.0.0.1"),
        option("node-port", ports.kwok),
        // Answers with and without TLS; the API server speaks to it as to a kubelet.
        option("server-address", format!("127.0.0.1:{}", ports.kwok)),
        option("tls-cert-file", path(directory.certificate())),
        option("tls-private-key-file", path(directory.private_key())),
        // Without leases the nodes are taken for dead after a minute.
        option("node-lease-duration-seconds", "40"),
        option("enable-crds", "Stage,ClusterLogs,Logs,ClusterPortForward"),
    ]
}

fn volume_provisioner(directory: &RunDirectory, ports: &Ports) -> Vec<String> {
    vec![
        option("kubeconfig", path(directory.kubeconfig_of(VOLUME_PROVISIONER))),
        option("provisioners", "ebs.csi.aws.com,efs.csi.aws.com"),
        option("bind-address", format!("127.0.0.1:{}", ports.volume_provisioner)),
    ]
}

fn controller(directory: &RunDirectory, kubeconfig: String, port: u16) -> Vec<String> {
    vec![
        option("kubeconfig", &kubeconfig),
        option("authentication-kubeconfig", &kubeconfig),
        option("authorization-kubeconfig", &kubeconfig),
        option("bind-address", "127.0.0.1"),
        option("secure-port", port),
        option("tls-cert-file", path(directory.certificate())),
        option("tls-private-key-file", path(directory.private_key())),
        option("leader-elect", "false"),
        option("profiling", "false"),
    ]
}

fn option(name: &str, value: impl std::fmt::Display) -> String {
    format!("--{name}={value}")
}

fn path(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_listens_on_loopback_only() {
        let directory = RunDirectory::at("/run/bed");
        let ports = Ports::from([1, 2, 3, 4, 5, 6, 7, 8]);
        // The stand-in knows no other address.
        for server in Server::ALL.into_iter().filter(|server| *server != Server::AwsStandIn) {
            let arguments = server.arguments(&directory, &ports);
            let options = ["bind-address=", "listen-", "server-address="];
            let listens: Vec<_> =
                arguments.iter().filter(|a| options.iter().any(|option| a.contains(option))).collect();
            assert!(!listens.is_empty(), "{arguments:?}");
            assert!(listens.iter().all(|a| a.contains("127.0.0.1")), "{listens:?}");
        }
    }
}
