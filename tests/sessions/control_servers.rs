//! Cancels over HTTP to servers that are no daemon, or a bad one: slow, gone, talkative, misleading.
//!
//! Each is a real socket. Those that are waited for take all the time that a command has, so they are asked at once.

mod tls;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command as Process;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use runwatch::control::command::CommandKind;

use crate::sending::{self, LIMIT, Line, any_run};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const YES: &str = "{\"status\":\"applied\"}";

/// A server, and every request that it was sent.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves each request with `answer`, which is given how many commands came before.
    fn new(answer: impl Fn(&mut TcpStream, &str, usize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(vec![]));
        let (answer, kept) = (Arc::new(answer), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut stream = stream;
                    while let Some(request) = head(&mut reader) {
                        let n_before = {
                            let mut kept = kept.lock().unwrap();
                            kept.push(request.clone());
                            kept.iter().filter(|it| it.starts_with("POST")).count().saturating_sub(1)
                        };
                        answer(&mut stream, &request, n_before);
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// A daemon of the later version as far as it is asked what it is; then `answer`.
    fn daemon(answer: impl Fn(&mut TcpStream, usize) + Send + Sync + 'static) -> Self {
        Self::new(move |stream, request, n_before| {
            if request.starts_with("GET /api/v2/stats ") {
                say(stream, "200 OK", "{}");
            } else {
                answer(stream, n_before);
            }
        })
    }

    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    fn commands(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| request.starts_with("POST")).cloned().collect()
    }
}

/// The head of the next request; none when the other side is gone.
fn head(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    loop {
        let length = reader.read_line(&mut head).ok()?;
        if length == 0 {
            return None;
        }
        if head.ends_with("\r\n\r\n") {
            return Some(head);
        }
    }
}

fn say(stream: &mut TcpStream, status: &str, body: &str) {
    // In one piece, or the system waits for more. A client that has heard enough is gone.
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes());
}

fn check(server: &Server, expected: &str) {
    let mut line = Line::to(&server.origin(), Some(TOKEN));
    let words = line.send(any_run()).unwrap_or_else(|| "sent".to_owned());
    assert_eq!(words.replace(&format!("{}: ", server.origin()), ""), expected);
    let record = std::fs::read_to_string(line.record_path()).unwrap();
    assert!(!words.contains(TOKEN) && !record.contains(TOKEN));
}

#[test]
fn a_command_has_its_id_and_its_token_in_the_head_and_no_body() {
    let server = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let mut line = Line::to(&server.origin(), Some(TOKEN));
    let kind = any_run();
    let CommandKind::Cancel { run } = kind else { panic!() };
    let command = sending::command(kind);
    let id = command.id;
    line.channel().send(command).unwrap();
    assert!(line.next().result.is_ok());
    let commands = server.commands();
    let [head] = &commands[..] else { panic!("{commands:?}") };
    assert!(head.starts_with(&format!("POST /api/v2/runs/{run}:cancel HTTP/1.1\r\n")), "{head}");
    for field in [
        format!("idempotency-key: {id}"),
        format!("authorization: Bearer {TOKEN}"),
        "content-length: 0".to_owned(),
    ] {
        assert!(head.lines().any(|line| line.eq_ignore_ascii_case(&field)), "{field} is not in\n{head}");
    }
}

