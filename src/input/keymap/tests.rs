//! The table is whole and unambiguous, and what keys mean.

use std::collections::HashSet;

use crossterm::event::KeyModifiers;

use super::*;

fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

#[test]
fn no_key_means_two_things_in_one_mode() {
    for mode in Mode::ALL {
        let mut keys = HashSet::new();
        for binding in Keymap::default().in_mode(mode) {
            assert!(keys.insert(binding.key), "{} in {mode:?}", binding.key.label());
        }
    }
}

#[test]
fn every_action_has_a_key_and_every_key_a_name_and_words() {
    use Action::*;
    // A variant that is added to the enum breaks this match, and is to be added to the names.
    let name_all = |action: Action| match action {
        Down | Up | PageDown | PageUp | Top | Bottom | NextSection | PreviousSection | Open | Back
        | Leave | Quit | NextPane | PreviousPane | Pane(_) | Zoom | Pause | Follow | NextProblem
        | PreviousProblem | StepBack | StepForward | PreviousOfRun | NextOfRun | MinuteBack
        | MinuteForward | NextEvent | PreviousEvent | Start | End | GoTo | Accept | Erase | Faster | Find
        | Command | EraseWord | EraseLine | Delete | CaretLeft | CaretRight | CaretStart | CaretEnd
        | ErasePart | EraseRest | DeletePart | CaretWordLeft | CaretWordRight | Older | Newer | Complete
        | NextSort | PreviousSort | InvertSort | NextGrouping | MarkRun | MarkRange | MarkAll | CopyId
        | CopyRow | Mouse | Slower | Mark | Changes | CancelRun | Confirm | Keep | Help | Redraw
        | Suspend => action,
        // Every other letter, where text is typed.
        Type(_) => action,
    };
    let every = Action::NAMED.map(|(_, action)| action);
    for action in every.map(name_all) {
        assert!(KEYMAP.iter().any(|binding| binding.action == action), "{action:?}");
    }
    for binding in KEYMAP {
        assert!(every.contains(&binding.action), "{:?}", binding.action);
        assert!(binding.key.label() != "?" || binding.key == ch('?'), "{:?}", binding.key);
        assert!(!binding.help.is_empty() && !binding.modes.is_empty());
    }
}

#[test]
fn the_help_page_shows_every_row_once() {
    let keymap = Keymap::default();
    let shown: usize =
        KeyGroup::ALL.into_iter().flat_map(|group| keymap.entries(group)).map(<[Binding]>::len).sum();
    assert_eq!(shown, KEYMAP.len());
}

