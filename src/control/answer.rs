//! Answers of ActionQueue's daemons to a cancel, in both of their versions, and the meaning of each.
//!
//! None of them means that a run is canceled: the log does. Must not know how an answer was got.

use serde::Deserialize;

use super::token::Token;
use crate::model::text;

/// Number of characters shown of the daemon's own words.
const MAX_SHOWN_CHARS: usize = 120;

/// Version of a daemon's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    /// ActionQueue 0.1: no tokens.
    V1,
    /// ActionQueue 0.2 and 0.3.
    V2,
}

impl Api {
    /// A path that every daemon of this kind answers, and none of the other.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::V1 => "/api/v1/stats",
            Self::V2 => "/api/v2/stats",
        }
    }

    /// The path that a command is posted to.
    pub(super) fn path(self, (object, id): &(&'static str, String)) -> String {
        match self {
            Self::V1 => format!("/api/v1/{object}s/{id}/cancel"),
            Self::V2 => format!("/api/v2/{object}s/{id}:cancel"),
        }
    }
}

/// Answer of a daemon.
#[derive(Debug, Clone)]
pub(super) struct Answer<'a> {
    /// The status of HTTP.
    pub(super) status: u16,
    /// As much of the body as was read; none when it is longer than anything that a daemon says.
    pub(super) body: Option<&'a [u8]>,
    /// The token that we gave, which the answer may hold: servers that are asked what went wrong show what they were sent.
    pub(super) token: Option<&'a Token>,
}

/// Meaning of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AnswerMeaning {
    /// The daemon takes the command.
    Taken,
    /// It does not, and why, and what may be done.
    Refused(String),
    /// It has too much to do at this moment.
    Busy(String),
    /// It does not know the path: it may have become another version. Else these words hold.
    NoRoute(String),
}

/// Body of an answer: one daemon sends `error`, the other `error_code`, and both `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    status: Option<String>,
    error: Option<String>,
    error_code: Option<String>,
    message: Option<String>,
    run_id: Option<String>,
    task_id: Option<String>,
}

