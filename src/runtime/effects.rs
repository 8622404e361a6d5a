//! Effects of the loop outside of the dashboard: commands, copies, files, and alerts.
//!
//! Each of them is asked of the app and handed on; what comes of it is told the app.

use std::time::Instant;

use super::{LoopParts, MIN_FRAME_INTERVAL, ONE_TURN, ROWS, Turn, now};
use crate::app::Copy;
use crate::app::export::Export;
use crate::control::Control;
use crate::control::command::Command;
use crate::control::outcome::Outcome;
use crate::export::{ExportError, ExportProgress, Exporter, expand_home};
use crate::model::text;
use crate::terminal::order::{Copied, MAX_COPY_BYTES};
use crate::ui::theme::{Ground, ThemeChoice};
use crate::view::Severity;
use crate::view::format::thousands;

impl Turn {
    pub(super) fn send(&mut self, command: Command) {
        let (id, kind) = (command.id, command.kind);
        let result = match &self.parts.control {
            Control::Ready(channel) => channel.send(command),
            // The app sends nothing without a target.
            Control::ReadOnly { .. } => return,
        };
        if result.is_err() {
            self.parts.app.answered(&Outcome { id, kind, result }, now());
        }
    }

    pub(super) fn export(&mut self, export: Export) {
        if self.exporter.is_some() {
            let words = "another file is being written: ask again when it is there";
            self.parts.app.notify(Severity::Warning, words);
            return;
        }
        let LoopParts { app, theme, log, home, .. } = &mut self.parts;
        let export = Export { path: expand_home(&export.path, home.as_deref()), ..export };
        // A picture of the screen shows what a frame would.
        app.arrange_changed();
        match Exporter::begin(export, log.as_deref(), app, *theme) {
            Ok(exporter) => self.exporter = Some(exporter),
            // The name is right, and the file system is not.
            Err(error @ ExportError::Broken { .. }) => self.fail_to_export(&error),
            Err(error) => app.refuse_command(&error.to_string()),
        }
    }

    pub(super) fn go_on_exporting(&mut self) {
        let Some(exporter) = self.exporter.take() else { return };
        let app = &mut self.parts.app;
        match exporter.advance(app.store(), app.view_at(), ROWS) {
            Ok(ExportProgress::Going(exporter)) => self.exporter = Some(exporter),
            Ok(ExportProgress::Done(written)) => app.notify(Severity::Success, written.to_string()),
            Err(error) => self.fail_to_export(&error),
        }
    }

    pub(super) fn fail_to_export(&mut self, error: &ExportError) {
        let severity = match error {
            ExportError::Broken { .. } => Severity::Failure,
            // Another name helps.
            _ => Severity::Warning,
        };
        self.parts.app.notify(severity, text::clean(&error.to_string()));
    }

    pub(super) fn copy(&mut self, Copy { what, text }: &Copy) {
        let (severity, words) = match self.parts.screen.copy(text) {
            Copied::Sent => (Severity::Success, format!("{what} was sent to the terminal's clipboard")),
            Copied::TooLong => {
                let (bytes, most) = (thousands(text.len() as u64), thousands(MAX_COPY_BYTES as u64));
                let way = "`runwatch runs --json` prints it";
                (Severity::Warning, format!("{what} has {bytes} bytes, and a clipboard takes {most}: {way}"))
            }
            Copied::Busy => {
                let words =
                    format!("{what} was not copied: the terminal has not taken what it was sent before");
                (Severity::Warning, words)
            }
            Copied::Away => return,
        };
        self.parts.app.notify(severity, words);
    }

    /// Sends those of many commands whose turn has come, as many as the channel takes.
    pub(super) fn send_due(&mut self) {
        let Control::Ready(channel) = &self.parts.control else { return };
        let room = channel.room().min(ONE_TURN);
        if room == 0 {
            self.next_room = Instant::now() + MIN_FRAME_INTERVAL;
            return;
        }
        let commands = self.parts.app.send_due(room, now());
        commands.into_iter().for_each(|command| self.send(command));
    }

    /// Tells of runs that have come to answer a query.
    pub(super) fn tell(&mut self) {
        for refused in self.parts.app.take_refused_queries() {
            let words = format!("a query of --on is none in this log: {}", text::clean(&refused));
            self.parts.app.notify(Severity::Warning, words);
        }
        for told in self.parts.app.take_alerts(now()) {
            let words = match told.count {
                1 => format!("1 run came to answer {}", text::clean(&told.query)),
                count => {
                    format!("{} runs came to answer {}", thousands(count as u64), text::clean(&told.query))
                }
            };
            let LoopParts { app, screen, telling, .. } = &mut self.parts;
            if telling.bell {
                screen.ring();
            }
            if telling.notify {
                screen.announce(&words);
            }
            app.notify(Severity::Note, words);
            let Some(argv) = telling.programs.get(told.number) else { continue };
            let runs: Vec<String> =
                told.runs.iter().map(|run| app.store().id_text(*run).into_owned()).collect();
            let variables = [
                ("RUNWATCH_QUERY", told.query),
                ("RUNWATCH_COUNT", told.count.to_string()),
                ("RUNWATCH_RUNS", runs.join(" ")),
            ];
            if let Err(error) = self.hooks.run(argv, &variables) {
                let program = text::clean(argv.first().map_or("", String::as_str)).into_owned();
                app.notify(Severity::Failure, format!("{program} was not run: {error}"));
            }
        }
    }

    /// Takes the theme that suits the background, whenever the terminal says what it is.
    pub(super) fn take_background(&mut self, lightness: f32) {
        let ground = Ground::of_lightness(lightness);
        self.parts.ground = Some(ground);
        let palette = self.parts.wanted.palette(|| Some(ground));
        if self.parts.theme.color && self.parts.theme.palette != palette {
            self.parts.theme.palette = palette;
            self.parts.app.tick(now());
        }
        self.next_frame = Instant::now();
    }

    /// Lets the screen look otherwise, by a theme.
    pub(super) fn choose_theme(&mut self, wanted: ThemeChoice) {
        let LoopParts { theme, screen, term, ground, wanted: wanted_now, .. } = &mut self.parts;
        let may_use = theme.color;
        // A palette that was named is taken as it is, and the background says nothing against it.
        theme.palette = match wanted {
            ThemeChoice::Auto => wanted.palette(|| ground.filter(|_| may_use)),
            ThemeChoice::Palette(palette) => palette,
        };
        *wanted_now = wanted;
        if wanted == ThemeChoice::Auto && may_use {
            // It may never have been asked, and may be another one by now.
            let _ = screen.ask_background(term.as_deref());
        }
    }
}
