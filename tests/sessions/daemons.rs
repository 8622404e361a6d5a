//! ActionQueue's own daemons, of both versions, each on a port and a store of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

/// A daemon that serves until it is stopped.
pub(crate) struct Daemon {
    pub(crate) address: SocketAddr,
    wal: PathBuf,
    events: fn(&Path) -> Vec<u8>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _dir: tempfile::TempDir,
}

/// Its support of cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Controls {
    Enabled,
    Disabled,
}

/// The tokens that the later daemon knows, by what they may do.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const TENANTS_TOKEN: &str = "fedcba9876543210fedcba9876543210";

const IDENTITIES: &str = r#"[
  {"token":"0123456789abcdef0123456789abcdef","actor_id":null,"scope":"SingleTenant","attribution":{"caller_ref":"ada"}},
  {"token":"fedcba9876543210fedcba9876543210","actor_id":null,"scope":{"Tenant":"00000000-0000-4000-8000-0000000000ee"},"attribution":{"caller_ref":"eve"}}
]"#;

macro_rules! daemon {
    ($start:ident, $daemon:ident, $storage:ident, $finish:expr) => {
        /// Starts a daemon whose store holds `log`.
        pub(crate) fn $start(log: &str, controls: Controls, address: SocketAddr) -> Daemon {
            use $daemon::bootstrap::{ReadyStatus, RouterConfig};
            use $daemon::http::{RouterObservability, RouterStateInner, build_router};
            use $storage::mutation::authority::StorageMutationAuthority;
            use $storage::recovery::bootstrap::{RecoveryObservations, load_projection_from_storage};
            use $storage::wal::event::WalEvent;
            use $storage::wal::fs_reader::WalFsReader;
            use $storage::wal::reader::WalReader as _;
            use $storage::wal::writer::WalWriter as _;

            let dir = tempfile::tempdir().unwrap();
            let mut store = load_projection_from_storage(dir.path()).unwrap();
            for line in log.lines() {
                let event: WalEvent = serde_json::from_str(line).unwrap();
                if event.sequence() <= store.projection.latest_sequence() {
                    continue; // A store begins with an event of its own.
                }
                store.wal_writer.append(&event).unwrap();
                store.projection.apply(&event).unwrap();
            }
            store.wal_writer.flush().unwrap();

            let projection = store.projection.clone();
            let authority = StorageMutationAuthority::new(store.wal_writer, store.projection);
            let observability = RouterObservability {
                metrics: $daemon::metrics::registry::MetricsRegistry::new(None).unwrap().into(),
                wal_append_telemetry: store.wal_append_telemetry,
                clock: std::sync::Arc::new($daemon::time::clock::SystemClock),
                recovery_observations: RecoveryObservations::zero(),
            };
            let state = RouterStateInner::with_control_authority(
                RouterConfig { control_enabled: controls == Controls::Enabled, metrics_enabled: false },
                std::sync::Arc::new(std::sync::RwLock::new(projection)),
                observability,
                std::sync::Arc::new(std::sync::Mutex::new(authority)),
                ReadyStatus::ready(),
            );
            let finish: fn(RouterStateInner) -> RouterStateInner = $finish;
            let state = finish(state);
            let events = |wal: &Path| {
                let mut reader = WalFsReader::new(wal.to_owned()).unwrap();
                let mut lines = vec![];
                while let Some(event) = reader.read_next().unwrap() {
                    serde_json::to_writer(&mut lines, &event).unwrap();
                    lines.push(b'\n');
                }
                lines
            };
            serve(address, dir, store.wal_path, events, move || build_router(std::sync::Arc::new(state)))
        }
    };
}

daemon!(start_01, daemon01, storage01, |state| state);
daemon!(start_03, daemon03, storage03, |state| {
    let hook = daemon03::http::auth::bearer_authenticator(IDENTITIES.as_bytes()).unwrap();
    state.with_host_authenticator(hook).without_background_maintenance()
});

fn serve(
    address: SocketAddr,
    dir: tempfile::TempDir,
    wal: PathBuf,
    events: fn(&Path) -> Vec<u8>,
    router: impl FnOnce() -> axum::Router + Send + 'static,
) -> Daemon {
    let listener = std::net::TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            tokio::select! {
                served = async { axum::serve(listener, router()).await } => served.unwrap(),
                _ = stopped => (),
            }
        });
    });
    Daemon { address, wal, events, stop: Some(stop), thread: Some(thread), _dir: dir }
}

impl Daemon {
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything in its own log, as the lines that runwatch reads.
    pub(crate) fn log(&self) -> Vec<u8> {
        (self.events)(&self.wal)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// A port that the system chooses.
pub(crate) fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}
