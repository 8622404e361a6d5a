//! Commands to a daemon of the engine over HTTP: finds out which one it is, asks, and asks again where an answer was
//! lost, under the same id.
//!
//! Follows no redirect, reads no more than a daemon has to say, and gives up after its time. The meaning of
//! an answer means is said by [`crate::control::answer`].

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{Client, Response, redirect};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::answer::{Answer, AnswerMeaning, Api};
use super::command::{Command, NOT_ALL};
use super::open::ChannelOpenError;
use super::refusal::SendError;
use super::target::ServerOrigin;
use super::token::Token;
use crate::model::id::CommandId;
use crate::model::text;

/// Time limit of a command, with all that is tried again.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The names and addresses of a host, and a connection to it, must be had within this.
const CONNECTING: Duration = Duration::from_secs(4);

/// Number of bytes read of an answer: many times what a daemon says to a cancel.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The pauses before a command is tried again. After them it is given up.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Which version a daemon is of is asked again at most this often.
const ASKED_AGAIN: Duration = Duration::from_secs(1);

/// A daemon.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    origin: String,
    token: Option<Token>,
    known: Mutex<Option<Known>>,
    patience: Duration,
}

/// Properties found of the daemon.
#[derive(Debug, Clone, Copy)]
struct Known {
    api: Api,
    /// When it was asked whether it still is, and was.
    confirmed_at: Option<Instant>,
}

