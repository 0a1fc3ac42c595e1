//! Where a list goes on that is read page by page. What stands in an address was typed by anybody: whatever is no
//! place of a list counts as its beginning, and no number of it reaches the database that the database cannot bear.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A row's place in a list: its moment, and its id among those of the same moment.
pub type Place = (DateTime<Utc>, Uuid);

/// The last microsecond of the year 9999.
const LAST: i64 = 253_402_300_799_999_999;

/// Reads a moment in microseconds since 1970; nothing here is older, and nothing is as far in the future as 10000.
#[must_use]
pub fn read_moment(typed: &str) -> Option<DateTime<Utc>> {
    let micros = typed.parse().ok().filter(|micros| (0..=LAST).contains(micros))?;
    DateTime::from_timestamp_micros(micros)
}

/// Reads what [`name_place`] wrote.
#[must_use]
pub fn read_place(typed: &str) -> Option<Place> {
    let (at, id) = typed.split_once('.')?;
    Some((read_moment(at)?, id.parse().ok()?))
}

/// A place as an address names it.
#[must_use]
pub fn name_place((at, id): Place) -> String {
    format!("{}.{id}", at.timestamp_micros())
}

/// Where a page begins of a list that is read newest first, and turned in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cursor {
    #[default]
    Start,
    /// Older than this.
    After(DateTime<Utc>, Uuid),
    /// Newer than this.
    Before(DateTime<Utc>, Uuid),
}

impl Cursor {
    /// Reads the two parameters of a page's address.
    #[must_use]
    pub fn read(after: &str, before: &str) -> Self {
        match (read_place(after), read_place(before)) {
            (Some((at, id)), _) => Self::After(at, id),
            (None, Some((at, id))) => Self::Before(at, id),
            (None, None) => Self::Start,
        }
    }

    /// The page that begins here, of rows that were asked for with one more than it shows.
    #[must_use]
    pub fn leaf<T>(self, mut rows: Vec<T>, size: usize, place: impl Fn(&T) -> Place) -> Leaf<T> {
        let more = rows.len() > size;
        rows.truncate(size);
        let backwards = matches!(self, Self::Before(..));
        if backwards {
            rows.reverse();
        }
        let name = |row: &T| name_place(place(row));
        let older = (backwards || more).then(|| rows.last().map(name)).flatten();
        let newer = if backwards { more } else { self != Self::Start };
        let newer = newer.then(|| rows.first().map(name)).flatten();
        Leaf { rows, older, newer }
    }
}

/// A page of a list with the names of its neighbours.
#[derive(Debug, Clone)]
pub struct Leaf<T> {
    pub rows: Vec<T>,
    pub older: Option<String>,
    pub newer: Option<String>,
}

impl<T> Default for Leaf<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), older: None, newer: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_places_are_the_beginning() {
        let id = Uuid::from_u128(5);
        let huge = [i64::MIN, -1, LAST + 1, i64::MAX].map(|n| format!("{n}.{id}"));
        let bad = ["", ".", "9.9", "99999999999999999999.x", "x"].map(str::to_owned);
        for bad in huge.iter().chain(&bad) {
            assert_eq!(read_place(bad), None, "{bad}");
            assert_eq!(Cursor::read(bad, bad), Cursor::Start, "{bad}");
        }
        assert_eq!(read_moment("-1"), None);
    }

    proptest! {
        #[test]
        fn a_place_survives_its_address(micros in 0..=LAST, n in any::<u128>()) {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            let id = Uuid::from_u128(n);
            let name = name_place((at, id));
            prop_assert_eq!(read_place(&name), Some((at, id)));
            prop_assert_eq!(Cursor::read("rác", &name), Cursor::Before(at, id));
            prop_assert_eq!(Cursor::read(&name, &name), Cursor::After(at, id));
        }

        /// Forwards through a list and back again, page by page, each row is met once in each direction.
        #[test]
        fn turning_forwards_and_back_meets_every_row_once(count in 0u32..40, size in 1usize..7) {
            let all: Vec<Place> = (0..count)
                .rev()
                .map(|n| (DateTime::from_timestamp_micros(i64::from(n / 2)).unwrap(), Uuid::from_u128(n.into())))
                .collect();
            let read = |from: Cursor| {
                let found: Vec<Place> = match from {
                    Cursor::Start => all.iter().copied().take(size + 1).collect(),
                    Cursor::After(at, id) => all.iter().copied().filter(|p| *p < (at, id)).take(size + 1).collect(),
                    Cursor::Before(at, id) => {
                        all.iter().rev().copied().filter(|p| *p > (at, id)).take(size + 1).collect()
                    }
                };
                from.leaf(found, size, |place| *place)
            };
            let mut leaf = read(Cursor::Start);
            let mut forwards = leaf.rows.clone();
            while let Some(older) = &leaf.older {
                leaf = read(Cursor::read(older, ""));
                forwards.extend(&leaf.rows);
            }
            prop_assert_eq!(&forwards, &all);
            let mut backwards: Vec<Place> = leaf.rows.iter().rev().copied().collect();
            while let Some(newer) = &leaf.newer {
                leaf = read(Cursor::read("", newer));
                backwards.extend(leaf.rows.iter().rev());
            }
            backwards.reverse();
            prop_assert_eq!(&backwards, &all);
        }
    }
}