impl Answer<'_> {
    /// Tells what this answer to a command means.
    pub(super) fn meaning(&self, api: Api, object: &(&'static str, String)) -> AnswerMeaning {
        use AnswerMeaning::{Busy, NoRoute, Refused, Taken};
        let body: Option<Body> = self.body.and_then(|body| serde_json::from_slice(body).ok());
        let foreign = || {
            Refused(format!(
                "it answered {} in words that are not ActionQueue's; is this the daemon's address?",
                self.status
            ))
        };
        let body = match body {
            Some(body) => body,
            None if self.status == 200 => return foreign(),
            None => Body::default(),
        };
        let code = body.error_code.as_deref().or(body.error.as_deref());
        let said = self.said(code, body.message.as_deref());
        let ended = || Refused(format!("the {} has ended already; the log tells how", object.0));
        match (self.status, code) {
            (200, _) => {
                let named = if object.0 == "run" { &body.run_id } else { &body.task_id };
                match body.status.as_deref() {
                    _ if named.as_ref().is_some_and(|named| *named != object.1) => foreign(),
                    Some("canceled" | "already_canceled" | "applied") => Taken,
                    Some("already_terminal") => ended(),
                    _ => foreign(),
                }
            }
            (300..=399, _) => Refused(format!(
                "it points elsewhere ({}), where nothing is sent to; give the daemon's own address",
                self.status
            )),
            (400, _) => Refused(format!("it does not understand the command{said}; are its versions known?")),
            (401, _) if self.token.is_some() => {
                Refused(format!("it does not know the token{said}; look at --token-file or RUNWATCH_TOKEN"))
            }
            (401, _) => {
                Refused(format!("it wants a token{said}; give one with --token-file or RUNWATCH_TOKEN"))
            }
            (403, _) => Refused(format!(
                "the token may not cancel this {}{said}; use one with the scope of its owner",
                object.0
            )),
            (404, Some("run_not_found" | "task_not_found")) if api == Api::V1 => {
                Refused(format!("it knows no such {}; is it the daemon that this log is of?", object.0))
            }
            // What a token may not see does not exist for it.
            (404, Some("not_found")) if api == Api::V2 => Refused(format!(
                "it knows no such {}, or none that the token may cancel; is it the daemon that this log is of?",
                object.0
            )),
            (404 | 405, _) => {
                NoRoute("it takes no cancels; start the daemon with --enable-control".to_owned())
            }
            (409, Some("already_terminal")) => ended(),
            (409, _) => Refused(format!("it rejects the command{said}; the log may tell more")),
            (503, Some("backpressure")) | (429, _) => {
                Busy(format!("it has too much to do{said}; ask again later"))
            }
            (503, Some("recovery_required")) => Refused(
                "it has stopped itself (recovery_required); look at its log and start it again".to_owned(),
            ),
            (500..=599, _) => Refused(format!("it failed ({}){said}; look at its log", self.status)),
            (status, _) => Refused(format!(
                "it answered {status}{said}, which no daemon of ActionQueue does; is this its address?"
            )),
        }
    }

    /// Returns the daemon's own words, to be put behind ours.
    fn said(&self, code: Option<&str>, message: Option<&str>) -> String {
        let words: Vec<&str> = [code, message].into_iter().flatten().collect();
        if words.is_empty() {
            return String::new();
        }
        let words = words.join(": ");
        // Before it is cut, or a part of it would be left.
        let words = self.token.map_or(words.clone(), |token| token.hidden_in(&words));
        let words: String = words.chars().take(MAX_SHOWN_CHARS).collect();
        format!(" ({})", text::clean(&words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "22222222-2222-4222-8222-222222222222";

    fn meaning(api: Api, status: u16, body: &str) -> AnswerMeaning {
        let run = ("run", RUN.to_owned());
        Answer { status, body: Some(body.as_bytes()), token: None }.meaning(api, &run)
    }

    /// Answers that only a stranger, a proxy or a broken daemon gives; real ones are asked in
    /// `tests/sessions/control_http.rs`.
    #[test]
    fn an_answer_in_other_words_is_never_taken_for_a_yes() {
        let foreign = "it answered 200 in words that are not ActionQueue's; is this the daemon's address?";
        let other = RUN.replace('2', "3");
        for (status, body, expected) in [
            (200, "", foreign),
            (200, "ok", foreign),
            (200, "<html>", foreign),
            (200, "{}", foreign),
            (200, "[]", foreign),
            (200, "true", foreign),
            (200, r#"{"ok":false}"#, foreign),
            (200, r#"{"status":"paused"}"#, foreign),
            (200, r#"{"status":["canceled"]}"#, foreign),
            (200, r#"{"status":"Canceled"}"#, foreign),
            (200, &format!(r#"{{"status":"canceled","run_id":"{other}"}}"#), foreign),
            (
                201,
                r#"{"status":"canceled"}"#,
                "it answered 201, which no daemon of ActionQueue does; is this its address?",
            ),
            (302, "", "it points elsewhere (302), where nothing is sent to; give the daemon's own address"),
            (
                500,
                "{\"error\":\"internal_error\",\"message\":\"a\\u001b[2J\\nb\"}",
                "it failed (500) (internal_error: a\\x1b[2J\\nb); look at its log",
            ),
            (502, "<html>Bad Gateway", "it failed (502); look at its log"),
            (
                503,
                r#"{"error_code":"recovery_required"}"#,
                "it has stopped itself (recovery_required); look at its log and start it again",
            ),
            (
                403,
                r#"{"error_code":"forbidden"}"#,
                "the token may not cancel this run (forbidden); use one with the scope of its owner",
            ),
            (
                409,
                r#"{"error_code":"request_rejected"}"#,
                "it rejects the command (request_rejected); the log may tell more",
            ),
            (418, "", "it answered 418, which no daemon of ActionQueue does; is this its address?"),
        ] {
            for api in [Api::V1, Api::V2] {
                assert_eq!(
                    meaning(api, status, body),
                    AnswerMeaning::Refused(expected.to_owned()),
                    "{status} {body}"
                );
            }
        }
        let busy = meaning(Api::V2, 503, r#"{"error_code":"backpressure"}"#);
        assert_eq!(
            busy,
            AnswerMeaning::Busy("it has too much to do (backpressure); ask again later".to_owned())
        );
        let run = ("run", RUN.to_owned());
        let endless = Answer { status: 200, body: None, token: None }.meaning(Api::V2, &run);
        assert_eq!(endless, AnswerMeaning::Refused(foreign.to_owned()));
    }

    #[test]
    fn a_path_that_is_not_known_is_told_from_a_run_that_is_not() {
        for (api, body, is_route) in [
            (Api::V1, r#"{"error":"run_not_found","message":"run not found"}"#, true),
            (Api::V1, r#"{"error_code":"not_found"}"#, false),
            (Api::V1, "", false),
            (Api::V2, r#"{"error_code":"not_found"}"#, true),
            (Api::V2, "", false),
        ] {
            let found = meaning(api, 404, body);
            assert_eq!(matches!(found, AnswerMeaning::Refused(_)), is_route, "{api:?} {body}");
            assert_eq!(matches!(found, AnswerMeaning::NoRoute(_)), !is_route, "{api:?} {body}");
        }
    }

    /// Else it is on the screen and in the record, whole or as far as the words are shown.
    #[test]
    fn a_token_that_the_daemon_says_again_is_not_said_by_us() {
        let secret = "0123456789abcdef0123456789abcdef";
        let token = Token::new(secret.as_bytes(), "the test").unwrap();
        let run = ("run", RUN.to_owned());
        for (fill, escaped) in
            [("", secret.to_owned()), ("x", secret.to_owned()), ("", secret.replace('f', "\\u0066"))]
        {
            for status in [400, 401, 403, 409, 418, 429, 500, 503] {
                let body = format!(
                    r#"{{"error":"{}","message":"Bearer {escaped}, {escaped}"}}"#,
                    fill.repeat(MAX_SHOWN_CHARS - 20)
                );
                let answer = Answer { status, body: Some(body.as_bytes()), token: Some(&token) };
                let said = format!("{:?}", answer.meaning(Api::V2, &run));
                assert!(!said.contains(&secret[..8]), "{said}");
            }
        }
    }

    #[test]
    fn the_words_of_a_daemon_are_bounded() {
        let body = format!(r#"{{"error":"{}"}}"#, "\\u001b".repeat(5000));
        let AnswerMeaning::Refused(words) = meaning(Api::V1, 500, &body) else { panic!() };
        assert!(words.len() < 1000, "{}", words.len());
    }
}
