//! The facts of a run: its names, task, limits, owner, and what it waits for.

use super::Detail;
use super::line::{DetailLine, Tone, fact, title};
use crate::engine;
use crate::engine::recorded::Recorded;
use crate::model::id::{RunId, TaskId};
use crate::model::states::Phase;
use crate::model::task::RunPolicy;
use crate::model::{text, time};
use crate::store::{Run, TaskEntry, TaskSpec};
use crate::view::format::thousands;
use crate::view::problems::brief;
use crate::view::row::description;
use crate::view::waiting;

/// The maximum number of dependencies and tags that are named; the rest are counted.
const MAX_NAMED: usize = 12;
/// The maximum number of problems that are listed here.
const MAX_PROBLEMS: usize = 3;

impl Detail<'_> {
    fn run(&self) -> Run {
        self.store.run(self.key)
    }

    /// Kinds of facts in the records of the engine.
    pub(super) fn recorded(&self) -> Recorded {
        engine::recorded(self.store)
    }

    pub(super) fn facts(&self) -> Vec<DetailLine> {
        let run = self.run();
        let task = self.store.task(run.task);
        let mut lines = Vec::new();
        self.identity(&run, &task, &mut lines);
        self.schedule_and_lease(&run, &mut lines);
        lines
    }

    /// The specification of its task, and the tasks it depends on.
    pub(super) fn about_task(&self) -> Vec<DetailLine> {
        if !self.recorded().tasks {
            return Vec::new();
        }
        let run = self.run();
        let task = self.store.task(run.task);
        let mut lines = title("Task");
        match task.spec {
            Some(spec) => self.spec(spec, &mut lines),
            None => self.add("task", Tone::Dim, "the log does not say what this task is", &mut lines),
        }
        self.relations(&task, &mut lines);
        lines
    }

    fn add(&self, label: &str, tone: Tone, value: &str, lines: &mut Vec<DetailLine>) {
        lines.extend(fact(label, tone, value, self.width));
    }

    /// Adds an id, unbroken where the page is wide enough: on a line of its own if need be.
    fn add_id(&self, label: &str, tone: Tone, id: &str, lines: &mut Vec<DetailLine>) {
        let added = fact(label, tone, id, self.width);
        if added.len() == 1 || self.width < 2 + id.len() {
            lines.extend(added);
            return;
        }
        lines.extend(fact(label, tone, "", self.width));
        lines.push(DetailLine::empty().with(Tone::Plain, "  ").with(tone, id));
    }

    fn identity(&self, run: &Run, task: &TaskEntry<'_>, lines: &mut Vec<DetailLine>) {
        let state = run.state;
        self.add_id("run", Tone::Title, &self.ids.whole(run.id), lines);
        let since = self.store.changed_at(self.key);
        let age = self.store.unit().age_words(since, self.now);
        let since = format!("for {age}, since {}", self.time(since));
        let told = match engine::word(self.store, self.key) {
            Some(word) => format!("{} ({})", state.name(), text::clean(self.store.text(word))),
            None => state.name().to_owned(),
        };
        let name = || {
            DetailLine::empty()
                .with(Tone::Dim, format!("  {:<14}", "state"))
                .with(Tone::State(state), told.as_str())
        };
        let line = name().with(Tone::Dim, format!("  {since}"));
        if line.width() <= self.width {
            lines.push(line);
        } else {
            lines.push(name());
            self.add("", Tone::Dim, &since, lines);
        }
        self.waiting(lines);
        if !self.recorded().tasks {
            self.of_engine(lines);
            return self.remarks(run, lines);
        }
        let id = if task.id.is_nil() { "?".to_owned() } else { self.ids.whole(task.id) };
        self.add_id("task", Tone::Plain, &id, lines);
        if let Some(text) = description(self.store, task) {
            self.add("", Tone::Plain, text, lines);
        }
        self.remarks(run, lines);
    }

    /// Adds what is to be known before anything else is believed.
    fn remarks(&self, run: &Run, lines: &mut Vec<DetailLine>) {
        if run.joined {
            self.add("", Tone::Warn, "joined late: what came before is not known", lines);
        }
        if run.flagged {
            self.problems(run.id, lines);
        }
        if let Some(standing) = &self.standing {
            self.add("cancel", Tone::Warn, standing, lines);
        }
        if let Some(why) = self.store.states().why_goes_on()
            && self.was_canceled_while_running()
        {
            let words = format!("{} does not mean stopped: {why}.", run.state.name());
            self.add("", Tone::Warn, &words, lines);
        }
    }

    /// Adds the violations of the run; the pane of problems has the rest.
    fn problems(&self, run: RunId, lines: &mut Vec<DetailLine>) {
        let own = || self.store.problems().kept().iter().filter(|problem| problem.run == Some(run));
        for (index, problem) in own().take(MAX_PROBLEMS).enumerate() {
            let words = format!("line {}: {}", thousands(problem.place.line()), brief(problem, self.ids));
            self.add(if index == 0 { "problems" } else { "" }, Tone::Bad, &words, lines);
        }
        let rest = own().skip(MAX_PROBLEMS).count();
        if rest > 0 {
            self.add("", Tone::Dim, &format!("and {} more: see the problems", thousands(rest as u64)), lines);
        }
    }

    fn was_canceled_while_running(&self) -> bool {
        let last = self.life.changes.last();
        last.is_some_and(|change| {
            change.to.phase() == Phase::Canceled
                && change.from.is_some_and(|from| from.phase() == Phase::Running)
        })
    }

    fn spec(&self, spec: &TaskSpec, lines: &mut Vec<DetailLine>) {
        if !spec.tags.is_empty() {
            let tags = spec.tags.iter().take(MAX_NAMED).map(|tag| self.store.text(*tag)).collect::<Vec<_>>();
            self.add("tags", Tone::Plain, &(tags.join(", ") + &more(spec.tags.len())), lines);
        }
        self.add("policy", Tone::Plain, &policy(&spec.policy), lines);
        let run = self.run();
        let own = run.priority;
        let priority = match own {
            0 => spec.priority.to_string(),
            own => format!("{own}, that of its task {}", spec.priority),
        };
        self.add("priority", Tone::Plain, &priority, lines);
        if let Some(secs) = spec.timeout_secs {
            self.add("timeout", Tone::Plain, &format!("{} an attempt", time::words(secs)), lines);
        }
        if let Some(key) = spec.concurrency_key {
            let held =
                if spec.releases_key_on_retry { "free between attempts" } else { "held between attempts" };
            self.add("one at a time", Tone::Plain, &format!("{} ({held})", self.store.text(key)), lines);
        }
    }

    fn relations(&self, task: &TaskEntry<'_>, lines: &mut Vec<DetailLine>) {
        if let Some(parent) = task.parent {
            self.add("parent", Tone::Plain, &self.task_label(parent), lines);
        }
        for (index, on) in task.depends_on.iter().take(MAX_NAMED).enumerate() {
            self.add(if index == 0 { "depends on" } else { "" }, Tone::Plain, &self.task_label(*on), lines);
        }
        if task.depends_on.len() > MAX_NAMED {
            self.add("", Tone::Dim, more(task.depends_on.len()).trim_start_matches(", "), lines);
        }
        for (index, budget) in engine::budgets(self.store, self.run().task).iter().enumerate() {
            let words = format!(
                "{} {} of {} consumed{}",
                budget.dimension.name(),
                budget.consumed,
                budget.limit,
                if budget.exhausted { ": used up" } else { "" }
            );
            let tone = if budget.exhausted { Tone::Warn } else { Tone::Plain };
            self.add(if index == 0 { "budget" } else { "" }, tone, &words, lines);
        }
        if let Some(at) = task.canceled_at {
            self.add("", Tone::Warn, &format!("the task was canceled at {}", self.time(at)), lines);
        }
    }

    fn task_label(&self, id: TaskId) -> String {
        let task = self.store.find_task(id).map(|key| self.store.task(key));
        match task.and_then(|task| description(self.store, &task)) {
            Some(words) => format!("{} {}", self.ids.task(id), text::clean(words)),
            // Unbroken, or else in its short form.
            None if fact("", Tone::Plain, &self.ids.whole(id), self.width).len() > 1 => self.ids.task(id),
            None => self.ids.whole(id),
        }
    }

    fn schedule_and_lease(&self, run: &Run, lines: &mut Vec<DetailLine>) {
        let clock = |at| self.time(at);
        if !run.joined {
            self.add("created", Tone::Plain, &clock(run.created_at), lines);
            if self.recorded().schedules {
                self.add("scheduled for", Tone::Plain, &clock(run.scheduled_at), lines);
            }
        }
        if let Some(lease) = run.lease {
            let left = if lease.expiry >= self.now { "expires" } else { "expired" };
            let words = format!("{}, {left} {}", self.store.text(lease.owner), clock(lease.expiry));
            let tone = if lease.expiry < self.now { Tone::Warn } else { Tone::Plain };
            self.add("lease", tone, &words, lines);
        }
    }

    /// Adds the cause of its wait, and whether anything will end it.
    fn waiting(&self, lines: &mut Vec<DetailLine>) {
        let (store, key, now) = (self.store, self.key, self.now);
        let Some(waiting) = &self.waiting else { return };
        let Some(words) = waiting::long(store, key, waiting, self.ids, self.clock, now) else { return };
        let label = waiting::label(store, waiting, now);
        let tone = match label {
            "waits" => Tone::Plain,
            _ if waiting.is_stuck => Tone::Bad,
            _ => Tone::Warn,
        };
        self.add(label, tone, &words, lines);
    }
}

fn more(count: usize) -> String {
    if count > MAX_NAMED { format!(", and {} more", count - MAX_NAMED) } else { String::new() }
}

fn policy(policy: &RunPolicy) -> String {
    match policy {
        RunPolicy::Once => "once".to_owned(),
        RunPolicy::Repeat { count, interval_secs } => {
            format!("{count} times, every {}", time::words(*interval_secs))
        }
        RunPolicy::Cron { expression, max_occurrences: None } => format!("cron {expression}"),
        RunPolicy::Cron { expression, max_occurrences: Some(most) } => {
            format!("cron {expression}, at most {most} times")
        }
    }
}
