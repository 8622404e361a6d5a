//! Pointers as one tree: what they share is walked once.

use super::keys::{KeyTable, NO_NODE};
use super::pointer::{Pointer, index};

/// The node of the whole document.
pub(super) const ROOT: u32 = 0;

/// Slot of a node at which no pointer ends.
const NO_SLOT: usize = usize::MAX;

/// Pointers compiled into one trie. The place of a pointer in their list is its slot.
#[derive(Debug, Clone)]
pub struct PointerTrie {
    nodes: Vec<TrieNode>,
    len: usize,
    /// Slots of a pointer that is in the list again: the first one, and the other.
    doubles: Vec<(usize, usize)>,
}

/// Value that is wanted, or on the way to one.
#[derive(Debug, Clone)]
pub(super) struct TrieNode {
    slot: usize,
    /// One bit for a node with children, which are not cleared if the node is there twice in a document. Nodes may share
    /// a bit: the document is then read by the fallback.
    pub(super) mark: u128,
    pub(super) keys: KeyTable,
    /// Children whose step may be the index of an element, by that index.
    pub(super) items: Vec<(usize, u32)>,
    children: Vec<(String, u32)>,
}

impl TrieNode {
    fn new() -> Self {
        Self { slot: NO_SLOT, mark: 0, keys: KeyTable::new(&[]), items: Vec::new(), children: Vec::new() }
    }

    /// The slot of the value; none where only values within are wanted.
    #[inline]
    pub(super) const fn slot(&self) -> Option<usize> {
        if self.slot == NO_SLOT { None } else { Some(self.slot) }
    }

    /// Children by their steps.
    pub(super) fn children(&self) -> &[(String, u32)] {
        &self.children
    }
}

impl PointerTrie {
    /// Compiles pointers. One that is in the list twice has two slots.
    #[must_use]
    pub fn new(pointers: &[Pointer]) -> Self {
        let mut trie = Self { nodes: vec![TrieNode::new()], len: pointers.len(), doubles: Vec::new() };
        for (slot, pointer) in pointers.iter().enumerate() {
            let node = pointer.steps().iter().fold(ROOT, |node, step| trie.grow(node, step));
            let first = &mut trie.nodes[node as usize].slot;
            if *first == NO_SLOT {
                *first = slot;
            } else {
                trie.doubles.push((*first, slot));
            }
        }
        let mut marks = 0;
        for node in &mut trie.nodes {
            node.keys = KeyTable::new(&node.children);
            node.items =
                node.children.iter().filter_map(|(step, child)| Some((index(step)?, *child))).collect();
            node.items.sort_unstable();
            if !node.children.is_empty() {
                node.mark = 1 << (marks % u128::BITS);
                marks += 1;
            }
        }
        trie
    }

    /// Returns the child of a node, which is made where there is none.
    fn grow(&mut self, node: u32, step: &str) -> u32 {
        let children = &self.nodes[node as usize].children;
        if let Some((_, child)) = children.iter().find(|(known, _)| known == step) {
            return *child;
        }
        let child = u32::try_from(self.nodes.len()).unwrap_or(NO_NODE);
        self.nodes[node as usize].children.push((step.to_owned(), child));
        self.nodes.push(TrieNode::new());
        child
    }

    /// Number of slots.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True if nothing is wanted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub(super) fn node(&self, node: u32) -> &TrieNode {
        &self.nodes[node as usize]
    }

    #[inline]
    pub(super) fn doubles(&self) -> &[(usize, usize)] {
        &self.doubles
    }
}
