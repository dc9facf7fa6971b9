//! Connections that are not there yet, that end, and that cannot be made.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Failure, Provider, SecretText};
use airflow_eks_core::plan::PlanOptions;
use airflow_eks_k8s::{Access, ClusterCredentials, Endpoint, Token};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::stack::Stack;

/// The test bed as a cluster that is made on the way, and that has tokens.
struct OnTheWay {
    config: Value,
    is_there: Mutex<bool>,
    tokens: AtomicUsize,
}

impl OnTheWay {
    fn of(stack: &Stack) -> Arc<Self> {
        Arc::new(Self {
            config: stack.kubeconfig(),
            is_there: Mutex::new(false),
            tokens: AtomicUsize::new(0),
        })
    }

    fn text(&self, pointer: &str) -> String {
        self.config.pointer(pointer).unwrap().as_str().unwrap().to_owned()
    }
}

impl ClusterCredentials for OnTheWay {
    fn endpoint(&self) -> BoxFuture<'_, Result<Option<Endpoint>, Failure>> {
        Box::pin(async {
            let authority = std::fs::read(self.text("/clusters/0/cluster/certificate-authority")).unwrap();
            let url = self.text("/clusters/0/cluster/server");
            let endpoint = Endpoint { url, certificate_authority: STANDARD.encode(authority) };
            Ok(self.is_there.lock().unwrap().then_some(endpoint))
        })
    }

    /// The first is one that the cluster does not know yet; the second is nearly over; the others are good.
    fn token(&self) -> BoxFuture<'_, Result<Token, Failure>> {
        let number = self.tokens.fetch_add(1, Ordering::SeqCst);
        let text = if number == 0 { "unknown".to_owned() } else { self.text("/users/0/user/token") };
        let good_for = Duration::from_secs(if number == 1 { 1 } else { 600 });
        let token = Token { text: SecretText::new(text), expires: SystemTime::now() + good_for };
        Box::pin(async { Ok(token) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_comes_on_the_way_is_used_once_it_is_there() {
    let stack = Stack::new("coming");
    let cluster = OnTheWay::of(&stack);
    let kubernetes = stack.kubernetes_with(Access::Cluster(cluster.clone()));
    let graph = Graph::of_objects(stack.objects());
    let (observed, plan) = stack.plan(&kubernetes, &graph, PlanOptions::default()).await;
    assert_eq!(plan.changes().count(), stack.objects().len());
    assert_eq!(observed.owned, []);
    let failure = kubernetes.create(&stack.namespace_object().into()).await.unwrap_err();
    assert!(failure.message.contains("there is no cluster yet"), "{failure}");

    *cluster.is_there.lock().unwrap() = true;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let outcome =
        airflow_eks_core::engine::Execution::of(plan, &graph, &observed, &kubernetes).finish().await;
    assert!(outcome.is_complete(), "{outcome:?}");
    let (_, plan) = stack.plan(&kubernetes, &graph, PlanOptions::default()).await;
    assert!(plan.is_empty());
    assert_eq!(cluster.tokens.load(Ordering::SeqCst), 3, "one refused, one that ended, one that is kept");
}

/// Passes on what comes until it is dropped; then every connection is cut, and nothing listens any more.
struct Proxy {
    _tasks: JoinSet<()>,
}

impl Proxy {
    async fn start(listen: SocketAddr, target: String) -> (Self, SocketAddr) {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(listen).unwrap();
        let listener: TcpListener = socket.listen(64).unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let target = target.clone();
                connections.spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(target).await {
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        (Self { _tasks: tasks }, address)
    }
}

/// What an API server that starts again in the middle looks like.
#[tokio::test(flavor = "multi_thread")]
async fn an_apply_survives_that_the_server_is_away_for_a_while() {
    let stack = Stack::new("away");
    let mut config = stack.kubeconfig();
    let target = config["clusters"][0]["cluster"]["server"]
        .as_str()
        .unwrap()
        .trim_start_matches("https://")
        .to_owned();
    let (proxy, address) = Proxy::start("127.0.0.1:0".parse().unwrap(), target.clone()).await;
    config["clusters"][0]["cluster"]["server"] = json!(format!("https://{address}"));
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();

    let cuts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&cuts);
    let cutting = tokio::spawn(async move {
        let mut proxy = proxy;
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            drop(proxy);
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1500)).await;
            proxy = Proxy::start(address, target.clone()).await.0;
        }
        proxy
    });
    let many = || {
        let more = (0..400).map(|number| stack.config_map(&format!("config-{number}"), json!({ "a": "1" })));
        stack.objects().into_iter().chain(more).collect::<Vec<_>>()
    };
    let kubernetes = stack.kubernetes_through(file.path());
    let graph = Graph::of_objects(many());
    let outcome = stack.apply_with(&kubernetes, &graph, PlanOptions::default()).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    assert!(cuts.load(Ordering::SeqCst) > 0, "it was cut while it worked");
    drop(cutting.await.unwrap());
    assert_eq!(stack.planned(many()).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_says_why_and_soon() {
    let stack = Stack::new("unreachable");
    let begun = std::time::Instant::now();
    let cases = [
        (json!("https://127.0.0.1:1"), None, "nothing listens there"),
        (
            stack.kubeconfig()["clusters"][0]["cluster"]["server"].clone(),
            Some(()),
            "is this the right cluster",
        ),
    ];
    for (server, without_authority, words) in cases {
        let mut config = stack.kubeconfig();
        config["clusters"][0]["cluster"]["server"] = server;
        if without_authority.is_some() {
            config["clusters"][0]["cluster"].as_object_mut().unwrap().remove("certificate-authority");
        }
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config.to_string()).unwrap();
        let failure = stack.kubernetes_through(file.path()).owned().await.unwrap_err();
        assert!(failure.hint.as_deref().unwrap_or_default().contains(words), "{failure:?}");
    }
    let missing = std::path::Path::new("/nonexistent/kubeconfig");
    let failure = stack.kubernetes_through(missing).owned().await.unwrap_err();
    assert!(failure.to_string().contains("/nonexistent/kubeconfig"), "{failure}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}
