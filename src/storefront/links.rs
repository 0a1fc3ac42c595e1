//! Addresses of lists: the same question with one thing changed.

use crate::search::Query;

/// A list's own path and question, from which addresses of its neighbours are made.
pub(super) struct Links<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a Query,
    /// The path says the category already.
    pub(super) category_in_path: bool,
}

impl Links<'_> {
    fn pairs(&self, query: &Query) -> Vec<(&'static str, String)> {
        let mut pairs = query.pairs();
        pairs.retain(|(name, _)| !(self.category_in_path && *name == "nganh"));
        pairs
    }

    fn address(&self, query: &Query) -> String {
        let pairs = self.pairs(query);
        if pairs.is_empty() {
            return self.path.to_owned();
        }
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{text}", self.path)
    }

    /// The first page of the question after `change`.
    pub(super) fn with(&self, change: impl FnOnce(&mut Query)) -> String {
        let mut query = self.query.clone();
        change(&mut query);
        self.address(&query)
    }

    /// Ends where a page's number goes.
    pub(super) fn pages(&self) -> String {
        let address = self.address(self.query);
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}trang=")
    }

    /// What a form must carry so that only its own fields change.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs(self.query);
        pairs.retain(|(name, _)| matches!(*name, "q" | "nganh" | "sx"));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_changes() {
        let query = Query {
            q: "cà phê".into(),
            category: Some("ca-phe".into()),
            communes: vec!["19429".into()],
            page: 3,
            ..Query::default()
        };
        let links = Links { path: "/danh-muc/ca-phe", query: &query, category_in_path: true };
        assert_eq!(links.with(|q| q.communes.clear()), "/danh-muc/ca-phe?q=c%C3%A0+ph%C3%AA");
        assert_eq!(links.pages(), "/danh-muc/ca-phe?q=c%C3%A0+ph%C3%AA&xa=19429&trang=");
        let links = Links { path: "/tim", query: &Query::default(), category_in_path: false };
        assert_eq!((links.with(|_| {}), links.pages()), ("/tim".into(), "/tim?trang=".into()));
    }
}
