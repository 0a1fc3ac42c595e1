//! PAdES: signatures in a PDF, each over everything up to the end of its revision but its own hex.

use super::{Refused, Signed, Trust, Verified, cms, pages};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::ops::Range;

/// Signatures of one file.
const MOST: usize = 16;
/// The largest hex of a signature.
const LARGEST: usize = 512 * 1024;
const ACCEPTED: [&[u8]; 2] = [b"/adbe.pkcs7.detached", b"/ETSI.CAdES.detached"];
/// A time stamp over the document: no signature of anybody.
const TIME_STAMP: &[u8] = b"/ETSI.RFC3161";

struct Field {
    /// The hex with its brackets.
    gap: Range<usize>,
    /// Where its revision ends.
    end: usize,
    stamp: bool,
    said: Option<DateTime<Utc>>,
}

/// Checks every signature of `file`, whose first revision is to be `document`.
pub(super) fn check(
    file: &[u8],
    document: &[u8],
    trust: &Trust,
    now: DateTime<Utc>,
) -> Result<Verified, Refused> {
    if !file.starts_with(document) {
        return Err(Refused::OtherPdf);
    }
    let fields = fields(file, document.len())?;
    let mut signatures: Vec<Signed> = Vec::new();
    for field in fields.iter().filter(|field| !field.stamp) {
        let parts = [&file[..field.gap.start], &file[field.gap.end..field.end]];
        let when = cms::When { now, said: field.said };
        signatures.extend(cms::check(&unhex(&file[field.gap.clone()])?, &parts, trust, when)?);
    }
    if signatures.is_empty() {
        return Err(Refused::NoSignature);
    }
    // Only now, when somebody who can be named stands behind the bytes, are they read as a PDF.
    pages::same(document, file)?;
    let signed = fields.iter().filter(|field| !field.stamp).map(|field| field.end).max();
    let rest = signed.and_then(|end| file.get(end..)).unwrap_or_default();
    let added_after = rest.iter().any(|byte| !byte.is_ascii_whitespace());
    Ok(Verified { signatures, added_after })
}

/// The signature fields that were added after the first `from` bytes, in order.
fn fields(file: &[u8], from: usize) -> Result<Vec<Field>, Refused> {
    const MARK: &[u8] = b"/ByteRange";
    let (mut all, mut at, mut before) = (Vec::new(), from, from);
    while let Some(found) = find(&file[at..], MARK).map(|found| at + found) {
        at = found + MARK.len();
        let field = field(file, found)?;
        // In its own revision, after the one before: nothing reaches over another's end.
        if field.gap.start < before || !(before..field.end).contains(&found) || all.len() == MOST {
            return Err(Refused::Range);
        }
        before = field.end;
        at = at.max(field.end);
        all.push(field);
    }
    Ok(all)
}

/// The field whose `/ByteRange` stands at `found`.
fn field(file: &[u8], found: usize) -> Result<Field, Refused> {
    let [start, before, after, rest] = numbers(&file[found..]).ok_or(Refused::Range)?;
    let end = after.checked_add(rest).filter(|end| *end <= file.len()).ok_or(Refused::Range)?;
    let whole = start == 0 && before < after && after < end && found < end;
    let hex = whole && file[before] == b'<' && file[after - 1] == b'>';
    let named = whole && file[..before].trim_ascii_end().ends_with(b"/Contents");
    let finished = whole && file[..end].trim_ascii_end().ends_with(b"%%EOF");
    if !(hex && named && finished) || after - before > LARGEST {
        return Err(Refused::Range);
    }
    let gap = before..after;
    let object = object(file, &gap, end);
    if !object.contains(&found) {
        return Err(Refused::Range);
    }
    let around = [&file[object.start..gap.start], &file[gap.end..object.end]];
    let filter = around.iter().find_map(|part| name(part, b"/SubFilter"));
    let filter = filter.ok_or(Refused::Range)?;
    if filter != TIME_STAMP && !ACCEPTED.contains(&filter) {
        return Err(Refused::Unsupported(
            String::from_utf8_lossy(filter).chars().take(60).collect(),
        ));
    }
    let said = around.iter().find_map(|part| said(part));
    Ok(Field { gap, end, stamp: filter == TIME_STAMP, said })
}

