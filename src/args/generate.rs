//! Output generated from the arguments themselves: shell completions and the manual page.

use std::io::{self, Write};

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Args;

/// Writes what a shell completes the arguments by.
///
/// # Errors
/// When it cannot be written.
pub fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics where it cannot write, so it writes where it always can.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "runwatch", &mut text);
    out.write_all(&text)
}

/// Writes the manual page: the dashboard, and after it each report with its arguments.
///
/// # Errors
/// When it cannot be written.
pub fn man(out: &mut dyn Write) -> io::Result<()> {
    let mut command = Args::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(out)?;
    for report in command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help") {
        let page = clap_mangen::Man::new(report.clone());
        writeln!(out, ".SH \"RUNWATCH {}\"", report.get_name().to_uppercase())?;
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_options_section(out)?;
    }
    Ok(())
}
