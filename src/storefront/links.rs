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
        // What depends on the reader's commune says which it is; elsewhere the browser remembers it.
        if let (true, Some(near)) = (query.delivered, &query.near) {
            pairs.push(("gan", near.clone()));
        }
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
        pairs.retain(|(name, _)| {
            matches!(*name, "q" | "nganh" | "tu" | "den" | "gan" | "dung" | "sx")
        });
        pairs
    }

    /// The first page of the question, with a place to be looked up.
    pub(super) fn asking(&self, place: &str) -> String {
        let address = self.with(|q| q.near = None);
        let joint = if address.contains('?') { '&' } else { '?' };
        let place = form_urlencoded::byte_serialize(place.as_bytes());
        format!("{address}{joint}{}={}", super::nearby::FIELD, place.collect::<String>())
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

    #[test]
    fn the_readers_commune_goes_along_where_results_depend_on_it() {
        let query = Query { near: Some("19429".into()), exactly: true, ..Query::default() };
        let links = Links { path: "/tim", query: &query, category_in_path: false };
        assert_eq!(links.pages(), "/tim?dung=1&trang=");
        assert_eq!(links.with(|q| q.delivered = true), "/tim?giao=1&dung=1&gan=19429");
        let query = Query { delivered: true, price_min: Some(5), ..query };
        let links = Links { path: "/tim", query: &query, category_in_path: false };
        let carried = [("tu", "5"), ("dung", "1"), ("gan", "19429")];
        assert_eq!(links.hidden(), carried.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(links.asking("Khe Sanh"), "/tim?tu=5&giao=1&dung=1&gan_q=Khe+Sanh");
    }
}