/// The object around the hex: from the last ` obj` before it to the next `endobj`.
fn object(file: &[u8], gap: &Range<usize>, end: usize) -> Range<usize> {
    let from = file[..gap.start].windows(4).rposition(|window| window == b" obj").unwrap_or(0);
    let to = find(&file[gap.end..end], b"endobj").map_or(end, |to| gap.end + to);
    from..to
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// `/ByteRange [a b c d]`.
fn numbers(bytes: &[u8]) -> Option<[usize; 4]> {
    let bytes = &bytes[..bytes.len().min(200)];
    let (open, close) = (find(bytes, b"[")?, find(bytes, b"]")?);
    let key = bytes.get(b"/ByteRange".len()..open)?;
    let text = std::str::from_utf8(bytes.get(open + 1..close)?).ok()?;
    let all: Vec<usize> =
        text.split_ascii_whitespace().map(|n| n.parse().ok()).collect::<Option<_>>()?;
    all.try_into().ok().filter(|_| key.trim_ascii().is_empty())
}

/// The name that stands behind a key.
fn name<'a>(part: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let value = part.get(find(part, key)? + key.len()..)?.trim_ascii_start();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/<>[]()".contains(byte);
    let length = value.iter().skip(1).position(ends).map_or(value.len(), |at| at + 1);
    value.get(..length).filter(|name| name.starts_with(b"/"))
}

/// `/M (D:20261122101500+07'00')`: when the signer's computer says that it was.
fn said(part: &[u8]) -> Option<DateTime<Utc>> {
    let at = part.windows(2).enumerate().find(|(at, window)| {
        window == b"/M" && part.get(at + 2).is_some_and(|next| b" (\r\n".contains(next))
    });
    let value = part.get(at?.0 + 2..)?.trim_ascii_start();
    // Some write the colon by its number.
    let value = value.strip_prefix(b"(D:").or_else(|| value.strip_prefix(br"(D\072"))?;
    let digits = std::str::from_utf8(value.get(..14)?).ok()?;
    let local = NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok()?;
    let number = |from: usize| -> Option<i64> {
        std::str::from_utf8(value.get(from..from + 2)?).ok()?.parse().ok()
    };
    let ahead = match value.get(14)? {
        b'+' => number(15)? * 60 + number(18).unwrap_or(0),
        b'-' => -(number(15)? * 60 + number(18).unwrap_or(0)),
        _ => 0,
    };
    local.and_utc().checked_sub_signed(TimeDelta::minutes(ahead))
}

/// The bytes of `<…>`.
fn unhex(gap: &[u8]) -> Result<Vec<u8>, Refused> {
    let inner = gap.get(1..gap.len().saturating_sub(1)).ok_or(Refused::Range)?;
    let mut digits: Vec<u8> = inner.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    if digits.len() % 2 == 1 {
        digits.push(b'0');
    }
    hex::decode(digits).map_err(|_| Refused::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_signature_dictionary_are_read() {
        assert_eq!(numbers(b"/ByteRange [ 0 12 34 56   ]"), Some([0, 12, 34, 56]));
        assert_eq!(numbers(b"/ByteRange[0 12 34 56 78]"), None);
        assert_eq!(numbers(b"/ByteRange 5 0 R /X [0 1 2 3]"), None);
        assert_eq!(name(b"<</SubFilter/ETSI.CAdES.detached/M", b"/SubFilter"), Some(ACCEPTED[1]));
        let at = said(b"/Type /Sig /M (D:20261122101500+07'00') /Name").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-22T03:15:00+00:00");
        assert_eq!(said(br"/M (D\07220261122101500Z)"), said(b"/M(D:20261122101500)"));
        assert_eq!(said(b"/M (D:2026)"), None);
    }
}