#[test]
fn letters_have_case_and_strange_keys_mean_nothing() {
    let none = KeyModifiers::NONE;
    for (code, modifiers, mode, expected) in [
        (KeyCode::Char('c'), none, Mode::Board, Some(CancelRun)),
        (KeyCode::Char('C'), KeyModifiers::SHIFT, Mode::Board, None),
        (KeyCode::Char('c'), none, Mode::Dialog, None),
        (KeyCode::Char('c'), KeyModifiers::CONTROL, Mode::Dialog, Some(Quit)),
        (KeyCode::Char('C'), KeyModifiers::CONTROL, Mode::Board, Some(Quit)),
        (KeyCode::Char('c'), KeyModifiers::ALT, Mode::Board, None),
        (KeyCode::Char('G'), KeyModifiers::SHIFT, Mode::Board, Some(Bottom)),
        (KeyCode::Char('y'), none, Mode::Board, Some(CopyId)),
        (KeyCode::Char('y'), none, Mode::Dialog, Some(Confirm)),
        (KeyCode::Char('Y'), KeyModifiers::SHIFT, Mode::Dialog, None),
        (KeyCode::Enter, none, Mode::Dialog, Some(Keep)),
        (KeyCode::Char(' '), none, Mode::Dialog, None),
        (KeyCode::Tab, KeyModifiers::SHIFT, Mode::Board, Some(PreviousPane)),
        (KeyCode::BackTab, KeyModifiers::SHIFT, Mode::Board, Some(PreviousPane)),
        (KeyCode::F(7), none, Mode::Board, None),
        (KeyCode::Char('q'), none, Mode::Prompt, Some(Type('q'))),
        (KeyCode::Char('#'), KeyModifiers::SHIFT, Mode::Prompt, Some(Type('#'))),
        (KeyCode::Char('c'), KeyModifiers::CONTROL, Mode::Prompt, Some(Quit)),
        (KeyCode::Enter, none, Mode::Prompt, Some(Accept)),
        (KeyCode::F(7), none, Mode::Prompt, None),
        // The key at the same place of another layout, but for a yes.
        (KeyCode::Char('й'), none, Mode::Board, Some(Leave)),
        (KeyCode::Char('о'), none, Mode::Board, Some(Down)),
        (KeyCode::Char('ξ'), none, Mode::Board, Some(Down)),
        (KeyCode::Char('П'), KeyModifiers::SHIFT, Mode::Board, Some(Bottom)),
        (KeyCode::Char('с'), KeyModifiers::CONTROL, Mode::Board, Some(Quit)),
        (KeyCode::Char('н'), none, Mode::Board, Some(CopyId)),
        (KeyCode::Char('н'), none, Mode::Dialog, None),
        (KeyCode::Char('υ'), none, Mode::Dialog, None),
        (KeyCode::Char('ｙ'), none, Mode::Count, None),
        (KeyCode::Char('т'), none, Mode::Dialog, Some(Keep)),
        (KeyCode::Char('５'), none, Mode::Count, Some(Type('5'))),
        (KeyCode::Char('о'), none, Mode::Find, Some(Type('о'))),
        (KeyCode::Char('и'), KeyModifiers::ALT, Mode::Find, Some(CaretWordLeft)),
        (KeyCode::Char('é'), none, Mode::Board, None),
        // What terminals tell in place of Backspace and Enter.
        (KeyCode::Char('h'), KeyModifiers::CONTROL, Mode::Find, Some(Erase)),
        (KeyCode::Char('h'), KeyModifiers::CONTROL, Mode::Prompt, Some(Erase)),
        (KeyCode::Char('h'), KeyModifiers::CONTROL, Mode::Command, Some(Erase)),
        (KeyCode::Char('h'), KeyModifiers::CONTROL, Mode::Count, Some(Erase)),
        (KeyCode::Char('h'), KeyModifiers::CONTROL, Mode::Board, None),
        (KeyCode::Char('h'), KeyModifiers::CONTROL.union(KeyModifiers::ALT), Mode::Find, Some(ErasePart)),
        (KeyCode::Char('j'), KeyModifiers::CONTROL, Mode::Find, Some(Accept)),
        // As in a shell.
        (KeyCode::Backspace, KeyModifiers::ALT, Mode::Find, Some(ErasePart)),
        (KeyCode::Backspace, KeyModifiers::CONTROL, Mode::Count, Some(ErasePart)),
        (KeyCode::Left, KeyModifiers::CONTROL, Mode::Command, Some(CaretWordLeft)),
        (KeyCode::Right, KeyModifiers::ALT, Mode::Command, Some(CaretWordRight)),
        (KeyCode::Char('b'), KeyModifiers::ALT, Mode::Prompt, Some(CaretWordLeft)),
        (KeyCode::Char('f'), KeyModifiers::ALT, Mode::Prompt, Some(CaretWordRight)),
        (KeyCode::Char('d'), KeyModifiers::ALT, Mode::Find, Some(DeletePart)),
        (KeyCode::Char('B'), KeyModifiers::ALT.union(KeyModifiers::SHIFT), Mode::Find, Some(CaretWordLeft)),
        (
            KeyCode::Char('F'),
            KeyModifiers::ALT.union(KeyModifiers::SHIFT),
            Mode::Command,
            Some(CaretWordRight),
        ),
        (KeyCode::Char('D'), KeyModifiers::ALT.union(KeyModifiers::SHIFT), Mode::Prompt, Some(DeletePart)),
        (KeyCode::Char('d'), KeyModifiers::CONTROL, Mode::Find, Some(Delete)),
        (KeyCode::Char('d'), KeyModifiers::CONTROL, Mode::Board, Some(PageDown)),
        (KeyCode::Char('k'), KeyModifiers::CONTROL, Mode::Find, Some(EraseRest)),
        (KeyCode::Char('u'), KeyModifiers::CONTROL, Mode::Count, Some(EraseLine)),
    ] {
        assert_eq!(Keymap::default().action(&press(code, modifiers), mode), expected, "{code:?} in {mode:?}");
    }
}