/// A cancel that a daemon takes.
struct Asked {
    id: CommandId,
    /// The word for what is to be canceled, and its id.
    object: (&'static str, String),
}

/// Outcome of one request.
enum Attempt {
    Answered(AnswerMeaning),
    /// No request can have arrived.
    Unreached(String),
    /// A request may have arrived, and there is no way to know.
    Lost(String),
}

impl Http {
    /// Gets ready to ask the daemon at `origin`. Makes no connection.
    pub(super) fn new(
        origin: &ServerOrigin,
        token: Option<&Token>,
        patience: Duration,
    ) -> Result<Self, ChannelOpenError> {
        // One that was installed before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))
                .map_err(|_| ChannelOpenError::Client("the token fits into no header".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let client = Client::builder()
            .user_agent(concat!("runwatch/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            // Requests go to the daemon alone, even if the environment names a proxy.
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECTING)
            // Servers that answer to this name elsewhere are not asked.
            .resolve_to_addrs("localhost", &here.map(|address| SocketAddr::new(address, 0)))
            .build()
            .map_err(|error| ChannelOpenError::Client(reason(&error)))?;
        let origin = origin.as_str().to_owned();
        Ok(Self { client, origin, token: token.cloned(), known: Mutex::new(None), patience })
    }

    /// Asks the daemon for what a command says.
    pub(super) async fn send(&self, command: &Command) -> Result<(), SendError> {
        if command.names.text.is_some() {
            return Err(self.refused("it takes ids that are UUIDs, and this one is another text".to_owned()));
        }
        let Some(object) = command.kind.object() else { return Err(self.refused(NOT_ALL.to_owned())) };
        let request = Asked { id: command.id, object };
        let mut may_have_arrived = false;
        let sent = timeout(self.patience, self.ask(&request, &mut may_have_arrived)).await;
        let took = self.patience.as_secs_f32();
        sent.unwrap_or_else(|_| {
            Err(if may_have_arrived {
                self.unanswered(format!("no answer within {took} s"))
            } else {
                self.refused(format!("no answer within {took} s; is the daemon alive?"))
            })
        })
    }

    async fn ask(&self, asked: &Asked, may_have_arrived: &mut bool) -> Result<(), SendError> {
        let mut pauses = PAUSES.iter();
        loop {
            let api = match self.api().await {
                Ok(api) => api,
                // An earlier request may have arrived.
                Err(words) if *may_have_arrived => return Err(self.unanswered(words)),
                Err(words) => return Err(self.refused(words)),
            };
            let failure = match self.post(api, asked, may_have_arrived).await {
                Attempt::Answered(AnswerMeaning::Taken) => return Ok(()),
                Attempt::Answered(AnswerMeaning::Refused(words)) => return Err(self.refused(words)),
                Attempt::Answered(AnswerMeaning::NoRoute(words)) => {
                    if self.is_still(api).await {
                        return Err(self.refused(words));
                    }
                    self.refused(words)
                }
                Attempt::Answered(AnswerMeaning::Busy(words)) => self.refused(words),
                Attempt::Unreached(words) if !*may_have_arrived => return Err(self.refused(words)),
                Attempt::Unreached(words) | Attempt::Lost(words) => self.unanswered(words),
            };
            let Some(pause) = pauses.next() else { return Err(failure) };
            sleep(*pause).await;
        }
    }

    async fn post(&self, api: Api, asked: &Asked, may_have_arrived: &mut bool) -> Attempt {
        let request = self
            .client
            .post(format!("{}{}", self.origin, api.path(&asked.object)))
            .header("Idempotency-Key", asked.id.to_string())
            // Some servers want to be told even that there is none.
            .header(CONTENT_LENGTH, 0);
        let had_arrived = *may_have_arrived;
        *may_have_arrived = true;
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                *may_have_arrived = had_arrived;
                return Attempt::Unreached(unreached(&error));
            }
            Err(error) => return Attempt::Lost(format!("the answer was lost: {}", reason(&error))),
        };
        let status = response.status().as_u16();
        match body(&mut response).await {
            Ok(body) => {
                let answer = Answer { status, body: body.as_deref(), token: self.token.as_ref() };
                Attempt::Answered(answer.meaning(api, &asked.object))
            }
            Err(error) => Attempt::Lost(format!("the answer was lost: {}", reason(&error))),
        }
    }

    /// Returns the API that the daemon speaks. Asked once, by the first caller; the others wait.
    async fn api(&self) -> Result<Api, String> {
        let mut known = self.known.lock().await;
        if let Some(known) = *known {
            return Ok(known.api);
        }
        let api = self.find_out().await?;
        *known = Some(Known { api, confirmed_at: None });
        Ok(api)
    }

    /// Returns true if the daemon still speaks as it did: it may have been replaced by another version.
    async fn is_still(&self, api: Api) -> bool {
        let mut known = self.known.lock().await;
        match *known {
            Some(now) if now.api != api => return false,
            Some(Known { confirmed_at: Some(at), .. }) if at.elapsed() < ASKED_AGAIN => return true,
            _ => (),
        }
        let found = self.find_out().await.ok();
        let confirmed_at = (found == Some(api)).then(Instant::now);
        *known = found.map(|api| Known { api, confirmed_at });
        found.is_none_or(|found| found == api)
    }

    async fn find_out(&self) -> Result<Api, String> {
        for api in [Api::V2, Api::V1] {
            let sent = self.client.get(format!("{}{}", self.origin, api.sign())).send().await;
            let status = match sent {
                Ok(response) => response.status().as_u16(),
                Err(error) if error.is_connect() => return Err(unreached(&error)),
                Err(error) => return Err(format!("it does not answer: {}", reason(&error))),
            };
            match status {
                // A proxy in front of the daemon may want more than it does: the command itself will show
                // that.
                200 | 401 | 403 => return Ok(api),
                404 | 405 => (),
                300..=399 => {
                    return Err(format!(
                        "it points elsewhere ({status}), where nothing is sent to; give the daemon's own address"
                    ));
                }
                500..=599 => return Err(format!("it failed ({status}); look at its log")),
                _ => break,
            }
        }
        Err("no daemon of ActionQueue answers there; is this its address?".to_owned())
    }

    fn refused(&self, words: String) -> SendError {
        SendError::Refused { target: self.origin.clone(), words }
    }

    fn unanswered(&self, words: String) -> SendError {
        SendError::Unanswered { target: self.origin.clone(), words }
    }
}

/// The body of an answer; none when it is too long, in which case the rest is not read.
async fn body(response: &mut Response) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn unreached(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it cannot be reached: no connection in time; is the daemon running?".to_owned();
    }
    let reason = reason(error);
    match refusal_of_tls(error) {
        None => format!("it cannot be reached: {reason}; is the daemon running?"),
        Some(rustls::Error::InvalidCertificate(_)) => {
            format!(
                "it is not trusted: {reason}; give it a certificate of its name from an authority that this machine trusts"
            )
        }
        Some(_) => format!("it does not speak TLS: {reason}; is this its port for https?"),
    }
}

/// Finds the reason why TLS refused the peer.
fn refusal_of_tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        // Wrapped errors of I/O are not each other's sources.
        let mut inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        while let Some(wrapped) = inner {
            if let Some(refusal) = wrapped.downcast_ref() {
                return Some(refusal);
            }
            inner = wrapped.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        }
        cause = error.source();
    }
    None
}

/// Returns the root cause of an error, in one line.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    text::clean(&cause.to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::command::{CommandKind, CommandNames};
    use super::super::target::Target;
    use super::*;

    #[test]
    fn an_id_that_is_no_uuid_is_refused_before_anything_is_asked() {
        let Target::Http(origin) = "http://127.0.0.1:1".parse().unwrap() else { panic!("it is an origin") };
        let http = Http::new(&origin, None, Duration::from_secs(5)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let names = CommandNames { text: Some("orders/1".into()), ..CommandNames::default() };
        let command = Command { names, ..Command::any() };
        let error = runtime.block_on(http.send(&command)).unwrap_err();
        assert!(error.to_string().contains("ids that are UUIDs") && !error.may_have_arrived(), "{error}");
        let everything = Command { kind: CommandKind::CancelAll, ..Command::any() };
        let error = runtime.block_on(http.send(&everything)).unwrap_err();
        assert!(error.to_string().contains("not everything") && !error.may_have_arrived(), "{error}");
    }
}
