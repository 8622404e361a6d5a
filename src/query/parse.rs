//! A query from its pieces, by recursive descent. By hand, since its errors are the point: each says where, why, and
//! what may have been meant, which the errors of a generated parser do not. How long, how deep and how large a query may
//! be is bounded for every text.

mod term;

use std::ops::Range;

use super::error::QueryError;
use super::state::States;
use super::token::{Piece, QueryWord, Quotes, What, pieces};
use super::tree::{Test, Tree};

/// Maximum number of bytes of a query.
const LONGEST: usize = 4096;
/// Error of a parenthesis that stays open.
const NOT_CLOSED: &str = "this parenthesis is not closed";

/// Maximum depth of parentheses, negations and names within each other.
const DEEPEST: usize = 64;
/// Maximum number of tests in a query, those of named queries included.
const MOST: usize = 256;

type Parsed<T = Tree> = Result<T, QueryError>;

pub(super) fn parse(text: &str, states: States, named: &dyn Fn(&str) -> Option<String>) -> Parsed {
    let mut shared = Shared { states, named, open: vec![], n_tests: 0 };
    whole(text, &mut shared, 0)
}

/// Data shared by the texts of a query and of the names in it.
struct Shared<'a> {
    states: States,
    named: &'a dyn Fn(&str) -> Option<String>,
    /// The names that are being read, each within the one before it.
    open: Vec<String>,
    n_tests: usize,
}

fn whole(text: &str, shared: &mut Shared<'_>, depth: usize) -> Parsed {
    if text.len() > LONGEST {
        return Err(QueryError::new(0..text.len(), format!("the query is longer than {LONGEST} bytes")));
    }
    let pieces = pieces(text);
    if pieces.is_empty() {
        return Ok(Tree::All(vec![]));
    }
    let mut parser = Parser { text, pieces: &pieces, next: 0, depth, shared };
    let tree = parser.any(None)?;
    match parser.peek() {
        None => Ok(tree),
        // All else goes on.
        Some(piece) => Err(QueryError::new(piece.at.clone(), "this closes a parenthesis that is not open")
            .hint("take it away, or quote it to look for it")),
    }
}

/// Words between and before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
    Not,
}

struct Parser<'a, 'n, 's> {
    text: &'a str,
    pieces: &'a [Piece<'a>],
    next: usize,
    depth: usize,
    shared: &'s mut Shared<'n>,
}

impl<'a> Parser<'a, '_, '_> {
    fn peek(&self) -> Option<&'a Piece<'a>> {
        self.pieces.get(self.next)
    }