#[test]
fn a_letter_that_is_no_key_is_told_about() {
    let keymap = Keymap::default();
    for (letter, mode, expected) in [
        ('é', Mode::Board, Some("`é` is no key: Latin letters are keys, ? shows them")),
        ('н', Mode::Dialog, Some("only `y` answers yes")),
        ('あ', Mode::Dialog, Some("`あ` is no key here: Latin letters are keys")),
        ('x', Mode::Board, None),
        ('…', Mode::Board, None),
    ] {
        let event = press(KeyCode::Char(letter), KeyModifiers::NONE);
        assert_eq!(keymap.action(&event, mode), None);
        assert_eq!(keymap.why_nothing(&event, mode).as_deref(), expected, "{letter}");
    }
}

#[test]
fn a_held_key_moves_and_never_confirms() {
    let held = |c| KeyEvent::new_with_kind(KeyCode::Char(c), KeyModifiers::NONE, KeyEventKind::Repeat);
    assert_eq!(Keymap::default().action(&held('j'), Mode::Board), Some(Down));
    assert_eq!(Keymap::default().action(&held('c'), Mode::Board), None);
    assert_eq!(Keymap::default().action(&held('y'), Mode::Dialog), None);
    assert_eq!(Keymap::default().action(&held('q'), Mode::Board), None);
    let released = KeyEvent::new_with_kind(KeyCode::Char('j'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(Keymap::default().action(&released, Mode::Board), None);
}

fn key(name: &str) -> Key {
    Key::parse(name).unwrap()
}

/// The keys of the table, but for these: `down = j Down`, `keep.dialog = n`.
fn rebound(rebindings: &[&str]) -> Result<Keymap, Vec<KeymapFault>> {
    let parse = |text: &&str| {
        let (name, keys) = text.split_once(" =").unwrap();
        let (name, mode) = name.split_once('.').map_or((name, None), |(name, mode)| (name, Some(mode)));
        let mode = mode.map(|mode| Mode::ALL.into_iter().find(|it| it.name() == mode).unwrap());
        let keys = keys.split_whitespace().map(key).collect();
        Rebinding { action: Action::named(name).unwrap(), mode, keys }
    };
    Keymap::rebound(&rebindings.iter().map(parse).collect::<Vec<_>>())
}

#[test]
fn names_are_unique_and_stay_snakes() {
    let names: HashSet<_> = Action::NAMED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), Action::NAMED.len());
    let is_snake =
        |name: &str| name.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit());
    for (name, action) in Action::NAMED {
        assert!(is_snake(name) && Action::named(name) == Some(action) && action.name() == name, "{name}");
    }
    assert_eq!(Action::named("cancel_run"), Some(CancelRun));
    assert_eq!(Action::named("next_pane"), Some(NextPane));
    assert_eq!(Action::named("pane_3"), Some(Pane(3)));
}

#[test]
fn other_keys_replace_those_of_an_action_in_its_modes() {
    for (rebindings, name, mode, expected) in [
        (&["cancel_run = x"][..], "x", Mode::Board, Some(CancelRun)),
        (&["cancel_run = x"], "x", Mode::Detail, Some(CancelRun)),
        (&["cancel_run = x"], "c", Mode::Board, None),
        (&["down = J ctrl-n"], "J", Mode::Help, Some(Down)),
        (&["down = J ctrl-n"], "ctrl-n", Mode::Board, Some(Down)),
        (&["down = J ctrl-n"], "j", Mode::Board, None),
        (&["down = J ctrl-n"], "Down", Mode::Find, Some(Newer)),
        (&["down ="], "Down", Mode::Board, None),
        // What was freed may mean something else.
        (&["cancel_run = x", "zoom = c"], "c", Mode::Board, Some(Zoom)),
        (&["zoom = c", "cancel_run = x"], "c", Mode::Board, Some(Zoom)),
        // Ctrl-h is Backspace only as long as it is nothing else.
        (&["older = ctrl-h"], "ctrl-h", Mode::Find, Some(Older)),
        // In one mode alone.
        (&["keep.dialog = n N"], "N", Mode::Dialog, Some(Keep)),
        (&["keep.dialog = n N"], "Esc", Mode::Dialog, None),
        (&["keep.dialog = n N"], "Esc", Mode::Find, Some(Keep)),
        (&["keep.find = ctrl-g", "keep.dialog = n"], "ctrl-g", Mode::Find, Some(Keep)),
        (&["keep.find = ctrl-g", "keep.dialog = n"], "Esc", Mode::Prompt, Some(Keep)),
        // A letter stays one where text is typed.
        (&["quit = Q ctrl-c"], "Q", Mode::Board, Some(Quit)),
        (&["quit = Q ctrl-c"], "Q", Mode::Find, None),
        (&["quit = Q ctrl-c"], "ctrl-c", Mode::Find, Some(Quit)),
        (&["confirm = Y"], "Y", Mode::Dialog, Some(Confirm)),
        (&["confirm = Y"], "Y", Mode::Count, Some(Confirm)),
        (&["confirm = Y"], "y", Mode::Dialog, None),
        (&["open = Enter alt-o"], "alt-o", Mode::Board, Some(Open)),
    ] {
        let keymap = rebound(rebindings).unwrap_or_else(|faults| panic!("{rebindings:?}: {faults:?}"));
        assert_eq!(keymap.lookup(key(name), mode), expected, "{rebindings:?}: {name} in {mode:?}");
    }
    assert_eq!(rebound(&[]), Ok(Keymap::default()));
}

