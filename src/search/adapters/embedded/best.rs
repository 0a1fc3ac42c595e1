//! The best of many, at a cost that does not grow with how deep one pages.

use tantivy::{DocId, SegmentOrdinal};

/// How a result compares: the greater, the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) first: u64,
    pub(super) published: u32,
    pub(super) id: u32,
    pub(super) address: (SegmentOrdinal, DocId),
}

/// Keeps the `most` greatest keys: twice as many are gathered, then the smaller half is thrown away.
pub(super) struct Best {
    keys: Vec<Key>,
    most: usize,
    /// What is not greater than this is not among the best.
    least: Option<Key>,
}

impl Best {
    pub(super) fn new(most: usize) -> Self {
        Self { keys: Vec::new(), most, least: None }
    }

    #[inline]
    pub(super) fn push(&mut self, key: Key) {
        if self.least.is_some_and(|least| key <= least) {
            return;
        }
        self.keys.push(key);
        if self.keys.len() >= self.most.saturating_mul(2).max(64) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.most > 0 && self.keys.len() > self.most {
            self.keys.select_nth_unstable_by(self.most - 1, |a, b| b.cmp(a));
            self.keys.truncate(self.most);
            self.least = self.keys.last().copied();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for key in other.keys {
            self.push(key);
        }
    }

    /// Those from `offset` on, the greatest first.
    pub(super) fn page(mut self, offset: usize) -> Vec<Key> {
        self.shrink();
        if offset >= self.keys.len() {
            return Vec::new();
        }
        if offset > 0 {
            self.keys.select_nth_unstable_by(offset, |a, b| b.cmp(a));
            self.keys.drain(..offset);
        }
        self.keys.sort_unstable_by(|a, b| b.cmp(a));
        self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_of_the_whole_in_order() {
        let key =
            |n: u32| Key { first: u64::from(n % 7), published: n % 5, id: n, address: (0, n) };
        let numbers: Vec<u32> = (0..500).map(|n| n * 7_919 % 500).collect();
        let mut whole: Vec<Key> = numbers.iter().map(|n| key(*n)).collect();
        whole.sort_unstable_by(|a, b| b.cmp(a));
        for (offset, length) in [(0, 10), (10, 10), (490, 20), (600, 10), (0, 500), (37, 1)] {
            let (mut left, mut right) = (Best::new(offset + length), Best::new(offset + length));
            for (i, n) in numbers.iter().enumerate() {
                if i % 3 == 0 { left.push(key(*n)) } else { right.push(key(*n)) }
            }
            left.merge(right);
            let expected: Vec<Key> = whole.iter().skip(offset).take(length).copied().collect();
            assert_eq!(left.page(offset), expected, "{offset} {length}");
        }
    }
}