    /// The word that joins what comes next to what came before, if it does.
    fn joint(&self) -> Option<Joint> {
        let What::Text(QueryWord { text, quotes: Quotes::None, .. }) = &self.peek()?.what else {
            return None;
        };
        let joints = [("and", Joint::And), ("or", Joint::Or), ("not", Joint::Not)];
        joints.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, joint)| joint)
    }

    fn is_at_end(&self) -> bool {
        self.peek().is_none_or(|piece| piece.what == What::Close)
    }

    /// Parses alternatives. `after` is the operator before them, which is wrong when there are none.
    fn any(&mut self, after: Option<&Range<usize>>) -> Parsed {
        let mut trees = vec![self.all(after)?];
        while self.joint() == Some(Joint::Or) {
            let at = self.take();
            trees.push(self.all(Some(&at))?);
        }
        Ok(Tree::one_of(trees))
    }

    /// Parses conditions that must hold together.
    fn all(&mut self, after: Option<&Range<usize>>) -> Parsed {
        let mut trees = vec![self.one(after)?];
        while !self.is_at_end() && self.joint() != Some(Joint::Or) {
            let after = (self.joint() == Some(Joint::And)).then(|| self.take());
            trees.push(self.one(after.as_ref())?);
        }
        Ok(Tree::all(trees))
    }

    /// Passes a piece, and says where it was.
    fn take(&mut self) -> Range<usize> {
        let at = self.peek().map_or(0..0, |piece| piece.at.clone());
        self.next += 1;
        at
    }

    fn one(&mut self, after: Option<&Range<usize>>) -> Parsed {
        let joint = self.joint();
        let Some(piece) = self.peek().filter(|_| !matches!(joint, Some(Joint::And | Joint::Or))) else {
            return Err(self.nothing(after));
        };
        match &piece.what {
            What::Close => Err(self.nothing(after)),
            What::Open => {
                let open = self.take();
                self.within(&open, |parser| {
                    let tree = parser.any(Some(&open))?;
                    if parser.peek().is_none() {
                        return Err(QueryError::new(open.clone(), NOT_CLOSED).hint("close it by `)`"));
                    }
                    parser.take();
                    Ok(tree)
                })
            }
            What::Minus => self.not(),
            _ if joint == Some(Joint::Not) => self.not(),
            What::Named(name) => {
                let at = self.take();
                self.named(&at, name)
            }
            What::Text(text) => {
                self.take();
                self.test(&piece.at, term::word(text, self.shared.states)?)
            }
            What::Compared(compared) => {
                self.take();
                self.test(&piece.at, term::compared(compared, self.shared.states)?)
            }
        }
    }

    fn not(&mut self) -> Parsed {
        let at = self.take();
        let tree = self.within(&at, |parser| parser.one(Some(&at)))?;
        Ok(Tree::Not(Box::new(tree)))
    }

    /// Goes down a step, if that is not too deep.
    fn within(&mut self, at: &Range<usize>, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == DEEPEST {
            let what = format!("more than {DEEPEST} parentheses and negations are within each other here");
            return Err(QueryError::new(at.clone(), what).hint("ask for less at once"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn test(&mut self, at: &Range<usize>, test: Test) -> Parsed {
        self.shared.n_tests += 1;
        if self.shared.n_tests > MOST {
            let what = format!("the query asks for more than {MOST} things");
            return Err(QueryError::new(at.clone(), what).hint("ask for less at once"));
        }
        Ok(Tree::Test(test))
    }

    /// Something is missing here, behind `after`.
    fn nothing(&self, after: Option<&Range<usize>>) -> QueryError {
        let text = |at: &Range<usize>| self.text[at.clone()].to_owned();
        let found = self.peek().map(|piece| piece.at.clone());
        let end = self.text.len()..self.text.len();
        let (at, what) = match (after, &found) {
            (Some(open), Some(close)) if text(open) == "(" && text(close) == ")" => {
                (open.start..close.end, "there is nothing between these parentheses".to_owned())
            }
            (Some(open), _) if text(open) == "(" && found.is_none() => (open.clone(), NOT_CLOSED.to_owned()),
            (None, Some(close)) if text(close) == ")" => {
                (close.clone(), "this closes a parenthesis that is not open".to_owned())
            }
            (Some(after), _) if text(after) != "(" => {
                (after.clone(), format!("`{}` has nothing behind it", text(after)))
            }
            (_, Some(joint)) => (joint.clone(), format!("`{}` has nothing before it", text(joint))),
            (_, None) => (end, "something is missing here".to_owned()),
        };
        let joint = &self.text[at.clone()];
        let hint = match joint {
            _ if what == NOT_CLOSED => "close it by `)`".to_owned(),
            "" => "quote a word to look for it as a text: \"or\"".to_owned(),
            joint => format!("quote it to look for the text: \"{joint}\""),
        };
        QueryError::new(at, what).hint(hint)
    }

    /// Parses the query of a name.
    fn named(&mut self, at: &Range<usize>, name: &str) -> Parsed {
        let wrong = |what: String| QueryError::new(at.clone(), what);
        if name.is_empty() {
            return Err(wrong("`@` lacks the name of a query".to_owned())
                .hint("quote it to look for the text: \"@\""));
        }
        if self.shared.open.iter().any(|open| open == name) {
            let way = self.shared.open.iter().map(|open| format!("`@{open}`")).collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("`@{name}` leads back to itself, by way of {way}")));
        }
        let Some(text) = (self.shared.named)(name) else {
            let hint = "named queries are in the config; quote it to look for the text";
            return Err(wrong(format!("there is no query named `{name}`")).hint(hint));
        };
        self.within(at, |parser| {
            parser.shared.open.push(name.to_owned());
            let tree = whole(&text, parser.shared, parser.depth);
            parser.shared.open.pop();
            tree.map_err(|error| QueryError {
                at: at.clone(),
                what: format!("in the query named `{name}`: {}", error.what),
                hint: error.hint,
            })
        })
    }
}
