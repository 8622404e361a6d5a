//! A query made ready for one store: the cheapest tests first, and what was judged before remembered.

use super::Query;
use super::eval::{EvalContext, Leaf, NEVER};
use super::tree::{Test, Tree};
use crate::engine::waiting::SharedScene;
use crate::store::{RunKey, Store};

/// A query made ready for one store. What it remembers are numbers of that store: another one needs another sieve; the
/// same one at another instant does not.
#[derive(Debug, Clone)]
pub struct QueryMatcher {
    node: Node,
    needs_scene: bool,
    /// The queue as it was when this was prepared, or as it is shared.
    scene: SharedScene,
}

/// Verdict on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchVerdict {
    /// Is true if the run is found.
    pub matches: bool,
    /// The instant from which on this may be otherwise though the log says nothing new. Never too late.
    pub until: Option<u64>,
}

#[derive(Debug, Clone)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Leaf(Box<Leaf>),
}

impl QueryMatcher {
    /// Makes a query ready.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let needs_scene = query.tree.any(&Test::needs_scene);
        Self { node: Node::new(&query.tree).0, needs_scene, scene: SharedScene::default() }
    }

    /// Looks up what many judgments need to know. Called again when the log has said something new; in between, once for
    /// thousands of runs.
    pub fn prepare(&mut self, store: &Store) {
        self.scene = SharedScene::default();
        if self.needs_scene {
            self.scene.look_up(store);
        }
    }

    /// Judges by a queue that was looked up elsewhere, until the store changes.
    pub fn share(&mut self, scene: &SharedScene) {
        self.scene = scene.clone();
    }

    /// Judges a run at the instant `now`.
    pub fn judge(&mut self, store: &Store, run: RunKey, now: u64) -> MatchVerdict {
        let scene = self.needs_scene.then(|| self.scene.get(store));
        let cx = EvalContext { store, run, now, scene };
        let (matches, until) = self.node.judge(&cx);
        MatchVerdict { matches, until: (until != NEVER).then_some(until) }
    }
}

impl Node {
    /// A tree with the cheapest of its parts first, and what it costs.
    fn new(tree: &Tree) -> (Self, u32) {
        let sorted = |trees: &[Tree]| {
            let mut nodes: Vec<(Self, u32)> = trees.iter().map(Self::new).collect();
            nodes.sort_by_key(|(_, cost)| *cost);
            let cost = nodes.iter().map(|(_, cost)| *cost).max().unwrap_or(0);
            (nodes.into_iter().map(|(node, _)| node).collect(), cost)
        };
        match tree {
            Tree::All(trees) => {
                let (nodes, cost) = sorted(trees);
                (Self::All(nodes), cost)
            }
            Tree::Any(trees) => {
                let (nodes, cost) = sorted(trees);
                (Self::Any(nodes), cost)
            }
            Tree::Not(tree) => {
                let (node, cost) = Self::new(tree);
                (Self::Not(Box::new(node)), cost)
            }
            Tree::Test(test) => (Self::Leaf(Box::new(Leaf::new(test.clone()))), test.cost()),
        }
    }

    /// Judges a run, and finds the end of the judgment. A part that decides alone holds for as long as it
    /// holds itself.
    fn judge(&mut self, cx: &EvalContext<'_>) -> (bool, u64) {
        let (nodes, decides) = match self {
            Self::All(nodes) => (nodes, false),
            Self::Any(nodes) => (nodes, true),
            Self::Not(node) => {
                let (matches, until) = node.judge(cx);
                return (!matches, until);
            }
            Self::Leaf(leaf) => return leaf.judge(cx),
        };
        let mut least = NEVER;
        for node in nodes {
            let (matches, until) = node.judge(cx);
            if matches == decides {
                return (matches, until);
            }
            least = least.min(until);
        }
        (!decides, least)
    }
}