#[test]
fn no_redirect_is_followed() {
    let elsewhere = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let target = format!("{}/api/v2/runs/x:cancel", elsewhere.origin());
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = target.clone();
        let server = Server::daemon(move |stream, _| {
            let _ = write!(stream, "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        });
        let code = &status[..3];
        let expected =
            format!("it points elsewhere ({code}), where nothing is sent to; give the daemon's own address");
        check(&server, &expected);
        let location = target.clone();
        let server = Server::new(move |stream, _, _| {
            let _ = write!(stream, "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        });
        check(&server, &expected);
        assert_eq!(server.commands().len(), 0);
    }
    assert_eq!(elsewhere.requests.lock().unwrap().len(), 0);
}

#[test]
fn an_answer_without_an_end_is_not_heard_to_its_end() {
    let (written, heard) = std::sync::mpsc::channel();
    let server = Server::daemon(move |stream, _| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n");
        let chunk = [b' '; 1 << 16];
        let n_written = (0..1 << 14).take_while(|_| stream.write_all(&chunk).is_ok()).count();
        written.send(n_written).unwrap();
    });
    let foreign = "it answered 200 in words that are not ActionQueue's; is this the daemon's address?";
    check(&server, foreign);
    // What the sockets hold between them is some megabytes.
    assert!(heard.recv_timeout(LIMIT).unwrap() < 1 << 12);

    let server = Server::daemon(|stream, _| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        while stream.write_all(b"8\r\n{\"a\":1, \r\n").is_ok() {}
    });
    check(&server, foreign);
    check(&Server::daemon(|stream, _| say(stream, "200 OK", "all right")), foreign);
    check(&Server::daemon(|stream, _| say(stream, "200 OK", "{\"ok\":false}")), foreign);
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_id() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"status\":";
    for lost in ["", "HTTP/1.1 200", half] {
        let server = Server::daemon(move |stream, n_before| {
            if n_before == 0 {
                stream.write_all(lost.as_bytes()).unwrap();
                stream.shutdown(std::net::Shutdown::Both).unwrap();
            } else {
                say(stream, "200 OK", YES);
            }
        });
        check(&server, "sent");
        let commands = server.commands();
        assert_eq!(commands.len(), 2, "{lost}");
        assert_eq!(commands[0], commands[1]);
    }
}

#[test]
fn an_answer_that_is_always_lost_is_given_up_and_may_have_been_a_yes() {
    let server = Server::daemon(|stream, _| stream.shutdown(std::net::Shutdown::Both).unwrap());
    let mut line = Line::to(&server.origin(), None);
    line.channel().send(sending::command(any_run())).unwrap();
    let error = line.next().result.unwrap_err();
    assert!(error.may_have_arrived() && error.to_string().contains("the answer was lost: "), "{error}");
    assert_eq!(server.commands().len(), 3);
    assert_eq!(line.record()[1]["outcome"], "unanswered");
}

#[test]
fn one_that_has_too_much_to_do_is_asked_again() {
    let busy = "{\"error_code\":\"backpressure\"}";
    let server = Server::daemon(move |stream, n_before| match n_before {
        0 => say(stream, "503 Service Unavailable", busy),
        _ => say(stream, "200 OK", YES),
    });
    check(&server, "sent");
    let server = Server::daemon(move |stream, _| say(stream, "503 Service Unavailable", busy));
    check(&server, "it has too much to do (backpressure); ask again later");
    assert_eq!(server.commands().len(), 3);
}

#[test]
fn what_is_no_daemon_is_told_nothing() {
    let server = Server::new(|stream, _, _| say(stream, "404 Not Found", "nothing here"));
    check(&server, "no daemon of ActionQueue answers there; is this its address?");
    let server = Server::new(|stream, _, _| say(stream, "500 Oh", ""));
    check(&server, "it failed (500); look at its log");
    let server = Server::new(|stream, _, _| {
        stream.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        stream.shutdown(std::net::Shutdown::Both).unwrap();
    });
    let mut line = Line::to(&server.origin(), Some(TOKEN));
    let words = line.send(any_run()).unwrap();
    assert!(words.contains("it does not answer: "), "{words}");
    assert_eq!(server.commands().len(), 0);

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["http", "https"] {
        let words = Line::to(&format!("{scheme}://{closed}"), Some(TOKEN)).send(any_run()).unwrap();
        assert!(words.contains("it cannot be reached: Connection refused"), "{words}");
    }
    let plain = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let words = Line::to(&format!("https://{}", plain.address), Some(TOKEN)).send(any_run()).unwrap();
    assert!(words.contains("it cannot be reached: "), "{words}");
    assert_eq!(plain.commands().len(), 0);
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in plain.incoming().map_while(Result::ok) {
            say(&mut stream, "400 Bad Request", "");
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    let words = Line::to(&format!("https://{address}"), Some(TOKEN)).send(any_run()).unwrap();
    assert!(words.contains("it does not speak TLS: ") && words.ends_with("its port for https?"), "{words}");
}

/// Else a token goes to any server that calls itself the daemon.
#[test]
fn a_daemon_whose_certificate_is_not_good_is_told_nothing() {
    for (certificate, expected) in [
        (tls::TRUSTED, None),
        (tls::EXPIRED, Some("certificate expired")),
        (tls::OTHER, Some("certificate not valid for name")),
    ] {
        let (address, heard) = tls::serve(certificate);
        let mut child = Process::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "control_servers::scenario", "--nocapture"])
            .env(TARGET, format!("https://{address}"));
        let output = child.env("SSL_CERT_FILE", tls::root()).env_remove("SSL_CERT_DIR").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let said = text.split_once("said: ").unwrap().1.lines().next().unwrap();
        let (fact, step) =
            ("it is not trusted: invalid peer certificate: ", "; give it a certificate of its name");
        match expected {
            None => assert_eq!((said, heard.lock().unwrap().len()), ("", 2)),
            Some(why) => {
                assert!([fact, why, step].iter().all(|words| said.contains(words)), "{said}");
                assert_eq!(heard.lock().unwrap().len(), 0);
            }
        }
        // This very process does not know the root.
        let words = Line::to(&format!("https://{address}"), Some(TOKEN)).send(any_run()).unwrap();
        assert!(words.contains(fact) && words.contains(step), "{words}");
    }
}

#[test]
fn no_server_is_waited_for_longer_than_ten_seconds() {
    let silent = Server::daemon(|stream, _| drop(stream.read(&mut [0])));
    let drip = Server::daemon(|stream, _| {
        let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
        for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n".iter().cycle() {
            if stream.write_all(&[*byte]).is_err() || matches!(stream.read(&mut [0]), Ok(0)) {
                break;
            }
        }
    });
    let dumb = Server::new(|stream, _, _| drop(stream.read(&mut [0])));
    // A caller that asks for unknown names may be kept waiting as well.
    let nameless = || {
        let mut line = Line::to("https://no-such-host.invalid", Some(TOKEN));
        line.channel().send(sending::command(any_run())).unwrap();
        let error = line.next().result.unwrap_err();
        assert!(!error.may_have_arrived() && error.to_string().contains("it cannot be reached: "), "{error}");
    };
    let unanswered = "no answer within 10 s; it may have been obeyed all the same: the log will tell";
    let start = Instant::now();
    thread::scope(|scope| {
        for (server, expected) in [
            (&silent, unanswered),
            (&drip, unanswered),
            (&dumb, "no answer within 10 s; is the daemon alive?"),
        ] {
            scope.spawn(move || check(server, expected));
        }
        scope.spawn(nameless);
        // Many wait together, and one that leaves gets an error.
        let server = &silent;
        scope.spawn(move || {
            let mut line = Line::to(&server.origin(), None);
            for _ in 0..20 {
                line.channel().send(sending::command(any_run())).unwrap();
            }
            while server.commands().len() < 8 {
                thread::yield_now();
            }
            let unsent = line.channel.take().unwrap().finish(Duration::ZERO).unwrap_err();
            assert_eq!(unsent.waiting + unsent.unanswered, 20);
            assert!((1..=8).contains(&unsent.unanswered), "{unsent}");
        });
    });
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// The address that the environment of a child names as a proxy, when this is that child.
const TARGET: &str = "RUNWATCH_TEST_TARGET";

/// Not a test of its own: the program that the next one starts, with another environment.
#[test]
fn scenario() {
    let Ok(target) = std::env::var(TARGET) else { return };
    println!("said: {}", Line::to(&target, Some(TOKEN)).send(any_run()).unwrap_or_default());
}

#[test]
fn what_is_said_to_a_daemon_is_said_to_no_proxy() {
    let server = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let proxy = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let mut child = Process::new(std::env::current_exe().unwrap());
    child.args(["--exact", "control_servers::scenario", "--nocapture"]).env(TARGET, server.origin());
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"] {
        child.env(name, proxy.origin());
    }
    let output = child.env_remove("no_proxy").env_remove("NO_PROXY").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("said: \n"));
    assert_eq!((server.commands().len(), proxy.requests.lock().unwrap().len()), (1, 0));
}

#[test]
fn ten_thousand_go_through_the_queue_without_one_being_lost() {
    let server = Server::daemon(|stream, _| say(stream, "200 OK", YES));
    let kinds: Vec<CommandKind> = (0..10_000).map(|_| any_run()).collect();
    let mut line = Line::to(&server.origin(), None);
    let (n_sent, took) = line.send_many(&kinds);
    println!("10,000 commands over HTTP in {took:?}");
    assert_eq!((n_sent, server.commands().len(), line.record().len()), (10_000, 10_000, 20_000));
    line.channel.take().unwrap().finish(LIMIT).unwrap();
}
