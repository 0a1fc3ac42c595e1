//! BER made DER: many signing programs write indefinite lengths, which the strict reader does not know.

use super::Refused;
use der::{Reader, SliceReader};

/// Deeper than any signature is nested.
const DEEPEST: usize = 48;
const END: [u8; 2] = [0, 0];
const OCTETS: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// The first element of `bytes` with definite, shortest lengths, and how many bytes it took.
pub(super) fn normal(bytes: &[u8]) -> Result<(Vec<u8>, usize), Refused> {
    element(bytes, 0)
}

/// The elements inside of a constructed one, as they stand.
pub(super) fn inside(element: &[u8]) -> Result<Vec<&[u8]>, Refused> {
    let mut reader = SliceReader::new(element)?;
    let header = reader.peek_header()?;
    let from = element.len().checked_sub(usize::try_from(header.length)?);
    let body = from.and_then(|from| element.get(from..)).ok_or(Refused::NotSignature)?;
    let whole = reader.tlv_bytes()?;
    if whole.len() != element.len() {
        return Err(Refused::NotSignature);
    }
    let (mut reader, mut all) = (SliceReader::new(body)?, Vec::new());
    while !reader.is_finished() {
        all.push(reader.tlv_bytes()?);
    }
    Ok(all)
}

struct Head {
    tag: usize,
    /// `None`: up to the end mark.
    length: Option<usize>,
    size: usize,
}

fn element(bytes: &[u8], depth: usize) -> Result<(Vec<u8>, usize), Refused> {
    if depth > DEEPEST {
        return Err(Refused::NotSignature);
    }
    let head = head(bytes)?;
    let first = bytes[0];
    let end = match head.length {
        Some(length) => Some(head.size.checked_add(length).ok_or(Refused::NotSignature)?),
        None if first & CONSTRUCTED == 0 => return Err(Refused::NotSignature),
        None => None,
    };
    if end.is_some_and(|end| end > bytes.len()) {
        return Err(Refused::NotSignature);
    }
    if let (Some(end), 0) = (end, first & CONSTRUCTED) {
        return Ok((with_length(&bytes[..head.tag], &bytes[head.size..end]), end));
    }
    let (mut body, mut at) = (Vec::new(), head.size);
    let joined = first == OCTETS | CONSTRUCTED;
    loop {
        match end {
            Some(end) if at == end => break,
            Some(end) if at > end => return Err(Refused::NotSignature),
            None if bytes[at..].starts_with(&END) => {
                at += END.len();
                break;
            }
            _ => {}
        }
        let (one, took) = element(&bytes[at..end.unwrap_or(bytes.len())], depth + 1)?;
        at += took;
        match joined {
            true => body.extend_from_slice(octets(&one)?),
            false => body.extend_from_slice(&one),
        }
    }
    let tag = if joined { &[OCTETS][..] } else { &bytes[..head.tag] };
    Ok((with_length(tag, &body), at))
}

/// What is in one part of a string written in parts.
fn octets(part: &[u8]) -> Result<&[u8], Refused> {
    let head = head(part)?;
    if part[0] == OCTETS { Ok(&part[head.size..]) } else { Err(Refused::NotSignature) }
}

fn head(bytes: &[u8]) -> Result<Head, Refused> {
    let first = *bytes.first().ok_or(Refused::NotSignature)?;
    let mut tag = 1;
    if first & 0x1f == 0x1f {
        while *bytes.get(tag).ok_or(Refused::NotSignature)? & 0x80 != 0 {
            tag += 1;
        }
        tag += 1;
    }
    let short = *bytes.get(tag).ok_or(Refused::NotSignature)?;
    let more = usize::from(short & 0x7f);
    let (length, size) = match short {
        0x80 => (None, tag + 1),
        0..0x80 => (Some(usize::from(short)), tag + 1),
        _ if more > 4 => return Err(Refused::NotSignature),
        _ => {
            let digits = bytes.get(tag + 1..tag + 1 + more).ok_or(Refused::NotSignature)?;
            let length = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (Some(length), tag + 1 + more)
        }
    };
    Ok(Head { tag, length, size })
}

fn with_length(tag: &[u8], body: &[u8]) -> Vec<u8> {
    let mut all = tag.to_vec();
    match body.len() {
        short @ 0..0x80 => all.extend(u8::try_from(short)),
        long => {
            let digits = long.to_be_bytes();
            let used = &digits[digits.iter().position(|digit| *digit != 0).unwrap_or(0)..];
            all.extend(u8::try_from(used.len()).map(|count| count | 0x80));
            all.extend_from_slice(used);
        }
    }
    all.extend_from_slice(body);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_strings_in_parts_are_made_plain() {
        let written = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x02, 1, 2, 0x04, 0x01, 3, 0, 0, 0x02, 0x81, 0x01, 7, 0,
            0, 9,
        ];
        let (plain, took) = normal(&written).unwrap();
        assert_eq!(plain, [0x30, 0x08, 0x04, 0x03, 1, 2, 3, 0x02, 0x01, 7]);
        assert_eq!(took, written.len() - 1);
        assert_eq!(inside(&plain).unwrap(), [&[0x04, 0x03, 1, 2, 3][..], &[0x02, 0x01, 7]]);
    }

    #[test]
    fn what_is_cut_off_or_nested_without_end_is_refused() {
        let written = [0x30, 0x82, 0x01, 0x00, 1, 2];
        for end in 0..written.len() {
            assert!(normal(&written[..end]).is_err(), "{end}");
        }
        assert!(normal(&[0x30, 0x80].repeat(5_000)).is_err());
        assert!(normal(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
