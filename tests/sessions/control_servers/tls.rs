//! A daemon behind TLS, with a certificate that is good or bad.
//!
//! The certificates are of a root that is trusted only by a child with `SSL_CERT_FILE`. They are for
//! 127.0.0.1 and localhost until 2120, but for one that ended in 2021 and one that is for `queue.example`;
//! the key belongs to all.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const KEY: &[u8] = include_bytes!("tls/key.der");
pub(crate) const TRUSTED: &[u8] = include_bytes!("tls/trusted.der");
pub(crate) const EXPIRED: &[u8] = include_bytes!("tls/expired.der");
pub(crate) const OTHER: &[u8] = include_bytes!("tls/other.der");

/// The root, for the one who trusts it.
pub(crate) fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions/control_servers/tls/ca.pem")
}

/// Answers yes to everything, to clients that trust `certificate`; keeps the first line of each request.
pub(crate) fn serve(certificate: &'static [u8]) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(vec![]));
    let kept = Arc::clone(&heard);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, kept) = (Arc::clone(&config), Arc::clone(&kept));
            thread::spawn(move || {
                let stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while stream.read_line(&mut head).is_ok_and(|length| length > 0) {
                    if !head.ends_with("\r\n\r\n") {
                        continue;
                    }
                    kept.lock().unwrap().push(head.lines().next().unwrap().to_owned());
                    head.clear();
                    let body = "{\"status\":\"applied\"}";
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    if stream.get_mut().write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
                let _ = stream.read(&mut [0]);
            });
        }
    });
    (address, heard)
}
