//! A line to the API server that a test can cut.

use std::sync::Arc;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Passes bytes on while it is whole.
pub(crate) struct Line {
    pub(crate) url: http::Uri,
    whole: Arc<watch::Sender<bool>>,
    task: JoinHandle<()>,
}

impl Line {
    pub(crate) async fn to(server: &http::Uri) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
        let server = server.authority().unwrap().to_string();
        let whole = Arc::new(watch::Sender::new(true));
        let task = tokio::spawn(accept(listener, server, Arc::clone(&whole)));
        Self { url, whole, task }
    }

    /// Ends all connections, and takes no new ones.
    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: String, whole: Arc<watch::Sender<bool>>) {
    loop {
        let (mut inbound, _) = listener.accept().await.unwrap();
        if !*whole.borrow() {
            continue;
        }
        let (server, mut whole) = (server.clone(), whole.subscribe());
        tokio::spawn(async move {
            let mut outbound = TcpStream::connect(&server).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut inbound, &mut outbound) => {}
                _ = whole.wait_for(|whole| !whole) => {}
            }
        });
    }
}