#[test]
fn the_footer_and_the_help_page_say_the_other_keys() {
    let keymap = rebound(&["leave = x X"]).unwrap();
    for (mode, hint) in [(Mode::Board, "quit"), (Mode::Help, "back")] {
        let hints: Vec<_> = keymap.in_mode(mode).filter(|row| row.action == Leave).collect();
        let hints: Vec<_> = hints.iter().map(|row| (row.key.label(), row.hint)).collect();
        assert_eq!(hints, [("x".into(), Some(hint)), ("X".into(), None)]);
    }
    let entry = keymap.entries(KeyGroup::Program).find(|rows| rows[0].action == Leave).unwrap();
    assert_eq!(entry.len(), 4);
    assert_eq!(keymap.label(Leave, Mode::Board).as_deref(), Some("x"));
    let without = rebound(&["zoom ="]).unwrap();
    assert_eq!(without.label(Zoom, Mode::Board), None);
    assert!(without.entries(KeyGroup::Look).all(|rows| rows[0].action != Zoom));
}

#[test]
fn a_keymap_in_which_a_user_could_go_wrong_is_refused() {
    for (rebindings, number, what) in [
        (&["zoom = j"][..], 0, "`j` is both `down` and `zoom` in `board`"),
        (&["down = J", "zoom = J"], 1, "`J` is both `down` and `zoom` in `board`"),
        (&["zoom = J", "down = J"], 0, "`J` is both `down` and `zoom` in `board`"),
        (&["keep.dialog = n y"], 0, "`y` is both `confirm` and `keep` in `dialog`"),
        (&["quit = ctrl-l"], 0, "`Ctrl-l` is both `quit` and `redraw` in `board`"),
        (&["keep.dialog = n", "confirm = Enter"], 1, "without a thought"),
        (&["keep.dialog = n", "confirm = ctrl-m"], 1, "`confirm` cannot be `Enter`"),
        (&["confirm = Space"], 0, "`confirm` cannot be `Space`"),
        (&["keep.dialog = n", "confirm = alt-esc"], 1, "`confirm` cannot be `Alt-Esc`"),
        (&["confirm = c"], 0, "`confirm` cannot be `c`: it opens the question"),
        (&["cancel_run = x", "confirm = y x"], 1, "`confirm` cannot be `x`: it opens the question"),
        (&["copy_id = c", "cancel_run = y"], 1, "`confirm` cannot be `y`: it opens the question"),
        (&["confirm = 5"], 0, "is answered with their number first"),
        (&["keep.count ="], 0, "`keep` needs a key in `count`"),
        (&["quit ="], 0, "`quit` needs a key in `board`"),
        (&["quit = Q"], 0, "`quit` needs a key in `prompt`, and letters are typed there"),
        (&["keep.dialog ="], 0, "`keep` needs a key in `dialog`"),
        (&["accept = x"], 0, "`accept` needs a key in `prompt`, and letters are typed there"),
        (&["cancel_run.help = x"], 0, "`cancel_run` means nothing in `help`"),
    ] {
        let faults = rebound(rebindings).expect_err(rebindings[0]);
        let found = faults.iter().any(|fault| fault.rebinding == number && fault.what.contains(what));
        assert!(found, "{rebindings:?}: {faults:?}");
    }
    let all = rebound(&["zoom = j", "quit =", "confirm = Space"]).unwrap_err();
    assert_eq!(all.len(), 3, "{all:?}");
}
