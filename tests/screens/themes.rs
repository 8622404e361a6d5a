//! The same screens in every palette: what they say is the same, and nothing rests on a color.

use ratatui::style::{Color, Modifier, Style};
use runwatch::ui::Theme;
use runwatch::ui::theme::Palette;

use crate::common::program::{runwatch, text};
use crate::common::{self, lines_of};
use crate::stage::{MID, Stage};

/// Ways to every kind of screen: the panes, the help, problems, charts, a run, a question.
const KEYS: [&str; 6] = ["jj", "?", "4", "5", "j<enter>", "jc"];

fn themes() -> impl Iterator<Item = Theme> {
    let looks = [(true, true), (true, false), (false, true), (false, false)];
    let themes = move |palette| looks.map(|(color, unicode)| Theme { color, unicode, palette });
    Palette::ALL.into_iter().flat_map(themes)
}

fn is_colored(style: &Style) -> bool {
    [style.fg, style.bg].into_iter().flatten().any(|color| color != Color::Reset)
}

#[test]
fn every_palette_says_the_same_and_none_by_color_alone() {
    let log = lines_of("tests/logs/live-small-mid.jsonl");
    for keys in KEYS {
        let stage = |theme: Theme| Stage::with_control(120, 40, MID).theme(theme).read(&log).press(keys);
        for theme in themes() {
            let mut shown = stage(theme);
            let plain = Theme { color: false, palette: Palette::Dark, ..theme };
            assert_eq!(shown.text(), stage(plain).text(), "{keys} in {theme:?}");
            let styles = shown.styles();
            let has_colors = styles.iter().any(is_colored);
            let has_any = theme.color && theme.palette != Palette::HighContrast;
            assert_eq!(has_colors, has_any, "{keys} in {theme:?}");
            let dim: Vec<_> =
                styles.iter().filter(|style| style.add_modifier.contains(Modifier::DIM)).collect();
            assert!(dim.iter().all(|style| !is_colored(style)), "{keys} in {theme:?}");
            assert!(dim.is_empty() || theme.palette != Palette::HighContrast, "{keys} in {theme:?}");
        }
    }
}

#[test]
fn what_is_still_to_come_is_never_dim_where_that_could_not_be_read() {
    let log = lines_of("tests/logs/live-small-mid.jsonl");
    for palette in Palette::ALL {
        let theme = Theme { palette, ..Theme::default() };
        let styles = Stage::replay(120, 40).theme(theme).read(&log).press("<home>5").styles();
        let dim = styles.iter().filter(|style| style.add_modifier.contains(Modifier::DIM));
        let n_faint = dim.filter(|style| is_colored(style)).count();
        assert!(n_faint == 0 || palette == Palette::Dark, "{palette:?}");
    }
}

#[test]
fn a_picture_has_the_paper_of_its_theme() {
    let picture = |theme: &[&str]| {
        let args = ["screenshot", "assets/orders.jsonl", "-o", "-", "--size", "80x24"];
        let args: Vec<&str> = args.iter().chain(theme).copied().collect();
        text(&runwatch(&args).current_dir(common::file("")).output().unwrap())
    };
    let default = picture(&[]);
    for (name, paper, good) in [
        ("dark", "16191f", Some("8cc26a")),
        ("light", "ffffff", Some("008700")),
        ("high-contrast", "000000", None),
        ("color-blind", "16191f", Some("5fafff")),
        ("color-blind-light", "ffffff", Some("0000d7")),
    ] {
        let picture = picture(&["--theme", name]);
        assert!(picture.contains(&format!(r##"rx="8" fill="#{paper}"/>"##)), "{name}");
        assert!(good.is_none_or(|good| picture.contains(&format!("fill=\"#{good}\""))), "{name}");
        assert_eq!(picture == default, name == "dark");
    }
    let wrong = runwatch(&["screenshot", "x", "-o", "-", "--theme", "auto"]).output().unwrap();
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("the themes are dark, light, high-contrast"));
}
