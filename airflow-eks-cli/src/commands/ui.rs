//! `ui`: the web interface of Airflow on this machine.

use std::net::{Ipv4Addr, SocketAddr};

use airflow_eks_core::web_access;
use serde_json::json;
use tokio::net::TcpListener;

use crate::args::{Global, OutputFormat, Ui};
use crate::error::Error;
use crate::session::{Purpose, Session, block_on};
use crate::{output, welcome};

pub(crate) fn run(global: &Global, options: &Ui) -> Result<(), Error> {
    block_on(async {
        let session = Session::reach(global, Purpose { as_it_is: true, ..Purpose::default() }).await?;
        let access = web_access(&session.stack);
        let Some(kubernetes) = &session.sides.kubernetes else {
            return Err(Error::Input {
                message: "the web interface is on the Kubernetes side".to_owned(),
                hint: "leave `--only aws` out".to_owned(),
            });
        };
        // Asked before the port is taken: what is not there is said, and not found out by a browser.
        let target = kubernetes.forward_target(&access.service, access.port).await?;
        let listener = listen(options.port).await?;
        let address = listener.local_addr().map_err(|error| cannot_listen(options.port, &error))?;
        tell(global, &session, address)?;
        tokio::select! {
            served = kubernetes.forward(listener, target) => Ok(served?),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

/// On this machine alone: whoever reaches the port reaches the login.
async fn listen(port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| cannot_listen(port, &error))
}

fn cannot_listen(port: u16, error: &std::io::Error) -> Error {
    Error::Failed {
        message: format!("cannot listen on the port {port} of this machine: {error}"),
        hint: Some("name another one, such as `--port 0` for any that is free".to_owned()),
    }
}

fn tell(global: &Global, session: &Session, address: SocketAddr) -> Result<(), Error> {
    let url = format!("http://{address}");
    if global.output == OutputFormat::Json {
        let mut document = welcome::json(&session.stack);
        document["url"] = json!(url);
        return output::data(&format!("{document}\n"));
    }
    output::data(&format!("{url}\n"))?;
    if let Some(login) = welcome::login(session, &web_access(&session.stack)) {
        output::talk(global, &login);
    }
    output::talk(global, "Ctrl-C ends it");
    Ok(())
}
