//! `auction-server serve`.

use super::signals::stop_on_signals;
use super::{Common, block_on, complain, print, settings};
use crate::handover::Listener;
use crate::metrics;
use crate::parts::Parts;
use crate::server::{self, House};
use crate::settings::{Database, Mail, Settings};
use crate::{demo, docs, logging};
use auction_adapters::system::{SystemClock, SystemEntropy};
use clap::Args;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serve: answer HTTP, open and close auctions on time. What happens without a command.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub(super) struct Arguments {
    /// The address and port to serve on, instead of LISTEN; 127.0.0.1:9000 is the default.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// Add people and auctions to try things out with. Refused in production.
    #[arg(long)]
    demo: bool,

    /// Leave opening and closing auctions, notices and mails to other nodes. Needs a database that several share.
    #[arg(long)]
    no_workers: bool,
}

/// Serves until the process is told to stop.
pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let mut sources = common.sources();
    if let Some(listen) = arguments.listen {
        sources = sources.with_flag("LISTEN", listen.to_string());
    }
    let settings = match settings(&sources) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if arguments.demo && settings.is_production() {
        return complain("--demo has passwords that everybody knows, and is refused in production");
    }
    if arguments.no_workers {
        return complain(
            "--no-workers needs a database that several nodes share: with this one nobody else could do their work",
        );
    }
    if let Err(error) = logging::start(&settings.log) {
        return complain(error);
    }
    block_on(serve(settings, arguments.demo)).unwrap_or_else(complain)
}

async fn serve(mut settings: Settings, is_demo: bool) -> ExitCode {
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
    if settings.is_production() && matches!(settings.mail, Mail::Files { .. }) {
        tracing::warn!("EMAIL_HOST is not set: mails are written to files, where nobody receives them");
    }
    let listener = match bind(settings.listen).await {
        Ok(listener) => listener,
        Err(code) => return code,
    };
    // Where any port would do, the one that it became.
    if let Ok(address) = listener.local_addr() {
        settings.listen = address;
    }
    let metrics_listener = match settings.metrics_listen {
        Some(address) => match bind(address).await {
            Ok(listener) => Some(listener),
            Err(code) => return code,
        },
        None => None,
    };
    let house = match House::open(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await {
        Ok(house) => house,
        Err(error) => return complain(error),
    };
    let stop = house.parts().stop.clone();
    if let Err(error) = stop_on_signals(&stop) {
        return complain(error);
    }
    let router = server::assemble(house.parts());
    let handover = listen_for_work(house.parts());
    if is_demo && let Err(error) = demo::start(house.parts()).await {
        return complain(error);
    }
    welcome(&house.parts().settings, &listener, metrics_listener.as_ref());
    if is_demo {
        print(&demo::introduction().to_string());
    }
    if let Some(listener) = metrics_listener {
        let router = metrics::router().with_state(house.parts().clone());
        tokio::spawn(server::serve(listener, router, stop.clone()));
    }
    server::serve(listener, router, stop).await;
    if let Some(handover) = handover {
        handover.close().await;
    }
    if house.close().await {
        tracing::info!("stopped");
        ExitCode::SUCCESS
    } else {
        complain("not everything that was queued could be finished in time")
    }
}

/// Takes work from other processes where this one holds the lock of a database that they see too. Serving goes on
/// where it cannot.
fn listen_for_work(parts: &Parts) -> Option<Listener> {
    if parts.settings.database == Database::Memory {
        return None;
    }
    Listener::open(parts)
        .inspect_err(|error| {
            tracing::warn!(%error, "no work is taken from other processes, such as generate-auctions");
        })
        .ok()
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ExitCode> {
    TcpListener::bind(address)
        .await
        .map_err(|error| complain(format_args!("cannot listen on {address}: {error}")))
}

/// Says where everything is.
fn welcome(settings: &Settings, listener: &TcpListener, metrics_listener: Option<&TcpListener>) {
    let address =
        |listener: &TcpListener| listener.local_addr().map_or_else(|_| String::new(), |at| at.to_string());
    let here = format!("http://{}", address(listener));
    let metrics = match metrics_listener {
        Some(listener) => format!("http://{}{}", address(listener), metrics::PATH),
        None if settings.shows_metrics_beside_everything() => format!("{here}{}", metrics::PATH),
        None => "off (METRICS_LISTEN)".to_owned(),
    };
    let database = match &settings.database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Memory => "in memory: everything is gone when the server stops".to_owned(),
    };
    let mail = match &settings.mail {
        Mail::Files { .. } => settings.data_dir.join("mail").display().to_string(),
        Mail::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
    };
    let text = format!(
        "auction-server {} serves on {here}\n\
         \n  API docs   {here}{}  {here}{}  {here}{}\
         \n  health     {here}/api/health/  (live/, ready/)\
         \n  metrics    {metrics}\
         \n  database   {database}\
         \n  mails      {mail}\
         \n\nMake an admin with: auction-server create-admin --email you@example.com\n\n",
        env!("CARGO_PKG_VERSION"),
        docs::SWAGGER,
        docs::REDOC,
        docs::SCHEMA,
    );
    // Serving goes on where nobody reads this.
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
}
