//! Checks of every palette: it can be read on its background, and says nothing by color alone.

use std::collections::HashSet;

use ratatui::style::Style;

use super::*;
use crate::engine::actionqueue::states::STATES;
use crate::model::states::Phase;
use crate::ui::cell_style::fixed;
use crate::ui::theme::{Ground, Theme, ThemeChoice};

/// xterm's own sixteen, as it comes.
const XTERM: [u32; 16] = [
    0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f,
    0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
];

const MEANINGS: [Meaning; 9] = [
    Meaning::Text,
    Meaning::Dim,
    Meaning::Title,
    Meaning::Focus,
    Meaning::Rule,
    Meaning::Good,
    Meaning::Warn,
    Meaning::Bad,
    Meaning::Key,
];

fn all_meanings() -> impl Iterator<Item = Meaning> {
    MEANINGS.into_iter().chain([Meaning::Cursor]).chain(STATES.all().map(Meaning::State))
}

fn rgb(color: Color) -> Option<u32> {
    let number = match color {
        Color::Reset => return None,
        Color::Indexed(number @ 16..) => return Some(fixed(number)),
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::LightRed => 9,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        other => panic!("{other:?} is not known here"),
    };
    Some(XTERM[number])
}

/// Red, green and blue as light, from 0 to 1.
fn light(rgb: u32) -> [f64; 3] {
    [16, 8, 0].map(|shift| {
        let part = f64::from(rgb >> shift & 0xff) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance(rgb: u32) -> f64 {
    let [red, green, blue] = light(rgb);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast ratio of WCAG 2.
fn contrast(a: u32, b: u32) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn every_color_can_be_read_on_its_background() {
    assert!((contrast(0, 0x00ff_ffff) - 21.0).abs() < 1e-9);
    for palette in Palette::ALL {
        // The least that WCAG asks of text is 4.5. The sixteen of the dark palette are each terminal's own; as xterm
        // has them, its blue and its magenta come a little short.
        let least = if palette == Palette::Dark { 4.4 } else { 4.5 };
        let paper = if palette.ground() == Ground::Light { 0x00ff_ffff } else { 0 };
        for (color, _) in all_meanings().map(|meaning| palette.look(meaning)) {
            let Some(ink) = rgb(color) else { continue };
            let ratio = contrast(ink, paper);
            assert!(ratio >= least, "{color:?} of {palette:?} has {ratio:.2}");
        }
        if let Some(ink) = rgb(palette.ahead().0) {
            assert!(contrast(ink, paper) >= least);
        }
    }
}

#[test]
fn nothing_is_dim_and_colored_and_nothing_dim_where_contrast_is_wanted() {
    for palette in Palette::ALL {
        for meaning in all_meanings() {
            let (color, modifier) = palette.look(meaning);
            let is_dim = modifier.contains(Modifier::DIM);
            assert!(!is_dim || color == Color::Reset, "{meaning:?} of {palette:?}");
            assert!(!is_dim || palette != Palette::HighContrast, "{meaning:?}");
        }
    }
    assert!(all_meanings().all(|meaning| Palette::HighContrast.look(meaning).0 == Color::Reset));
    assert_eq!(Palette::HighContrast.ahead(), (Color::Reset, Modifier::empty()));
}

#[test]
fn what_must_be_seen_differs_from_text_with_and_without_color() {
    for palette in Palette::ALL {
        for color in [true, false] {
            let theme = Theme { color, palette, ..Theme::default() };
            let style = |meaning| theme.style(meaning);
            for meaning in [Meaning::Title, Meaning::Focus, Meaning::Key, Meaning::Bad, Meaning::Cursor] {
                assert_ne!(style(meaning), Style::new(), "{meaning:?} of {palette:?}");
            }
            let cursors = all_meanings().filter(|meaning| style(*meaning) == style(Meaning::Cursor)).count();
            assert_eq!(cursors, 1, "{palette:?}");
            if color {
                let told: HashSet<_> = [Meaning::Focus, Meaning::Warn, Meaning::Bad, Meaning::Good]
                    .map(style)
                    .into_iter()
                    .collect();
                assert_eq!(told.len(), 4, "{palette:?}");
            }
        }
    }
}

/// Simulates the sight of a person who has no cones for long waves (`true`) or middle ones, after Viénot,
/// Brettel and Mollon.
fn seen(rgb: u32, is_protan: bool) -> [f64; 3] {
    let [red, green, blue] = light(rgb);
    let (share, shift) = if is_protan { (0.11238, 0.00401) } else { (0.29275, -0.02234) };
    let both = share * red + (1.0 - share) * green;
    // By the eye's own scale.
    [both, both, shift * red - shift * green + blue].map(|part| part.max(0.0).cbrt())
}

#[test]
fn blue_and_orange_are_two_colors_to_everybody() {
    let distance = |palette: Palette, a, b, is_protan| {
        let [a, b] = [a, b].map(|meaning| seen(rgb(palette.look(meaning).0).unwrap(), is_protan));
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let (completed, failed) = (Meaning::Phase(Phase::Succeeded), Meaning::Phase(Phase::Failed));
    let pairs = [
        (Meaning::Good, Meaning::Bad),
        (Meaning::Good, Meaning::Warn),
        (Meaning::Warn, Meaning::Bad),
        (completed, failed),
        (Meaning::Phase(Phase::Retrying), failed),
    ];
    for palette in [Palette::ColorBlind, Palette::ColorBlindLight] {
        for (a, b) in pairs {
            for is_protan in [true, false] {
                let distance = distance(palette, a, b, is_protan);
                assert!(distance > 0.3, "{a:?} and {b:?} of {palette:?}: {distance:.2}");
            }
        }
    }
    // What the other palettes are not made for.
    assert!(distance(Palette::Light, completed, failed, true) < 0.3);
}

#[test]
fn a_name_is_a_palette_and_auto_is_what_suits_the_background() {
    for palette in Palette::ALL {
        assert_eq!(Palette::named(palette.name()), Some(palette));
        assert_eq!(ThemeChoice::named(palette.name()), Some(ThemeChoice::Palette(palette)));
    }
    assert_eq!(ThemeChoice::named("auto"), Some(ThemeChoice::Auto));
    assert_eq!(Palette::named("auto"), None);
    assert_eq!(ThemeChoice::named("Dark"), None);
    let blind = ThemeChoice::Palette(Palette::ColorBlind);
    for (wanted, ground, expected) in [
        (ThemeChoice::Auto, Some(Ground::Light), Palette::Light),
        (ThemeChoice::Auto, Some(Ground::Dark), Palette::Dark),
        (ThemeChoice::Auto, None, Palette::Dark),
        (blind, Some(Ground::Light), Palette::ColorBlindLight),
        (blind, Some(Ground::Dark), Palette::ColorBlind),
        (blind, None, Palette::ColorBlind),
        (ThemeChoice::Palette(Palette::Light), Some(Ground::Dark), Palette::Light),
    ] {
        assert_eq!(wanted.palette(|| ground), expected, "{wanted:?} on {ground:?}");
    }
    let unasked = || panic!("the background does not matter");
    assert_eq!(ThemeChoice::Palette(Palette::Dark).palette(unasked), Palette::Dark);
}

#[test]
fn the_environment_may_tell_the_background() {
    for (value, expected) in [
        ("15;0", Some(Ground::Dark)),
        ("0;15", Some(Ground::Light)),
        ("0;default;15", Some(Ground::Light)),
        ("12;8", Some(Ground::Dark)),
        ("0;7", Some(Ground::Light)),
        ("default;default", None),
        ("0;16", None),
        ("", None),
        ("light", None),
    ] {
        assert_eq!(Ground::of_color_fgbg(value), expected, "{value}");
    }
}

#[test]
fn every_theme_that_can_be_wanted_has_its_name() {
    let names = ["auto", "dark", "light", "high-contrast", "color-blind", "color-blind-light"];
    assert_eq!(ThemeChoice::ALL.map(ThemeChoice::name), names);
    assert_eq!(Palette::ALL.map(Palette::name), names[1..]);
}

#[test]
fn two_states_of_being_parked_have_two_colors() {
    for palette in Palette::ALL.into_iter().filter(|palette| *palette != Palette::HighContrast) {
        let colors: Vec<_> = STATES.of(Phase::Parked).map(|it| palette.look(Meaning::State(it)).0).collect();
        assert!(colors.len() == 2 && colors[0] != colors[1], "{palette:?}: {colors:?}");
    }
}
