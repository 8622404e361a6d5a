//! A Rust file as the paths that it names: comments and texts left out, `use` trees spelled out.
//!
//! Reads as much of the language as that takes and no more. Must not know which path is allowed to whom.

/// A Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root of the package, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) named: Vec<Named>,
    /// Modules in files of their own that only tests see.
    pub(crate) test_modules: Vec<String>,
}

/// A path that a file names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) place: Place,
    /// Is true if only tests see it.
    pub(crate) in_tests: bool,
    /// Is true if it begins with a name that the file itself gave, and says nothing of who is known.
    pub(crate) is_own: bool,
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(crate) enum Place {
    /// Into this package, from its root.
    Inside(Vec<String>),
    /// To another crate, or to something that the file itself has a name for.
    Elsewhere(Vec<String>),
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (named, test_modules) = Reader::new(path, text).read();
        Self { path: path.to_owned(), text: text.to_owned(), named, test_modules }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Mark(char),
}

/// Contents of a pair of braces.
struct Scope {
    module: Option<String>,
    is_test: bool,
}

struct Reader {
    tokens: Vec<(Token, usize)>,
    at: usize,
    /// The module that the file is, from the root.
    module: Vec<String>,
    scopes: Vec<Scope>,
    /// The next item is for tests only.
    next_is_test: bool,
    /// Names that the file gives to modules and to what it uses.
    bound: Vec<String>,
    modules: Vec<String>,
    test_modules: Vec<String>,
    /// Found paths; an inline path with its first name.
    found: Vec<(Option<String>, Named)>,
}

impl Reader {
    fn new(path: &str, text: &str) -> Self {
        let inner = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
        let is_root = matches!(inner, "lib" | "main");
        let module = if is_root { vec![] } else { inner.split('/').map(str::to_owned).collect() };
        Self {
            tokens: tokens(text),
            at: 0,
            module,
            scopes: vec![Scope { module: None, is_test: false }],
            next_is_test: false,
            bound: vec![],
            modules: vec![],
            test_modules: vec![],
            found: vec![],
        }
    }

    fn read(mut self) -> (Vec<Named>, Vec<String>) {
        while self.at < self.tokens.len() {
            self.step();
        }
        let Self { bound, modules, test_modules, found, .. } = self;
        let is_own = |name: &String| modules.contains(name) || bound.contains(name);
        let judge = |(inline, named): (Option<String>, Named)| Named {
            is_own: inline.as_ref().is_some_and(is_own),
            ..named
        };
        (found.into_iter().map(judge).collect(), test_modules)
    }

