//! `auction-server serve`.

use super::opened::{Opened, warn};
use super::{Common, block_on, complain, print, settings};
use crate::metrics;
use crate::server::{self, Duties};
use crate::settings::{Mail, Settings, Switch};
use crate::site::Bundle;
use crate::{demo, docs, logging};
use clap::Args;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
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

    /// Serve the pages in this folder instead of those in the binary, as UI_DIR does.
    #[arg(long, value_name = "FOLDER")]
    ui_dir: Option<PathBuf>,
}

/// Serves until the process is told to stop.
pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let mut sources = common.sources();
    if let Some(listen) = arguments.listen {
        sources = sources.with_flag("LISTEN", listen.to_string());
    }
    if let Some(folder) = &arguments.ui_dir {
        sources = sources.with_flag("UI_DIR", folder.to_string_lossy());
    }
    let mut settings = match settings(&sources) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if arguments.demo {
        settings.demo = Switch::On;
    }
    if arguments.demo && settings.is_production() {
        return complain("--demo has passwords that everybody knows, and is refused in production");
    }
    if arguments.no_workers && !settings.database.is_shared() {
        return complain(
            "--no-workers needs a database that several nodes share: with this one nobody else could do their work",
        );
    }
    if let Err(error) = logging::start(&settings.log) {
        return complain(error);
    }
    let duties = if arguments.no_workers { Duties::None } else { Duties::All };
    block_on(serve(settings, duties, arguments.demo)).unwrap_or_else(complain)
}

async fn serve(mut settings: Settings, duties: Duties, is_demo: bool) -> ExitCode {
    warn(&settings);
    let bundle = Bundle::of(&settings);
    if let (Some(folder), Some(bundle)) = (&settings.site.folder, &bundle)
        && !bundle.is_complete().await
    {
        return complain(format_args!("UI_DIR: there is no index.html in {}", folder.display()));
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
    let address = settings.listen;
    let opened = match Opened::open(settings, Some(address), duties).await {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let parts = opened.parts();
    let (router, stop) = (server::assemble(parts), parts.stop.clone());
    if is_demo && let Err(error) = demo::start(parts).await {
        return complain(error);
    }
    welcome(&parts.settings, bundle.is_some(), &listener, metrics_listener.as_ref());
    if is_demo {
        print(&demo::introduction().to_string());
    }
    if let Some(listener) = metrics_listener {
        let router = metrics::router().with_state(parts.clone());
        tokio::spawn(server::serve(listener, router, stop.clone()));
    }
    server::serve(listener, router, stop).await;
    opened.close().await
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ExitCode> {
    TcpListener::bind(address)
        .await
        .map_err(|error| complain(format_args!("cannot listen on {address}: {error}")))
}

/// Says where everything is.
fn welcome(
    settings: &Settings,
    has_site: bool,
    listener: &TcpListener,
    metrics_listener: Option<&TcpListener>,
) {
    let address =
        |listener: &TcpListener| listener.local_addr().map_or_else(|_| String::new(), |at| at.to_string());
    let here = format!("http://{}", address(listener));
    let metrics = match metrics_listener {
        Some(listener) => format!("http://{}{}", address(listener), metrics::PATH),
        None if settings.shows_metrics_beside_everything() => format!("{here}{}", metrics::PATH),
        None => "off (METRICS_LISTEN)".to_owned(),
    };
    let site = if has_site { format!("{here}/") } else { "none: built without it (UI_DIR)".to_owned() };
    let database = settings.shown_database();
    let mail = match &settings.mail {
        Mail::Files { .. } => settings.data_dir.join("mail").display().to_string(),
        Mail::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
    };
    let text = format!(
        "auction-server {} serves on {here}\n\
         \n  web site   {site}\
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
