//! Whether a signed PDF still shows the pages of the document: a later revision can hide what an earlier one says.

use super::Refused;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};
use std::collections::HashSet;

/// Of a page, what signing adds to; of the catalogue likewise.
const OF_PAGE: [&[u8]; 2] = [b"Annots", b"Parent"];
const OF_CATALOGUE: [&[u8]; 6] =
    [b"AcroForm", b"DSS", b"Extensions", b"Metadata", b"Pages", b"Version"];
/// What pages take from the tree above them.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// Pairs of objects that are compared at most.
const MOST: usize = 200_000;
const DEEPEST: usize = 100;
/// What a stream may grow to when it is read.
const LARGEST: usize = 32 * 1024 * 1024;

/// Refuses `signed` unless it shows the pages of `issued`, with nothing on them but fields of signatures.
pub(super) fn same(issued: &[u8], signed: &[u8]) -> Result<(), Refused> {
    let (issued, signed) = (read(issued)?, read(signed)?);
    let (before, after) = (issued.get_pages(), signed.get_pages());
    if before.len() != after.len() {
        return Err(Refused::OtherPages("số trang, number of pages"));
    }
    let mut pair = Pair { issued: &issued, signed: &signed, seen: HashSet::new(), depth: 0 };
    for (a, b) in before.values().zip(after.values()) {
        let wrong = Refused::OtherPages("nội dung trang, content of a page");
        let (Ok(a), Ok(b)) = (issued.get_dictionary(*a), signed.get_dictionary(*b)) else {
            return Err(wrong);
        };
        let inherited =
            INHERITED.iter().all(|key| pair.values(above(&issued, a, key), above(&signed, b, key)));
        if !inherited || !pair.dictionaries(a, b, &[&OF_PAGE[..], &INHERITED[..]].concat()) {
            return Err(wrong);
        }
        if !pair.annotations(a, b) {
            return Err(Refused::OtherPages("ghi chú thêm trên trang, notes added on a page"));
        }
    }
    let (Ok(a), Ok(b)) = (issued.catalog(), signed.catalog()) else {
        return Err(Refused::OtherPages("mục lục, catalogue"));
    };
    // A form of another kind (XFA) could be shown in place of the pages.
    let form = b.get(b"AcroForm").and_then(|form| signed.dereference(form));
    let other = form.is_ok_and(|(_, form)| form.as_dict().is_ok_and(|form| form.has(b"XFA")));
    match pair.dictionaries(a, b, &OF_CATALOGUE) && !other {
        true => Ok(()),
        false => Err(Refused::OtherPages("mục lục, catalogue")),
    }
}

fn read(bytes: &[u8]) -> Result<Document, Refused> {
    let options = LoadOptions { max_decompressed_size: Some(LARGEST), ..LoadOptions::default() };
    Document::load_mem_with_options(bytes, options)
        .map_err(|_| Refused::OtherPages("không đọc được, not readable"))
}

/// A value of a page or of the nodes above it.
fn above<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..DEEPEST {
        if let Ok(value) = node.get(key) {
            return Some(value);
        }
        let parent = node.get(b"Parent").and_then(Object::as_reference).ok()?;
        node = document.get_dictionary(parent).ok()?;
    }
    None
}

struct Pair<'a> {
    issued: &'a Document,
    signed: &'a Document,
    /// Pairs that were compared, or are being compared further up.
    seen: HashSet<(ObjectId, ObjectId)>,
    depth: usize,
}

impl Pair<'_> {
    fn dictionaries(&mut self, a: &Dictionary, b: &Dictionary, but: &[&[u8]]) -> bool {
        let counts = |key: &[u8]| !but.contains(&key);
        let more = b.iter().any(|(key, _)| counts(key) && !a.has(key));
        !more
            && a.iter()
                .filter(|(key, _)| counts(key))
                .all(|(key, value)| self.values(Some(value), b.get(key).ok()))
    }

    fn values(&mut self, a: Option<&Object>, b: Option<&Object>) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => self.objects(a, b),
            _ => false,
        }
    }

    fn objects(&mut self, a: &Object, b: &Object) -> bool {
        if let (Object::Reference(x), Object::Reference(y)) = (a, b)
            && !self.seen.insert((*x, *y))
        {
            return true;
        }
        if self.depth == DEEPEST || self.seen.len() > MOST {
            return false;
        }
        self.depth += 1;
        let (issued, signed) = (self.issued, self.signed);
        let same = match (issued.dereference(a), signed.dereference(b)) {
            (Ok((_, a)), Ok((_, b))) => self.plain(a, b),
            // A reference to nothing is null on both sides.
            (Err(_), Err(_)) => true,
            _ => false,
        };
        self.depth -= 1;
        same
    }

    fn plain(&mut self, a: &Object, b: &Object) -> bool {
        match (a, b) {
            (Object::Array(a), Object::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.objects(a, b))
            }
            // Pages and the tree above them are compared for themselves.
            (Object::Dictionary(a), Object::Dictionary(b)) if a.has_type(b"Page") => {
                b.has_type(b"Page")
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => self.dictionaries(a, b, &[]),
            (Object::Stream(a), Object::Stream(b)) => {
                a.content == b.content && self.dictionaries(&a.dict, &b.dict, &[])
            }
            (a, b) => a == b,
        }
    }

    /// What stood on the page stands there, and only fields of signatures are added.
    fn annotations(&mut self, a: &Dictionary, b: &Dictionary) -> bool {
        let before = list(self.issued, a);
        let after = list(self.signed, b);
        after.len() >= before.len()
            && before.iter().zip(&after).all(|(a, b)| self.objects(a, b))
            && after[before.len()..].iter().all(|added| is_signature(self.signed, added))
    }
}

fn list<'a>(document: &'a Document, page: &'a Dictionary) -> Vec<&'a Object> {
    let all = page.get(b"Annots").and_then(|all| document.dereference(all));
    all.ok().and_then(|(_, all)| all.as_array().ok()).into_iter().flatten().collect()
}

fn is_signature(document: &Document, annotation: &Object) -> bool {
    let found = document.dereference(annotation).ok().and_then(|(_, object)| object.as_dict().ok());
    let name = |field: &Dictionary, key: &[u8], is: &[u8]| {
        field.get(key).and_then(Object::as_name).is_ok_and(|name| name == is)
    };
    found.is_some_and(|field| {
        let parent = field.get(b"Parent").and_then(Object::as_reference);
        let parent = parent.ok().and_then(|parent| document.get_dictionary(parent).ok());
        name(field, b"Subtype", b"Widget")
            && (name(field, b"FT", b"Sig") || parent.is_some_and(|p| name(p, b"FT", b"Sig")))
    })
}