    fn step(&mut self) {
        if self.looking_at(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            self.next_is_test = true;
            self.at += 7;
            return;
        }
        let (token, line) = self.tokens[self.at].clone();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].0.clone());
        match &token {
            Token::Mark('{') => self.open(None),
            Token::Mark('}') if self.scopes.len() > 1 => drop(self.scopes.pop()),
            Token::Mark(';') => self.next_is_test = false,
            Token::Word(word) if word == "mod" => return self.module_begins(),
            // `+ use<..>` is a bound and not an import.
            Token::Word(word) if word == "use" && !matches!(before, Some(Token::Mark('+'))) => {
                self.at += 1;
                return self.tree(&[], 0);
            }
            Token::Word(_) if !matches!(before, Some(Token::Mark('.') | Token::Colons)) => {
                return self.inline_path(line);
            }
            _ => {}
        }
        self.at += 1;
    }

    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn looking_at(&self, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(index, text)| match self.tokens.get(self.at + index) {
            Some((Token::Word(word), _)) => word == text,
            Some((Token::Mark(mark), _)) => text.chars().eq([*mark]),
            _ => false,
        })
    }

    fn open(&mut self, module: Option<String>) {
        let is_test = self.next_is_test || self.scopes.last().is_some_and(|scope| scope.is_test);
        self.next_is_test = false;
        self.scopes.push(Scope { module, is_test });
    }

    fn module_begins(&mut self) {
        self.at += 1;
        let Some(Token::Word(name)) = self.token().cloned() else { return };
        self.at += 1;
        self.modules.push(name.clone());
        if self.token() == Some(&Token::Mark('{')) {
            self.open(Some(name));
            self.at += 1;
        } else if self.next_is_test {
            self.test_modules.push(name);
        }
    }

    /// Reads one `use` tree below `prefix`, up to what ends it.
    fn tree(&mut self, prefix: &[String], depth: usize) {
        let mut path = prefix.to_vec();
        while let Some((token, line)) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            match token {
                Token::Word(word) if word == "as" => {
                    if let Some(Token::Word(name)) = self.token().cloned() {
                        self.at += 1;
                        self.bound.push(name);
                        self.name(None, &path, line);
                        path.clear();
                    }
                }
                Token::Word(word) => path.push(word),
                Token::Mark('*') => path.push("*".to_owned()),
                Token::Colons => {}
                Token::Mark('{') => {
                    self.tree(&path, depth + 1);
                    path.clear();
                }
                Token::Mark(end @ (',' | '}' | ';')) => {
                    self.leaf(&mut path, prefix, line);
                    if end != ',' || depth == 0 {
                        return;
                    }
                    prefix.clone_into(&mut path);
                }
                Token::Mark(_) => {}
            }
        }
    }

    fn leaf(&mut self, path: &mut Vec<String>, prefix: &[String], line: usize) {
        if path.is_empty() || path == prefix {
            return;
        }
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        if self.modules.contains(&path[0]) {
            return;
        }
        self.name(None, path, line);
        self.bound.extend(path.last().filter(|last| *last != "*").cloned());
    }

    fn inline_path(&mut self, line: usize) {
        let mut path = vec![];
        while let Some(Token::Word(word)) = self.token().cloned() {
            path.push(word);
            self.at += 1;
            let goes_on = self.token() == Some(&Token::Colons)
                && matches!(self.tokens.get(self.at + 1), Some((Token::Word(_), _)));
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        let is_macro = self.token() == Some(&Token::Mark('!'));
        if path.len() > 1 || is_macro || path[0] == "unsafe" {
            self.name(path.first().cloned(), &path, line);
        }
    }

    /// Notes a path, by where it leads.
    fn name(&mut self, inline: Option<String>, path: &[String], line: usize) {
        let mut module = self.module.clone();
        module.extend(self.scopes.iter().filter_map(|scope| scope.module.clone()));
        let mut rest = path;
        let mut is_inside = false;
        match path.first().map(String::as_str) {
            Some("crate") => (module, rest, is_inside) = (vec![], &path[1..], true),
            Some("runwatch") if self.module.is_empty() => {
                (module, rest, is_inside) = (vec![], &path[1..], true);
            }
            _ => {
                while let Some(first @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if first == "super" {
                        module.pop();
                    }
                    (rest, is_inside) = (&rest[1..], true);
                }
            }
        }
        let place = if is_inside {
            Place::Inside(module.into_iter().chain(rest.iter().cloned()).collect())
        } else {
            Place::Elsewhere(path.to_vec())
        };
        let in_tests = self.next_is_test || self.scopes.last().is_some_and(|scope| scope.is_test);
        self.found.push((inline, Named { line, place, in_tests, is_own: false }));
    }
}

/// Splits a text into tokens; comments, texts, characters and lifetimes are none.
fn tokens(text: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let (mut found, mut i) = (vec![], 0);
    let mut line = 1;
    let mut counted = 0;
    while i < chars.len() {
        line += chars[counted..i].iter().filter(|c| **c == '\n').count();
        counted = i;
        let c = chars[i];
        i = match (c, at(i + 1)) {
            ('/', '/') => i + chars[i..].iter().take_while(|c| **c != '\n').count(),
            ('/', '*') => end_of_comment(&chars, i),
            ('"', _) => end_of_text(&chars, i, None),
            ('\'', '\\') => i + 3 + chars[i + 3..].iter().take_while(|c| **c != '\'').count() + 1,
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            ('\'', _) => i + 1 + chars[i + 1..].iter().take_while(|c| is_word(**c)).count(),
            (':', ':') => {
                found.push((Token::Colons, line));
                i + 2
            }
            _ if is_word(c) => {
                let end = i + chars[i..].iter().take_while(|c| is_word(**c)).count();
                let word: String = chars[i..end].iter().collect();
                let hashes = chars[end..].iter().take_while(|c| **c == '#').count();
                match (word.as_str(), at(end + hashes)) {
                    ("r" | "br" | "cr", '"') => end_of_text(&chars, end + hashes, Some(hashes)),
                    ("b" | "c", '"') if hashes == 0 => end_of_text(&chars, end, None),
                    // A word that would be a keyword: `r#type`.
                    ("r", next) if hashes == 1 && is_word(next) => end + 1,
                    _ => {
                        found.push((Token::Word(word), line));
                        end
                    }
                }
            }
            _ => {
                if !c.is_whitespace() {
                    found.push((Token::Mark(c), line));
                }
                i + 1
            }
        };
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

/// Where the text ends whose opening quote is at `quote`; a raw one ends with as many hashes as it began with.
fn end_of_text(chars: &[char], quote: usize, raw: Option<usize>) -> usize {
    let mut i = quote + 1;
    while i < chars.len() {
        match (chars[i], raw) {
            ('\\', None) => i += 1,
            ('"', None) => return i + 1,
            ('"', Some(hashes)) if chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes => {
                return i + 1 + hashes;
            }
            _ => {}
        }
        i += 1;
    }
    i
}
