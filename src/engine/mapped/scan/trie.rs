//! Pointers as one tree: what they share is walked once.

use super::keys::{KeyChild, KeyTable, NO_NODE, NO_SLOT};
use super::pointer::{JsonPointer, index};

/// The node of the whole document.
pub(super) const ROOT: u32 = 0;

/// Bits of a mark.
const MARKS: usize = 128;

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
    /// The slot of the value, or [`NO_SLOT`] where only values within are wanted.
    pub(super) slot: u32,
    /// One bit for a node with children, which are not cleared if the node is there twice in a document. Nodes may share
    /// a bit: the document is then read by the fallback.
    pub(super) mark: u128,
    pub(super) keys: KeyTable,
    /// Children whose step may be the index of an element, by that index.
    pub(super) items: Vec<(usize, KeyChild)>,
    children: Vec<(String, u32)>,
}

impl TrieNode {
    fn new() -> Self {
        Self {
            slot: NO_SLOT,
            mark: 0,
            keys: KeyTable::new(Vec::new()),
            items: Vec::new(),
            children: Vec::new(),
        }
    }

    /// Children by their steps.
    pub(super) fn children(&self) -> &[(String, u32)] {
        &self.children
    }
}

impl PointerTrie {
    /// Compiles pointers. One that is in the list twice has two slots.
    #[must_use]
    pub fn new(pointers: &[JsonPointer]) -> Self {
        let mut trie = Self { nodes: vec![TrieNode::new()], len: pointers.len(), doubles: Vec::new() };
        for (slot, pointer) in pointers.iter().enumerate() {
            let node = pointer.steps().iter().fold(ROOT, |node, step| trie.grow(node, step));
            let first = &mut trie.nodes[node as usize].slot;
            if *first == NO_SLOT {
                *first = u32::try_from(slot).unwrap_or(NO_SLOT);
            } else {
                trie.doubles.push((*first as usize, slot));
            }
        }
        let inner = (0..trie.nodes.len()).filter(|node| !trie.nodes[*node].children.is_empty());
        for (mark, at) in inner.collect::<Vec<_>>().into_iter().enumerate() {
            let node = &trie.nodes[at];
            let children = node.children.iter().map(|(step, child)| (step.as_str(), trie.child(*child)));
            let keys = KeyTable::new(children.clone().collect());
            let mut items: Vec<_> =
                children.filter_map(|(step, child)| Some((index(step)?, child))).collect();
            items.sort_unstable_by_key(|(index, _)| *index);
            let mark = 1 << (mark % MARKS);
            trie.nodes[at] = TrieNode { mark, keys, items, ..trie.nodes[at].clone() };
        }
        trie
    }

    /// A node as its parent knows it.
    fn child(&self, node: u32) -> KeyChild {
        let TrieNode { slot, children, .. } = &self.nodes[node as usize];
        KeyChild { node, leaf_slot: if children.is_empty() { *slot } else { NO_SLOT } }
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
